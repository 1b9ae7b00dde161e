import { Component, computed, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { toFailure } from '@mu/shared/api/failure';
import { liftHold } from '@mu/shared/api/generated/fn/retention/lift-hold';
import { listHolds } from '@mu/shared/api/generated/fn/retention/list-holds';
import { placeHold } from '@mu/shared/api/generated/fn/retention/place-hold';
import { searchAnywhere } from '@mu/shared/api/generated/fn/search/search-anywhere';
import type { HoldList, HoldSubject, HoldView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { FindField } from '@mu/shared/ui/find-field';
import { Now } from '@mu/shared/ui/now';
import type { Find, Found } from '@mu/shared/ui/record-form';
import { day } from '@mu/shared/ui/when';

/** What a dispute holds, with the way to hold something more and to let it go. */
@Component({
  selector: 'mu-holds',
  imports: [FindField, TranslocoPipe],
  host: { class: 'block space-y-3', role: 'region', 'aria-labelledby': 'holds' },
  template: `
    <h2 id="holds" class="text-base">{{ 'retention.hold.title' | transloco }}</h2>
    <p class="max-w-prose text-muted">{{ 'retention.hold.intro' | transloco }}</p>
    @if (failure(); as words) { <p class="text-overdue" role="alert">{{ words }}</p> }
    @if (mayManage()) {
      <form class="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]" (submit)="place($event, reason.value)">
        <div>
          <label class="mb-1.5 block font-medium" for="hold-subject">{{ 'retention.hold.find' | transloco }}</label>
          <mu-find-field fieldId="hold-subject" [label]="'retention.hold.find' | transloco" [find]="find" [shown]="chosen()?.words ?? ''" (chosen)="chosen.set($event)" />
        </div>
        <label class="block">
          <span class="mb-1.5 block font-medium">{{ 'retention.hold.reason' | transloco }}</span>
          <input #reason type="text" class="mu-field" maxlength="2000" required />
        </label>
        <button type="submit" class="mu-button" [disabled]="!chosen()">{{ 'retention.hold.place' | transloco }}</button>
      </form>
    }
    <ul class="divide-y divide-hairline">
      @for (one of holding(); track one.id) {
        <li class="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
          <div class="min-w-52 flex-1">
            <p class="font-medium [overflow-wrap:anywhere]">{{ one.subject }}</p>
            <p class="text-sm">{{ one.reason }}</p>
            <p class="text-xs text-muted">{{ 'retention.hold.kind.' + one.kind | transloco }} · {{ 'retention.hold.placed' | transloco: { day: on(one.placedAt), name: one.placedBy ?? ('retention.somebody' | transloco) } }}</p>
          </div>
          @if (mayManage()) { <button type="button" class="mu-button" [attr.aria-label]="'retention.hold.liftOf' | transloco: { what: one.subject }" (click)="lifting.set(one.id)">{{ 'retention.hold.lift' | transloco }}</button> }
          @if (lifting() === one.id) {
            <form class="w-full space-y-2 rounded-md bg-sunken p-3" (submit)="lift($event, one, because.value)">
              <label class="block">
                <span class="mb-1.5 block font-medium">{{ 'retention.hold.because' | transloco }}</span>
                <textarea #because rows="2" maxlength="2000" class="mu-field h-auto! py-2" required></textarea>
              </label>
              <div class="flex gap-2">
                <button type="submit" class="mu-button">{{ 'retention.hold.lift' | transloco }}</button>
                <button type="button" class="mu-button" (click)="lifting.set(null)">{{ 'retention.cancel' | transloco }}</button>
              </div>
            </form>
          }
        </li>
      } @empty {
        @if (all()) { <li class="py-2 text-muted">{{ 'retention.hold.none' | transloco }}</li> }
      }
    </ul>
    @if (past().length) {
      <details>
        <summary class="cursor-pointer text-muted">{{ 'retention.hold.past' | transloco }}</summary>
        <ul class="mt-2 space-y-2">
          @for (one of past(); track one.id) {
            <li class="border-l-3 border-hairline pl-3">
              <p>{{ one.subject }}</p>
              <p class="text-xs text-muted">{{ 'retention.hold.lifted' | transloco: { day: on(one.liftedAt!), name: one.liftedBy ?? ('retention.somebody' | transloco), because: one.liftedBecause } }}</p>
            </li>
          }
        </ul>
      </details>
    }
  `,
})
export class Holds {
  readonly mayManage = input.required<boolean>();
  readonly changed = output();

  private readonly api = inject(Api);
  private readonly now = inject(Now);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  protected readonly all = signal<readonly HoldView[] | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly chosen = signal<Found | null>(null);
  protected readonly lifting = signal<string | null>(null);
  protected readonly holding = computed(() => this.all()?.filter(({ liftedAt }) => liftedAt === null) ?? []);
  protected readonly past = computed(() => this.all()?.filter(({ liftedAt }) => liftedAt !== null) ?? []);

  constructor() {
    void this.do(() => this.api.call(listHolds, {}));
  }

  /** What a dispute may be about: people, properties and repairs. */
  protected readonly find: Find = async (q) => {
    const { people, homes, tickets } = await this.api.call(searchAnywhere, { q });
    const properties = new Map(homes.map((home) => [home.propertyId, `${home.address}, ${home.postcode}`]));
    return {
      items: [
        ...people.map(({ id, name }) => this.subject('person', id, name)),
        ...[...properties].map(([id, words]) => this.subject('property', id, words)),
        ...tickets.map(({ id, reference, title }) => this.subject('ticket', id, `${reference} ${title}`)),
      ],
    };
  };

  protected async place(event: Event, reason: string): Promise<void> {
    event.preventDefault();
    const subject = this.chosen();
    if (!subject || !reason.trim()) return;
    const [kind, subjectId = ''] = subject.value.split(' ') as [HoldSubject, string?];
    if (await this.do(() => this.api.call(placeHold, { body: { kind, subjectId, reason } }))) {
      this.chosen.set(null);
      (event.target as HTMLFormElement).reset();
      this.changed.emit();
    }
  }

  protected async lift(event: Event, hold: HoldView, because: string): Promise<void> {
    event.preventDefault();
    const named = { hold_id: hold.id, 'if-match': etag(hold) };
    if (await this.do(() => this.api.call(liftHold, { ...named, body: { because } }))) {
      this.lifting.set(null);
      this.changed.emit();
    }
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  private subject(kind: HoldSubject, id: string, words: string): Found {
    return { value: `${kind} ${id}`, words, detail: this.words.translate(`retention.hold.kind.${kind}`) };
  }

  private async do(ask: () => Promise<HoldList>): Promise<boolean> {
    this.failure.set(null);
    try {
      this.all.set((await ask()).items);
      return true;
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
      return false;
    }
  }
}
