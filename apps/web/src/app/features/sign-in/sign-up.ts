import { Component, ElementRef, Injector, afterNextRender, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { signUp } from '@mu/shared/api/generated/fn/set-up/sign-up';
import type { Nation, OrganisationKind } from '@mu/shared/api/generated/models';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { OrganisationFields } from './organisation-fields';
import words from './en.json';

/** Begins an organisation: a letter goes out, and its link leads to the page of every other invitation. */
@Component({
  selector: 'mu-sign-up',
  imports: [Icon, OrganisationFields, ReactiveFormsModule, RouterLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  templateUrl: './sign-up.html',
})
export class SignUp {
  private readonly api = inject(Api);
  private readonly say = failureWords();
  private readonly page = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly injector = inject(Injector);

  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  /** Where the letter went. */
  protected readonly sentTo = signal<string | null>(null);
  protected readonly form = new FormGroup({
    name: new FormControl('', { nonNullable: true }),
    kind: new FormControl<OrganisationKind>('letting_agent', { nonNullable: true }),
    nation: new FormControl<Nation>('ENG', { nonNullable: true }),
    email: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    addWords({ 'sign-in': words });
  }

  protected async send(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    const typed = this.form.getRawValue();
    try {
      await this.api.call(signUp, { body: { ...typed, email: typed.email.trim() } });
      this.sentTo.set(typed.email.trim());
      this.look('h1');
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
      this.look('[aria-invalid=true]');
    } finally {
      this.busy.set(false);
    }
  }

  /** Back to the form, with what was typed: an address has its typing errors. */
  protected again(): void {
    this.sentTo.set(null);
    this.look('#email');
  }

  protected wrong(field: string): string | null {
    return this.failure()?.fields[field]?.join(' ') ?? null;
  }

  /** What is wrong with the whole of it; single fields say their own. */
  protected whole(): string | null {
    const failure = this.failure();
    if (!failure || Object.keys(failure.fields).length) return null;
    return failure.status > 0 && failure.status < 500 ? failure.message : this.say(failure);
  }

  private look(where: string): void {
    afterNextRender(() => this.page.querySelector<HTMLElement>(where)?.focus(), { injector: this.injector });
  }
}
