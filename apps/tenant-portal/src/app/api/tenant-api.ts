import { Service } from '@angular/core';
import { type Envelope, unwrap } from '@mu/shared/api/envelope';
import { ApiFailure } from '@mu/shared/api/failure';
import { PAST_WORKER } from '@mu/shared/pwa/past-worker';
import type { Home, NewReport, OwnReport, Picker, SentPhoto, Status, Submitted } from './shapes';

/** Stands for the cookie of a visit where a code or a token could stand. */
export const VISIT = 'mine';

const REPORTS = '/api/v1/reports';
const LINKS = '/api/v1/links';
/** After this long a silent network counts as none, in milliseconds. */
const PATIENCE = 25_000;

/** What the header of a request says about who may see what. A visit is known by its cookie alone. */
export function credential(link: string): Record<string, string> {
  return link === VISIT ? {} : { Authorization: `Link ${link}` };
}

/** The failure that an answer carries. */
export function failureOf(status: number, headers: { get(name: string): string | null }, envelope: Envelope<unknown>): ApiFailure {
  const wait = Number(headers.get('Retry-After') ?? Number.NaN);
  return new ApiFailure(
    envelope.error?.code ?? `http-${status.toString()}`,
    envelope.error?.message ?? '',
    status,
    envelope.traceId ?? headers.get('X-Trace-Id'),
    envelope.error?.fields ?? {},
    {},
    Number.isFinite(wait) ? wait : null,
  );
}

/**
 * The tenant's part of the API; each call throws an `ApiFailure`. Over `fetch`, because Angular's client alone would
 * weigh a twelfth of what a phone loads.
 */
@Service()
export class TenantApi {
  home(link: string): Promise<Home> {
    return this.get(`${REPORTS}/home`, link);
  }

  picker(): Promise<Picker> {
    return this.get(`${REPORTS}/picker`, VISIT);
  }

  /**
   * The same submission key is the same report, however often it is sent. Each try has an Idempotency-Key of its own:
   * an answer that is only repeated holds no secrets, and whoever lost the first answer needs them.
   */
  submit(link: string, report: NewReport): Promise<Submitted> {
    return this.post(REPORTS, link, report, crypto.randomUUID());
  }

  status(token: string): Promise<Status> {
    return this.get(`${REPORTS}/status`, token);
  }

  async photos(token: string): Promise<readonly SentPhoto[]> {
    return (await this.get<{ readonly items: readonly SentPhoto[] }>(`${REPORTS}/photos`, token)).items;
  }

  addWords(token: string, text: string, key: string): Promise<unknown> {
    return this.post(`${REPORTS}/words`, token, { text }, key);
  }

  leavePhone(token: string, phone: string, key: string): Promise<unknown> {
    return this.post(`${REPORTS}/contact`, token, { phone }, key);
  }

  /** Raised twice, it is one alarm. */
  raiseAlarm(token: string, danger: string): Promise<unknown> {
    return this.post(`${REPORTS}/danger`, token, { danger }, crypto.randomUUID());
  }

  cancel(token: string, reason: string, key: string): Promise<unknown> {
    return this.post(`${REPORTS}/cancellation`, token, { reason }, key);
  }

  async ownReports(): Promise<readonly OwnReport[]> {
    return (await this.get<{ readonly items: readonly OwnReport[] }>(REPORTS, VISIT)).items;
  }

  sendEntryLink(email: string): Promise<unknown> {
    return this.post(`${LINKS}/entry`, VISIT, { email }, crypto.randomUUID());
  }

  useEntryLink(token: string): Promise<unknown> {
    return this.post(`${LINKS}/entry/use`, VISIT, { token }, crypto.randomUUID());
  }

  async leave(): Promise<void> {
    await this.answer(`${LINKS}/visit`, { method: 'DELETE' });
  }

  private async get<Data>(url: string, link: string): Promise<Data> {
    return read(await this.answer(url, { headers: credential(link) }));
  }

  private async post<Data>(url: string, link: string, body: unknown, key: string): Promise<Data> {
    const headers = { ...credential(link), 'Content-Type': 'application/json', 'Idempotency-Key': key };
    return read(await this.answer(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  private async answer(url: string, asked: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(url, { ...asked, headers: { ...PAST_WORKER, ...asked.headers }, signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      throw new ApiFailure('unreachable', '', 0);
    }
    if (answer.ok) return answer;
    throw failureOf(answer.status, answer.headers, await envelopeOf(answer));
  }
}

async function read<Data>(answer: Response): Promise<Data> {
  return unwrap((await envelopeOf(answer)) as Envelope<Data>);
}

async function envelopeOf(answer: Response): Promise<Envelope<unknown>> {
  try {
    return (await answer.json()) as Envelope<unknown>;
  } catch {
    return {}; // no content, or something in between answered
  }
}
