import { Component, booleanAttribute, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TicketStatus } from '@mu/shared/api/generated/models';
import { Icon } from './icon';
import type { IconName } from '@mu/icons';

export type { TicketStatus };

/** In the order of a ticket's life. */
export const TICKET_STATUSES = [
  'draft', 'new', 'triage', 'awaiting_info', 'awaiting_approval', 'approved', 'in_progress', 'on_hold',
  'resolved', 'closed', 'rejected', 'cancelled', 'merged',
] as const satisfies readonly TicketStatus[];

const LOOKS: Record<TicketStatus, { icon: IconName; tone: string }> = {
  draft: { icon: 'circle-dashed', tone: 'text-muted' },
  new: { icon: 'circle', tone: 'text-accent' },
  triage: { icon: 'circle-dot', tone: 'text-accent' },
  awaiting_info: { icon: 'wait', tone: 'text-due-soon' },
  awaiting_approval: { icon: 'wait', tone: 'text-due-soon' },
  approved: { icon: 'thumbs-up', tone: 'text-on-time' },
  in_progress: { icon: 'play', tone: 'text-on-time' },
  on_hold: { icon: 'pause', tone: 'text-paused' },
  resolved: { icon: 'check-circle', tone: 'text-on-time' },
  closed: { icon: 'check', tone: 'text-muted' },
  rejected: { icon: 'ban', tone: 'text-muted' },
  cancelled: { icon: 'x-circle', tone: 'text-muted' },
  merged: { icon: 'merge', tone: 'text-muted' },
};

/** The state of a ticket: a drawing, a colour and always the word. */
@Component({
  selector: 'mu-status-chip',
  imports: [Icon, TranslocoPipe],
  host: { class: 'inline-flex items-center gap-1.5 whitespace-nowrap text-xs font-medium' },
  template: `<mu-icon [name]="look().icon" size="14" [class]="look().tone" [title]="wordless() ? ('status.' + status() | transloco) : ''" />
    <span [class.sr-only]="wordless()">{{ 'status.' + status() | transloco }}</span>`,
})
export class StatusChip {
  readonly status = input.required<TicketStatus>();
  /** Where there is no room: the word is for hovering and for screen readers only. */
  readonly wordless = input(false, { transform: booleanAttribute });

  protected readonly look = computed(() => LOOKS[this.status()]);
}
