import { DOCUMENT, DestroyRef, Service, inject, signal } from '@angular/core';

/** Whether the device believes to have a network. */
@Service()
export class Connection {
  private readonly up = signal(navigator.onLine);
  readonly online = this.up.asReadonly();

  constructor() {
    const view = inject(DOCUMENT).defaultView;
    const look = (): void => {
      this.up.set(navigator.onLine);
    };
    view?.addEventListener('online', look);
    view?.addEventListener('offline', look);
    inject(DestroyRef).onDestroy(() => {
      view?.removeEventListener('online', look);
      view?.removeEventListener('offline', look);
    });
  }
}
