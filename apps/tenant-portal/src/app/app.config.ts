import {
  type ApplicationConfig,
  inject,
  isDevMode,
  provideBrowserGlobalErrorListeners,
  provideEnvironmentInitializer,
} from '@angular/core';
import {
  TitleStrategy,
  provideRouter,
  withComponentInputBinding,
  withNavigationErrorHandler,
} from '@angular/router';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { PageTitle } from '@mu/shared/ui/page-title';
import { routes } from './app.routes';
import { Keep } from './draft/keep';
import { Sending } from './draft/sending';
import words from './en.json';
import { keepThePage, lostCode } from './page-kept';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withNavigationErrorHandler(lostCode),
    ),
    provideWholeCatalogue(words),
    { provide: TitleStrategy, useExisting: PageTitle },
    // Whatever waits on this phone is sent as soon as the page is open.
    provideEnvironmentInitializer(() => {
      void inject(Sending).resume();
      const keep = inject(Keep);
      // Once the first page stands: until then it has the network, and the phone, to itself.
      setTimeout(() => {
        import('./draft/sweep').then(({ sweep }) => sweep(keep)).catch(() => undefined);
      }, 3_000);
      if (!isDevMode()) keepThePage();
    }),
  ],
};
