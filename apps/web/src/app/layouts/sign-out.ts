import { Service, inject } from '@angular/core';
import { toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Toasts } from '@mu/shared/ui/toasts';

/** Signs out, or says why that did not work: the person is still signed in then. */
@Service()
export class SignOut {
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = failureWords();

  async now(): Promise<void> {
    try {
      await this.session.signOut();
    } catch (thrown) {
      this.toasts.show(this.words(toFailure(thrown)));
    }
  }
}
