import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { NEVER } from 'rxjs';
import { ApiFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { Toasts } from '@mu/shared/ui/toasts';
import words from './en.json';
import { Story } from './story';
import type { Ticket } from './ticket';
import { TicketApi } from './ticket-api';
import { TicketEdits } from './ticket-edits';
import { EVERYTHING_OPEN } from './ticket-query';
import { aTicket, anEvent } from './ticket-samples';
import { TicketStore } from './ticket-store';

const PRIYA = { id: 'me', name: 'Priya Raman' };
const DANIEL = { id: 'daniel', name: 'Daniel Ashworth' };

/** One ticket on the server, with its version. */
class FakeServer {
  ticketNow: Ticket = aTicket({ priority: 'P3', version: 1 });
  story = [anEvent({ kind: 'priority_changed', actor: DANIEL, data: { from: 'P3', to: 'P1' } })];
  broken = false;

  list = () => Promise.resolve({ items: [this.ticketNow], nextCursor: null });
  counts = () => Promise.resolve({ open: 1, unassigned: 0, mine: 0, byStatus: {}, byPriority: {} });
  timeline = () => Promise.resolve({ items: this.story, nextCursor: null });
  ticket = () => Promise.resolve(this.ticketNow);
  prioritise = vi.fn((_id: string, priority: Ticket['priority'], version: number) => this.change({ priority }, version));
  assign = vi.fn((_id: string, ownerId: string | null, version: number) => this.change({ owner: ownerId === null ? null : { id: ownerId, name: 'Somebody' } }, version));

  byDaniel(change: Partial<Ticket>): void {
    this.ticketNow = { ...this.ticketNow, ...change, version: this.ticketNow.version + 1 };
  }

  private change(change: Partial<Ticket>, version: number): Promise<Ticket> {
    if (this.broken) return Promise.reject(new ApiFailure('unavailable', '', 503));
    if (version !== this.ticketNow.version) return Promise.reject(new ApiFailure('changed-meanwhile', '', 412, null, {}, { current: this.ticketNow }));
    this.byDaniel(change);
    return Promise.resolve(this.ticketNow);
  }
}

describe('A change in place', () => {
  let server: FakeServer;
  let store: TicketStore;
  let edits: TicketEdits;
  let toasts: Toasts;
  const shown = () => store.ticket();
  const seen = (): Ticket => {
    const ticket = store.ticket();
    if (!ticket) throw new Error('no ticket is open');
    return ticket;
  };

  beforeEach(async () => {
    server = new FakeServer();
    TestBed.configureTestingModule({
      providers: [
        provideCatalogue({ tickets: words }), Story, TicketEdits, TicketStore,
        { provide: TicketApi, useValue: server },
        { provide: Live, useValue: { events: NEVER } },
        { provide: Session, useValue: { user: signal(PRIYA) } },
      ],
    });
    store = TestBed.inject(TicketStore);
    edits = TestBed.inject(TicketEdits);
    toasts = TestBed.inject(Toasts);
    await store.show(EVERYTHING_OPEN);
    await store.select(server.ticketNow.id);
    await TestBed.inject(Story).open(server.ticketNow.id);
  });

  it('shows at once, in the list too, and is true when the server agrees', async () => {
    const changing = edits.prioritise(seen(), 'P1');
    const expected = [shown()?.priority, store.rows()[0]?.priority];
    await changing;

    expect(expected).toEqual(['P1', 'P1']);
    expect(shown()).toMatchObject({ priority: 'P1', version: 2 });
  });

  it('is taken back when the server can not do it', async () => {
    server.broken = true;

    await edits.prioritise(seen(), 'P1');

    expect(shown()?.priority).toBe('P3');
    expect(store.rows()[0]?.priority).toBe('P3');
    expect(toasts.all().at(-1)?.action).toBeUndefined();
  });

  it('can be undone, once', async () => {
    await edits.prioritise(seen(), 'P1');
    const toast = toasts.all().at(-1);
    toast?.action?.run();
    await vi.waitFor(() => { expect(server.ticketNow.priority).toBe('P3'); });

    expect(toast?.text).toBe('T-10482 is now Emergency');
    await vi.waitFor(() => { expect(toasts.all().at(-1)?.action).toBeUndefined(); });
  });

  it('asks when a colleague decided the same thing differently, and says who', async () => {
    server.byDaniel({ priority: 'P1' });

    await edits.prioritise(seen(), 'P2');

    expect(edits.conflict()).toMatchObject({ theirs: 'P1', yours: 'P2', by: 'Daniel Ashworth' });
    expect(shown()?.priority).toBe('P1');
    expect(server.ticketNow.priority).toBe('P1');
  });

  it('puts mine over theirs when I say so', async () => {
    server.byDaniel({ priority: 'P1' });
    await edits.prioritise(seen(), 'P2');

    await edits.useMine();

    expect(server.ticketNow.priority).toBe('P2');
    expect(edits.conflict()).toBeNull();
  });

  it('leaves theirs when I say so', async () => {
    server.byDaniel({ priority: 'P1' });
    await edits.prioritise(seen(), 'P2');

    edits.keepTheirs();

    expect(server.ticketNow.priority).toBe('P1');
    expect(edits.conflict()).toBeNull();
  });

  it('does not ask when the colleague changed something else', async () => {
    server.byDaniel({ owner: DANIEL });

    await edits.prioritise(seen(), 'P2');

    expect(edits.conflict()).toBeNull();
    expect(server.ticketNow).toMatchObject({ priority: 'P2', owner: DANIEL });
  });

  it('does not ask when the colleague decided the same', async () => {
    server.byDaniel({ priority: 'P2' });

    await edits.prioritise(seen(), 'P2');

    expect(edits.conflict()).toBeNull();
    expect(shown()).toMatchObject({ priority: 'P2', version: 2 });
  });

  it('gives a ticket to somebody and to nobody', async () => {
    await edits.assign(seen(), PRIYA);
    await edits.assign(seen(), null);

    expect(server.assign.mock.calls.map(([, owner]) => owner)).toEqual(['me', null]);
    expect(server.ticketNow.owner).toBeNull();
  });
});
