import { inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Toasts } from './toasts';

/** Gives a function that copies a text and says so in the words of its second parameter; a browser may refuse. */
export function copies(): (text: string, said: string) => Promise<void> {
  const toasts = inject(Toasts);
  const words = inject(TranslocoService);
  return async (text, said) => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.show(said);
    } catch {
      toasts.show(words.translate('ui.notCopied'));
    }
  };
}
