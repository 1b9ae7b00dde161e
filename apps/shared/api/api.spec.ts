import { HttpClient, HttpContext, HttpRequest, HttpResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { filter } from 'rxjs';
import { Api, type Operation } from './api';
import { type Envelope, unwrap } from './envelope';
import { ApiFailure, toFailure } from './failure';
import { idempotent } from './idempotency';

const operation =
  <Data>(method: 'GET' | 'POST', url: string): Operation<object, Data> =>
  (http: HttpClient, root: string, body: object, context?: HttpContext) => {
    const request = method === 'POST' ? new HttpRequest(method, root + url, body, { context }) : new HttpRequest(method, root + url, { context });
    return http.request<Envelope<Data>>(request).pipe(filter((event): event is HttpResponse<Envelope<Data>> => event instanceof HttpResponse));
  };

describe('Api', () => {
  let api: Api;
  let server: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(withInterceptors([idempotent])), provideHttpClientTesting()] });
    api = TestBed.inject(Api);
    server = TestBed.inject(HttpTestingController);
  });
  afterEach(() => {
    server.verify();
  });

  it('takes the data out of the envelope', async () => {
    const ticket = api.call(operation('GET', '/api/v1/tickets/1'), {});
    server.expectOne('/api/v1/tickets/1').flush({ data: { reference: 'T-10482' }, error: null, traceId: 't' });

    expect(await ticket).toEqual({ reference: 'T-10482' });
  });

  it('throws what the server said, with its trace and what only this code carries', async () => {
    const error = { code: 'changed-meanwhile', message: 'Changed.', fields: { priority: ['Stale.'] }, current: { version: 4 } };
    const failed = api.call(operation('GET', '/api/v1/tickets/1'), {}).catch(toFailure);
    server.expectOne('/api/v1/tickets/1').flush({ data: null, error, traceId: 'abc' }, { status: 412, statusText: 'No' });

    const failure = await failed;
    expect(failure).toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({ code: 'changed-meanwhile', status: 412, traceId: 'abc', fields: { priority: ['Stale.'] } });
    expect((failure as ApiFailure).details['current']).toEqual({ version: 4 });
  });

  it('names an answer that is no envelope by its status', async () => {
    const failed = api.call(operation('GET', '/api/v1/tickets'), {}).catch(toFailure);
    server.expectOne('/api/v1/tickets').flush('<html>', { status: 502, statusText: 'Bad Gateway' });

    expect(await failed).toMatchObject({ code: 'http-502', status: 502 });
  });

  it('gives every POST its own key', () => {
    const keys = [1, 2].map((attempt) => {
      void api.call(operation('POST', `/api/v1/tickets?${attempt.toString()}`), {});
      const { request } = server.expectOne(`/api/v1/tickets?${attempt.toString()}`);
      return request.headers.get('Idempotency-Key');
    });

    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('keeps the key of one intention over several tries', () => {
    void api.call(operation('POST', '/api/v1/tickets'), {}, 'the-form');
    void api.call(operation('POST', '/api/v1/tickets'), {}, 'the-form');

    const keys = server.match('/api/v1/tickets').map(({ request }) => request.headers.get('Idempotency-Key'));
    expect(keys).toEqual(['the-form', 'the-form']);
  });

  it('puts no key on reads and on calls outside the API', () => {
    void api.call(operation('GET', '/api/v1/tickets'), {});
    void api.call(operation('POST', '/auth/login'), {});

    expect(server.expectOne('/api/v1/tickets').request.headers.has('Idempotency-Key')).toBe(false);
    expect(server.expectOne('/auth/login').request.headers.has('Idempotency-Key')).toBe(false);
  });
});

describe('unwrap', () => {
  it('gives the data', () => {
    expect(unwrap({ data: [1], error: null, traceId: 't' })).toEqual([1]);
  });

  it('throws the error, even beside a 200', () => {
    expect(() => unwrap({ data: null, error: { code: 'invalid', message: 'No.' }, traceId: 't' })).toThrow(ApiFailure);
  });
});
