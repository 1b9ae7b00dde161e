import { Component, booleanAttribute, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Live } from '@mu/shared/live/live';
import { Connection } from '@mu/shared/pwa/connection';

/** Whether what is shown keeps itself up to date. Where room is short, only that it doesn't. */
@Component({
  selector: 'mu-live-status',
  imports: [TranslocoPipe],
  host: {
    class: 'flex items-center gap-1.5 text-xs whitespace-nowrap text-muted empty:hidden',
    '[class]': "shown() === 'live' ? 'max-sm:hidden' : ''",
    role: 'status',
  },
  template: `
    @if (shown(); as state) {
      <span class="size-1.5 rounded-full" [class]="state === 'live' ? 'bg-on-time' : 'bg-due-soon motion-safe:animate-[mu-breathe_1.6s_ease-in-out_infinite]'" aria-hidden="true"></span>
      <span [title]="'tickets.live.' + state + 'Text' | transloco">{{ 'tickets.live.' + state | transloco }}</span>
    }
  `,
})
export class LiveStatus {
  /** Says nothing as long as all is well, nor what the frame of the page says already: that there is no network. */
  readonly onlyTrouble = input(false, { transform: booleanAttribute });

  private readonly live = inject(Live);
  private readonly online = inject(Connection).online;

  protected readonly shown = computed(() => {
    const state = this.live.state();
    if (state === 'live') return this.onlyTrouble() ? null : state;
    if (state === 'reconnecting' && !this.online()) return this.onlyTrouble() ? null : 'offline';
    if (state === 'reconnecting') return state;
    return state === 'resting' ? state : null;
  });
}
