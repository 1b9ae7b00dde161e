import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import type { ConsentList, ConsentStanding, ConsentView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { calendarDay, day } from '@mu/shared/ui/when';
import { ConsentApi } from './consent-api';

/** On which ways somebody may be written to, for what, and how they said so. */
@Component({
  selector: 'mu-consents',
  imports: [RecordDialog, Skeleton, TranslocoPipe],
  host: { class: 'flex flex-col gap-3', role: 'region', 'aria-labelledby': 'consents' },
  template: `
    <h2 id="consents" class="text-base">{{ 'people.consent.title' | transloco }}</h2>
    @if (list(); as all) {
      <div class="grid gap-4 sm:grid-cols-2">
        @for (purpose of purposes(); track purpose.name) {
          <div class="rounded-md border border-hairline">
            <h3 class="px-3.5 pt-3 text-sm" [id]="'consents-' + purpose.name">{{ 'people.consent.purpose.' + purpose.name | transloco }}</h3>
            <ul [attr.aria-labelledby]="'consents-' + purpose.name" class="px-3.5 pb-2">
              @for (one of purpose.ways; track one.way) {
                <li class="flex min-h-10 items-center gap-3">
                  <span class="flex-1">
                    <span class="block">{{ 'people.consent.way.' + one.way | transloco }}</span>
                    <span class="block text-xs text-muted">{{ state(one) | transloco: { day: one.since ? on(one.since) : '' } }}</span>
                  </span>
                  @if (mayWrite()) {
                    <button type="button" class="min-h-9 rounded-md px-2 text-sm text-accent hover:underline" [attr.aria-label]="('people.consent.change' | transloco) + ': ' + ('people.consent.' + one.purpose + '.' + one.way | transloco)" (click)="ask(all, one)">{{ 'people.consent.change' | transloco }}</button>
                  }
                </li>
              }
            </ul>
          </div>
        }
      </div>
      @if (all.history.length) {
        <details>
          <summary class="cursor-pointer text-muted">{{ 'people.consent.history' | transloco }}</summary>
          <ul class="mt-2 flex flex-col gap-3">
            @for (one of all.history; track one.id) {
              <li class="border-l-3 border-hairline pl-3">
                <p>{{ 'people.consent.' + one.purpose + '.' + one.way | transloco }}: {{ (one.isGiven ? 'people.consent.agreed' : 'people.consent.tookBack') | transloco }}</p>
                <p class="text-xs text-muted">{{ told(one) }}</p>
                @if (one.wording) { <p class="text-xs text-muted">“{{ one.wording }}”@if (one.wordingVersion) { ({{ one.wordingVersion }}) }</p> }
                @if (one.note) { <p class="text-xs whitespace-pre-line">{{ one.note }}</p> }
              </li>
            }
          </ul>
        </details>
      }
    } @else if (failure(); as words) {
      <p class="text-overdue" role="alert">{{ words }}</p>
    } @else {
      <mu-skeleton height="6rem" />
    }
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class Consents {
  readonly person = input.required<string>();
  readonly mayWrite = input.required<boolean>();

  private readonly api = inject(ConsentApi);
  private readonly now = inject(Now);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly list = signal<ConsentList | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly purposes = computed(() => {
    const standing = this.list()?.standing ?? [];
    return (['repairs', 'news'] as const).map((name) => ({ name, ways: standing.filter(({ purpose }) => purpose === name) }));
  });

  constructor() {
    effect(() => {
      const person = this.person();
      this.list.set(null);
      void untracked(() => this.load(person));
    });
  }

  protected state({ mayWrite, isGiven }: ConsentStanding): string {
    if (isGiven === null) return mayWrite ? 'people.consent.notNeeded' : 'people.consent.neverAsked';
    return isGiven ? 'people.consent.agreedSince' : 'people.consent.tookBackSince';
  }

  protected told(one: ConsentView): string {
    const how = this.words.translate(`people.channel.${one.toldBy}`);
    const by = one.recordedBy ?? this.words.translate('people.consent.themselves');
    return this.words.translate('people.consent.told', { day: this.on(one.toldOn), how, by });
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  protected ask(all: ConsentList, one: ConsentStanding): void {
    const wording = all.wordings.find(({ way, purpose }) => way === one.way && purpose === one.purpose)?.text ?? '';
    this.form.set(this.api.form(this.person(), one, wording, calendarDay(this.now.at()), (list) => { this.list.set(list); }));
  }

  private async load(person: string): Promise<void> {
    this.failure.set(null);
    try {
      const list = await this.api.read(person);
      if (person === this.person()) this.list.set(list);
    } catch (thrown) {
      if (person === this.person()) this.failure.set(this.failed(toFailure(thrown)));
    }
  }
}
