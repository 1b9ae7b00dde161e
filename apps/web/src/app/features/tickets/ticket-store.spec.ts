import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import type { Page, Ticket, TicketRow } from './ticket';
import { TicketApi } from './ticket-api';
import { EVERYTHING_OPEN } from './ticket-query';
import { aRow, aTicket } from './ticket-samples';
import { TicketStore } from './ticket-store';

/** The server's tickets, in pages of two. */
class FakeTickets {
  rows: readonly TicketRow[] = [];
  failing = false;

  list = vi.fn((_query: unknown, cursor: string | null): Promise<Page<TicketRow>> => {
    if (this.failing) return Promise.reject(new ApiFailure('unavailable', '', 503));
    const from = Number(cursor ?? 0);
    const next = from + 2 < this.rows.length ? String(from + 2) : null;
    return Promise.resolve({ items: this.rows.slice(from, from + 2), nextCursor: next });
  });
  counts = vi.fn(() => Promise.resolve({ open: this.rows.length, unassigned: 0, mine: 0, byStatus: {}, byPriority: {} }));
  ticket = vi.fn((id: string): Promise<Ticket> => {
    const row = this.rows.find((one) => one.id === id);
    return row ? Promise.resolve(aTicket(row)) : Promise.reject(new ApiFailure('not-found', '', 404));
  });
}

const ids = (rows: readonly TicketRow[]) => rows.map(({ id }) => id).join('');
const at = (id: string, hour: number, more: Partial<TicketRow> = {}) => aRow({ id, reportedAt: `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`, ...more });

describe('The list of tickets', () => {
  let server: FakeTickets;
  let store: TicketStore;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeTickets();
    server.rows = [at('e', 12), at('d', 11), at('c', 10), at('b', 9), at('a', 8)];
    TestBed.configureTestingModule({
      providers: [
        TicketStore,
        { provide: TicketApi, useValue: server },
        { provide: Session, useValue: { user: signal({ id: 'me', name: 'Priya Raman' }) } },
      ],
    });
    store = TestBed.inject(TicketStore);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('grows page by page until it is complete', async () => {
    await store.show(EVERYTHING_OPEN);
    const first = ids(store.rows());
    await store.nextPage();
    await store.nextPage();
    await store.nextPage();

    expect(first).toBe('ed');
    expect(ids(store.rows())).toBe('edcba');
    expect(store.complete()).toBe(true);
    expect(server.list).toHaveBeenCalledTimes(3);
  });

  it('asks for a page once, however often it is wanted', async () => {
    await store.show(EVERYTHING_OPEN);

    await Promise.all([store.nextPage(), store.nextPage()]);

    expect(ids(store.rows())).toBe('edcb');
  });

  it('shows no row twice when rows moved between two pages', async () => {
    await store.show(EVERYTHING_OPEN);
    server.rows = [at('f', 13), ...server.rows];

    await store.nextPage();

    expect(ids(store.rows())).toBe('edc');
  });

  it('drops the answer to a question that is no longer asked', async () => {
    const late = Promise.withResolvers<Page<TicketRow>>();
    server.list.mockReturnValueOnce(late.promise);
    const slow = store.show(EVERYTHING_OPEN);
    server.rows = [at('x', 7, { owner: { id: 'me', name: 'Priya Raman' } })];
    await store.show({ ...EVERYTHING_OPEN, owner: 'me' });
    late.resolve({ items: [at('late', 12)], nextCursor: null });
    await slow;

    expect(ids(store.rows())).toBe('x');
  });

  it('says that it failed, and recovers', async () => {
    server.failing = true;
    await store.show(EVERYTHING_OPEN);
    const failed = [store.phase(), store.failure()?.code];

    server.failing = false;
    await store.reload();

    expect(failed).toEqual(['failed', 'unavailable']);
    expect(ids(store.rows())).toBe('ed');
  });

  it('keeps its rows when a later reload fails', async () => {
    await store.show(EVERYTHING_OPEN);
    server.failing = true;

    await store.reload();

    expect(ids(store.rows())).toBe('ed');
    expect(store.failure()?.code).toBe('unavailable');
  });

  it('reads again all that somebody has scrolled to', async () => {
    await store.show(EVERYTHING_OPEN);
    await store.nextPage();
    server.rows = server.rows.map((row) => ({ ...row, version: 2 }));

    await store.reload();
    await store.nextPage();

    expect(ids(store.rows())).toBe('edcba');
    expect(store.rows().map(({ version }) => version)).toEqual([2, 2, 2, 2, 2]);
  });

  it('keeps the rows that it has when the next page fails, and tries again', async () => {
    await store.show(EVERYTHING_OPEN);
    server.failing = true;
    await store.nextPage();
    const failed = store.more();
    server.failing = false;

    await store.nextPage();

    expect(failed).toBe('failed');
    expect(ids(store.rows())).toBe('edcb');
  });

  it('puts a new ticket on top for a reader who is there', async () => {
    await store.show(EVERYTHING_OPEN);
    server.rows = [at('f', 13), ...server.rows];

    await store.lookForNew();

    expect(ids(store.rows())).toBe('fed');
    expect(store.touched().has('f')).toBe(true);
  });

  it('keeps a new ticket back while somebody reads further down', async () => {
    await store.show(EVERYTHING_OPEN);
    store.hold(true);
    server.rows = [at('f', 13), ...server.rows];
    await store.lookForNew();
    await store.lookForNew();
    const meanwhile = [ids(store.rows()), ids(store.fresh())];

    store.hold(false);

    expect(meanwhile).toEqual(['ed', 'f']);
    expect(ids(store.rows())).toBe('fed');
  });

  it('lights up what others changed for a moment', async () => {
    await store.show(EVERYTHING_OPEN);
    server.rows = server.rows.map((row) => (row.id === 'd' ? { ...row, priority: 'P1' as const, version: 2 } : row));

    await store.fetch('d', true);
    const lit = store.touched().has('d');
    vi.advanceTimersByTime(3_000);

    expect(store.rows()[1]?.priority).toBe('P1');
    expect([lit, store.touched().has('d')]).toEqual([true, false]);
  });

  it('lets go of a ticket that no longer belongs, unless it is open', async () => {
    await store.show({ ...EVERYTHING_OPEN, owner: 'none' });
    await store.select('e');

    store.put(aTicket({ ...at('e', 12), owner: { id: 'me', name: 'Priya Raman' }, version: 2 }));
    store.put(aTicket({ ...at('d', 11), owner: { id: 'me', name: 'Priya Raman' }, version: 2 }));
    const open = ids(store.rows());
    await store.select(null);

    expect(open).toBe('e');
    expect(ids(store.rows())).toBe('');
  });

  it('never goes back to an older version', async () => {
    await store.show(EVERYTHING_OPEN);
    store.put(aTicket({ ...at('e', 12), priority: 'P1', version: 3 }));

    store.put(aTicket({ ...at('e', 12), priority: 'P4', version: 2 }));

    expect(store.rows()[0]?.priority).toBe('P1');
  });

  it('says that a ticket is not here', async () => {
    await store.show(EVERYTHING_OPEN);

    await store.select('nobody');

    expect(store.opened()?.failure?.status).toBe(404);
    expect(store.ticket()).toBeNull();
  });
});
