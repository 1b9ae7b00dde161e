import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  isDevMode,
  provideBrowserGlobalErrorListeners,
  provideEnvironmentInitializer,
} from '@angular/core';
import { TitleStrategy, provideRouter, withComponentInputBinding, withNavigationErrorHandler, withRouterConfig } from '@angular/router';
import { provideServiceWorker } from '@angular/service-worker';
import { idempotent } from '@mu/shared/api/idempotency';
import { watched } from '@mu/shared/api/upload-progress';
import { authorise } from '@mu/shared/auth/authorise';
import { CLIENT, Session } from '@mu/shared/auth/session';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { lostCode } from '@mu/shared/pwa/lost-code';
import { pastWorker } from '@mu/shared/pwa/past-worker';
import { provideUpdates } from '@mu/shared/pwa/updates';
import { PageTitle } from '@mu/shared/ui/page-title';
import { routes } from './app.routes';
import words from './en.json';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideHttpClient(withInterceptors([pastWorker, idempotent, authorise, watched])),
    // 'computed': whoever was asked before leaving, and stays, has the same way back as before.
    provideRouter(routes, withComponentInputBinding(), withNavigationErrorHandler(lostCode), withRouterConfig({ canceledNavigationResolution: 'computed' })),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- its options are typed as an abstract class
    provideServiceWorker('ngsw-worker.js', { enabled: !isDevMode() }),
    provideUpdates(),
    provideCatalogue(words),
    { provide: CLIENT, useValue: 'staff' },
    { provide: TitleStrategy, useExisting: PageTitle },
    // Asked at once, while the router still loads the page.
    provideEnvironmentInitializer(() => void inject(Session).start()),
  ],
};
