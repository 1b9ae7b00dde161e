import { Component, afterNextRender, type ElementRef, inject, input, linkedSignal, output, signal, untracked, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { REJECTION_REASON } from '@mu/shared/api/generated/models/rejection-reason-array';
import type { RejectionReason } from '@mu/shared/api/generated/models';
import { Drafts } from '../tickets/drafts';

export type Wordy = 'ask' | 'reject' | 'cancel' | 'plan';

export interface Said {
  readonly text: string;
  readonly reason: RejectionReason;
  readonly on: string;
}

/** Under what name the words of a decision about a ticket are kept until they are sent. */
export function draftOfWords(about: Wordy, ticketId: string): string {
  return `${about}:${ticketId}`;
}

/** What a decision needs in words: a question, an explanation, a reason, or the next step with its day. */
@Component({
  selector: 'mu-words-form',
  imports: [TranslocoPipe],
  host: { class: 'block' },
  template: `
    <form class="flex flex-col gap-3 rounded-md border border-hairline border-l-3 p-3" [class]="about() === 'plan' ? 'border-l-due-soon' : 'border-l-accent'" novalidate (submit)="send($event)">
      @if (about() === 'reject') {
        <div>
          <label class="mb-1 block text-xs text-muted" for="triage-reason">{{ 'triage.words.reason' | transloco }}</label>
          <select #reason id="triage-reason" class="mu-field" (change)="keep()">
            @for (one of reasons; track one) { <option [value]="one" [selected]="one === said().reason">{{ 'triage.rejection.' + one | transloco }}</option> }
          </select>
        </div>
      }
      <div>
        <label class="mb-1 block text-xs text-muted" for="triage-words">{{ 'triage.words.' + about() | transloco }}</label>
        <textarea #text id="triage-words" rows="3" dir="auto" class="mu-field field-sizing-content h-auto! min-h-20 py-2" aria-describedby="triage-words-error" [value]="said().text" (input)="keep()"></textarea>
      </div>
      @if (about() === 'plan') {
        <div>
          <label class="mb-1 block text-xs text-muted" for="triage-on">{{ 'triage.words.planOn' | transloco }}</label>
          <input #on id="triage-on" type="date" class="mu-field max-w-60" [min]="today" [value]="said().on" (input)="keep()" />
        </div>
      } @else {
        <p class="text-xs text-muted">{{ 'triage.told' | transloco }}</p>
      }
      <p id="triage-words-error" class="text-overdue empty:hidden" role="alert">
        @if (missing(); as key) { {{ key | transloco }} } @else { {{ failure() }} }
      </p>
      <div class="flex flex-wrap gap-2">
        <button type="submit" class="mu-button mu-button-filled" [attr.aria-busy]="busy()" [disabled]="busy()">{{ 'triage.send.' + about() | transloco }}</button>
        <button type="button" class="mu-button" (click)="closed.emit()">{{ 'triage.never' | transloco }}</button>
      </div>
    </form>
  `,
})
export class WordsForm {
  readonly ticketId = input.required<string>();
  readonly about = input.required<Wordy>();
  readonly begin = input('');
  readonly busy = input(false);
  readonly failure = input<string | null>(null);
  readonly sent = output<Said>();
  readonly closed = output();

  protected readonly reasons = REJECTION_REASON;
  protected readonly today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
  protected readonly missing = signal<'triage.empty' | 'triage.dateMissing' | null>(null);
  /** What stands in the form: the words kept for this ticket, and below them a question that has just been chosen. */
  protected readonly said = linkedSignal<Said>(() => {
    const name = draftOfWords(this.about(), this.ticketId());
    const kept = untracked(() => this.drafts.read(name)) as Said | null;
    const text = kept?.text ?? '';
    const begin = this.begin();
    return { reason: 'tenant_duty', on: '', ...kept, text: text.includes(begin) ? text : [text, begin].filter(Boolean).join('\n') };
  });
  private readonly drafts = inject(Drafts);
  private readonly text = viewChild.required<ElementRef<HTMLTextAreaElement>>('text');
  private readonly reason = viewChild<ElementRef<HTMLSelectElement>>('reason');
  private readonly on = viewChild<ElementRef<HTMLInputElement>>('on');

  constructor() {
    afterNextRender(() => { this.text().nativeElement.focus(); });
  }

  /** Nothing is lost by a reload, or by a look at another ticket. */
  protected keep(): void {
    const said: Said = {
      text: this.text().nativeElement.value,
      reason: (this.reason()?.nativeElement.value ?? 'tenant_duty') as RejectionReason,
      on: this.on()?.nativeElement.value ?? '',
    };
    this.said.set(said);
    const name = draftOfWords(this.about(), this.ticketId());
    if (said.text.trim() || said.on) this.drafts.keep(name, said);
    else this.drafts.drop(name);
  }

  protected send(event: Event): void {
    event.preventDefault();
    this.keep();
    const text = this.said().text.trim();
    const { on } = this.said();
    const missing = !text ? 'triage.empty' : this.about() === 'plan' && !on ? 'triage.dateMissing' : null;
    this.missing.set(missing);
    if (missing === null) this.sent.emit({ ...this.said(), text });
  }
}
