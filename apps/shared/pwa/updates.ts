import { DestroyRef, type EnvironmentProviders, inject, provideEnvironmentInitializer } from '@angular/core';
import { SwUpdate } from '@angular/service-worker';
import { TranslocoService } from '@jsverse/transloco';
import { Toasts } from '@mu/shared/ui/toasts';

const EVERY = 30 * 60_000;

/** Offers a newer version to somebody who keeps the page open all day. Only they know when a reload suits. */
export function provideUpdates(): EnvironmentProviders {
  return provideEnvironmentInitializer(() => {
    const updates = inject(SwUpdate);
    const toasts = inject(Toasts);
    const words = inject(TranslocoService);
    if (!updates.isEnabled) return;

    const reload = (): void => {
      location.reload();
    };
    updates.versionUpdates.subscribe(({ type }) => {
      if (type === 'VERSION_READY') toasts.offer(words.translate('ui.newVersion'), { words: 'ui.reload', run: reload });
    });
    updates.unrecoverable.subscribe(reload);
    const timer = setInterval(() => {
      updates.checkForUpdate().catch(() => false);
    }, EVERY);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
    });
  });
}
