import { Component, DestroyRef, computed, inject, input, output, signal } from '@angular/core';
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

/** What can be done with a selection: ask AI about each ticket, or classify all alike. */
@Component({
  selector: 'mu-bulk-bar',
  imports: [ClassificationFields, Counted, Icon, TranslocoPipe],
  host: { class: '@container block shrink-0 border-t border-hairline bg-paper px-4 py-2' },
  template: `
    <section class="flex flex-col gap-3" [attr.aria-label]="'triage.bulk.bar' | transloco">
      @if (classifying()) {
        <mu-classification-fields [draft]="draft()" (changed)="draft.set($event)" />
        @if (missing()) { <p class="text-overdue" role="alert">{{ 'triage.missing' | transloco }}</p> }
      }
      <div class="flex flex-wrap items-center gap-2">
        @if (tickets().length; as count) { <p class="mr-auto font-medium tabular-nums">{{ 'triage.bulk.selected' | counted: count }}</p> }
        <div role="status" class="contents">
          @if (progress(); as at) {
            <p class="flex items-center gap-2 text-muted tabular-nums">
              @if (at.ended < at.asked) {
                <progress class="w-24 accent-accent" [max]="at.asked" [value]="at.ended" aria-hidden="true"></progress>{{ 'triage.bulk.asked' | transloco: { done: at.ended, all: at.asked } }}
              } @else {
                <mu-icon name="check-circle" size="16" />{{ 'triage.bulk.over' | transloco: { done: at.ended - at.failed } }}
                @if (at.failed) { {{ 'triage.bulk.some' | transloco: { failed: at.failed } }} }
              }
            </p>
          } @else if (outcome(); as done) {
            <p class="text-muted">{{ 'triage.bulk.done' | transloco: { done: done.done, left: done.items.length - done.done } }}</p>
          }
        </div>
        @if (failure(); as words) { <p class="text-overdue" role="alert">{{ words }}</p> }
        @if (tickets().length) {
          @if (mayAskAi() && !classifying()) { <button type="button" class="mu-button" [disabled]="busy()" (click)="ask()">{{ 'triage.ai.ask' | transloco }}</button> }
          @if (mayClassify()) {
            <button type="button" class="mu-button" [class.mu-button-filled]="classifying()" [disabled]="busy()" (click)="classify()">{{ (classifying() ? 'triage.bulk.apply' : 'triage.bulk.classify') | transloco }}</button>
          }
        }
        <button type="button" class="mu-icon-button" [attr.aria-label]="'triage.bulk.clear' | transloco" [title]="'triage.bulk.clear' | transloco" (click)="clear()"><mu-icon name="close" /></button>
      </div>
    </section>
  `,
})
export class BulkBar {
  readonly tickets = input.required<readonly TicketRow[]>();
  readonly cleared = output();
  readonly changed = output();

  private readonly api = inject(TriageApi);
  private readonly session = inject(Session);
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly draft = signal<Draft>(NEW_DRAFT);
  protected readonly classifying = signal(false);
  protected readonly missing = signal(false);
  protected readonly busy = signal(false);
  protected readonly progress = signal<AiProgress | null>(null);
  protected readonly outcome = signal<SelectionOutcome | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly mayAskAi = computed(() => this.session.can('ai:use'));
  protected readonly mayClassify = computed(() => this.session.can('tickets:triage'));

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
    this.busy.set(true);
    this.failure.set(null);
    this.missing.set(false);
    this.progress.set(null);
    this.outcome.set(null);
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
