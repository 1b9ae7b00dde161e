import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeSignInPolicy } from '@mu/shared/api/generated/fn/organisation/change-sign-in-policy';
import { readSignInPolicy } from '@mu/shared/api/generated/fn/organisation/read-sign-in-policy';
import type { SignInPolicyInput, SignInPolicyView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { copies } from '@mu/shared/ui/copies';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { takeOver } from '@mu/shared/ui/take-over';
import { Toasts } from '@mu/shared/ui/toasts';
import type { Unsaved } from '@mu/shared/ui/unsaved/unsaved';

/** How everybody who works here proves who they are. */
@Component({
  selector: 'mu-sign-in-policy-page',
  imports: [ErrorState, Icon, ReactiveFormsModule, Skeleton, TranslocoPipe],
  host: { class: 'block', '(window:beforeunload)': 'isUnsaved() && $event.preventDefault()' },
  templateUrl: './sign-in-policy-page.html',
})
export class SignInPolicyPage implements Unsaved {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly copies = copies();
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();

  protected readonly policy = signal<SignInPolicyView | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});
  protected readonly isWrongPassword = signal(false);
  protected readonly busy = signal(false);
  protected readonly form = new FormGroup({
    isSecondFactorRequired: new FormControl(false, { nonNullable: true }),
    issuer: new FormControl('', { nonNullable: true }),
    clientId: new FormControl('', { nonNullable: true }),
    clientSecret: new FormControl('', { nonNullable: true }),
    password: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    void this.load();
  }

  isUnsaved(): boolean {
    return this.form.dirty;
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.show(await this.api.call(readSignInPolicy, {}));
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected async save(): Promise<void> {
    const policy = this.policy();
    if (!policy || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    this.isWrongPassword.set(false);
    try {
      const seen = etag(policy);
      this.show(await this.api.call(changeSignInPolicy, { 'if-match': seen, body: this.typed(policy) }));
      this.toasts.show(this.catalogue.translate('sign-in-policy.saved'));
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.fields.set(failure.fields);
      this.isWrongPassword.set(failure.code === 'wrong-password');
      this.failure.set(failure.status === 412 ? await this.lookAgain() : this.say(failure));
    } finally {
      this.busy.set(false);
    }
  }

  /** One's password is asked before somebody else vouches for everybody, or less is asked of them. */
  protected asksPassword(policy: SignInPolicyView): boolean {
    const { isSecondFactorRequired, issuer, clientId, clientSecret } = this.form.getRawValue();
    const isOtherProvider = issuer.trim() !== (policy.issuer ?? '') || clientId.trim() !== (policy.clientId ?? '') || clientSecret.trim() !== '';
    return policy.needsPassword && (isOtherProvider || (policy.isSecondFactorRequired && !isSecondFactorRequired));
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.join(' ') ?? null;
  }

  protected async copy(text: string): Promise<void> {
    await this.copies(text, this.catalogue.translate('sign-in-policy.copied'));
  }

  private typed(policy: SignInPolicyView): SignInPolicyInput {
    const { password, ...rest } = this.form.getRawValue();
    return this.asksPassword(policy) ? { ...rest, password } : rest;
  }

  private show(policy: SignInPolicyView): void {
    this.form.reset();
    this.take(policy);
  }

  /** Reads what a colleague has saved; what was typed here stays, and can be saved now. */
  private async lookAgain(): Promise<string> {
    try {
      this.take(await this.api.call(readSignInPolicy, {}));
    } catch (thrown) {
      return this.say(toFailure(thrown));
    }
    return this.catalogue.translate('record.changed');
  }

  private take(policy: SignInPolicyView): void {
    this.policy.set(policy);
    const { isSecondFactorRequired, issuer, clientId } = policy;
    takeOver(this.form, { isSecondFactorRequired, issuer: issuer ?? '', clientId: clientId ?? '' });
  }
}
