import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { listHomes } from '@mu/shared/api/generated/fn/properties/list-homes';
import { changeOwner } from '@mu/shared/api/generated/fn/tickets/change-owner';
import { changePriority } from '@mu/shared/api/generated/fn/tickets/change-priority';
import { commentOnTicket } from '@mu/shared/api/generated/fn/tickets/comment-on-ticket';
import { countTickets } from '@mu/shared/api/generated/fn/tickets/count-tickets';
import { listTickets } from '@mu/shared/api/generated/fn/tickets/list-tickets';
import { readTicket } from '@mu/shared/api/generated/fn/tickets/read-ticket';
import { readTimeline } from '@mu/shared/api/generated/fn/tickets/read-timeline';
import { reportTicket } from '@mu/shared/api/generated/fn/tickets/report-ticket';
import { suggestHomes } from '@mu/shared/api/generated/fn/triage/suggest-homes';
import { listUsers } from '@mu/shared/api/generated/fn/users/list-users';
import type { Priority } from '@mu/shared/ui/priority-badge';
import type { Home, Named, NewTicket, Page, Ticket, TicketCounts, TicketRow, TimelineEvent } from './ticket';
import { type TicketQuery, toRequest } from './ticket-query';

const STORY_PAGE = 50;

/** The questions of this feature, in its own words. Each throws an ApiFailure. */
@Service()
export class TicketApi {
  private readonly api = inject(Api);

  list(query: TicketQuery, cursor: string | null, limit: number): Promise<Page<TicketRow>> {
    return this.api.call(listTickets, { ...toRequest(query), cursor, limit });
  }

  /** Counts take the search and the home into account; every other filter is one of the counts itself. */
  counts({ q, property }: TicketQuery): Promise<TicketCounts> {
    return this.api.call(countTickets, { q, property });
  }

  ticket(id: string): Promise<Ticket> {
    return this.api.call(readTicket, { ticket_id: id });
  }

  /** Newest first. */
  timeline(id: string, cursor: string | null): Promise<Page<TimelineEvent>> {
    return this.api.call(readTimeline, { ticket_id: id, cursor, limit: STORY_PAGE });
  }

  create(ticket: NewTicket, key: string): Promise<Ticket> {
    return this.api.call(reportTicket, { body: ticket }, key);
  }

  comment(id: string, body: string, key: string): Promise<TimelineEvent> {
    return this.api.call(commentOnTicket, { ticket_id: id, body: { body } }, key);
  }

  prioritise(id: string, priority: Priority, version: number): Promise<Ticket> {
    return this.api.call(changePriority, { ticket_id: id, 'if-match': etag({ version }), body: { priority } });
  }

  assign(id: string, ownerId: string | null, version: number): Promise<Ticket> {
    return this.api.call(changeOwner, { ticket_id: id, 'if-match': etag({ version }), body: { ownerId } });
  }

  homes(q: string): Promise<readonly Home[]> {
    return this.api.call(listHomes, { q }).then(({ items }) => items);
  }

  /** The homes that a ticket's address as written may mean. */
  homesLike(ticketId: string): Promise<readonly Home[]> {
    return this.api.call(suggestHomes, { ticket_id: ticketId }).then(({ items }) => items);
  }

  colleagues(): Promise<readonly Named[]> {
    return this.api.call(listUsers, { assignable: true }).then(({ items }) => items);
  }
}
