import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeSignInPolicy, readSignInPolicy } from '@mu/shared/api/generated/functions';
import type { SignInPolicyView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';

/** How everybody who works here proves who they are. */
@Component({
  selector: 'mu-sign-in-policy-page',
  imports: [ErrorState, Icon, ReactiveFormsModule, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './sign-in-policy-page.html',
})
export class SignInPolicyPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();

  protected readonly policy = signal<SignInPolicyView | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});
  protected readonly busy = signal(false);
  protected readonly form = new FormGroup({
    isSecondFactorRequired: new FormControl(false, { nonNullable: true }),
    issuer: new FormControl('', { nonNullable: true }),
    clientId: new FormControl('', { nonNullable: true }),
    clientSecret: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    void this.load();
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
    try {
      const seen = etag(policy);
      this.show(await this.api.call(changeSignInPolicy, { 'if-match': seen, body: this.form.getRawValue() }));
      this.toasts.show(this.catalogue.translate('sign-in-policy.saved'));
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.fields.set(failure.fields);
      this.failure.set(this.say(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.join(' ') ?? null;
  }

  protected async copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.toasts.show(this.catalogue.translate('sign-in-policy.copied'));
  }

  private show(policy: SignInPolicyView): void {
    this.policy.set(policy);
    const { isSecondFactorRequired, issuer, clientId } = policy;
    this.form.setValue({ isSecondFactorRequired, issuer: issuer ?? '', clientId: clientId ?? '', clientSecret: '' });
  }
}
