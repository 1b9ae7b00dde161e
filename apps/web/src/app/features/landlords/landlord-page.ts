import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { OwnerView, PortfolioView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { Counted } from '@mu/shared/i18n/counted';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { money } from '@mu/shared/ui/money';
import { PageTitle } from '@mu/shared/ui/page-title';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { LandlordApi, changedLandlord, portfolioForm } from './landlord-api';

/** A landlord: whom to speak to, what may be decided for them, and their portfolios. */
@Component({
  selector: 'mu-landlord-page',
  imports: [Called, Counted, EmptyState, ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    @let shown = record();
    <header class="sticky top-0 z-10 flex h-12 items-center gap-2 border-b border-hairline bg-surface px-4">
      <a routerLink="/landlords" queryParamsHandling="preserve" class="mu-icon-button -ml-2 min-[1100px]:hidden" [attr.aria-label]="'record.back' | transloco" [title]="'record.back' | transloco"><mu-icon name="arrow-left" /></a>
      <span class="flex-1"></span>
      @if (shown && mayWrite()) { <button type="button" class="mu-button" (click)="form.set(change(shown))"><mu-icon name="edit" size="16" />{{ 'record.edit' | transloco }}</button> }
      <a routerLink="/landlords" queryParamsHandling="preserve" class="mu-icon-button -mr-2 max-[1099px]:hidden" [attr.aria-label]="'record.close' | transloco" [title]="'record.close' | transloco"><mu-icon name="close" /></a>
    </header>
    @if (failure(); as failure) {
      @if (failure.status === 404 || failure.status === 422) {
        <mu-empty-state icon="users" [heading]="'landlords.missing' | transloco" [text]="'landlords.missingText' | transloco"><a class="mu-button" routerLink="/landlords">{{ 'record.back' | transloco }}</a></mu-empty-state>
      } @else {
        <mu-error-state [heading]="'landlords.failed' | transloco" [failure]="failure" (retry)="load()" />
      }
    } @else if (!shown) {
      <div class="flex flex-col gap-4 p-4" aria-busy="true"><mu-skeleton width="50%" height="1.75rem" /><mu-skeleton width="40%" /><mu-skeleton height="5rem" /></div>
    } @else {
      <div class="mx-auto flex max-w-3xl flex-col gap-6 p-4 sm:p-6">
        <section class="flex flex-col gap-1.5">
          <h1 class="text-lg">{{ shown.name | called }}</h1>
          <p class="flex flex-wrap gap-x-4">
            <a class="text-accent hover:underline" [routerLink]="['/people', shown.personId]">{{ shown.personName | called }}</a>
            @if (shown.phone; as phone) { <a class="inline-flex min-h-6 items-center text-accent tabular-nums hover:underline" [href]="'tel:' + phone.replaceAll(' ', '')">{{ phone }}</a> }
            @if (shown.email; as email) { <a class="inline-flex min-h-6 items-center wrap-anywhere text-accent hover:underline" [href]="'mailto:' + email">{{ email }}</a> }
            @if (shown.externalReference; as reference) { <span class="font-mono text-muted">{{ reference }}</span> }
          </p>
          <p><a class="text-accent hover:underline" routerLink="/properties" [queryParams]="{ landlord: shown.id }">{{ 'landlords.open' | transloco }}</a></p>
        </section>
        <section class="flex flex-col gap-2" aria-labelledby="limits">
          <h2 id="limits" class="text-base">{{ 'landlords.limits' | transloco }}</h2>
          <dl class="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1.5 rounded-md bg-paper px-3.5 py-3 [&>dt]:text-muted">
            <dt>{{ 'landlords.field.approvalLimit' | transloco }}</dt><dd class="tabular-nums">{{ limit(shown.approvalLimit) }}</dd>
            <dt>{{ 'landlords.field.emergencyLimit' | transloco }}</dt><dd class="tabular-nums">{{ limit(shown.emergencyLimit) }}</dd>
          </dl>
        </section>
        <section class="flex flex-col gap-3" aria-labelledby="portfolios">
          <div class="flex items-center justify-between gap-3">
            <h2 id="portfolios" class="text-base">{{ 'landlords.portfolio.title' | transloco }}</h2>
            @if (mayWrite()) { <button type="button" class="mu-button" (click)="form.set(portfolio(shown, null))"><mu-icon name="plus" size="16" />{{ 'landlords.portfolio.add' | transloco }}</button> }
          </div>
          @for (one of shown.portfolios; track one.id) {
            <article class="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-hairline px-3.5 py-2.5">
              <h3 class="min-w-0 flex-1">{{ one.name }}</h3>
              <span class="text-muted tabular-nums">{{ 'landlords.homes' | counted: one.properties }}</span>
              @if (one.approvalLimit !== null) { <span class="text-muted tabular-nums">{{ limit(one.approvalLimit) }}</span> }
              @if (mayWrite()) { <button type="button" class="text-accent hover:underline" (click)="form.set(portfolio(shown, one))">{{ 'landlords.portfolio.change' | transloco }}</button> }
            </article>
          } @empty {
            <p class="text-muted">{{ 'landlords.portfolio.none' | transloco }}</p>
          }
        </section>
      </div>
    }
    @if (form(); as form) { <mu-record-dialog [form]="form" (saved)="saved()" (closed)="this.form.set(null)" /> }
  `,
})
export class LandlordPage {
  readonly id = input.required<string>();

  private readonly api = inject(LandlordApi);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly session = inject(Session);

  protected readonly record = signal<OwnerView | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('people:write'));

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
    this.toasts.show(this.words.translate('landlords.saved'));
  }

  protected limit(sum: number | null): string {
    return sum === null ? this.words.translate('landlords.always') : money(sum);
  }

  protected change(shown: OwnerView): RecordForm {
    return changedLandlord(this.api, shown);
  }

  protected portfolio(shown: OwnerView, portfolio: PortfolioView | null): RecordForm {
    return portfolioForm(this.api, shown.id, portfolio);
  }
}
