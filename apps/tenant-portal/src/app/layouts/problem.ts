import { Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { toFailure } from '../api/thrown';
import { knownWords } from '@mu/shared/i18n/catalogue';

/** What happened, what to do, and the trace for support. */
@Component({
  selector: 'mu-problem',
  imports: [TranslocoPipe],
  host: { class: 'mu-panel mu-panel-warn', role: 'alert' },
  template: `
    <p>{{ words() }}</p>
    @if (again()) {
      <button type="button" class="mu-action mu-action-quiet mt-3" (click)="retry.emit()">{{ 'page.tryAgain' | transloco }}</button>
    }
    @if (error().traceId; as traceId) {
      <p class="mt-3 font-mono text-muted select-all">{{ 'page.trace' | transloco: { traceId } }}</p>
    }
  `,
})
export class Problem {
  readonly failure = input.required<unknown>();
  readonly again = input(false);
  readonly retry = output();

  private readonly known = knownWords();
  private readonly catalogue = inject(TranslocoService);
  protected readonly error = computed(() => toFailure(this.failure()));
  protected readonly words = computed(() => {
    const { code, message, status, fields, retryAfter } = this.error();
    const key = `errors.${code}`;
    if (!this.known(key) && status >= 400 && status < 500 && message) return [message, ...Object.values(fields).flat()].join(' ');
    return this.catalogue.translate(this.known(key) ? key : 'errors.unexpected', { time: clock(retryAfter ?? 0) });
  });
}

/** What this phone's clock shows once so many seconds, and the minute they end in, are over. */
function clock(seconds: number): string {
  return new Date(Date.now() + (seconds + 60) * 1_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
