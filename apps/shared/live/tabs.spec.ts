import { DOCUMENT, EnvironmentInjector, createEnvironmentInjector, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '@mu/shared/auth/session';
import { Connection } from '@mu/shared/pwa/connection';
import { Live, type LiveEvent } from './live';
import { FakeChannel, FakeLocks, FakeServer, FakeSession } from './live-samples';

class Tab {
  readonly session = new FakeSession();
  readonly page = document.implementation.createHTMLDocument();
  readonly seen: LiveEvent[] = [];
  readonly live: Live;
  private static readonly open = new Set<Tab>();
  private readonly injector: EnvironmentInjector;

  constructor() {
    this.looked('visible');
    this.injector = createEnvironmentInjector([
      Live,
      { provide: DOCUMENT, useValue: this.page },
      { provide: Session, useValue: this.session },
      { provide: Connection, useValue: { online: signal(true) } },
    ], TestBed.inject(EnvironmentInjector));
    this.live = this.injector.get(Live);
    this.live.events.subscribe((event) => this.seen.push(event));
  }

  static async opened(): Promise<Tab> {
    const tab = new Tab();
    this.open.add(tab);
    await aMoment();
    return tab;
  }

  static async allClose(): Promise<void> {
    for (const tab of this.open) await tab.closes();
  }

  async closes(): Promise<void> {
    Tab.open.delete(this);
    this.injector.destroy();
    await aMoment();
  }

  looked(state: DocumentVisibilityState): void {
    Object.defineProperty(this.page, 'visibilityState', { value: state, configurable: true });
    this.page.dispatchEvent(new Event('visibilitychange'));
  }

  tickets(): string[] {
    return this.seen.map((event) => (event.is === 'ticket-changed' ? event.ticketId : event.is));
  }
}

const aMoment = async (): Promise<void> => {
  TestBed.tick();
  await vi.advanceTimersByTimeAsync(1);
};
const change = (id: number): string => `id: ${String(id)}\nevent: ticket-changed\ndata: {"ticketId":"t${String(id)}"}\n\n`;

describe('The tabs of one person in one browser', () => {
  let server: FakeServer;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('BroadcastChannel', FakeChannel);
    vi.stubGlobal('navigator', { locks: new FakeLocks(), onLine: true });
    server = new FakeServer();
    TestBed.configureTestingModule({});
  });

  afterEach(async () => {
    await Tab.allClose();
    TestBed.resetTestingModule();
    FakeChannel.frozen = null;
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('share one stream', async () => {
    const tabs = [await Tab.opened(), await Tab.opened(), await Tab.opened()];

    await server.says(change(5));

    expect(server.asked).toHaveLength(1);
    expect(tabs.map((tab) => tab.live.state())).toEqual(['live', 'live', 'live']);
    expect(tabs.map((tab) => tab.tickets())).toEqual([['t5'], ['t5'], ['t5']]);
  });

  it('hand it over when the tab that reads it closes, and go on after the last event', async () => {
    const [first, second, third] = [await Tab.opened(), await Tab.opened(), await Tab.opened()];
    await server.says(change(5));

    await first.closes();
    await server.says(change(6));

    expect(server.asked.map((asked) => asked.get('Last-Event-ID'))).toEqual([null, '5']);
    expect([second, third].map((tab) => tab.tickets())).toEqual([['t5', 't6'], ['t5', 't6']]);
  });

  it.each(['freeze', 'hidden'])('hand it over when the tab that reads it is out of sight for long (%s)', async (how) => {
    const [first, second] = [await Tab.opened(), await Tab.opened()];
    await server.says(change(5));

    if (how === 'freeze') first.page.dispatchEvent(new Event('freeze'));
    else first.looked('hidden');
    for (let minute = 0; how === 'hidden' && minute < 5; minute += 0.5) {
      await server.says(': beat\n\n');
      await vi.advanceTimersByTimeAsync(30_000);
    }
    await aMoment();
    await server.says(change(6));

    expect(first.live.state()).toBe('resting');
    expect(second.live.state()).toBe('live');
    expect(server.asked.map((asked) => asked.get('Last-Event-ID'))).toEqual([null, '5']);
    expect(second.tickets()).toEqual(['t5', 't6']);
  });

  it('read everything again in a tab that comes back after it missed something, and nowhere else', async () => {
    const [first, second] = [await Tab.opened(), await Tab.opened()];
    await server.says(change(5));
    FakeChannel.frozen = FakeChannel.newest();
    second.looked('hidden');
    await server.says(change(6));

    FakeChannel.frozen = null;
    second.looked('visible');
    await aMoment();
    await server.says(change(7));

    expect(first.tickets()).toEqual(['t5', 't6', 't7']);
    expect(second.tickets()).toEqual(['t5', 'resync', 't7']);
  });

  it('lose nothing where nothing was missed while nobody looked', async () => {
    const [, second] = [await Tab.opened(), await Tab.opened()];
    await server.says(change(5));

    second.looked('hidden');
    second.looked('visible');
    await aMoment();

    expect(second.tickets()).toEqual(['t5']);
  });

  it('know together that the line is broken, and are told together to read everything again', async () => {
    const tabs = [await Tab.opened(), await Tab.opened()];

    await server.hangsUp();
    const broken = tabs.map((tab) => tab.live.state());
    await vi.advanceTimersByTimeAsync(1_000);
    await server.says('id: 9\nevent: resync\ndata: {}\n\n');

    expect(broken).toEqual(['reconnecting', 'reconnecting']);
    expect(tabs.map((tab) => tab.live.state())).toEqual(['live', 'live']);
    expect(tabs.map((tab) => tab.tickets().at(-1))).toEqual(['resync', 'resync']);
  });

  it('all ask who they are when the server says that the session has ended', async () => {
    const tabs = [await Tab.opened(), await Tab.opened()];

    await server.says('event: signed-out\ndata: {}\n\n');

    for (const { session } of tabs) expect(session.refresh).toHaveBeenCalledTimes(1);
  });

  it('leave the stream to the others when one of them is signed out', async () => {
    const [first, second] = [await Tab.opened(), await Tab.opened()];

    first.session.user.set(null);
    await aMoment();
    await server.says(change(6));

    expect(first.live.state()).toBe('off');
    expect(first.tickets()).toEqual([]);
    expect(second.tickets()).toContain('t6');
  });

  it('have a stream each in a browser without locks', async () => {
    vi.stubGlobal('navigator', { onLine: true });

    await Tab.opened();
    await Tab.opened();

    expect(server.asked).toHaveLength(2);
  });
});
