import { Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { readSignUp } from '@mu/shared/api/generated/fn/set-up/read-sign-up';

/** The way to an organisation of one's own, where the installation lets anybody begin one. */
@Component({
  selector: 'mu-sign-up-link',
  imports: [RouterLink, TranslocoPipe],
  template: `
    @if (isOpen()) {
      <p class="mt-6 border-t border-hairline pt-5 text-center">
        {{ 'sign-in.newHere' | transloco }} <a routerLink="/sign-up" class="text-accent underline underline-offset-2">{{ 'sign-in.startLink' | transloco }}</a>
      </p>
    }
  `,
})
export class SignUpLink {
  protected readonly isOpen = signal(false);

  constructor() {
    // Whoever can't be told is shown no link, and signs in as ever.
    inject(Api).call(readSignUp, {}).then(({ isOpen }) => { this.isOpen.set(isOpen); }, () => undefined);
  }
}
