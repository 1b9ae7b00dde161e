import { type EnvironmentProviders, type Provider, inject, isDevMode, provideEnvironmentInitializer } from '@angular/core';
import {
  type Translation,
  type TranslocoMissingHandler,
  TRANSLOCO_MISSING_HANDLER,
  TranslocoService,
  provideTransloco,
  provideTranslocoLoader,
} from '@jsverse/transloco';
import { type Observable, of } from 'rxjs';
import type { ApiFailure } from '@mu/shared/api/failure';
import shared from './en.json';

/** A key without words is a mistake: loud while developing and in tests, the key itself in production. */
class MissingWords implements TranslocoMissingHandler {
  handle(key: string): string {
    if (isDevMode()) throw new Error(`The catalogue has no words for "${key}"`);
    return key;
  }
}

/** The words of one application beside those of the shared components, bundled with it: no request, no flash of keys. */
export function provideCatalogue(words: Translation): (Provider | EnvironmentProviders)[] {
  return provideWholeCatalogue({ ...shared, ...words });
}

/** The words of an application that shows none of the shared components which speak. */
export function provideWholeCatalogue(catalogue: Translation): (Provider | EnvironmentProviders)[] {
  return [
    provideTransloco({
      config: { availableLangs: ['en'], defaultLang: 'en', prodMode: !isDevMode(), reRenderOnLangChange: true },
    }),
    provideTranslocoLoader(class {
      getTranslation(): Observable<Translation> {
        return of(catalogue);
      }
    }),
    { provide: TRANSLOCO_MISSING_HANDLER, useClass: MissingWords },
    provideEnvironmentInitializer(() => inject(TranslocoService).load('en').subscribe()),
  ];
}

/** The words of a lazily loaded feature, for the providers of its first route. They live under the feature's own name. */
export function provideWords(words: Translation): EnvironmentProviders {
  return provideEnvironmentInitializer(() => { addWords(words); });
}

/** The words of what is loaded later than its page, for its constructor. */
export function addWords(words: Translation): void {
  inject(TranslocoService).setTranslation(words, 'en');
}

/** Looks words up whose key is made of data (a role, an error's code) and may not be in the catalogue. */
export function knownWords(): (key: string) => string | undefined {
  const words = inject(TranslocoService);
  return (key) => words.getTranslation('en')[key] as string | undefined;
}

/** Turns a failure into words: the catalogue's for its code, otherwise the server's own message. */
export function failureWords(): (failure: ApiFailure) => string {
  const known = knownWords();
  return ({ code, message }) => known(`errors.${code}`) ?? message;
}
