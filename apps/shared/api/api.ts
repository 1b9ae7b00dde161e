import { HttpClient, HttpContext, type HttpResponse } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { type Observable, firstValueFrom } from 'rxjs';
import { type Envelope, unwrap } from './envelope';
import { toFailure } from './failure';
import { IDEMPOTENCY_KEY } from './idempotency';
import { UPLOAD_PROGRESS } from './upload-progress';

/** A function of the generated client. */
export type Operation<Params, Data> = (
  http: HttpClient,
  rootUrl: string,
  params: Params,
  context?: HttpContext,
) => Observable<HttpResponse<Envelope<Data>>>;

/** Calls generated operations: the data comes back bare, everything else is thrown as an ApiFailure. */
@Service()
export class Api {
  private readonly http = inject(HttpClient);

  /**
   * @param idempotencyKey the key of one intention (one filled-in form): pass the same one when the person tries
   *   again after a failure and the server carries it out once. Without it every call is its own intention.
   * @param progress is told how much of a body has gone out (0 to 1).
   */
  async call<Params, Data>(
    operation: Operation<Params, Data>, params: Params, idempotencyKey?: string, progress?: (part: number) => void,
  ): Promise<Data> {
    const context = new HttpContext().set(IDEMPOTENCY_KEY, idempotencyKey ?? null).set(UPLOAD_PROGRESS, progress ?? null);
    try {
      const answer = await firstValueFrom(operation(this.http, '', params, context));
      return unwrap(answer.body ?? {});
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }
}
