import { Component, booleanAttribute, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Priority } from '@mu/shared/api/generated/models';
import { Icon } from './icon';
import type { IconName } from '@mu/icons';

export type { Priority };

/** The most urgent first. */
export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const satisfies readonly Priority[];

const LOOKS: Record<Priority | 'none', { icon: IconName; tone: string }> = {
  P1: { icon: 'siren', tone: 'bg-emergency text-on-emergency rounded-sm px-1.5' },
  P2: { icon: 'priority-high', tone: 'text-due-soon' },
  P3: { icon: 'priority-medium', tone: 'text-ink' },
  P4: { icon: 'priority-low', tone: 'text-muted' },
  none: { icon: 'minus', tone: 'text-muted' },
};

/** How soon a ticket needs attention. Only an emergency is filled. */
@Component({
  selector: 'mu-priority-badge',
  imports: [Icon, TranslocoPipe],
  host: { class: 'inline-flex' },
  template: `<span class="inline-flex min-h-5 items-center gap-1.5 whitespace-nowrap text-xs font-medium leading-5" [class]="look().tone" [title]="wordless() ? ('priority.' + (priority() ?? 'none') | transloco) : ''">
    <mu-icon [name]="look().icon" size="14" />
    <span [class.sr-only]="wordless()">{{ 'priority.' + (priority() ?? 'none') | transloco }}</span>
  </span>`,
})
export class PriorityBadge {
  readonly priority = input.required<Priority | null>();
  /** Where there is no room: the word is for hovering and for screen readers only. */
  readonly wordless = input(false, { transform: booleanAttribute });

  protected readonly look = computed(() => LOOKS[this.priority() ?? 'none']);
}
