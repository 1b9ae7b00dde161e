import { Component, afterNextRender, type ElementRef, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { REJECTION_REASON } from '@mu/shared/api/generated/models/rejection-reason-array';
import type { RejectionReason } from '@mu/shared/api/generated/models';

export type Wordy = 'ask' | 'reject' | 'cancel' | 'plan';

export interface Said {
  readonly text: string;
  readonly reason: RejectionReason;
  readonly on: string;
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
          <select #reason id="triage-reason" class="mu-field">
            @for (one of reasons; track one) { <option [value]="one">{{ 'triage.rejection.' + one | transloco }}</option> }
          </select>
        </div>
      }
      <div>
        <label class="mb-1 block text-xs text-muted" for="triage-words">{{ 'triage.words.' + about() | transloco }}</label>
        <textarea #text id="triage-words" rows="3" class="mu-field field-sizing-content h-auto! min-h-20 py-2" aria-describedby="triage-words-error" [value]="begin()"></textarea>
      </div>
      @if (about() === 'plan') {
        <div>
          <label class="mb-1 block text-xs text-muted" for="triage-on">{{ 'triage.words.planOn' | transloco }}</label>
          <input #on id="triage-on" type="date" class="mu-field max-w-60" [min]="today" />
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
  readonly about = input.required<Wordy>();
  readonly begin = input('');
  readonly busy = input(false);
  readonly failure = input<string | null>(null);
  readonly said = output<Said>();
  readonly closed = output();

  protected readonly reasons = REJECTION_REASON;
  protected readonly today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/London' });
  protected readonly missing = signal<'triage.empty' | 'triage.dateMissing' | null>(null);
  private readonly text = viewChild.required<ElementRef<HTMLTextAreaElement>>('text');
  private readonly reason = viewChild<ElementRef<HTMLSelectElement>>('reason');
  private readonly on = viewChild<ElementRef<HTMLInputElement>>('on');

  constructor() {
    afterNextRender(() => { this.text().nativeElement.focus(); });
  }

  protected send(event: Event): void {
    event.preventDefault();
    const text = this.text().nativeElement.value.trim();
    const on = this.on()?.nativeElement.value ?? '';
    const missing = !text ? 'triage.empty' : this.about() === 'plan' && !on ? 'triage.dateMissing' : null;
    this.missing.set(missing);
    if (missing === null) this.said.emit({ text, on, reason: (this.reason()?.nativeElement.value ?? 'tenant_duty') as RejectionReason });
  }
}
