import { DOCUMENT, DestroyRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationStart, Router } from '@angular/router';

/**
 * Keeps a form that is open over a page when somebody goes Back or reloads over what they typed, and asks. What leads away by
 * itself (a form that was saved, a session that has ended) goes ahead. Call it in a constructor; it goes with the component.
 */
export function staysOnBack(isTyped: () => boolean, ask: () => void): void {
  const router = inject(Router);
  router.events.pipe(takeUntilDestroyed()).subscribe((event) => {
    if (!(event instanceof NavigationStart) || event.navigationTrigger !== 'popstate' || !isTyped()) return;
    router.currentNavigation()?.abort();
    ask();
  });
  const view = inject(DOCUMENT).defaultView;
  const hold = (event: Event): void => {
    if (isTyped()) event.preventDefault();
  };
  view?.addEventListener('beforeunload', hold);
  inject(DestroyRef).onDestroy(() => view?.removeEventListener('beforeunload', hold));
}
