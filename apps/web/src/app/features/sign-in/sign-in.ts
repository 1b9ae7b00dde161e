import { Location } from '@angular/common';
import { type ElementRef, Component, DestroyRef, computed, inject, input, signal, viewChild } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { StepView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { wantedPage } from '@mu/shared/auth/signed-in';
import { addWords, failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { Connection } from '@mu/shared/pwa/connection';
import { Icon } from '@mu/shared/ui/icon';
import { wait } from '@mu/shared/ui/when';
import { SecondStep } from './second-step';
import { SignUpLink } from './sign-up-link';
import words from './en.json';

@Component({
  selector: 'mu-sign-in',
  imports: [Icon, ReactiveFormsModule, RouterLink, SecondStep, SignUpLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  templateUrl: './sign-in.html',
})
export class SignIn {
  /** The page that was wanted, from the address. */
  readonly to = input<string>();
  /** Why the page before this one ended, from the address. */
  readonly ended = input<string>();

  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly place = inject(Location);
  private readonly said = knownWords();
  private readonly email = viewChild.required<ElementRef<HTMLInputElement>>('email');
  private readonly password = viewChild.required<ElementRef<HTMLInputElement>>('password');

  protected readonly form = inject(NonNullableFormBuilder).group({
    email: ['', [Validators.required, Validators.email]],
    password: ['', Validators.required],
  });
  protected readonly online = inject(Connection).online;
  protected readonly words = failureWords();
  protected readonly note = computed(() => this.said(`sign-in.ended.${this.session.ended() ?? this.ended() ?? ''}`));
  protected readonly busy = signal(false);
  protected readonly asked = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly shown = signal(false);
  protected readonly capsLock = signal(false);
  /** What is left to prove once the password was right. */
  protected readonly step = signal<StepView | null>(null);

  private readonly secondsLeft = signal(0);
  protected readonly waiting = computed(() => (this.secondsLeft() > 0 ? wait(this.secondsLeft()) : null));
  private countdown: ReturnType<typeof setInterval> | undefined;

  constructor() {
    addWords({ 'sign-in': words });
    inject(DestroyRef).onDestroy(() => {
      clearInterval(this.countdown);
    });
  }

  protected async submit(): Promise<void> {
    this.asked.set(true);
    if (this.busy() || this.waiting()) return;
    if (this.form.invalid) {
      (this.form.controls.email.invalid ? this.email() : this.password()).nativeElement.focus();
      return;
    }
    this.busy.set(true);
    this.failure.set(null);
    try {
      const { email, password } = this.form.getRawValue();
      const step = await this.session.signIn(email.trim(), password);
      if (step) this.step.set(step);
      else await this.goOn();
    } catch (thrown) {
      this.refused(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  /** Leads to the page that was wanted. */
  protected async goOn(): Promise<void> {
    const wanted = wantedPage(this.to() ?? null);
    if (this.session.changedHands) location.assign(this.place.prepareExternalUrl(wanted));
    else await this.router.navigateByUrl(wanted);
  }

  /** Begins again, because the rest was left for too long. */
  protected startAgain(why: ApiFailure | null): void {
    this.step.set(null);
    this.failure.set(why);
  }

  protected keyed(event: KeyboardEvent): void {
    // A browser that fills the field in sends keys without modifiers.
    this.capsLock.set((event as Partial<KeyboardEvent>).getModifierState?.('CapsLock') ?? false);
  }

  private refused(failure: ApiFailure): void {
    this.failure.set(failure);
    if (failure.status === 429) this.waitFor(failure.retryAfter ?? 60);
    if (failure.code !== 'invalid-credentials') return;
    this.password().nativeElement.focus();
    this.password().nativeElement.select();
  }

  private waitFor(seconds: number): void {
    clearInterval(this.countdown);
    const until = Date.now() + seconds * 1000;
    const look = (): void => {
      this.secondsLeft.set(Math.max(0, (until - Date.now()) / 1000));
      if (this.secondsLeft() === 0) {
        clearInterval(this.countdown);
        this.failure.set(null);
      }
    };
    look();
    this.countdown = setInterval(look, 1000);
  }
}
