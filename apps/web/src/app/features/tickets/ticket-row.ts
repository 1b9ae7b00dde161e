import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import { PriorityBadge } from '@mu/shared/ui/priority-badge';
import { StatusChip } from '@mu/shared/ui/status-chip';
import { type TicketRow, addressOf } from './ticket';
import { TicketAge } from './ticket-age';

/** How much room a row has: all columns, owners as initials, or two lines beside an opened ticket and on a phone. */
export type RowLook = 'full' | 'medium' | 'card';

export const ROW_HEIGHT: Record<RowLook, number> = { full: 40, medium: 40, card: 60 };

/** Shared by the rows, their skeletons and the heading over them. */
export const COLUMNS: Record<RowLook, string> = {
  full: 'grid-cols-[1rem_4.5rem_minmax(0,1fr)_6.5rem_9.5rem_11rem_2.5rem]',
  medium: 'grid-cols-[1rem_4.5rem_minmax(0,1fr)_6.5rem_9.5rem_1.5rem_2.5rem]',
  card: '',
};

@Component({
  selector: 'mu-ticket-row',
  imports: [Avatar, Icon, PriorityBadge, RouterLink, StatusChip, TicketAge, TranslocoPipe],
  host: {
    role: 'row',
    class: 'relative border-b border-hairline px-4 transition-colors hover:bg-hover has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
    '[class.bg-accent-soft!]': 'current()',
    '[class]': "columns() + (touched() ? ' animate-[mu-touched_2.5s_ease-out] motion-reduce:bg-accent-soft' : '')",
    '[attr.aria-current]': "current() ? 'true' : null",
  },
  templateUrl: './ticket-row.html',
})
export class TicketRowLine {
  readonly row = input.required<TicketRow>();
  readonly look = input.required<RowLook>();
  /** Opened beside the list. */
  readonly current = input(false);
  readonly touched = input(false);
  readonly selected = input(false);
  readonly picked = output<boolean>();
  /** The one stop of the Tab key in the list. */
  readonly reachable = input(false);

  protected pick(event: Event): void {
    this.picked.emit((event.target as HTMLInputElement).checked);
  }

  protected readonly mark = computed(() => {
    const { hasAlarm, suggestion } = this.row();
    if (hasAlarm) return { icon: 'siren', tone: 'text-overdue', words: 'tickets.mark.alarm' } as const;
    return suggestion ? { icon: 'info', tone: 'text-accent', words: `tickets.mark.${suggestion === 'alarm' ? 'grave' : suggestion}` } as const : null;
  });
  protected readonly address = computed(() => addressOf(this.row()));
  protected readonly columns = computed(() => (this.look() === 'card' ? 'pl-11! flex h-15 flex-col justify-center gap-1' : `grid h-10 items-center gap-x-3 ${COLUMNS[this.look()]}`));
}
