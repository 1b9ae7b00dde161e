import { Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { LONGEST_WORDS, OTHER, lengthOf } from '../../../draft/draft';
import { Wizard } from '../wizard';

const NEAR_THE_END = 1_000;

@Component({
  selector: 'mu-words-step',
  imports: [TranslocoPipe],
  template: `
    <form novalidate (submit)="go($event)">
      <ul class="mu-advice mb-3 text-muted">
        <li>{{ 'report.hintWhere' | transloco }}</li>
        <li>{{ 'report.hintSince' | transloco }}</li>
        <li>{{ 'report.hintWorse' | transloco }}</li>
        <li>{{ 'report.hintLanguage' | transloco }}</li>
      </ul>
      <label class="mu-label" for="words">{{ 'report.wordsLabel' | transloco }}</label>
      @if (problem(); as key) {
        <p id="words-problem" class="mb-1 text-overdue" role="alert">{{ key | transloco: { longest } }}</p>
      }
      <textarea
        #field
        id="words"
        class="mu-field"
        rows="7"
        dir="auto"
        [value]="wizard.draft()?.words ?? ''"
        [attr.aria-invalid]="!!problem()"
        [attr.aria-describedby]="problem() ? 'words-problem' : null"
        (input)="wizard.change({ words: field.value })"
      ></textarea>
      @if (left() < near) {
        <p role="status" [class.text-overdue]="left() < 0">{{ (left() < 0 ? 'report.tooLong' : 'report.left') | transloco: { count: count() } }}</p>
      }
      <button type="submit" class="mu-action mt-4">{{ 'report.continue' | transloco }}</button>
    </form>
  `,
})
export class WordsStep {
  protected readonly wizard = inject(Wizard);
  protected readonly near = NEAR_THE_END;
  protected readonly longest = LONGEST_WORDS.toLocaleString('en-GB');
  protected readonly left = computed(() => LONGEST_WORDS - lengthOf(this.wizard.draft()?.words ?? ''));
  protected readonly count = computed(() => Math.abs(this.left()).toLocaleString('en-GB'));
  protected readonly problem = signal('');

  protected go(submit: Event): void {
    submit.preventDefault();
    const draft = this.wizard.draft();
    const needed = draft?.fault === OTHER && !draft.words.trim();
    this.problem.set(needed ? 'report.wordsNeeded' : this.left() < 0 ? 'report.wordsTooLong' : '');
    if (!this.problem()) void this.wizard.answer();
  }
}
