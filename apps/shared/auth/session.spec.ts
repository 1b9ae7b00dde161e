import { provideHttpClient, withInterceptors, HttpClient } from '@angular/common/http';
import { HttpTestingController, type TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { ApiResponseSessionView } from '@mu/shared/api/generated/models';
import { idempotent } from '@mu/shared/api/idempotency';
import { authorise } from './authorise';
import { CLIENT, Session } from './session';

const signedIn = (accessToken: string, userId = 'amara'): ApiResponseSessionView => ({
  data: {
    accessToken,
    expiresIn: 900,
    user: { id: userId, name: 'Amara Okafor', email: 'amara.okafor@brightwell.example.com', role: 'Coordinator', permissions: ['tickets:read'], lists: [] },
    organisation: { id: 'brightwell', name: 'Brightwell Lettings', kind: 'letting_agent', nation: 'ENG' },
    organisations: [],
    isPlatformAdministrator: false,
  },
  error: null,
  traceId: 'trace',
});
const refusal = (code: string) => ({ data: null, error: { code, message: 'No.' }, traceId: 'trace' });
const UNAUTHORISED = { status: 401, statusText: 'Unauthorized' };

describe('Session', () => {
  let session: Session;
  let http: HttpClient;
  let server: HttpTestingController;

  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([idempotent, authorise])),
        provideHttpClientTesting(),
        { provide: CLIENT, useValue: 'staff' },
      ],
    });
    session = TestBed.inject(Session);
    http = TestBed.inject(HttpClient);
    server = TestBed.inject(HttpTestingController);
  });
  afterEach(() => {
    server.verify();
    vi.useRealTimers();
  });

  const settled = () => vi.advanceTimersByTimeAsync(0);
  const asked = async (url: string): Promise<TestRequest> => {
    await settled();
    return server.expectOne(url);
  };
  const enter = async (token = 'first'): Promise<void> => {
    const entering = session.signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    (await asked('/auth/login')).flush(signedIn(token));
    await entering;
  };
  const bearerOf = ({ request }: TestRequest) => request.headers.get('Authorization');

  it('says what is left to prove, and is somebody only once that is proved', async () => {
    const entering = session.signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
    const step = { ticket: 't', ways: ['totp'], passkeyOptions: null };
    (await asked('/auth/login')).flush({ data: step, error: null, traceId: 'trace' });

    expect(await entering).toEqual(step);
    expect(session.active()).toBe(false);

    const showing = session.showCode('t', '123456');
    const shown = await asked('/auth/second-factor');
    expect(shown.request.body).toEqual({ ticket: 't', code: '123456' });
    shown.flush(signedIn('first'));
    await showing;

    expect(session.user()?.name).toBe('Amara Okafor');
  });

  describe('at the start', () => {
    it('continues an earlier sign-in, asking once', async () => {
      const starting = Promise.all([session.start(), session.start()]);
      const request = await asked('/auth/refresh');
      expect(request.request.body).toEqual({ client: 'staff' });
      request.flush(signedIn('first'));
      await starting;

      expect(session.active()).toBe(true);
      expect(session.organisation()?.name).toBe('Brightwell Lettings');
      expect(session.can('tickets:read')).toBe(true);
      expect(session.can('tickets:create')).toBe(false);
    });

    it('says nothing of an ended session to somebody who had none', async () => {
      const starting = session.start();
      (await asked('/auth/refresh')).flush(refusal('session-ended'), UNAUTHORISED);
      await starting;

      expect(session.active()).toBe(false);
      expect(session.ended()).toBeNull();
    });
  });

  describe('signing in', () => {
    it('keeps the token out of every storage', async () => {
      await enter('secret-token');

      expect(JSON.stringify([localStorage, sessionStorage])).not.toContain('secret-token');
    });

    it('hands on why it was refused and how long to wait', async () => {
      const entering = session.signIn('amara.okafor@brightwell.example.com', 'wrong');
      const refused = expect(entering).rejects.toMatchObject({ code: 'too-many-attempts', status: 429, retryAfter: 240 });
      (await asked('/auth/login')).flush(refusal('too-many-attempts'), { status: 429, statusText: 'Slow', headers: { 'Retry-After': '240' } });
      await refused;

      expect(session.active()).toBe(false);
    });
  });

  describe('calls of the API', () => {
    it('carry the token', async () => {
      await enter('first');
      const answer = firstValueFrom(http.get('/api/v1/tickets'));
      const request = await asked('/api/v1/tickets');
      request.flush({});
      await answer;

      expect(bearerOf(request)).toBe('Bearer first');
    });

    it('that are refused at once share one refresh, and each is sent again', async () => {
      await enter('old');
      const answers = Promise.all(['a', 'b', 'c'].map((id) => firstValueFrom(http.get(`/api/v1/tickets/${id}`))));
      for (const id of ['a', 'b', 'c']) (await asked(`/api/v1/tickets/${id}`)).flush(refusal('not-signed-in'), UNAUTHORISED);

      (await asked('/auth/refresh')).flush(signedIn('new'));

      for (const id of ['a', 'b', 'c']) {
        const again = await asked(`/api/v1/tickets/${id}`);
        expect(bearerOf(again)).toBe('Bearer new');
        again.flush({ id });
      }
      expect(await answers).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    });

    it('that are refused after another call refreshed take its token', async () => {
      await enter('old');
      const early = firstValueFrom(http.get('/api/v1/early'));
      const late = firstValueFrom(http.get('/api/v1/late'));
      const slow = await asked('/api/v1/late');
      (await asked('/api/v1/early')).flush(refusal('not-signed-in'), UNAUTHORISED);
      (await asked('/auth/refresh')).flush(signedIn('new'));
      (await asked('/api/v1/early')).flush({});
      await early;

      slow.flush(refusal('not-signed-in'), UNAUTHORISED);

      const again = await asked('/api/v1/late');
      expect(bearerOf(again)).toBe('Bearer new');
      again.flush({});
      await late;
    });

    it('carry the same Idempotency-Key when they are sent again', async () => {
      await enter('old');
      const answer = firstValueFrom(http.post('/api/v1/tickets', {}));
      const first = await asked('/api/v1/tickets');
      first.flush(refusal('not-signed-in'), UNAUTHORISED);
      (await asked('/auth/refresh')).flush(signedIn('new'));
      const again = await asked('/api/v1/tickets');
      again.flush({});
      await answer;

      const key = first.request.headers.get('Idempotency-Key');
      expect(key).toMatch(/^[0-9a-f-]{36}$/);
      expect(again.request.headers.get('Idempotency-Key')).toBe(key);
    });

    it('are not sent a third time', async () => {
      await enter('old');
      const answer = firstValueFrom(http.get('/api/v1/tickets')).catch(toFailure);
      (await asked('/api/v1/tickets')).flush(refusal('not-signed-in'), UNAUTHORISED);
      (await asked('/auth/refresh')).flush(signedIn('new'));
      (await asked('/api/v1/tickets')).flush(refusal('not-signed-in'), UNAUTHORISED);

      expect(await answer).toMatchObject({ code: 'not-signed-in', status: 401 });
    });

    it('end the session when the refresh is refused', async () => {
      await enter();
      const answer = firstValueFrom(http.get('/api/v1/tickets')).catch(toFailure);
      (await asked('/api/v1/tickets')).flush(refusal('not-signed-in'), UNAUTHORISED);
      (await asked('/auth/refresh')).flush(refusal('session-ended'), UNAUTHORISED);

      expect(await answer).toBeInstanceOf(ApiFailure);
      expect(session.active()).toBe(false);
      expect(session.ended()).toBe('expired');
    });

    it('keep the session while the network is away', async () => {
      await enter();
      const answer = firstValueFrom(http.get('/api/v1/tickets')).catch(toFailure);
      (await asked('/api/v1/tickets')).flush(refusal('not-signed-in'), UNAUTHORISED);
      (await asked('/auth/refresh')).error(new ProgressEvent('error'));

      expect(await answer).toMatchObject({ code: 'unreachable', offline: true });
      expect(session.active()).toBe(true);
    });

    it('with a token past its time refresh first', async () => {
      await enter('old');
      vi.setSystemTime(Date.now() + 3_600_000);
      const answer = firstValueFrom(http.get('/api/v1/tickets'));
      (await asked('/auth/refresh')).flush(signedIn('new'));
      const request = await asked('/api/v1/tickets');
      request.flush({});
      await answer;

      expect(bearerOf(request)).toBe('Bearer new');
    });
  });

  it('refreshes by itself shortly before the token runs out', async () => {
    await enter('old');

    await vi.advanceTimersByTimeAsync(839_000);
    server.expectNone('/auth/refresh');
    await vi.advanceTimersByTimeAsync(1_000);

    server.expectOne('/auth/refresh').flush(signedIn('new'));
    await settled();
    expect(await session.token()).toBe('new');
  });

  it('asks again for a lost answer while the server still gives the same one', async () => {
    await enter('old');
    await vi.advanceTimersByTimeAsync(840_000);
    const lost = server.expectOne('/auth/refresh');
    expect(lost.request.timeout).toBeLessThanOrEqual(6_000);
    lost.error(new ProgressEvent('timeout'));

    await vi.advanceTimersByTimeAsync(2_000);

    server.expectOne('/auth/refresh').flush(signedIn('new'));
    await settled();
    expect(await session.token()).toBe('new');
  });

  it('notices that somebody else signed in on this page', async () => {
    await enter();
    expect(session.changedHands).toBe(false);

    const entering = session.signIn('gwen.price@brightwell.example.com', 'correct-horse-42');
    (await asked('/auth/login')).flush(signedIn('second', 'gwen'));
    await entering;

    expect(session.changedHands).toBe(true);
  });

  describe('signing out', () => {
    it('ends the session', async () => {
      await enter();
      const leaving = session.signOut();
      (await asked('/auth/logout')).flush({ data: null, error: null, traceId: 't' });
      await leaving;

      expect(session.active()).toBe(false);
      expect(session.ended()).toBe('signed-out');
      await vi.advanceTimersByTimeAsync(3_600_000);
    });

    it('that the server did not hear of leaves the person signed in', async () => {
      await enter();
      const leaving = session.signOut().catch(toFailure);
      (await asked('/auth/logout')).error(new ProgressEvent('error'));

      expect(await leaving).toMatchObject({ offline: true });
      expect(session.active()).toBe(true);
    });

    it('in another tab ends it here', async () => {
      vi.useRealTimers();
      const entering = session.signIn('amara.okafor@brightwell.example.com', 'correct-horse-42');
      server.expectOne('/auth/login').flush(signedIn('first'));
      await entering;
      const otherTab = new BroadcastChannel('mu-session-staff');

      otherTab.postMessage({ is: 'signed-out' });

      await vi.waitFor(() => {
        expect(session.ended()).toBe('signed-out-elsewhere');
      });
      expect(session.active()).toBe(false);
      otherTab.close();
    });
  });
});
