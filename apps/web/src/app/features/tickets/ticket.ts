import type { Channel, TicketProperty, TicketStatus } from '@mu/shared/api/generated/models';
import type { IconName } from '@mu/icons';

export type {
  HomeView as Home,
  NewTicket,
  TicketAction,
  TicketCountsView as TicketCounts,
  TicketRow,
  TicketView as Ticket,
  TimelineEventView as TimelineEvent,
} from '@mu/shared/api/generated/models';

/** Somebody, as far as a list needs to know them. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const OPEN_STATUSES: ReadonlySet<TicketStatus> = new Set<TicketStatus>([
  'new', 'triage', 'awaiting_info', 'awaiting_approval', 'approved', 'in_progress', 'on_hold',
]);

export const CHANNEL_ICONS: Readonly<Record<Channel, IconName>> = {
  staff: 'users', portal: 'home', import: 'file', phone: 'phone', email: 'mail', sms: 'message', whatsapp: 'message',
};

interface Somewhere {
  readonly property: TicketProperty | null;
  readonly unitLabel: string | null;
  readonly addressAsWritten?: string | null;
}

/** "Flat 3, 12 Mill Lane, Leeds, LS6 2AB", the postcode said once; what somebody wrote while the home isn't known. */
export function addressOf({ property, unitLabel, addressAsWritten }: Somewhere): string {
  if (!property) return addressAsWritten ?? '';
  const { address, postcode } = property;
  return [unitLabel, address, address.includes(postcode) ? '' : postcode.replaceAll(' ', '\u00a0')].filter(Boolean).join(', ');
}
