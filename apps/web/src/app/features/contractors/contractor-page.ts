import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { AccreditationView, ContractorView, OperativeView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { money } from '@mu/shared/ui/money';
import { PageTitle } from '@mu/shared/ui/page-title';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm, Values } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { Now } from '@mu/shared/ui/now';
import { calendarDay, day } from '@mu/shared/ui/when';
import { Called } from '@mu/shared/i18n/called';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { DocumentList } from '../documents/document-list';
import { ContractorApi } from './contractor-api';
import { accreditationForm, approval, changedContractor, departure, newOperative, suspension } from './contractor-forms';

/** A firm: what it does and where, what it shows, and who comes. */
@Component({
  selector: 'mu-contractor-page',
  imports: [Called, DocumentList, EmptyState, ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    @let shown = record();
    <header class="sticky top-0 z-10 flex h-12 items-center gap-2 border-b border-hairline bg-surface px-4">
      <a routerLink="/contractors" queryParamsHandling="preserve" class="mu-icon-button -ml-2 min-[1100px]:hidden" [attr.aria-label]="'record.back' | transloco" [title]="'record.back' | transloco"><mu-icon name="arrow-left" /></a>
      <span class="flex-1"></span>
      @if (shown && mayWrite()) { <button type="button" class="mu-button" (click)="form.set(change(shown))"><mu-icon name="edit" size="16" />{{ 'record.edit' | transloco }}</button> }
      <a routerLink="/contractors" queryParamsHandling="preserve" class="mu-icon-button -mr-2 max-[1099px]:hidden" [attr.aria-label]="'record.close' | transloco" [title]="'record.close' | transloco"><mu-icon name="close" /></a>
    </header>
    @if (failure(); as failure) {
      @if (failure.status === 404 || failure.status === 422) {
        <mu-empty-state icon="wrench" [heading]="'contractors.missing' | transloco" [text]="'contractors.missingText' | transloco"><a class="mu-button" routerLink="/contractors">{{ 'record.back' | transloco }}</a></mu-empty-state>
      } @else {
        <mu-error-state [heading]="'contractors.failed' | transloco" [failure]="failure" (retry)="load()" />
      }
    } @else if (!shown) {
      <div class="flex flex-col gap-4 p-4" aria-busy="true"><mu-skeleton width="50%" height="1.75rem" /><mu-skeleton width="40%" /><mu-skeleton height="5rem" /></div>
    } @else {
      <div class="mx-auto flex max-w-3xl flex-col gap-6 p-4 sm:p-6">
        <section class="flex flex-col gap-2">
          <h1 class="text-lg">{{ shown.name }}</h1>
          @if (shown.status === 'suspended') { <p class="flex items-start gap-2 rounded-md bg-overdue-soft px-3 py-2 text-overdue"><mu-icon name="ban" size="16" class="mt-0.5" />{{ 'contractors.suspended' | transloco: { reason: shown.suspension } }}</p> }
          <p>{{ trades(shown) }}</p>
          <p class="text-muted">{{ shown.areas.length ? shown.areas.join(' · ') : ('contractors.everywhere' | transloco) }}</p>
          @if (shown.contact; as contact) {
            <p class="flex flex-wrap gap-x-4">
              <a class="text-accent hover:underline" [routerLink]="['/people', contact.id]">{{ contact.name | called }}</a>
              @if (contact.phone; as phone) { <a class="inline-flex min-h-6 items-center text-accent tabular-nums hover:underline" [href]="'tel:' + phone.replaceAll(' ', '')">{{ phone }}</a> }
              @if (contact.email; as email) { <a class="inline-flex min-h-6 items-center wrap-anywhere text-accent hover:underline" [href]="'mailto:' + email">{{ email }}</a> }
            </p>
          }
          @if (shown.accountSince; as since) {
            <p class="flex items-center gap-2 text-muted"><mu-icon name="user-check" size="16" />{{ 'contractors.accountSince' | transloco: { day: on(since) } }}</p>
          } @else if (mayInvite()) {
            <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">{{ 'contractors.noAccount' | transloco }} <a class="text-accent hover:underline" routerLink="/users" [queryParams]="{ contractor: shown.id }">{{ 'contractors.invite' | transloco }}</a></p>
          }
          @if (mayWrite()) {
            <p>
              @if (shown.status === 'active') { <button type="button" class="text-accent hover:underline" (click)="form.set(suspend(shown))">{{ 'contractors.suspend' | transloco }}</button> }
              @else { <button type="button" class="mu-button" (click)="reinstate(shown)">{{ 'contractors.reinstate' | transloco }}</button> }
            </p>
          }
        </section>
        <section class="flex flex-col gap-3" aria-labelledby="accreditations">
          <div class="flex items-center justify-between gap-3">
            <h2 id="accreditations" class="text-base">{{ 'contractors.accreditation.title' | transloco }}</h2>
            @if (mayWrite()) { <button type="button" class="mu-button" (click)="form.set(accreditation(shown, null))"><mu-icon name="plus" size="16" />{{ 'contractors.accreditation.add' | transloco }}</button> }
          </div>
          @for (one of shown.accreditations; track one.id) {
            <article class="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-hairline px-3.5 py-2.5">
              <div class="min-w-0 flex-1">
                <h3>{{ 'contractors.scheme.' + one.scheme | transloco }} <span class="font-mono text-xs font-normal text-muted">{{ one.number }}</span></h3>
                <p class="text-xs text-muted">{{ 'contractors.expires' | transloco: { day: on(one.expiresOn) } }} {{ one.cover === null ? '' : '· ' + money(one.cover) }}</p>
              </div>
              @if (one.expiresOn < today()) { <span class="flex items-center gap-1 text-xs text-overdue"><mu-icon name="alert" size="14" />{{ 'contractors.expired' | transloco }}</span> }
              @else if (one.isGood) { <span class="flex items-center gap-1 text-xs text-on-time"><mu-icon name="check-circle" size="14" />{{ 'contractors.approved' | transloco }}</span> }
              @else if (mayApprove()) { <button type="button" class="mu-button" (click)="form.set(approve(shown, one))">{{ 'contractors.accreditation.approve' | transloco }}</button> }
              @else { <span class="flex items-center gap-1 text-xs text-muted"><mu-icon name="circle-dashed" size="14" />{{ 'contractors.unapproved' | transloco }}</span> }
              @if (mayWrite()) { <button type="button" class="text-xs text-accent hover:underline" (click)="form.set(accreditation(shown, one))">{{ 'record.edit' | transloco }}</button> }
            </article>
          } @empty { <p class="text-muted">{{ 'contractors.accreditation.none' | transloco }}</p> }
        </section>
        <mu-document-list [contractor]="shown.id" />
        <section class="flex flex-col gap-3" aria-labelledby="operatives">
          <div class="flex items-center justify-between gap-3">
            <h2 id="operatives" class="text-base">{{ 'contractors.operative.title' | transloco }}</h2>
            @if (mayWrite()) { <button type="button" class="mu-button" (click)="form.set(operative(shown))"><mu-icon name="user-plus" size="16" />{{ 'contractors.operative.add' | transloco }}</button> }
          </div>
          @for (one of shown.operatives; track one.id) {
            <p class="flex items-center gap-2.5" [class.text-muted]="one.leftOn">
              <mu-icon name="user" size="16" class="text-muted" /><a class="text-accent hover:underline" [routerLink]="['/people', one.person.id]">{{ one.person.name | called }}</a>
              @if (one.card) { <span class="font-mono text-xs text-muted">{{ one.card }}</span> }
              <span class="flex-1"></span>
              @if (one.leftOn) { <span class="text-xs">{{ 'contractors.operative.left' | transloco: { day: on(one.leftOn) } }}</span> }
              @else if (mayWrite()) { <button type="button" class="text-xs text-accent hover:underline" (click)="form.set(leave(shown, one))">{{ 'contractors.operative.end' | transloco }}</button> }
            </p>
          } @empty { <p class="text-muted">{{ 'contractors.operative.none' | transloco }}</p> }
        </section>
      </div>
    }
    @if (form(); as form) { <mu-record-dialog [form]="form" (saved)="saved()" (closed)="this.form.set(null)" /> }
  `,
})
export class ContractorPage {
  readonly id = input.required<string>();

  private readonly api = inject(ContractorApi);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly session = inject(Session);

  protected readonly money = money;
  protected readonly record = signal<ContractorView | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayInvite = computed(() => this.session.can('users:manage'));
  protected readonly mayWrite = computed(() => this.session.can('contractors:manage'));
  private readonly now = inject(Now);
  private readonly failed = failureWords();
  protected readonly mayApprove = computed(() => this.session.can('contractors:approve_accreditation'));
  protected readonly today = computed(() => calendarDay(this.now.at()));

  constructor() {
    effect(() => {
      this.id();
      this.record.set(null);
      void untracked(() => this.load());
    });
    effect(() => {
      if (this.api.news()) void untracked(() => this.load());
    });
  }

  protected async load(): Promise<void> {
    const id = this.id();
    this.failure.set(null);
    try {
      const shown = await this.api.read(id);
      if (id !== this.id()) return;
      this.record.set(shown);
      this.title.say(shown.name);
    } catch (thrown) {
      if (id === this.id()) this.failure.set(toFailure(thrown));
    }
  }

  protected saved(): void {
    this.toasts.show(this.words.translate('contractors.saved'));
  }

  protected trades({ trades }: ContractorView): string {
    return trades.map((trade) => this.words.translate(`contractors.trade.${trade}`)).join(', ');
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  protected change(shown: ContractorView): RecordForm {
    return changedContractor(this.api, shown);
  }

  protected suspend(shown: ContractorView): RecordForm {
    return suspension(this.api, shown);
  }

  protected accreditation(shown: ContractorView, one: AccreditationView | null): RecordForm {
    return accreditationForm(this.api, shown.id, one);
  }

  protected operative(shown: ContractorView): RecordForm {
    return newOperative(this.api, shown.id);
  }

  protected reinstate(shown: ContractorView): void {
    void this.doing(async () => {
      const now = await this.api.setStatus(shown, 'active', null);
      const undo = (): void => { void this.doing(async () => { await this.api.setStatus(now, 'suspended', shown.suspension); }); };
      this.toasts.show(this.words.translate('contractors.reinstated', { name: shown.name }), undo);
    });
  }

  protected approve(shown: ContractorView, one: AccreditationView): RecordForm {
    return approval(this.api, shown.id, one, { scheme: this.words.translate(`contractors.scheme.${one.scheme}`), day: this.on(one.expiresOn) }, () => this.lookAgain());
  }

  protected leave(shown: ContractorView, one: OperativeView): RecordForm {
    return departure(this.api, shown.id, one);
  }

  private lookAgain(): Values {
    this.form.set(null);
    this.toasts.show(this.words.translate('unsaved.lookAgain'));
    void this.load();
    return {};
  }

  private async doing(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    }
  }
}
