import { Component, computed, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';

/** A part of a page that could not be loaded says so, and never that there is nothing. `retry` fires from its button. */
@Component({
  selector: 'mu-failed-line',
  imports: [TranslocoPipe],
  host: { class: 'flex flex-wrap items-center gap-x-3 gap-y-1.5', role: 'alert' },
  template: `
    <p class="min-w-0 text-overdue">{{ heading() }}. {{ words(error()) }}</p>
    <button type="button" class="mu-button" (click)="retry.emit()">{{ 'ui.tryAgain' | transloco }}</button>
  `,
})
export class FailedLine {
  /** What could not be loaded, as a sentence without its full stop. */
  readonly heading = input.required<string>();
  readonly failure = input.required<unknown>();
  readonly retry = output();

  protected readonly words = failureWords();
  protected readonly error = computed(() => toFailure(this.failure()));
}
