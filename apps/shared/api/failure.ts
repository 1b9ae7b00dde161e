import { HttpErrorResponse } from '@angular/common/http';
import type { Envelope } from './envelope';

/** What went wrong, in the server's own terms. `code` chooses the words, `traceId` is for support. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly traceId: string | null = null,
    readonly fields: Readonly<Record<string, readonly string[]>> = {},
    /** The error object as it came, for what only some codes carry (`current`, `allowedActions`). */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Seconds to wait before trying again, where the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  get offline(): boolean {
    return this.status === 0;
  }
}

/** Reads any thrown value as a failure; an answer that never came has the code `unreachable`. */
export function toFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  if (!(thrown instanceof HttpErrorResponse)) return new ApiFailure('unexpected', String(thrown), -1);
  if (thrown.status === 0) return new ApiFailure('unreachable', thrown.message, 0);

  const envelope = asEnvelope(thrown.error);
  const wait = Number(thrown.headers.get('Retry-After') ?? Number.NaN);
  return new ApiFailure(
    envelope?.error?.code ?? `http-${thrown.status.toString()}`,
    envelope?.error?.message ?? thrown.message,
    thrown.status,
    envelope?.traceId ?? thrown.headers.get('X-Trace-Id'),
    envelope?.error?.fields ?? {},
    { ...envelope?.error },
    Number.isFinite(wait) ? wait : null,
  );
}

function asEnvelope(body: unknown): Envelope<unknown> | null {
  return typeof body === 'object' && body !== null && 'error' in body ? (body as Envelope<unknown>) : null;
}
