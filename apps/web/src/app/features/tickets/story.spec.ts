import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { Session } from '@mu/shared/auth/session';
import { Live, type LiveEvent } from '@mu/shared/live/live';
import { Story } from './story';
import type { Page, TimelineEvent } from './ticket';
import { TicketApi } from './ticket-api';
import { anEvent } from './ticket-samples';

const events = (...ids: string[]): TimelineEvent[] => ids.map((id) => anEvent({ id }));

describe('The story of the opened ticket', () => {
  const live = new Subject<LiveEvent>();
  let newest: Page<TimelineEvent>;
  let story: Story;
  const ids = (): string => story.passages().map((passage) => (passage.is === 'line' ? passage.line.id : '…')).join('');
  const changed = (ticketId: string, actorId: string | null): Promise<unknown> => {
    live.next({ is: 'ticket-changed', ticketId, actorId, version: 2, kind: 'commented' });
    return vi.advanceTimersByTimeAsync(300);
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    newest = { items: events('d', 'c'), nextCursor: 'before-c' };
    TestBed.configureTestingModule({
      providers: [
        Story,
        { provide: Live, useValue: { events: live } },
        { provide: Session, useValue: { user: signal({ id: 'me', name: 'Priya Raman' }) } },
        {
          provide: TicketApi,
          useValue: {
            timeline: (_id: string, cursor: string | null) => Promise.resolve(cursor === 'before-c' ? { items: events('b', 'a'), nextCursor: null } : newest),
            comment: () => Promise.resolve(anEvent({ id: 'n' })),
          },
        },
      ],
    });
    story = TestBed.inject(Story);
    await story.open('ticket');
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
  });

  it('tells the newest last, and what was before when asked', async () => {
    const first = [ids(), story.hasEarlier()];

    await story.showEarlier();

    expect(first).toEqual(['cd', true]);
    expect([ids(), story.hasEarlier()]).toEqual(['abcd', false]);
  });

  it('adds what a colleague does and lights it up for a moment', async () => {
    newest = { items: events('e', 'd', 'c'), nextCursor: 'before-c' };

    await changed('ticket', 'daniel');
    const lit = [...story.touched()];
    await vi.advanceTimersByTimeAsync(3_000);

    expect(ids()).toBe('cde');
    expect(lit).toEqual(['e']);
    expect(story.touched().size).toBe(0);
  });

  it('adds what I do elsewhere quietly', async () => {
    newest = { items: events('e', 'd', 'c'), nextCursor: 'before-c' };

    await changed('ticket', 'me');

    expect(ids()).toBe('cde');
    expect(story.touched().size).toBe(0);
  });

  it('does not mind other tickets', async () => {
    newest = { items: events('e', 'd', 'c'), nextCursor: 'before-c' };

    await changed('another', 'daniel');

    expect(ids()).toBe('cd');
  });

  it('keeps what was read before when news come', async () => {
    await story.showEarlier();
    newest = { items: events('e', 'd', 'c'), nextCursor: 'before-c' };

    await changed('ticket', 'daniel');

    expect([ids(), story.hasEarlier()]).toEqual(['abcde', false]);
  });

  it('says who else changes a field while its choices are open, and no longer than that', async () => {
    const change = anEvent({ id: 'e', kind: 'priority_changed', actor: { id: 'daniel', name: 'Daniel Osei' }, data: { from: 'P3', to: 'P2' } });
    const before = anEvent({ id: 'd', kind: 'priority_changed', actor: { id: 'zofia', name: 'Zofia Nowak' }, data: { from: 'P4', to: 'P3' } });
    newest = { items: [before, ...events('c')], nextCursor: 'before-c' };
    await changed('ticket', 'zofia');

    story.beginChoice('priority');
    const known = story.rivals();
    newest = { items: [change, before, ...events('c')], nextCursor: 'before-c' };
    await changed('ticket', 'daniel');

    expect(known).toEqual({ priority: null, owner: null });
    expect(story.rivals()).toEqual({ priority: { who: 'Daniel Osei', to: 'P2' }, owner: null });
    story.beginChoice(null);
    expect(story.rivals().priority).toBeNull();
  });

  it('starts again where more happened than one page holds', async () => {
    newest = { items: events('z', 'y'), nextCursor: 'before-y' };

    await changed('ticket', 'daniel');

    expect([ids(), story.hasEarlier()]).toEqual(['yz', true]);
  });

  it('shows a note as soon as it is there, once', async () => {
    await story.note('ticket', 'Rang at ten.', 'key');
    newest = { items: events('n', 'd', 'c'), nextCursor: 'before-c' };
    await changed('ticket', 'me');

    expect(ids()).toBe('cdn');
  });
});
