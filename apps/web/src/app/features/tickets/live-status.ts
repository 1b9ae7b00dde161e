import { Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Live } from '@mu/shared/live/live';

/** Whether what is shown keeps itself up to date. */
@Component({
  selector: 'mu-live-status',
  imports: [TranslocoPipe],
  host: { class: 'inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-muted', role: 'status' },
  template: `
    @if (shown(); as state) {
      <span class="size-1.5 rounded-full" [class]="state === 'live' ? 'bg-on-time' : 'bg-due-soon motion-safe:animate-[mu-breathe_1.6s_ease-in-out_infinite]'" aria-hidden="true"></span>
      <span [title]="'tickets.live.' + state + 'Text' | transloco">{{ 'tickets.live.' + state | transloco }}</span>
    }
  `,
})
export class LiveStatus {
  private readonly live = inject(Live);

  protected readonly shown = computed(() => {
    const state = this.live.state();
    return state === 'live' || state === 'reconnecting' || state === 'resting' ? state : null;
  });
}
