import { Component, inject, input, output, signal } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { toFailure } from '@mu/shared/api/failure';
import { changePassword } from '@mu/shared/api/generated/fn/passwords/change-password';
import type { SecurityView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { focusOn } from '@mu/shared/ui/focus-on';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { Toasts } from '@mu/shared/ui/toasts';

/** One's own password. */
@Component({
  selector: 'mu-password-section',
  imports: [ReactiveFormsModule, RelativeTime, TranslocoPipe],
  template: `
    <section aria-labelledby="password-heading">
      <div class="flex flex-wrap items-center justify-between gap-2">
        <div>
          <h2 id="password-heading" class="text-base">{{ 'profile.password' | transloco }}</h2>
          <p class="text-muted">
            @if (!security().hasPassword) { {{ 'profile.noPassword' | transloco }} }
            @else if (security().passwordChangedAt; as at) { {{ 'profile.passwordChanged' | transloco }} <mu-relative-time [at]="at" /> }
            @else { {{ 'profile.passwordNever' | transloco }} }
          </p>
        </div>
        @if (security().hasPassword && !open()) {
          <button type="button" class="mu-button" data-change (click)="begin()">{{ 'profile.changePassword' | transloco }}</button>
        }
      </div>
      @if (open()) {
        <form class="mt-3 flex max-w-sm flex-col gap-4" novalidate (submit)="save($event)">
          <div>
            <label for="current-password" class="mb-1.5 block font-medium">{{ 'profile.current' | transloco }}</label>
            <input id="current-password" type="password" class="mu-field" autocomplete="current-password" [formControl]="current" aria-describedby="current-error" [attr.aria-invalid]="wrong() !== null" />
            <p id="current-error" class="mt-1.5 text-overdue empty:hidden" role="alert">{{ wrong() }}</p>
          </div>
          <div>
            <label for="new-password" class="mb-1.5 block font-medium">{{ 'profile.new' | transloco }}</label>
            <input id="new-password" type="password" class="mu-field" autocomplete="new-password" [formControl]="next" aria-describedby="new-hint new-error" [attr.aria-invalid]="weak() !== null" />
            <p id="new-error" class="mt-1.5 text-overdue empty:hidden" role="alert">{{ weak() }}</p>
            <p id="new-hint" class="mt-1.5 text-xs text-muted">{{ 'profile.newHint' | transloco }}</p>
          </div>
          <div class="flex gap-2">
            <button type="submit" class="mu-button mu-button-filled" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'profile.save' | transloco }}</button>
            <button type="button" class="mu-button" (click)="close()">{{ 'profile.cancel' | transloco }}</button>
          </div>
        </form>
      }
    </section>
  `,
})
export class PasswordSection {
  readonly security = input.required<SecurityView>();
  readonly changed = output();

  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();
  private readonly focus = focusOn();

  protected readonly current = new FormControl('', { nonNullable: true });
  protected readonly next = new FormControl('', { nonNullable: true });
  protected readonly open = signal(false);
  protected readonly wrong = signal<string | null>(null);
  protected readonly weak = signal<string | null>(null);
  protected readonly busy = signal(false);

  protected begin(): void {
    this.open.set(true);
    this.focus('#current-password');
  }

  protected async save(submitted: Event): Promise<void> {
    submitted.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.wrong.set(null);
    this.weak.set(null);
    try {
      await this.api.call(changePassword, { body: { currentPassword: this.current.value, newPassword: this.next.value } });
      this.toasts.show(this.catalogue.translate('profile.saved'));
      this.close();
      this.changed.emit();
    } catch (thrown) {
      const failure = toFailure(thrown);
      const weak = failure.fields['newPassword'];
      if (weak) this.weak.set(weak.join(' '));
      else this.wrong.set(this.say(failure));
      this.focus('[aria-invalid="true"]');
    } finally {
      this.busy.set(false);
    }
  }

  protected close(): void {
    this.open.set(false);
    this.current.reset();
    this.next.reset();
    this.wrong.set(null);
    this.weak.set(null);
    this.focus('[data-change]');
  }
}
