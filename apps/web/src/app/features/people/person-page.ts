import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { NeedView, PersonView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Avatar } from '@mu/shared/ui/avatar';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PageTitle } from '@mu/shared/ui/page-title';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { calendarDay, day } from '@mu/shared/ui/when';
import { Consents } from './consents';
import { PersonApi, changedPerson, endOfNeed, newNeed } from './person-api';

/** Somebody an organisation deals with: how to reach them, where they live, and what a visit has to heed. */
@Component({
  selector: 'mu-person-page',
  imports: [Avatar, Called, Consents, EmptyState, ErrorState, Icon, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    @let shown = person();
    <header class="sticky top-0 z-10 flex h-12 items-center gap-2 border-b border-hairline bg-surface px-4">
      <a routerLink="/people" queryParamsHandling="preserve" class="mu-icon-button -ml-2 min-[1100px]:hidden" [attr.aria-label]="'record.back' | transloco" [title]="'record.back' | transloco"><mu-icon name="arrow-left" /></a>
      <span class="flex-1"></span>
      @if (shown && mayWrite()) { <button type="button" class="mu-button" (click)="form.set(change(shown))"><mu-icon name="edit" size="16" />{{ 'record.edit' | transloco }}</button> }
      <a routerLink="/people" queryParamsHandling="preserve" class="mu-icon-button -mr-2 max-[1099px]:hidden" [attr.aria-label]="'record.close' | transloco" [title]="'record.close' | transloco"><mu-icon name="close" /></a>
    </header>
    @if (failure(); as failure) {
      @if (failure.status === 404 || failure.status === 422) {
        <mu-empty-state icon="user" [heading]="'people.missing' | transloco" [text]="'people.missingText' | transloco"><a class="mu-button" routerLink="/people">{{ 'record.back' | transloco }}</a></mu-empty-state>
      } @else {
        <mu-error-state [heading]="'people.failed' | transloco" [failure]="failure" (retry)="load()" />
      }
    } @else if (!shown) {
      <div class="flex flex-col gap-4 p-4" aria-busy="true"><mu-skeleton width="50%" height="1.75rem" /><mu-skeleton width="40%" /><mu-skeleton height="5rem" /></div>
    } @else {
      <div class="mx-auto flex max-w-3xl flex-col gap-6 p-4 sm:p-6">
        <section class="flex items-center gap-3">
          <mu-avatar [name]="shown.name" size="40" />
          <div class="min-w-0">
            <h1 class="text-lg">{{ shown.name | called }}</h1>
            <p class="flex flex-wrap gap-x-4">
              @if (shown.phone; as phone) { <a class="inline-flex min-h-6 items-center text-accent tabular-nums hover:underline" [href]="'tel:' + phone.replaceAll(' ', '')">{{ phone }}</a> }
              @if (shown.email; as email) { <a class="inline-flex min-h-6 items-center wrap-anywhere text-accent hover:underline" [href]="'mailto:' + email">{{ email }}</a> }
              @if (!shown.phone && !shown.email) { <span class="text-muted">{{ 'people.unreachable' | transloco }}</span> }
              @if (shown.externalReference; as reference) { <span class="font-mono text-muted">{{ reference }}</span> }
            </p>
          </div>
        </section>
        <section class="flex flex-col gap-2" aria-labelledby="homes">
          <h2 id="homes" class="text-base">{{ 'people.homes' | transloco }}</h2>
          <ul class="divide-y divide-hairline rounded-md border border-hairline empty:hidden">
            @for (home of shown.homes; track home.tenancyId) {
              <li>
                <a class="flex min-h-12 items-center gap-2.5 px-3.5 py-2 hover:bg-hover" [class.text-muted]="home.until" [routerLink]="['/properties', home.propertyId]">
                  <mu-icon name="home" size="16" class="text-muted" />
                  <span class="min-w-0 flex-1">
                    <span class="block">{{ home.unitLabel ? home.unitLabel + ', ' + home.address : home.address }}</span>
                    <span class="block text-xs text-muted">{{ 'people.role.' + home.role | transloco }} · {{ (home.until ? 'people.from' : 'people.since') | transloco: { since: on(home.since), until: home.until ? on(home.until) : '' } }}</span>
                  </span>
                </a>
              </li>
            }
          </ul>
          @if (!shown.homes.length) { <p class="text-muted">{{ 'people.noHomes' | transloco }}</p> }
        </section>
        <mu-consents [person]="shown.id" [mayWrite]="mayWrite()" />
        @if (mayKnow()) {
          <section class="flex flex-col gap-3" aria-labelledby="needs">
            <div class="flex items-center justify-between gap-3">
              <h2 id="needs" class="text-base">{{ 'people.needs' | transloco }}</h2>
              @if (mayWrite() && needs()) { <button type="button" class="mu-button" (click)="form.set(need(shown))"><mu-icon name="plus" size="16" />{{ 'people.need.add' | transloco }}</button> }
            </div>
            @if (needs(); as all) {
              @for (one of all; track one.id) {
                <article class="flex flex-col gap-1.5 rounded-md bg-paper px-3.5 py-3" [class.text-muted]="one.endedOn">
                  <h3 class="flex items-center justify-between gap-3">
                    {{ 'people.needKind.' + one.kind | transloco }}
                    @if (one.endedOn) { <span class="text-xs font-normal">{{ 'people.need.ended' | transloco: { day: on(one.endedOn) } }}</span> }
                    @else if (mayWrite()) { <button type="button" class="text-xs font-normal text-accent hover:underline" (click)="form.set(end(shown, one))">{{ 'people.need.end' | transloco }}</button> }
                  </h3>
                  @if (one.instruction) { <p class="border-l-3 border-due-soon pl-2 whitespace-pre-line">{{ one.instruction }}</p> }
                  @if (one.note) { <p class="whitespace-pre-line">{{ one.note }}</p> }
                  <p class="text-xs text-muted">{{ 'people.need.consent' | transloco: { day: on(one.consentedOn), channel: ('people.channel.' + one.consentChannel | transloco) } }} “{{ one.consentWording }}”</p>
                </article>
              } @empty {
                <p class="text-muted">{{ 'people.need.none' | transloco }}</p>
              }
            } @else if (needsFailure(); as words) {
              <p class="text-overdue" role="alert">{{ words }}</p>
            } @else {
              <p class="flex flex-wrap items-center gap-3 text-muted">{{ 'people.need.closed' | transloco }}<button type="button" class="mu-button" (click)="look()"><mu-icon name="eye" size="16" />{{ 'people.need.look' | transloco }}</button></p>
            }
          </section>
        }
      </div>
    }
    @if (form(); as form) { <mu-record-dialog [form]="form" (saved)="saved()" (closed)="this.form.set(null)" /> }
  `,
})
export class PersonPage {
  readonly id = input.required<string>();

  private readonly api = inject(PersonApi);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly session = inject(Session);
  private readonly now = inject(Now);
  private readonly failed = failureWords();

  protected readonly person = signal<PersonView | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  /** Asked for by hand, because each reading is written down. */
  protected readonly needs = signal<readonly NeedView[] | null>(null);
  protected readonly needsFailure = signal<string | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('people:write'));
  protected readonly mayKnow = computed(() => this.session.can('people:sensitive'));

  constructor() {
    effect(() => {
      this.id();
      this.person.set(null);
      this.needs.set(null);
      void untracked(() => this.load());
    });
    effect(() => {
      if (this.api.news()) void untracked(() => this.reload());
    });
  }

  protected async load(): Promise<void> {
    const id = this.id();
    this.failure.set(null);
    try {
      const shown = await this.api.read(id);
      if (id !== this.id()) return;
      this.person.set(shown);
      this.title.say(shown.name);
    } catch (thrown) {
      if (id === this.id()) this.failure.set(toFailure(thrown));
    }
  }

  protected async look(): Promise<void> {
    this.needsFailure.set(null);
    try {
      this.needs.set(await this.api.needs(this.id()));
    } catch (thrown) {
      this.needsFailure.set(this.failed(toFailure(thrown)));
    }
  }

  protected end(shown: PersonView, need: NeedView): RecordForm {
    return endOfNeed(this.api, shown.id, need, () => {
      this.form.set(null);
      this.toasts.show(this.words.translate('unsaved.lookAgain'));
      void this.reload();
      return {};
    });
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  protected change(shown: PersonView): RecordForm {
    return changedPerson(this.api, shown);
  }

  protected need(shown: PersonView): RecordForm {
    return newNeed(this.api, shown.id, calendarDay(this.now.at()), this.words.translate('people.need.wording'));
  }

  protected saved(): void {
    this.toasts.show(this.words.translate('people.saved'));
  }

  private async reload(): Promise<void> {
    await this.load();
    if (this.needs()) await this.look();
  }
}
