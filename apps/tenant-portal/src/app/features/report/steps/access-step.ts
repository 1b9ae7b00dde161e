import { Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { LONGEST_NOTES, TIMES } from '../../../draft/draft';
import { Wizard } from '../wizard';

@Component({
  selector: 'mu-access-step',
  imports: [TranslocoPipe],
  template: `
    <form novalidate (submit)="go($event)">
      <fieldset class="mb-5 flex flex-col gap-3">
        <legend class="mu-label mb-2">{{ 'report.enterQuestion' | transloco }}</legend>
        @for (choice of choices; track choice.value) {
          <label class="mu-choice">
            <input type="radio" name="enter" [checked]="wizard.draft()?.mayEnterWithoutMe === choice.value" (change)="wizard.change({ mayEnterWithoutMe: choice.value })" />
            {{ choice.words | transloco }}
          </label>
        }
      </fieldset>
      <fieldset class="mb-5 flex flex-col gap-3">
        <legend class="mu-label mb-2">{{ 'report.timesQuestion' | transloco }}</legend>
        @for (time of times; track time) {
          <label class="mu-choice">
            <input type="checkbox" [checked]="wizard.draft()?.times?.includes(time)" (change)="toggle(time)" />
            {{ 'report.times.' + time | transloco }}
          </label>
        }
      </fieldset>
      <label class="mu-label" for="notes">{{ 'report.notesLabel' | transloco }}</label>
      <p id="notes-hint" class="mb-1 text-muted">{{ 'report.notesHint' | transloco }}</p>
      <textarea #notes id="notes" class="mu-field" rows="3" dir="auto" aria-describedby="notes-hint" [attr.maxlength]="longest" [value]="wizard.draft()?.accessNotes ?? ''" (input)="wizard.change({ accessNotes: notes.value })"></textarea>
      <button type="submit" class="mu-action mt-4">{{ 'report.continue' | transloco }}</button>
    </form>
  `,
})
export class AccessStep {
  protected readonly wizard = inject(Wizard);
  protected readonly times = TIMES;
  protected readonly longest = LONGEST_NOTES;
  protected readonly choices = [
    { value: false, words: 'report.enterNo' },
    { value: true, words: 'report.enterYes' },
  ];

  protected toggle(time: string): void {
    const chosen = this.wizard.draft()?.times ?? [];
    void this.wizard.change({ times: chosen.includes(time) ? chosen.filter((one) => one !== time) : [...chosen, time] });
  }

  protected go(submit: Event): void {
    submit.preventDefault();
    void this.wizard.answer();
  }
}
