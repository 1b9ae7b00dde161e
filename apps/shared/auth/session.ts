import { HttpClient } from '@angular/common/http';
import { DestroyRef, InjectionToken, Service, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { type Envelope, unwrap } from '@mu/shared/api/envelope';
import { toFailure } from '@mu/shared/api/failure';
import type { Client, Permission, SessionView, SignInAnswer, StepView } from '@mu/shared/api/generated/models';

export const CLIENT = new InjectionToken<Client>('which of the clients this is');

/** Why somebody who was signed in no longer is. */
export type Ending = 'signed-out' | 'signed-out-elsewhere' | 'expired';

type News = { is: 'signed-in'; userId: string } | { is: 'signed-out' };

const EARLY_SECONDS = 60;
const RETRY_SECONDS = 20;
// For ten seconds the server gives the same answer again (FORGIVEN_FOR): one that got lost is asked for within them.
const REFRESH_TIMEOUT = 6_000;
const RETRY_LOST_SECONDS = 2;
const TIMEOUT = 15_000;

/**
 * Who is signed in. The access token lives in memory only; the refresh token is a cookie that no script can read.
 * Tabs share that cookie: they refresh one after the other and end together.
 */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly client = inject(CLIENT);
  private readonly tabs = new BroadcastChannel(`mu-session-${this.client}`);
  private readonly signedIn = signal<SessionView | null>(null);
  private readonly ending = signal<Ending | null>(null);
  private expiresAt = 0;
  private lastUserId: string | null = null;
  private starting: Promise<void> | null = null;
  private refreshing: Promise<string> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly user = computed(() => this.signedIn()?.user ?? null);
  readonly organisation = computed(() => this.signedIn()?.organisation ?? null);
  /** Where else the person may go without signing in again. */
  readonly organisations = computed(() => this.signedIn()?.organisations ?? []);
  /** Whether they run the installation: for display alone. */
  readonly isSteward = computed(() => this.signedIn()?.isPlatformAdministrator ?? false);
  readonly active = computed(() => this.signedIn() !== null);
  /** Null while somebody is signed in, and before anybody was. */
  readonly ended = this.ending.asReadonly();
  /** Somebody else signed in than this page was loaded for: whatever it holds in memory is not theirs to see. */
  changedHands = false;

  constructor() {
    this.tabs.onmessage = ({ data }: MessageEvent<News>) => {
      this.heard(data);
    };
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
      this.tabs.close();
    });
  }

  /** Continues an earlier sign-in, if there is one. Asks the server once, however often it is called. */
  start(): Promise<void> {
    this.starting ??= this.refresh().then(
      () => undefined,
      () => {
        this.ending.set(null);
      },
    );
    return this.starting;
  }

  /** Signs in, or returns what is left to prove. */
  async signIn(email: string, password: string): Promise<StepView | null> {
    const answer = await this.post<SignInAnswer>('login', { email, password, client: this.client });
    if ('ticket' in answer) return answer;
    this.enter(answer);
    return null;
  }

  /** Finishes a sign-in with the code of an app, or a recovery code. */
  async showCode(ticket: string, code: string): Promise<void> {
    this.enter(await this.post('second-factor', { ticket, code }));
  }

  /** Finishes a sign-in with what a passkey has answered. */
  async showPasskey(ticket: string, credential: Record<string, unknown>): Promise<void> {
    this.enter(await this.post('second-factor/passkey', { ticket, credential }));
  }

  /** Goes on as whoever the server says has signed in. */
  enter(signedIn: SessionView): void {
    this.accept(signedIn);
    this.tabs.postMessage({ is: 'signed-in', userId: signedIn.user.id } satisfies News);
  }

  /** Goes on in another organisation. Whatever this page holds is the other's: whoever calls loads it anew. */
  async switchTo(organisationId: string): Promise<void> {
    const signedIn = await this.post<SessionView>('switch', { organisationId, client: this.client });
    clearTimeout(this.timer);
    this.tabs.postMessage({ is: 'signed-in', userId: signedIn.user.id } satisfies News);
  }

  /** Ends the sign-in here, on the server and in every other tab. A failure leaves everything as it was. */
  async signOut(): Promise<void> {
    try {
      await this.post('logout', { client: this.client });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.status !== 401) throw failure;
    }
    this.end('signed-out');
    this.tabs.postMessage({ is: 'signed-out' } satisfies News);
  }

  /** A token that is good for the next moments, or null when nobody is signed in. */
  async token(): Promise<string | null> {
    const signedIn = this.signedIn();
    if (!signedIn) return null;
    return Date.now() < this.expiresAt ? signedIn.accessToken : this.refresh();
  }

  /** A new token. All callers of the same moment share one request; 401 ends the session. */
  refresh(): Promise<string> {
    this.refreshing ??= this.oneTabAtATime(() => this.post<SessionView>('refresh', { client: this.client }, REFRESH_TIMEOUT))
      .then(
        (signedIn) => {
          this.accept(signedIn);
          return signedIn.accessToken;
        },
        (thrown: unknown) => {
          const failure = toFailure(thrown);
          if (failure.status === 401) this.end('expired');
          else if (this.active()) this.refreshIn(failure.offline ? RETRY_LOST_SECONDS : (failure.retryAfter ?? RETRY_SECONDS));
          throw failure;
        },
      )
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  /** The token after a refused one: another call's refresh may have brought it already. */
  async renewed(refused: string): Promise<string> {
    const current = this.signedIn()?.accessToken;
    return current !== undefined && current !== refused ? current : this.refresh();
  }

  /** Whether to show an action. Only the server decides whether it may be done. */
  can(permission: Permission): boolean {
    return this.user()?.permissions.includes(permission) ?? false;
  }

  private accept(signedIn: SessionView): void {
    const margin = Math.min(EARLY_SECONDS, signedIn.expiresIn / 5);
    this.expiresAt = Date.now() + (signedIn.expiresIn - margin / 2) * 1000;
    this.lastUserId ??= signedIn.user.id;
    this.changedHands = this.lastUserId !== signedIn.user.id;
    this.signedIn.set(signedIn);
    this.ending.set(null);
    this.refreshIn(signedIn.expiresIn - margin);
  }

  private end(why: Ending): void {
    clearTimeout(this.timer);
    this.signedIn.set(null);
    this.ending.set(why);
  }

  private refreshIn(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.refresh().catch(() => undefined);
    }, seconds * 1000);
  }

  private heard(news: News): void {
    if (news.is === 'signed-out' && this.active()) this.end('signed-out-elsewhere');
    // Somebody else's token must not stay beside the new cookie, and a waiting sign-in page has nothing left to ask.
    if (news.is === 'signed-in' && news.userId !== this.user()?.id) location.reload();
  }

  /** A rotated refresh token must not be sent twice: the second tab waits and sends the cookie of the first. */
  private oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
    const locks = (navigator as Partial<Navigator>).locks;
    return locks ? (locks.request(`mu-refresh-${this.client}`, work)) : work();
  }

  private async post<Data>(path: string, body: object, timeout = TIMEOUT): Promise<Data> {
    try {
      const options = { timeout };
      const answer = this.http.post<Envelope<Data>>(`/auth/${path}`, body, options);
      return unwrap(await firstValueFrom(answer));
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }
}
