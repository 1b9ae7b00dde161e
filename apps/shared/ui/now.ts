import { DOCUMENT, DestroyRef, Service, inject, signal } from '@angular/core';

const EVERY = 30_000;

/** The present moment as a signal that moves twice a minute while the page is looked at. */
@Service()
export class Now {
  private readonly moment = signal(new Date());
  readonly at = this.moment.asReadonly();

  constructor() {
    const page = inject(DOCUMENT);
    const tick = (): void => {
      if (page.visibilityState !== 'hidden') this.moment.set(new Date());
    };
    const timer = setInterval(tick, EVERY);
    page.addEventListener('visibilitychange', tick);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      page.removeEventListener('visibilitychange', tick);
    });
  }
}
