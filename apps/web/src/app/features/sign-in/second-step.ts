import { type ElementRef, Component, afterNextRender, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { beginEnrolment } from '@mu/shared/api/generated/fn/second-factors/begin-enrolment';
import { confirmEnrolment } from '@mu/shared/api/generated/fn/second-factors/confirm-enrolment';
import type { AuthenticatorView, SessionView, StepView } from '@mu/shared/api/generated/models';
import { canPasskeys, showPasskey } from '@mu/shared/auth/passkeys';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { AuthenticatorCode } from './authenticator-code';
import words from './en.json';
import { RecoveryCodes } from './recovery-codes';

/** The rest of a sign-in whose password was right: a code, a passkey, or adding an app where one is asked for. */
@Component({
  selector: 'mu-second-step',
  imports: [AuthenticatorCode, Icon, RecoveryCodes, TranslocoPipe],
  template: `
    @if (enrolled(); as enrolled) {
      <mu-recovery-codes [codes]="enrolled.codes" (kept)="enter(enrolled.session)" />
    } @else {
      <h1 class="mb-2 text-lg">{{ (mustEnrol() ? 'sign-in.enrolTitle' : 'sign-in.stepTitle') | transloco }}</h1>
      <form class="flex flex-col gap-4" novalidate (submit)="submit($event)">
        @if (mustEnrol()) {
          <p class="text-muted">{{ 'sign-in.enrolText' | transloco }}</p>
          @if (app(); as app) { <mu-authenticator-code [shown]="app" /> }
        } @else if (hasApp()) {
          <p class="text-muted">{{ 'sign-in.stepText' | transloco }}</p>
        } @else {
          <p class="text-muted">{{ 'sign-in.passkeyText' | transloco }}</p>
        }
        <div role="alert" class="contents">
          @if (failure(); as failure) {
            <p id="step-failure" class="flex items-start gap-2 rounded-md bg-overdue-soft px-3 py-2.5 text-overdue"><mu-icon name="alert" size="18" />{{ failure }}</p>
          }
        </div>
        @if (mayPasskey()) {
          <button type="button" class="mu-button h-11!" [class.mu-button-filled]="!hasApp()" [disabled]="busy()" (click)="withPasskey()">
            <mu-icon name="shield" size="18" />{{ 'sign-in.passkey' | transloco }}
          </button>
          <p class="text-center text-muted">{{ 'sign-in.or' | transloco }}</p>
        }
        <div>
          <label for="code" class="mb-1.5 block font-medium">{{ 'sign-in.code' | transloco }}</label>
          <input #code id="code" class="mu-field font-mono tracking-wider" autocomplete="one-time-code" [attr.inputmode]="mustEnrol() ? 'numeric' : null" autocapitalize="characters" spellcheck="false" maxlength="20" [attr.aria-describedby]="mustEnrol() ? 'step-failure' : 'step-failure code-hint'" [attr.aria-invalid]="isWrong()" />
          @if (!mustEnrol()) { <p id="code-hint" class="mt-1.5 text-xs text-muted">{{ 'sign-in.codeHint' | transloco }}</p> }
        </div>
        <button type="submit" class="mu-button h-11!" [class.mu-button-filled]="hasApp() || mustEnrol()" [disabled]="busy()" [attr.aria-busy]="busy()">
          {{ (mustEnrol() ? 'sign-in.enrol' : busy() ? 'sign-in.confirming' : 'sign-in.confirm') | transloco }}
        </button>
        <button type="button" class="text-accent underline underline-offset-2" (click)="over.emit(null)">{{ 'sign-in.back' | transloco }}</button>
      </form>
    }
  `,
})
export class SecondStep {
  readonly step = input.required<StepView>();
  readonly done = output();
  /** The sign-in has to begin again, and why when it wasn't the person's wish. */
  readonly over = output<ApiFailure | null>();

  private readonly session = inject(Session);
  private readonly api = inject(Api);
  private readonly catalogue = inject(TranslocoService);
  private readonly say = failureWords();
  private readonly code = viewChild<ElementRef<HTMLInputElement>>('code');

  protected readonly mustEnrol = computed(() => this.step().ways.length === 0);
  protected readonly hasApp = computed(() => this.step().ways.includes('totp'));
  protected readonly mayPasskey = computed(() => this.step().passkeyOptions !== null && canPasskeys());
  protected readonly app = signal<AuthenticatorView | null>(null);
  protected readonly enrolled = signal<{ session: SessionView; codes: readonly string[] } | null>(null);
  protected readonly failure = signal<string | null>(null);
  /** Whether the code is what was refused. */
  protected readonly isWrong = signal(false);
  protected readonly busy = signal(false);

  constructor() {
    addWords({ 'sign-in': words });
    afterNextRender(() => {
      this.code()?.nativeElement.focus();
      if (this.mustEnrol()) void this.attempt(async () => { this.app.set(await this.api.call(beginEnrolment, { body: { ticket: this.step().ticket } })); });
    });
  }

  protected async submit(submitted: Event): Promise<void> {
    submitted.preventDefault();
    const code = this.code()?.nativeElement.value.trim() ?? '';
    if (code === '') {
      this.failure.set(this.catalogue.translate('sign-in.codeMissing'));
      this.isWrong.set(true);
      return;
    }
    const { ticket } = this.step();
    const app = this.app();
    await this.attempt(async () => {
      if (!this.mustEnrol()) {
        await this.session.showCode(ticket, code);
        this.done.emit();
      } else if (app) {
        const { session, recoveryCodes } = await this.api.call(confirmEnrolment, { body: { ticket, factorId: app.id, code } });
        this.enrolled.set({ session, codes: recoveryCodes });
      }
    });
  }

  protected async withPasskey(): Promise<void> {
    const { ticket, passkeyOptions } = this.step();
    if (passkeyOptions === null) return;
    await this.attempt(async () => {
      const answer = await showPasskey(passkeyOptions).catch(() => null);
      if (answer === null) {
        this.failure.set(this.catalogue.translate('sign-in.passkeyFailed'));
        return;
      }
      await this.session.showPasskey(ticket, answer);
      this.done.emit();
    });
  }

  protected enter(session: SessionView): void {
    this.session.enter(session);
    this.done.emit();
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.isWrong.set(false);
    try {
      await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'sign-in-step-over') this.over.emit(failure);
      else this.failure.set(this.say(failure));
      this.isWrong.set(failure.code === 'wrong-code');
      this.code()?.nativeElement.select();
    } finally {
      this.busy.set(false);
    }
  }
}
