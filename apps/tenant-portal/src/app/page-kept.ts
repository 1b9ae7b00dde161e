import { Location } from '@angular/common';
import { inject } from '@angular/core';
import type { NavigationError } from '@angular/router';

const KEY = 'mu-loaded-anew';

/**
 * Lets the service worker keep the page for when there is no network. Angular's own registration also offers news of
 * versions, which nobody asks for in a page that is open for five minutes.
 */
export function keepThePage(): void {
  if (!('serviceWorker' in navigator)) return;
  // After the first page stands, which has the network to itself.
  setTimeout(() => {
    navigator.serviceWorker
      .register('ngsw-worker.js')
      .then(() => navigator.serviceWorker.ready)
      .then(({ active }) => {
        active?.postMessage({ action: 'INITIALIZE' }); // fetch what belongs to the page now, not at the next visit
      })
      .catch(() => undefined);
  }, 3_000);
}

/** What the router does when a page's code can't be fetched: a newer version may have replaced it, so once anew. */
export function lostCode({ url, error }: NavigationError): void {
  const address = inject(Location).prepareExternalUrl(url);
  if (navigator.onLine && sessionStorage.getItem(KEY) !== address) {
    sessionStorage.setItem(KEY, address);
    location.assign(address);
    return;
  }
  sessionStorage.removeItem(KEY);
  console.error(error);
}
