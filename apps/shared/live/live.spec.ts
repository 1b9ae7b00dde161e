import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '@mu/shared/auth/session';
import { Connection } from '@mu/shared/pwa/connection';
import { Live, type LiveEvent, backOff } from './live';
import { FakeServer, FakeSession } from './live-samples';

const looking = (state: DocumentVisibilityState): void => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
};

describe('The live stream', () => {
  const session = new FakeSession();
  const online = signal(true);
  let seen: LiveEvent[];

  const start = async (): Promise<Live> => {
    const live = TestBed.inject(Live);
    live.events.subscribe((event) => seen.push(event));
    TestBed.tick();
    await vi.advanceTimersByTimeAsync(1);
    return live;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    seen = [];
    session.user.set({ id: 'priya' });
    online.set(true);
    TestBed.configureTestingModule({
      providers: [{ provide: Session, useValue: session }, { provide: Connection, useValue: { online } }],
    });
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('tells which ticket changed', async () => {
    const server = new FakeServer();
    const live = await start();

    await server.says('id: 5\nevent: ticket-changed\ndata: {"ticketId":"t","version":3,"kind":"commented","actorId":null}\n\n');

    expect(live.state()).toBe('live');
    expect(seen).toEqual([{ is: 'ticket-changed', ticketId: 't', version: 3, kind: 'commented', actorId: null }]);
    expect(server.asked[0]?.get('Authorization')).toBe('Bearer held');
    expect(server.asked[0]?.get('ngsw-bypass')).toBe('true');
  });

  it('resumes after the last event when the line breaks', async () => {
    const server = new FakeServer();
    const live = await start();
    await server.says('id: 5\nevent: ticket-changed\ndata: {"ticketId":"t"}\n\n');

    await server.hangsUp();
    const broken = live.state();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(broken).toBe('reconnecting');
    expect(server.asked[1]?.get('Last-Event-ID')).toBe('5');
    expect(live.state()).toBe('live');
    expect(seen).toHaveLength(1);
  });

  it('asks for everything again when it can not say after which event it stopped', async () => {
    const server = new FakeServer(503, 200);
    await start();

    await vi.advanceTimersByTimeAsync(2_000);

    expect(server.asked[1]?.get('Last-Event-ID')).toBeNull();
    expect(seen).toEqual([{ is: 'resync' }]);
  });

  it('takes a line that stays silent for three heartbeats for dead', async () => {
    const server = new FakeServer();
    const live = await start();
    await vi.advanceTimersByTimeAsync(44_000);
    await server.says(': beat\n\n');
    await vi.advanceTimersByTimeAsync(44_000);
    const alive = [live.state(), server.asked.length];

    await vi.advanceTimersByTimeAsync(2_000);

    expect(alive).toEqual(['live', 1]);
    expect(server.asked).toHaveLength(2);
  });

  it('takes a new token when the old one is refused', async () => {
    const server = new FakeServer(401, 200);
    const live = await start();

    expect(server.asked[1]?.get('Authorization')).toBe('Bearer fresh');
    expect(live.state()).toBe('live');
  });

  it('waits while the device is offline and comes back with it', async () => {
    const server = new FakeServer();
    const live = await start();

    online.set(false);
    TestBed.tick();
    await vi.advanceTimersByTimeAsync(60_000);
    const offline = [live.state(), server.asked.length];
    online.set(true);
    TestBed.tick();
    await vi.advanceTimersByTimeAsync(1);

    expect(offline).toEqual(['reconnecting', 1]);
    expect(server.asked).toHaveLength(2);
    expect(live.state()).toBe('live');
  });

  it('rests when nobody has looked for five minutes, and goes on where it stopped', async () => {
    const server = new FakeServer();
    const live = await start();
    await server.says('id: 5\nevent: ticket-changed\ndata: {"ticketId":"t"}\n\n');

    looking('hidden');
    for (let minute = 0; minute < 5; minute += 0.5) {
      await vi.advanceTimersByTimeAsync(30_000);
      if (minute < 4.5) await server.says(': beat\n\n');
    }
    const resting = live.state();
    looking('visible');
    await vi.advanceTimersByTimeAsync(1);

    expect(resting).toBe('resting');
    expect(live.state()).toBe('live');
    expect(server.asked.at(-1)?.get('Last-Event-ID')).toBe('5');
  });

  it('ends the session when the server says that it has ended', async () => {
    const server = new FakeServer();
    await start();

    await server.says('event: signed-out\ndata: {}\n\n');

    expect(session.refresh).toHaveBeenCalled();
  });

  it('waits longer after each failure, never as long as its neighbour, and at most half a minute', () => {
    expect(backOff(0, () => 0)).toBe(250);
    expect(backOff(0, () => 1)).toBe(500);
    expect(backOff(3, () => 1)).toBe(4_000);
    expect(backOff(50, () => 1)).toBe(30_000);
  });
});
