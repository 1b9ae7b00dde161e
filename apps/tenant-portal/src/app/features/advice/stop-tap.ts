import { Component } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** What the stop tap looks like, and which way it turns: whoever stands in water has no time to read. */
@Component({
  selector: 'mu-stop-tap',
  imports: [TranslocoPipe],
  template: `
    <figure class="mu-panel mb-4 flex items-center gap-4">
      <svg viewBox="0 0 96 96" width="96" height="96" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round" class="shrink-0" aria-hidden="true" focusable="false">
        <path d="M4 66h26M66 66h26M4 82h26M66 82h26M30 60h36v28H30ZM48 60V44" />
        <path d="M28 44h40M34 36v16M62 36v16" stroke-width="6" />
        <path class="text-accent" stroke="currentColor" d="M30 22a22 14 0 0 1 38 4M70 12l-1 15-14-4" />
      </svg>
      <figcaption>{{ 'advice.stopTap' | transloco }}</figcaption>
    </figure>
  `,
})
export class StopTap {}
