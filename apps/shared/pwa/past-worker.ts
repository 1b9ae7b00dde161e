import type { HttpInterceptorFn } from '@angular/common/http';

/**
 * Sends calls past the service worker. It would answer 504 in the server's name when there is no network, and stand
 * between the page and a stream. A caller of `fetch` sends `PAST_WORKER` itself.
 */
export const pastWorker: HttpInterceptorFn = (request, next) =>
  /^\/(api|auth)\//.test(request.url) ? next(request.clone({ setHeaders: PAST_WORKER })) : next(request);

export const PAST_WORKER = { 'ngsw-bypass': 'true' } as const;
