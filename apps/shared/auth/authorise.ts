import { type HttpEvent, type HttpInterceptorFn, type HttpRequest, HttpErrorResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { type Observable, catchError, from, switchMap, throwError } from 'rxjs';
import { Session } from './session';

/** Beside the API, what goes on from a sign-in. */
const ALSO_AS_SOMEBODY = new Set(['/auth/switch', '/auth/invitation/acceptance']);

/**
 * Puts the token on every call of the API. When the server refuses it, the session refreshes once for all calls
 * of that moment and each is sent again, once.
 */
export const authorise: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/') && !ALSO_AS_SOMEBODY.has(request.url)) return next(request);
  const session = inject(Session);

  const send = (token: string | null): Observable<HttpEvent<unknown>> => next(withToken(request, token));
  return from(session.token()).pipe(
    switchMap((token) =>
      send(token).pipe(
        catchError((thrown: unknown) => {
          const refused = thrown instanceof HttpErrorResponse && thrown.status === 401;
          if (!refused || token === null) return throwError(() => thrown);
          return from(session.renewed(token)).pipe(switchMap(send));
        }),
      ),
    ),
  );
};

function withToken(request: HttpRequest<unknown>, token: string | null): HttpRequest<unknown> {
  return token === null ? request : request.clone({ setHeaders: { Authorization: `Bearer ${token}` } });
}
