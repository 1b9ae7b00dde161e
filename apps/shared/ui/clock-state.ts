import { Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import type { IconName } from '@mu/icons';

export type ClockState = 'on-time' | 'due-soon' | 'overdue' | 'paused';

const LOOKS: Record<ClockState, { icon: IconName; tone: string }> = {
  'on-time': { icon: 'check-circle', tone: 'bg-on-time-soft text-on-time' },
  'due-soon': { icon: 'clock', tone: 'bg-due-soon-soft text-due-soon' },
  overdue: { icon: 'alert', tone: 'bg-overdue-soft text-overdue' },
  paused: { icon: 'pause', tone: 'bg-paused-soft text-paused' },
};

/** One of the four states of a clock, with the words that say how long ("Make safe in 3 h 20 min"). */
@Component({
  selector: 'mu-clock-state',
  imports: [Icon, TranslocoPipe],
  host: { class: 'inline-flex' },
  template: `<span class="inline-flex items-center gap-1.5 rounded-sm px-1.5 text-xs font-medium leading-5" [class]="look().tone">
    <mu-icon [name]="look().icon" size="14" />{{ words() || ('clock.' + state() | transloco) }}
  </span>`,
})
export class ClockStateChip {
  readonly state = input.required<ClockState>();
  readonly words = input('');

  protected readonly look = computed(() => LOOKS[this.state()]);
}
