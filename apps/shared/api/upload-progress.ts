import { HttpContextToken, HttpEventType, type HttpInterceptorFn, HttpXhrBackend } from '@angular/common/http';
import { inject } from '@angular/core';
import { tap } from 'rxjs';

/** Whom to tell how much of a request has gone out (0 to 1), where somebody watches it go. */
export const UPLOAD_PROGRESS = new HttpContextToken<((part: number) => void) | null>(() => null);

/** Sends what somebody watches by XMLHttpRequest: `fetch` says nothing of how far an upload is. It stands last. */
export const watched: HttpInterceptorFn = (request, next) => {
  const tell = request.context.get(UPLOAD_PROGRESS);
  if (!tell) return next(request);
  return inject(HttpXhrBackend).handle(request.clone({ reportUploadProgress: true })).pipe(
    tap((event) => {
      if (event.type === HttpEventType.UploadProgress && event.total) tell(event.loaded / event.total);
    }),
  );
};
