import { Component, computed, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from './icon';

/** What happened, what to do, and the trace for support. `retry` fires from its button. */
@Component({
  selector: 'mu-error-state',
  imports: [Icon, TranslocoPipe],
  host: { class: 'mx-auto flex max-w-sm flex-col items-center gap-2 px-4 py-12 text-center', role: 'alert' },
  template: `
    <mu-icon class="mb-1 text-overdue" [name]="error().offline ? 'wifi-off' : 'alert'" size="28" />
    <h2 class="text-base">{{ heading() }}</h2>
    <p class="text-muted">{{ words(error()) }}</p>
    <button type="button" class="mu-button mt-2" (click)="retry.emit()">{{ 'ui.tryAgain' | transloco }}</button>
    @if (error().traceId; as traceId) {
      <p class="mt-2 font-mono text-xs text-muted select-all">{{ 'ui.trace' | transloco: { traceId } }}</p>
    }
  `,
})
export class ErrorState {
  readonly heading = input.required<string>();
  readonly failure = input.required<unknown>();
  readonly retry = output();

  protected readonly words = failureWords();
  protected readonly error = computed(() => toFailure(this.failure()));
}
