import { convertToParamMap } from '@angular/router';
import type { TicketRow } from './ticket';
import { EVERYTHING_OPEN, type TicketQuery, belongs, filtersOf, fromAddress, narrowed, place, toAddress, toRequest, without } from './ticket-query';
import { aRow } from './ticket-samples';

const ME = '0199aaaa-0000-7000-8000-000000000001';
const read = (address: Record<string, string>): TicketQuery => fromAddress(convertToParamMap(address));
const written = (query: TicketQuery): Record<string, string> =>
  Object.fromEntries(Object.entries(toAddress(query)).filter(([, value]) => value !== null));

describe('The address of the list', () => {
  it.each<Record<string, string>>([
    {},
    { show: 'all' },
    { status: 'new,triage', priority: 'P1,P2', sort: 'priority' },
    { owner: 'me' },
    { owner: 'none', q: 'boiler' },
    { q: 'boiler', show: 'open' },
    { mark: 'suggestion', sort: 'alarm' },
    { mark: 'alarm' },
    { owner: ME, property: ME, sort: 'updated' },
  ])('says the same after reading and writing it: %o', (address) => {
    expect(written(read(address))).toEqual(address);
  });

  it('shows what is open when it says nothing', () => {
    expect(read({})).toEqual(EVERYTHING_OPEN);
    expect(toRequest(read({}))).toEqual({ open: true, sort: 'newest' });
  });

  it('lets a search and chosen states look everywhere', () => {
    expect(toRequest(read({ q: 'T-10482' }))).toEqual({ q: 'T-10482', sort: 'newest' });
    expect(toRequest(read({ status: 'closed' }))).toEqual({ status: ['closed'], sort: 'newest' });
  });

  it('leaves out what it can not mean', () => {
    const address = { status: 'new,nonsense', priority: 'P9', owner: 'robert', property: '1; drop', sort: 'random', show: 'some' };

    expect(written(read(address))).toEqual({ status: 'new' });
  });

  it('searches for no more than the server reads, and for nothing when nothing can be seen', () => {
    expect(read({ q: 'ab '.repeat(100) }).q).toHaveLength(200);
    expect(read({ q: '🔥'.repeat(300) }).q).toBe('🔥'.repeat(200));
    expect(read({ q: ' \u200b ' })).toEqual(EVERYTHING_OPEN);
    expect(read({ q: '!' }).q).toBe('!');
  });

  it('goes back to what is open when the search is taken away', () => {
    const searched = read({ q: 'boiler', owner: 'me' });

    expect(filtersOf(searched)).toEqual(['q', 'owner']);
    expect(written(without(searched, 'q'))).toEqual({ owner: 'me' });
    expect(without(searched, 'q').show).toBe('open');
  });

  it('looks for alarms everywhere: a report that was taken back may be an emergency', () => {
    expect(toRequest(read({ mark: 'alarm' }))).toEqual({ mark: 'alarm', sort: 'newest' });
    expect(toRequest(read({ mark: 'suggestion' }))).toEqual({ open: true, mark: 'suggestion', sort: 'newest' });
  });

  it('keeps a scope that was chosen', () => {
    expect(narrowed(read({ show: 'all' }), { owner: 'me' }).show).toBe('all');
  });
});

describe('A changed ticket', () => {
  const row = aRow({ id: 'x', status: 'new', priority: 'P2', owner: { id: ME, name: 'Priya' } });

  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ status: 'new,triage' }, true],
    [{ status: 'closed' }, false],
    [{ owner: 'me' }, true],
    [{ owner: 'none' }, false],
    [{ priority: 'P1' }, false],
    [{ property: ME }, false],
    [{ mark: 'alarm' }, false],
    [{ mark: 'suggestion' }, false],
  ])('belongs to %o: %s', (address, expected) => {
    expect(belongs(row, read(address), ME)).toBe(expected);
  });

  it('leaves the open ones when it is closed', () => {
    expect(belongs({ ...row, status: 'closed' }, EVERYTHING_OPEN, ME)).toBe(false);
  });
});

describe('The place of a row', () => {
  const rows: readonly TicketRow[] = [
    aRow({ id: 'c', reportedAt: '2026-11-22T12:00:00Z', priority: 'P3' }),
    aRow({ id: 'b', reportedAt: '2026-11-22T11:00:00Z', priority: 'P3' }),
    aRow({ id: 'a', reportedAt: '2026-11-22T10:00:00Z', priority: 'P3' }),
  ];
  const ids = (placed: readonly TicketRow[]): string => placed.map(({ id }) => id).join('');

  it('is the top for a new ticket', () => {
    expect(ids(place(rows, aRow({ id: 'd', reportedAt: '2026-11-22T13:00:00Z' }), 'newest', false))).toBe('dcba');
  });

  it('moves with what the list is ordered by', () => {
    expect(ids(place(rows.toReversed(), aRow({ id: 'c', reportedAt: '2026-11-22T12:00:00Z', priority: 'P1' }), 'priority', false))).toBe('cab');
  });

  it('is before all others while its alarm waits', () => {
    expect(ids(place(rows, aRow({ id: 'z', reportedAt: '2020-01-01T00:00:00Z', hasAlarm: true }), 'alarm', true))).toBe('zcba');
  });

  it('is not shown beyond the loaded part', () => {
    const old = aRow({ id: 'z', reportedAt: '2020-01-01T00:00:00Z' });

    expect(ids(place(rows, old, 'newest', false))).toBe('cba');
    expect(ids(place(rows, old, 'newest', true))).toBe('cbaz');
  });
});
