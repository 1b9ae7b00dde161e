import { Component, inject, signal } from '@angular/core';
import { FormControl, ReactiveFormsModule, Validators } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { toFailure } from '@mu/shared/api/failure';
import { askForPasswordReset } from '@mu/shared/api/generated/fn/passwords/ask-for-password-reset';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';

/** Asks for a letter with a link to choose a new password. Says the same whether the address is known or not. */
@Component({
  selector: 'mu-forgotten-password',
  imports: [ReactiveFormsModule, RouterLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  template: `
    <main class="flex w-full max-w-sm flex-col gap-4 pb-[8vh]">
      <h1 class="text-lg">{{ 'sign-in.forgottenTitle' | transloco }}</h1>
      @if (sent()) {
        <p class="rounded-md bg-sunken px-3 py-2.5" role="status">{{ 'sign-in.sent' | transloco }}</p>
      } @else {
        <p class="text-muted">{{ 'sign-in.forgottenText' | transloco }}</p>
        <form class="flex flex-col gap-4" novalidate (submit)="send($event)">
          <div>
            <label for="email" class="mb-1.5 block font-medium">{{ 'sign-in.email' | transloco }}</label>
            <input id="email" type="email" class="mu-field" autocomplete="username" autocapitalize="none" spellcheck="false" [formControl]="email" aria-describedby="email-error" [attr.aria-invalid]="wrong()" />
            <p id="email-error" class="mt-1.5 text-overdue empty:hidden">@if (wrong()) { {{ 'sign-in.emailInvalid' | transloco }} }</p>
          </div>
          <p class="text-overdue empty:hidden" role="alert">{{ failure() }}</p>
          <button type="submit" class="mu-button mu-button-filled h-11!" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'sign-in.send' | transloco }}</button>
        </form>
      }
      <p class="text-center"><a routerLink="/sign-in" class="text-accent underline underline-offset-2">{{ 'sign-in.backToSignIn' | transloco }}</a></p>
    </main>
  `,
})
export class ForgottenPassword {
  private readonly api = inject(Api);
  private readonly say = failureWords();

  protected readonly email = new FormControl('', { nonNullable: true, validators: [Validators.required, Validators.email] });
  protected readonly sent = signal(false);
  protected readonly wrong = signal(false);
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | null>(null);

  constructor() {
    addWords({ 'sign-in': words });
  }

  protected async send(submitted: Event): Promise<void> {
    submitted.preventDefault();
    this.wrong.set(this.email.invalid);
    if (this.email.invalid || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.call(askForPasswordReset, { body: { email: this.email.value.trim() } });
      this.sent.set(true);
    } catch (thrown) {
      this.failure.set(this.say(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }
}
