import { Component, DestroyRef, type ElementRef, Injector, afterNextRender, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { AiProgress, SelectionOutcome } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import type { TicketRow } from '../tickets/ticket';
import { ClassificationFields } from './classification-fields';
import { type Draft, NEW_DRAFT, finished } from './draft';
import words from './en.json';
import { TriageApi } from './triage-api';

const LOOK_AGAIN = 1_000;
/** As many as the server takes at once. */
const MOST = 1_000;

interface Left {
  readonly why: string;
  readonly references: string;
}

/** What can be done with a selection: ask AI about each ticket, confirm what it suggests, or classify all alike. */
@Component({
  selector: 'mu-bulk-bar',
  imports: [ClassificationFields, Counted, Icon, RouterLink, TranslocoPipe],
  host: { class: '@container block shrink-0 border-t border-hairline bg-paper px-4 py-2' },
  templateUrl: './bulk-bar.html',
})
export class BulkBar {
  readonly tickets = input.required<readonly TicketRow[]>();
  /** Whether all shown are chosen, where the list has no heading to choose them by; otherwise null. */
  readonly choosesAll = input<boolean | null>(null);
  readonly allChosen = output<boolean>();
  readonly cleared = output();
  readonly changed = output();

  private readonly api = inject(TriageApi);
  private readonly session = inject(Session);
  private readonly failed = failureWords();
  private readonly injector = inject(Injector);
  private readonly news = viewChild.required<ElementRef<HTMLElement>>('news');
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly draft = signal<Draft>(NEW_DRAFT);
  protected readonly classifying = signal(false);
  protected readonly missing = signal(false);
  protected readonly busy = signal(false);
  protected readonly progress = signal<AiProgress | null>(null);
  protected readonly outcome = signal<SelectionOutcome | null>(null);
  protected readonly confirmed = signal<{ done: number; left: readonly Left[]; count: number } | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly mayAskAi = computed(() => this.session.can('ai:use'));
  protected readonly mayClassify = computed(() => this.session.can('tickets:triage'));
  /** What can be confirmed together; an emergency, and what a tenant has added to, a person has to open. */
  protected readonly confirmable = computed(() =>
    (this.mayAskAi() && this.mayClassify() ? this.tickets().filter(({ suggestion, hasAlarm }) => suggestion === 'ready' && !hasAlarm).slice(0, MOST) : []));
  protected readonly mustOpen = computed(() => this.tickets().filter(({ suggestion, hasAlarm }) => suggestion && (hasAlarm || suggestion !== 'ready')).length);
  protected readonly without = computed(() => this.tickets().filter(({ suggestion }) => !suggestion).length);

  /** What became of the last action stands there. */
  protected readonly told = computed(() => Boolean(this.progress() ?? this.outcome() ?? this.confirmed()));

  constructor() {
    addWords({ triage: words });
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
  }

  protected ask(): void {
    void this.doing(async () => {
      const { askedAt } = await this.api.askAiAll(this.tickets().slice(0, MOST).map(({ id }) => id));
      await this.look(askedAt);
    });
  }

  protected confirm(): void {
    const wanted = this.confirmable();
    void this.doing(async () => {
      const { done, items } = await this.api.acceptAll(wanted);
      this.confirmed.set({ done, count: items.length - done, left: leftOf(items, wanted) });
      this.changed.emit();
      // The button goes with what it confirmed: whoever pressed it goes on from what became of it.
      afterNextRender(() => { this.news().nativeElement.focus(); }, { injector: this.injector });
    });
  }

  protected classify(): void {
    const as = finished(this.draft());
    if (!this.classifying()) this.classifying.set(true);
    else if (!as) this.missing.set(true);
    else {
      void this.doing(async () => {
        this.outcome.set(await this.api.classifyAll(this.tickets().slice(0, MOST), as));
        this.classifying.set(false);
        this.changed.emit();
      });
    }
  }

  protected clear(): void {
    clearTimeout(this.timer);
    this.cleared.emit();
  }

  private async look(askedAt: string): Promise<void> {
    const at = await this.api.progress(askedAt);
    this.progress.set(at);
    if (at.ended < at.asked) this.timer = setTimeout(() => void this.look(askedAt).catch((thrown: unknown) => { this.tell(toFailure(thrown)); }), LOOK_AGAIN);
    else this.changed.emit();
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.missing.set(false);
    this.progress.set(null);
    this.outcome.set(null);
    this.confirmed.set(null);
    try {
      await work();
    } catch (thrown) {
      this.tell(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  private tell(failure: ApiFailure): void {
    this.failure.set(this.failed(failure));
  }
}

/** The tickets that were left, by the reason for it. */
function leftOf(items: SelectionOutcome['items'], tickets: readonly TicketRow[]): Left[] {
  const names = new Map(tickets.map(({ id, reference }) => [id, reference]));
  const reasons = new Map<string, string[]>();
  for (const { ticketId, refusal } of items) {
    if (refusal) reasons.set(refusal.message, [...(reasons.get(refusal.message) ?? []), names.get(ticketId) ?? '']);
  }
  return [...reasons].map(([why, references]) => ({ why, references: references.join(', ') }));
}
