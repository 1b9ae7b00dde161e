import { Injectable, computed, inject, signal } from '@angular/core';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import type { Ticket, TicketCounts, TicketRow } from './ticket';
import { TicketApi } from './ticket-api';
import { EVERYTHING_OPEN, type TicketQuery, belongs, place, sameQuery } from './ticket-query';

/** What can be changed in place. */
export type Field = 'priority' | 'owner';
/** What can be asked for before its ticket is open. */
export type Wanted = Field | 'triage';

interface List {
  readonly query: TicketQuery;
  readonly rows: readonly TicketRow[];
  /** Where the next page starts; null when there is none. */
  readonly cursor: string | null;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: ApiFailure | null;
  readonly more: 'resting' | 'loading' | 'failed';
}

interface Opened {
  readonly id: string;
  readonly failure: ApiFailure | null;
}

const NOTHING: List = { query: EVERYTHING_OPEN, rows: [], cursor: null, phase: 'loading', failure: null, more: 'resting' };
/** The first page fills the screen; those after it keep ahead of a fast hand. */
export const FIRST_PAGE = 50;
export const NEXT_PAGE = 200;
/** Rows that are read again at most when the server says that everything may have changed. */
const MOST_READ_AGAIN = 1000;
const TOUCHED_TIME = 2_500;

/** The tickets of this page: the list, the opened one and the counts. Nothing else writes them. */
@Injectable()
export class TicketStore {
  private readonly api = inject(TicketApi);
  private readonly session = inject(Session);

  private readonly list = signal<List>(NOTHING);
  private readonly details = signal<ReadonlyMap<string, Ticket>>(new Map());
  private readonly open = signal<Opened | null>(null);
  private readonly counted = signal<TicketCounts | null>(null);
  private readonly waiting = signal<readonly TicketRow[]>([]);
  private readonly lit = signal<ReadonlySet<string>>(new Set());
  private readonly menu = signal<Wanted | null>(null);
  private readonly marked = signal<ReadonlySet<string>>(new Set());
  private reading = false;
  private listed = 0;

  readonly query = computed(() => this.list().query);
  readonly rows = computed(() => this.list().rows);
  readonly phase = computed(() => this.list().phase);
  readonly failure = computed(() => this.list().failure);
  readonly more = computed(() => this.list().more);
  readonly complete = computed(() => this.phase() === 'ready' && this.list().cursor === null);
  readonly counts = this.counted.asReadonly();
  readonly opened = this.open.asReadonly();
  /** New rows that wait for a reader who is further down. */
  readonly fresh = this.waiting.asReadonly();
  /** The ids of what somebody else changed a moment ago. */
  readonly touched = this.lit.asReadonly();

  /** The field whose choices were asked for before its ticket was open. */
  readonly wanted = this.menu.asReadonly();

  readonly ticket = computed(() => this.details().get(this.open()?.id ?? '') ?? null);
  /** What is known of the opened ticket before all of it has come. */
  readonly outline = computed<TicketRow | null>(() => this.ticket() ?? this.rows().find(({ id }) => id === this.open()?.id) ?? null);

  /** What somebody has picked for one action on all of it; only what is listed counts. */
  readonly selected = computed(() => {
    const marked = this.marked();
    return marked.size ? this.rows().filter(({ id }) => marked.has(id)) : [];
  });
  readonly selection = this.marked.asReadonly();

  /** Shows the first page of a query. The same query again changes nothing. */
  async show(query: TicketQuery): Promise<void> {
    const { phase, query: shown } = this.list();
    const searchedElsewhere = query.q !== shown.q || query.property !== shown.property;
    if (this.listed > 0 && phase !== 'failed' && sameQuery(query, shown)) return;
    this.list.set({ ...NOTHING, query });
    this.marked.set(new Set());
    this.waiting.set([]);
    if (searchedElsewhere) this.counted.set(null);
    await Promise.all([this.firstPage(), this.count()]);
  }

  /** Everything again, in place: what is shown stays until the new has come. */
  async reload(): Promise<void> {
    const id = this.open()?.id;
    if (this.phase() === 'failed') this.list.update((list) => ({ ...list, phase: 'loading', failure: null }));
    await Promise.all([this.firstPage(), this.count(), id === undefined ? null : this.fetch(id)]);
  }

  async nextPage(): Promise<void> {
    const { cursor, query, more, phase } = this.list();
    if (cursor === null || more === 'loading' || phase !== 'ready') return;
    const request = this.listed;
    this.list.update((list) => ({ ...list, more: 'loading' }));
    try {
      const page = await this.api.list(query, cursor, NEXT_PAGE);
      if (request !== this.listed) return;
      const added = except(page.items, this.rows());
      this.list.update((list) => ({ ...list, rows: [...list.rows, ...added], cursor: page.nextCursor, more: 'resting' }));
    } catch {
      if (request === this.listed) this.list.update((list) => ({ ...list, more: 'failed' }));
    }
  }

  async count(): Promise<void> {
    const { query } = this.list();
    try {
      const counts = await this.api.counts(query);
      if (sameQuery(query, this.list().query)) this.counted.set(counts);
    } catch {
      // Tabs without numbers still work, and the list says what is wrong.
    }
  }

  async select(id: string | null): Promise<void> {
    this.open.set(id === null ? null : { id, failure: null });
    this.settle();
    if (id !== null) await this.fetch(id);
  }

  /** Reads a ticket again and shows it wherever it stands. */
  async fetch(id: string, byOthers = false): Promise<void> {
    try {
      const ticket = await this.api.ticket(id);
      if (this.put(ticket) && byOthers) this.touch(id);
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.open.update((opened) => (opened?.id === id ? { id, failure } : opened));
      if (failure.status === 404) this.drop(id);
    }
  }

  /** Takes a ticket as the server has it, unless something newer is known. False when it brought nothing new. */
  put(ticket: Ticket): boolean {
    const known = this.versionOf(ticket.id);
    if (known !== null && known > ticket.version) return false;
    this.details.update((details) => new Map(details).set(ticket.id, ticket));
    this.arrange(ticket);
    return known === null || ticket.version > known;
  }

  /** Shows a change before the server has agreed; a later `put` makes it true or takes it back. */
  expect(id: string, change: Partial<Pick<Ticket, 'priority' | 'owner'>>): void {
    this.details.update((details) => {
      const ticket = details.get(id);
      return ticket ? new Map(details).set(id, { ...ticket, ...change }) : details;
    });
    this.list.update((list) => ({ ...list, rows: list.rows.map((row) => (row.id === id ? { ...row, ...change } : row)) }));
  }

  /** The newest version seen of a ticket, or null. */
  versionOf(id: string): number | null {
    return this.details().get(id)?.version ?? this.rows().find((row) => row.id === id)?.version ?? null;
  }

  find(id: string): Ticket | null {
    return this.details().get(id) ?? null;
  }

  lists(id: string): boolean {
    return this.rows().some((row) => row.id === id);
  }

  /** While somebody reads further down nothing moves under their eyes. */
  hold(reading: boolean): void {
    this.reading = reading;
    if (!reading && this.waiting().length) this.showFresh();
  }

  /** Looks whether the beginning of the list has rows that aren't shown yet. */
  async lookForNew(): Promise<void> {
    const { query, phase } = this.list();
    if (phase !== 'ready') return;
    const request = this.listed;
    const page = await this.api.list(query, null, FIRST_PAGE).catch(() => null);
    if (!page || request !== this.listed) return;
    const arrived = except(page.items, [...this.rows(), ...this.waiting()]);
    if (!arrived.length) return;
    this.waiting.update((waiting) => [...arrived, ...waiting]);
    if (!this.reading) this.showFresh();
  }

  showFresh(): void {
    const fresh = this.waiting();
    this.waiting.set([]);
    this.list.update((list) => ({
      ...list,
      rows: fresh.reduce((rows, row) => place(rows, row, list.query.sort, list.cursor === null), list.rows),
    }));
    for (const { id } of fresh) this.touch(id);
  }

  pick(ids: readonly string[], chosen: boolean): void {
    this.marked.update((marked) => new Set(chosen ? [...marked, ...ids] : [...marked].filter((id) => !ids.includes(id))));
  }

  want(field: Wanted | null): void {
    this.menu.set(field);
  }

  touch(id: string): void {
    this.lit.update((lit) => new Set(lit).add(id));
    setTimeout(() => {
      this.lit.update((lit) => new Set([...lit].filter((other) => other !== id)));
    }, TOUCHED_TIME);
  }

  private async firstPage(): Promise<void> {
    const request = ++this.listed;
    const { query } = this.list();
    try {
      const read = this.rows().length;
      let page = await this.api.list(query, null, Math.min(Math.max(read, FIRST_PAGE), NEXT_PAGE));
      let items: readonly TicketRow[] = page.items;
      while (page.nextCursor !== null && items.length < Math.min(read, MOST_READ_AGAIN) && request === this.listed) {
        page = await this.api.list(query, page.nextCursor, NEXT_PAGE);
        items = [...items, ...except(page.items, items)];
      }
      if (request !== this.listed) return;
      this.waiting.set([]);
      this.list.update(({ rows, cursor }) => {
        // Whoever has read further than is read again keeps their place.
        const beyond = page.nextCursor === null ? [] : except(rows.slice(items.length), items);
        return {
          query, rows: [...items, ...beyond], cursor: beyond.length ? cursor : page.nextCursor,
          phase: 'ready', failure: null, more: 'resting',
        };
      });
    } catch (thrown) {
      if (request !== this.listed) return;
      // Rows that are shown stay: the line under the tabs says that they may be out of date.
      const shown = this.rows().length > 0;
      this.list.update((list) => ({ ...list, phase: shown ? 'ready' : 'failed', failure: toFailure(thrown), more: 'resting' }));
    }
  }

  private arrange(row: TicketRow): void {
    const { query, rows } = this.list();
    if (!rows.some(({ id }) => id === row.id)) return;
    const stays = belongs(row, query, this.session.user()?.id ?? null) || row.id === this.open()?.id;
    this.list.update((list) => ({
      ...list,
      rows: !stays ? rows.filter(({ id }) => id !== row.id)
        : this.reading ? rows.map((other) => (other.id === row.id ? row : other))
        : place(rows, row, query.sort, list.cursor === null),
    }));
  }

  /** Takes away rows that only stayed because they were open. */
  private settle(): void {
    const me = this.session.user()?.id ?? null;
    const opened = this.open()?.id;
    this.list.update((list) => ({ ...list, rows: list.rows.filter((row) => row.id === opened || belongs(row, list.query, me)) }));
  }

  private drop(id: string): void {
    this.list.update((list) => ({ ...list, rows: list.rows.filter((row) => row.id !== id) }));
  }
}

function except(rows: readonly TicketRow[], others: readonly TicketRow[]): readonly TicketRow[] {
  const ids = new Set(others.map(({ id }) => id));
  return rows.filter(({ id }) => !ids.has(id));
}
