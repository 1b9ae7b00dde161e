import { DOCUMENT, DestroyRef, Service, computed, effect, inject, signal } from '@angular/core';
import { type Observable, Subject } from 'rxjs';
import { Session } from '@mu/shared/auth/session';
import { Connection } from '@mu/shared/pwa/connection';
import { PAST_WORKER } from '@mu/shared/pwa/past-worker';
import { EventStreamReader, type ServerEvent } from './server-events';
import { type Passed, Tabs } from './tabs';

export const LIVE_URL = '/api/v1/live';

/** `resting`: nobody has looked at the page for a while, so it isn't kept up to date until somebody does. */
export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'resting';

export interface TicketChanged {
  readonly is: 'ticket-changed';
  readonly ticketId: string;
  readonly version: number;
  readonly kind: string;
  readonly actorId: string | null;
}

/** What was shown before may be out of date: more happened than the server could still tell. */
export interface Resync {
  readonly is: 'resync';
}

export type LiveEvent = TicketChanged | Resync;

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** The server beats every 15 s: three missed beats and the line is dead. */
const SILENCE = 45_000;
const UNSEEN = 5 * 60_000;
const RESYNC: ServerEvent = { event: 'resync', data: '' };

/**
 * What others do, as it happens: one event stream for all tabs of a person, read over fetch because it carries the
 * access token. Whichever tab reads it resumes after the last event that arrived, so a short break loses nothing.
 */
@Service()
export class Live {
  private readonly session = inject(Session);
  private readonly page = inject(DOCUMENT);
  private readonly connection = inject(Connection);
  private readonly happened = new Subject<LiveEvent>();
  private readonly changed = new Subject<string>();
  private readonly now = signal<LiveState>('off');
  private lastEventId: string | null = null;
  private userId: string | null = null;
  private running: AbortController | null = null;
  private tabs: Tabs | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.now.asReadonly();
  readonly events: Observable<LiveEvent> = this.happened.asObservable();

  /** What concerns the organisation as a whole, by its kind. */
  readonly ofOrganisation: Observable<string> = this.changed.asObservable();

  constructor() {
    const userId = computed(() => this.session.user()?.id ?? null);
    effect(() => {
      this.belongTo(userId());
      if (this.userId === null) return;
      if (this.connection.online()) this.start();
      else this.stop('reconnecting');
    });
    const seen = (): void => {
      clearTimeout(this.rest);
      if (this.page.visibilityState === 'hidden') this.rest = setTimeout(rest, UNSEEN);
      else if (this.running) this.tabs?.ask();
      else if (this.connection.online()) this.start();
    };
    const rest = (): void => {
      if (this.userId !== null) this.stop('resting');
    };
    this.page.addEventListener('visibilitychange', seen);
    // A frozen page neither reads nor answers: another tab has to.
    this.page.addEventListener('freeze', rest);
    this.page.addEventListener('resume', seen);
    inject(DestroyRef).onDestroy(() => {
      this.page.removeEventListener('visibilitychange', seen);
      this.page.removeEventListener('freeze', rest);
      this.page.removeEventListener('resume', seen);
      clearTimeout(this.rest);
      this.stop('off');
    });
  }

  /** The next person to sign in starts with a list of their own. */
  private belongTo(userId: string | null): void {
    if (this.userId === userId) return;
    this.stop('off');
    this.userId = userId;
    this.lastEventId = null;
  }

  private start(): void {
    if (this.running || this.userId === null) return;
    this.running = new AbortController();
    const stopped = this.running.signal;
    this.now.set(this.beginning());
    this.tabs = new Tabs(this.userId, stopped, (passed) => { this.take(passed); }, () => this.place());
    void this.tabs.lead(() => this.listen(stopped));
  }

  private stop(state: LiveState): void {
    this.running?.abort();
    this.running = null;
    this.tabs = null;
    this.now.set(state);
  }

  private beginning(): 'connecting' | 'reconnecting' {
    return this.lastEventId === null ? 'connecting' : 'reconnecting';
  }

  private place(): Passed {
    const state = this.now() === 'live' ? 'live' : this.beginning();
    return { is: 'passed', state, after: this.lastEventId, id: this.lastEventId, events: [] };
  }

  /** For this tab and for all that listen to it. */
  private tell(state: Passed['state'], events: readonly ServerEvent[] = [], id = this.lastEventId): void {
    const passed: Passed = { is: 'passed', state, after: this.lastEventId, id, events };
    this.take(passed);
    this.tabs?.pass(passed);
  }

  private take({ state, after, id, events }: Passed): void {
    const missed = id !== null && this.lastEventId !== null && after !== this.lastEventId;
    this.lastEventId = id ?? this.lastEventId;
    this.now.set(state);
    if (missed) this.happened.next({ is: 'resync' });
    for (const event of events) this.heard(event);
  }

  private async listen(stopped: AbortSignal): Promise<void> {
    // What another tab just handed over is as good as unbroken.
    if (this.now() !== 'live') this.tell(this.beginning());
    let again = false;
    for (let failures = 0; ; failures += 1) {
      const heard = await this.follow(stopped, again).catch(() => false);
      if (stopped.aborted) return;
      if (heard) failures = 0;
      again = true;
      this.tell('reconnecting');
      await pause(backOff(failures), stopped);
    }
  }

  /**
   * Follows one connection to its end. True when it was one, so that the next try comes soon.
   * @param missed something may have happened before it opened, and without an id nobody can say what
   */
  private async follow(stopped: AbortSignal, missed: boolean): Promise<boolean> {
    const silent = new AbortController();
    const both = AbortSignal.any([stopped, silent.signal]);
    let watch = setTimeout(() => { silent.abort(); }, SILENCE);
    try {
      const answer = await this.open(both);
      if (!answer?.body) return false;
      both.throwIfAborted();
      this.tell('live', missed && this.lastEventId === null ? [RESYNC] : []);
      const events = new EventStreamReader();
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await text.read();
        both.throwIfAborted();
        if (done) return true;
        clearTimeout(watch);
        watch = setTimeout(() => { silent.abort(); }, SILENCE);
        const heard = events.read(value);
        const id = events.lastEventId ?? this.lastEventId;
        if (heard.length || id !== this.lastEventId) this.tell('live', heard, id);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  private async open(signal: AbortSignal): Promise<Response | null> {
    const token = await this.session.token();
    if (token === null) return null;
    const answer = await this.ask(token, signal);
    if (answer.status !== 401) return answer.ok ? answer : null;
    const again = await this.ask(await this.session.renewed(token), signal);
    return again.ok ? again : null;
  }

  private ask(token: string, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { ...PAST_WORKER, Accept: 'text/event-stream', Authorization: `Bearer ${token}` };
    if (this.lastEventId !== null) headers['Last-Event-ID'] = this.lastEventId;
    return fetch(LIVE_URL, { headers, signal, cache: 'no-store' });
  }

  private heard({ event, data }: ServerEvent): void {
    if (event === 'ticket-changed') {
      const change = parsed(data);
      if (change) this.happened.next({ is: 'ticket-changed', ...change });
    } else if (event === 'organisation-changed') {
      this.changed.next(data);
    } else if (event === 'resync') {
      this.happened.next({ is: 'resync' });
    } else if (event === 'signed-out') {
      // The refresh is refused as well and ends the session with the words that belong to it.
      this.session.refresh().catch(() => undefined);
    }
  }
}

/** Doubling, and spread out so that a restarted server isn't met by everybody at once. Milliseconds. */
export function backOff(failures: number, chance: () => number = Math.random): number {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
  return longest / 2 + (chance() * longest) / 2;
}

function parsed(data: string): Omit<TicketChanged, 'is'> | null {
  try {
    const change = JSON.parse(data) as Omit<TicketChanged, 'is'> | null;
    return typeof change?.ticketId === 'string' ? change : null;
  } catch {
    return null;
  }
}

function pause(time: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    stopped.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
