import { HttpContextToken, type HttpInterceptorFn } from '@angular/common/http';

/** The key of one intention, where the caller keeps it across several tries. */
export const IDEMPOTENCY_KEY = new HttpContextToken<string | null>(() => null);

/**
 * Gives every POST under /api/v1 an Idempotency-Key. It stands before the sign-in interceptor, so that a request
 * replayed after a refresh carries the key of its first try.
 */
export const idempotent: HttpInterceptorFn = (request, next) => {
  const wanted = request.method === 'POST' && request.url.startsWith('/api/v1/') && !request.headers.has('Idempotency-Key');
  if (!wanted) return next(request);
  const key = request.context.get(IDEMPOTENCY_KEY) ?? crypto.randomUUID();
  return next(request.clone({ setHeaders: { 'Idempotency-Key': key } }));
};
