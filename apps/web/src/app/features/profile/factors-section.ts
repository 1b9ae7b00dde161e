import { Component, computed, inject, input, output, signal } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { toFailure } from '@mu/shared/api/failure';
import { addPasskey } from '@mu/shared/api/generated/fn/second-factors/add-passkey';
import { beginAuthenticator } from '@mu/shared/api/generated/fn/second-factors/begin-authenticator';
import { confirmAuthenticator } from '@mu/shared/api/generated/fn/second-factors/confirm-authenticator';
import { offerPasskey } from '@mu/shared/api/generated/fn/second-factors/offer-passkey';
import { removeFactor } from '@mu/shared/api/generated/fn/second-factors/remove-factor';
import { renewRecoveryCodes } from '@mu/shared/api/generated/fn/second-factors/renew-recovery-codes';
import type { AuthenticatorView, FactorView, SecurityView } from '@mu/shared/api/generated/models';
import { canPasskeys, makePasskey } from '@mu/shared/auth/passkeys';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { focusOn } from '@mu/shared/ui/focus-on';
import { Icon } from '@mu/shared/ui/icon';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { Toasts } from '@mu/shared/ui/toasts';
import { AuthenticatorCode } from '../sign-in/authenticator-code';
import { RecoveryCodes } from '../sign-in/recovery-codes';

/** What somebody is about to do, which asks for their password first. */
type Wish = { readonly is: 'app' | 'passkey' | 'codes' } | { readonly is: 'remove'; readonly factor: FactorView };

/** One's own second steps: apps, passkeys, recovery codes. */
@Component({
  selector: 'mu-factors-section',
  imports: [AuthenticatorCode, Icon, ReactiveFormsModule, RecoveryCodes, RelativeTime, TranslocoPipe],
  templateUrl: './factors-section.html',
})
export class FactorsSection {
  readonly security = input.required<SecurityView>();
  readonly changed = output();

  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();
  private readonly focus = focusOn();

  protected readonly wish = signal<Wish | null>(null);
  protected readonly app = signal<AuthenticatorView | null>(null);
  protected readonly codes = signal<readonly string[]>([]);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly password = new FormControl('', { nonNullable: true });
  protected readonly code = new FormControl('', { nonNullable: true });
  protected readonly name = new FormControl('', { nonNullable: true });
  protected readonly mayPasskey = canPasskeys();
  protected readonly left = computed(() => {
    const count = this.security().recoveryCodesLeft;
    return this.catalogue.translate(count === 1 ? 'profile.codesLeft.one' : 'profile.codesLeft.other', { count });
  });

  protected ask(wish: Wish): void {
    this.app.set(null);
    this.failure.set(null);
    this.password.reset();
    this.code.reset();
    this.name.setValue(this.catalogue.translate('profile.passkeyNamed'));
    this.wish.set(wish);
    this.focus('form input');
  }

  protected stop(): void {
    this.wish.set(null);
    this.app.set(null);
    this.failure.set(null);
    this.password.reset();
    this.focus('[data-next]');
  }

  /** The codes are on paper: on from where the next step begins. */
  protected kept(): void {
    this.codes.set([]);
    this.focus('[data-next]');
  }

  protected async goOn(submitted: Event): Promise<void> {
    submitted.preventDefault();
    const wish = this.wish();
    const body = { password: this.password.value };
    await this.attempt(async () => {
      switch (wish?.is) {
        case 'app':
          this.app.set(await this.api.call(beginAuthenticator, { body }));
          this.focus('#app-code');
          break;
        case 'passkey':
          await this.makePasskey(body);
          break;
        case 'codes':
          this.show((await this.api.call(renewRecoveryCodes, { body })).recoveryCodes);
          break;
        case 'remove':
          await this.api.call(removeFactor, { factor_id: wish.factor.id, body });
          this.finish('profile.removed');
          break;
        default:
      }
    });
  }

  protected async confirm(submitted: Event): Promise<void> {
    submitted.preventDefault();
    const app = this.app();
    if (!app) return;
    await this.attempt(async () => {
      const { recoveryCodes } = await this.api.call(confirmAuthenticator, { factor_id: app.id, body: { code: this.code.value } });
      this.finish('profile.factorAdded');
      this.show(recoveryCodes);
    });
  }

  private async makePasskey(body: { password: string }): Promise<void> {
    const { ticket, options } = await this.api.call(offerPasskey, { body });
    const credential = await makePasskey(options).catch(() => null);
    if (credential === null) {
      this.failure.set(this.catalogue.translate('profile.passkeyFailed'));
      return;
    }
    const { recoveryCodes } = await this.api.call(addPasskey, { body: { ticket, name: this.name.value, credential } });
    this.finish('profile.factorAdded');
    this.show(recoveryCodes);
  }

  private show(codes: readonly string[]): void {
    this.codes.set(codes);
    this.stop();
    this.focus('mu-recovery-codes h2');
    this.changed.emit();
  }

  private finish(words: string): void {
    this.toasts.show(this.catalogue.translate(words));
    this.stop();
    this.changed.emit();
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.failure.set(Object.values(failure.fields).flat().join(' ') || this.say(failure));
      this.focus('form input[type="password"], #app-code');
    } finally {
      this.busy.set(false);
    }
  }
}
