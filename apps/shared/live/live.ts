import { DOCUMENT, DestroyRef, Service, effect, inject, signal } from '@angular/core';
import { type Observable, Subject } from 'rxjs';
import { Session } from '@mu/shared/auth/session';
import { Connection } from '@mu/shared/pwa/connection';
import { PAST_WORKER } from '@mu/shared/pwa/past-worker';
import { EventStreamReader, type ServerEvent } from './server-events';

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

/**
 * What others do, as it happens: one event stream per page, read over fetch because it carries the access token.
 * It resumes after the last event that arrived, so a short break loses nothing.
 */
@Service()
export class Live {
  private readonly session = inject(Session);
  private readonly page = inject(DOCUMENT);
  private readonly connection = inject(Connection);
  private readonly happened = new Subject<LiveEvent>();
  private readonly now = signal<LiveState>('off');
  private lastEventId: string | null = null;
  private running: AbortController | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.now.asReadonly();
  readonly events: Observable<LiveEvent> = this.happened.asObservable();

  constructor() {
    effect(() => {
      const wanted = this.session.active();
      const online = this.connection.online();
      if (!wanted) this.forget();
      else if (online) this.start();
      else this.stop('reconnecting');
    });
    const seen = (): void => {
      clearTimeout(this.rest);
      if (this.page.visibilityState === 'hidden') this.rest = setTimeout(() => { this.stop('resting'); }, UNSEEN);
      else if (this.session.active() && this.connection.online()) this.start();
    };
    this.page.addEventListener('visibilitychange', seen);
    inject(DestroyRef).onDestroy(() => {
      this.page.removeEventListener('visibilitychange', seen);
      clearTimeout(this.rest);
      this.stop('off');
    });
  }

  private start(): void {
    if (this.running) return;
    this.running = new AbortController();
    void this.listen(this.running.signal);
  }

  private stop(state: LiveState): void {
    this.running?.abort();
    this.running = null;
    this.now.set(state);
  }

  /** The next person to sign in starts with a list of their own. */
  private forget(): void {
    this.stop('off');
    this.lastEventId = null;
  }

  private async listen(stopped: AbortSignal): Promise<void> {
    this.now.set(this.lastEventId === null ? 'connecting' : 'reconnecting');
    let again = false;
    for (let failures = 0; ; failures += 1) {
      const heard = await this.follow(stopped, again).catch(() => false);
      if (stopped.aborted) return;
      if (heard) failures = 0;
      again = true;
      this.now.set('reconnecting');
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
      if (missed && this.lastEventId === null) this.happened.next({ is: 'resync' });
      this.now.set('live');
      const events = new EventStreamReader();
      const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await text.read();
        if (done) return true;
        clearTimeout(watch);
        watch = setTimeout(() => { silent.abort(); }, SILENCE);
        const heard = events.read(value);
        this.lastEventId = events.lastEventId ?? this.lastEventId;
        for (const event of heard) this.heard(event);
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
