import { Location } from '@angular/common';
import { inject } from '@angular/core';
import type { NavigationError } from '@angular/router';
import { ApiFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Toasts } from '@mu/shared/ui/toasts';

const KEY = 'mu-loaded-anew';

/**
 * What the router does when a page's code can't be fetched. A newer version may have replaced it: the page is loaded
 * anew, once. Without a network the person stays where they are and is told.
 */
export function lostCode({ url, error }: NavigationError): void {
  const address = inject(Location).prepareExternalUrl(url);
  if (navigator.onLine && sessionStorage.getItem(KEY) !== address) {
    sessionStorage.setItem(KEY, address);
    location.assign(address);
    return;
  }
  sessionStorage.removeItem(KEY);
  inject(Toasts).show(failureWords()(new ApiFailure(navigator.onLine ? 'unexpected' : 'unreachable', '', 0)));
  console.error(error);
}
