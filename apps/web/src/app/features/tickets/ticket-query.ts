import type { ParamMap, Params } from '@angular/router';
import type { ListTickets$Params } from '@mu/shared/api/generated/fn/tickets/list-tickets';
import { MARK } from '@mu/shared/api/generated/models/mark-array';
import type { Mark, TicketSort } from '@mu/shared/api/generated/models';
import { PRIORITIES, type Priority } from '@mu/shared/ui/priority-badge';
import { searchWords } from '@mu/shared/ui/search-words';
import { TICKET_STATUSES, type TicketStatus } from '@mu/shared/ui/status-chip';
import { OPEN_STATUSES, type TicketRow } from './ticket';

export const SORTS = ['newest', 'oldest', 'priority', 'alarm', 'updated'] as const satisfies readonly TicketSort[];
export type Sort = TicketSort;

/** `me`, `none` or the id of a colleague. */
export type Owner = string;

/** Which tickets the list shows, in which order. It lives in the address and nowhere else. */
export interface TicketQuery {
  /** Open tickets only, or those of every state. Chosen states say it themselves. */
  readonly show: 'open' | 'all';
  readonly status: readonly TicketStatus[];
  readonly priority: readonly Priority[];
  readonly owner: Owner | null;
  readonly property: string | null;
  /** Only those whose home nobody has recognised yet. */
  readonly homeless: boolean;
  /** Only those that wait for this. */
  readonly mark: Mark | null;
  readonly q: string;
  readonly sort: Sort;
}

export type Filter = 'status' | 'priority' | 'owner' | 'property' | 'homeless' | 'mark' | 'q';

export const EVERYTHING_OPEN: TicketQuery = { show: 'open', status: [], priority: [], owner: null, property: null, homeless: false, mark: null, q: '', sort: 'newest' };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the address. What it can't mean is left out: an old or mistyped link still shows a list. */
export function fromAddress(params: ParamMap): TicketQuery {
  const q = searchWords(params.get('q') ?? '');
  const status = known(params.get('status'), TICKET_STATUSES);
  const owner = params.get('owner') ?? '';
  const mark = oneOf(params.get('mark'), MARK);
  const property = params.get('property') ?? '';
  return {
    show: oneOf(params.get('show'), ['open', 'all'] as const) ?? usually({ q, status, mark }),
    status,
    priority: known(params.get('priority'), PRIORITIES),
    owner: owner === 'me' || owner === 'none' || UUID.test(owner) ? owner : null,
    property: UUID.test(property) ? property : null,
    homeless: params.get('home') === 'unknown',
    mark,
    q,
    sort: oneOf(params.get('sort'), SORTS) ?? 'newest',
  };
}

/** The shortest address that says the same. Null takes a parameter away. */
export function toAddress(query: TicketQuery): Params {
  return {
    show: query.show === usually(query) ? null : query.show,
    status: query.status.join(',') || null,
    priority: query.priority.join(',') || null,
    owner: query.owner,
    property: query.property,
    home: query.homeless ? 'unknown' : null,
    mark: query.mark,
    q: query.q || null,
    sort: query.sort === 'newest' ? null : query.sort,
  };
}

/** What the server is asked for. */
export function toRequest({ show, status, priority, owner, property, homeless, mark, q, sort }: TicketQuery): ListTickets$Params {
  return {
    ...(show === 'open' && !status.length ? { open: true } : {}),
    ...(status.length ? { status: [...status] } : {}),
    ...(priority.length ? { priority: [...priority] } : {}),
    ...(owner ? { owner } : {}),
    ...(property ? { property } : {}),
    ...(homeless ? { home: 'unknown' as const } : {}),
    ...(mark ? { mark } : {}),
    ...(q ? { q } : {}),
    sort,
  };
}

export function filtersOf(query: TicketQuery): Filter[] {
  const set: Record<Filter, boolean> = {
    q: query.q !== '',
    status: query.status.length > 0,
    priority: query.priority.length > 0,
    owner: query.owner !== null,
    property: query.property !== null,
    homeless: query.homeless,
    mark: query.mark !== null,
  };
  return (Object.keys(set) as Filter[]).filter((filter) => set[filter]);
}

export function without(query: TicketQuery, filter: Filter): TicketQuery {
  return unscoped(query, { ...query, [filter]: EVERYTHING_OPEN[filter] });
}

export function sameQuery(one: TicketQuery, other: TicketQuery): boolean {
  return JSON.stringify(toAddress(one)) === JSON.stringify(toAddress(other)) && one.show === other.show;
}

/** Whether a changed ticket still belongs in the list. What was searched for only the server can say. */
export function belongs(row: TicketRow, query: TicketQuery, me: string | null): boolean {
  const { show, status, priority, owner, property, homeless, mark } = query;
  const wanted = status.length ? status.includes(row.status) : show === 'all' || OPEN_STATUSES.has(row.status);
  const owned = owner === null || (owner === 'none' ? row.owner === null : row.owner?.id === (owner === 'me' ? me : owner));
  const marked = mark === null || (mark === 'alarm' ? row.hasAlarm : row.suggestion !== null);
  return wanted && owned && marked && (!priority.length || priority.includes(row.priority)) && (!property || row.property?.id === property) && (!homeless || row.property === null);
}

const ORDER: Record<Sort, (one: TicketRow, other: TicketRow) => number> = {
  newest: (one, other) => descending(one.reportedAt, other.reportedAt) || descending(one.id, other.id),
  oldest: (one, other) => descending(other.reportedAt, one.reportedAt) || descending(other.id, one.id),
  updated: (one, other) => descending(one.updatedAt, other.updatedAt) || descending(one.id, other.id),
  alarm: (one, other) => Number(other.hasAlarm) - Number(one.hasAlarm) || ORDER.newest(one, other),
  priority: (one, other) => descending(other.priority, one.priority) || ORDER.oldest(one, other),
};

/**
 * Puts a new or changed row where the server would have it. Beyond the loaded part it is left out, unless that part
 * is all there is: a later page brings it.
 */
export function place(rows: readonly TicketRow[], row: TicketRow, sort: Sort, complete: boolean): readonly TicketRow[] {
  const others = rows.filter(({ id }) => id !== row.id);
  const after = others.findIndex((other) => ORDER[sort](row, other) < 0);
  if (after >= 0) return [...others.slice(0, after), row, ...others.slice(after)];
  return complete || others.length < rows.length ? [...others, row] : others;
}

/** A search looks everywhere, and so do chosen states and alarms; otherwise the list is about what is still to do. */
function usually({ q, status, mark }: Pick<TicketQuery, 'q' | 'status' | 'mark'>): TicketQuery['show'] {
  return q || status.length || mark === 'alarm' ? 'all' : 'open';
}

/** Keeps a scope that somebody chose, and moves one that only followed from the filters. */
function unscoped(before: TicketQuery, after: TicketQuery): TicketQuery {
  return before.show === usually(before) ? { ...after, show: usually(after) } : after;
}

/** The query with some filters changed. */
export function narrowed(query: TicketQuery, change: Partial<Omit<TicketQuery, 'show'>>): TicketQuery {
  return unscoped(query, { ...query, ...change });
}

function known<Value extends string>(text: string | null, values: readonly Value[]): Value[] {
  const wanted = text?.split(',') ?? [];
  return values.filter((value) => wanted.includes(value));
}

function oneOf<Value extends string>(text: string | null, values: readonly Value[]): Value | null {
  return values.find((value) => value === text) ?? null;
}

function descending(one: string, other: string): number {
  return one === other ? 0 : one > other ? -1 : 1;
}
