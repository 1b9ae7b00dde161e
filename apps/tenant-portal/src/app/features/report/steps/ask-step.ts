import { Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { Question } from '../../../api/shapes';
import { Wizard } from '../wizard';

const LONGEST_ANSWER = 500;

/** A question about the fault. Not knowing is an answer. */
@Component({
  selector: 'mu-ask-step',
  imports: [TranslocoPipe],
  template: `
    @if (question().kind === 'text') {
      <form (submit)="write($event, field.value)">
        <label class="sr-only" for="answer">{{ question().text }}</label>
        <input #field id="answer" class="mu-field" autocomplete="off" [attr.maxlength]="longest" [value]="answered()" (input)="keep(field.value)" />
        <div class="mt-4 flex flex-wrap gap-3">
          <button type="submit" class="mu-action">{{ 'report.continue' | transloco }}</button>
          <button type="button" class="mu-action mu-action-quiet" (click)="choose(null)">{{ 'report.dontKnow' | transloco }}</button>
        </div>
      </form>
    } @else {
      <ul class="flex flex-col gap-3">
        @for (option of options(); track option.key) {
          <li>
            <button type="button" class="mu-choice" [attr.aria-pressed]="answered() === option.key" (click)="choose(option.key)">{{ option.text }}</button>
          </li>
        }
        <li>
          <button type="button" class="mu-choice" [attr.aria-pressed]="answered() === unknown" (click)="choose(null)">{{ 'report.dontKnow' | transloco }}</button>
        </li>
      </ul>
    }
  `,
})
export class AskStep {
  readonly question = input.required<Question>();

  private readonly wizard = inject(Wizard);
  private readonly words = inject(TranslocoService);
  protected readonly longest = LONGEST_ANSWER;
  protected readonly unknown = 'unknown';
  protected readonly answered = computed(() => this.wizard.draft()?.answers[this.question().key] ?? '');
  protected readonly options = computed(() =>
    this.question().kind === 'yes_no'
      ? ['yes', 'no'].map((key) => ({ key, text: this.words.translate(`report.${key}`) }))
      : this.question().options,
  );

  protected choose(key: string | null): Promise<void> {
    return this.wizard.answer({ answers: this.with(key ?? this.unknown) });
  }

  protected keep(text: string): void {
    void this.wizard.change({ answers: this.with(text) });
  }

  protected write(submit: Event, text: string): void {
    submit.preventDefault();
    void this.choose(text.trim() || null);
  }

  private with(answer: string): Record<string, string> {
    return { ...this.wizard.draft()?.answers, [this.question().key]: answer };
  }
}
