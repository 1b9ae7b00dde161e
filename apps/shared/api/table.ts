import { HttpClient, type HttpContext, HttpErrorResponse, type HttpResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { type Observable, firstValueFrom } from 'rxjs';
import { toFailure } from './failure';

/** A function of the generated client that answers with a text. */
export type TextOperation<Params> = (http: HttpClient, rootUrl: string, params: Params, context?: HttpContext) => Observable<HttpResponse<string>>;

export type Tables = <Params>(operation: TextOperation<Params>, params: Params) => Promise<string>;

/** Gives a function that fetches a table as it is; what it throws is an ApiFailure. */
export function tables(): Tables {
  const http = inject(HttpClient);
  return async (operation, params) => {
    try {
      return (await firstValueFrom(operation(http, '', params))).body ?? '';
    } catch (thrown) {
      throw toFailure(thrown instanceof HttpErrorResponse ? told(thrown) : thrown);
    }
  };
}

/** What refuses a text is told as JSON all the same. */
function told(refusal: HttpErrorResponse): HttpErrorResponse {
  try {
    const { headers, status, url } = refusal;
    return new HttpErrorResponse({ error: JSON.parse(String(refusal.error)) as unknown, headers, status, ...(url !== null && { url }) });
  } catch {
    return refusal;
  }
}
