import { Location } from '@angular/common';
import { Component, inject, signal } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { toFailure } from '@mu/shared/api/failure';
import { resetPassword } from '@mu/shared/api/generated/fn/passwords/reset-password';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import words from './en.json';

/** Chooses a new password by the link of a letter. The secret is after the #, where no server's log sees it. */
@Component({
  selector: 'mu-new-password',
  imports: [ReactiveFormsModule, RouterLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  template: `
    <main class="flex w-full max-w-sm flex-col gap-4 pb-[8vh]">
      <h1 class="text-lg">{{ 'sign-in.newTitle' | transloco }}</h1>
      @if (saved()) {
        <p class="rounded-md bg-on-time-soft px-3 py-2.5 text-on-time" role="status">{{ 'sign-in.saved' | transloco }}</p>
        <a routerLink="/sign-in" class="mu-button mu-button-filled h-11!">{{ 'sign-in.backToSignIn' | transloco }}</a>
      } @else if (over(); as why) {
        <p class="rounded-md bg-due-soon-soft px-3 py-2.5 text-due-soon" role="alert">{{ why }}</p>
        <a routerLink="/forgotten-password" class="mu-button mu-button-filled h-11!">{{ 'sign-in.askAgain' | transloco }}</a>
      } @else if (!token) {
        <p class="text-muted">{{ 'sign-in.noLink' | transloco }}</p>
        <a routerLink="/forgotten-password" class="mu-button mu-button-filled h-11!">{{ 'sign-in.askAgain' | transloco }}</a>
      } @else {
        <p id="password-hint" class="text-muted">{{ 'sign-in.newText' | transloco }}</p>
        <form class="flex flex-col gap-4" novalidate (submit)="save($event)">
          <div>
            <label for="password" class="mb-1.5 block font-medium">{{ 'sign-in.newPassword' | transloco }}</label>
            <input id="password" [type]="shown() ? 'text' : 'password'" class="mu-field" autocomplete="new-password" autocapitalize="none" spellcheck="false" [formControl]="password" aria-describedby="password-hint password-error" [attr.aria-invalid]="wrong() !== null" />
            <p id="password-error" class="mt-1.5 text-overdue empty:hidden" role="alert">{{ wrong() }}</p>
            <button type="button" class="mt-1.5 text-accent underline underline-offset-2" (click)="shown.set(!shown())">{{ (shown() ? 'sign-in.hide' : 'sign-in.show') | transloco }}</button>
          </div>
          <button type="submit" class="mu-button mu-button-filled h-11!" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'sign-in.save' | transloco }}</button>
        </form>
      }
    </main>
  `,
})
export class NewPassword {
  private readonly api = inject(Api);
  private readonly say = failureWords();

  protected readonly token = inject(ActivatedRoute).snapshot.fragment;
  protected readonly password = new FormControl('', { nonNullable: true });
  protected readonly shown = signal(false);
  protected readonly saved = signal(false);
  protected readonly over = signal<string | null>(null);
  protected readonly wrong = signal<string | null>(null);
  protected readonly busy = signal(false);

  constructor() {
    addWords({ 'sign-in': words });
    // The secret leaves the address bar, and with it the history.
    inject(Location).replaceState('/new-password');
  }

  protected async save(submitted: Event): Promise<void> {
    submitted.preventDefault();
    if (this.busy() || !this.token) return;
    this.busy.set(true);
    this.wrong.set(null);
    try {
      await this.api.call(resetPassword, { body: { token: this.token, password: this.password.value } });
      this.saved.set(true);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.status === 404 || failure.status === 410) this.over.set(this.say(failure));
      else this.wrong.set(failure.fields['password']?.join(' ') ?? this.say(failure));
    } finally {
      this.busy.set(false);
    }
  }
}
