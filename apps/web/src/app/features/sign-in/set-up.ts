import { Location } from '@angular/common';
import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { setUp } from '@mu/shared/api/generated/fn/set-up/set-up';
import type { Nation, OrganisationKind } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { OrganisationFields } from './organisation-fields';
import words from './en.json';

/** Sets a live installation up: its first organisation and that organisation's administrator. Works once. */
@Component({
  selector: 'mu-set-up',
  imports: [OrganisationFields, ReactiveFormsModule, RouterLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  templateUrl: './set-up.html',
})
export class SetUp {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly say = failureWords();

  protected readonly token = inject(ActivatedRoute).snapshot.fragment;
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly form = new FormGroup({
    organisation: new FormControl('', { nonNullable: true }),
    kind: new FormControl<OrganisationKind>('letting_agent', { nonNullable: true }),
    nation: new FormControl<Nation>('ENG', { nonNullable: true }),
    name: new FormControl('', { nonNullable: true }),
    email: new FormControl('', { nonNullable: true }),
    password: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    addWords({ 'sign-in': words });
    // The secret leaves the address bar, and with it the history.
    inject(Location).replaceState('/set-up');
  }

  protected async send(): Promise<void> {
    if (this.busy() || !this.token) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      this.session.enter(await this.api.call(setUp, { body: { token: this.token, ...this.form.getRawValue() } }));
      await this.router.navigateByUrl('/settings');
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  protected wrong(field: string): string | null {
    return this.failure()?.fields[field]?.join(' ') ?? null;
  }

  /** What is wrong with the whole of it; single fields say their own. */
  protected whole(): string | null {
    const failure = this.failure();
    return failure && Object.keys(failure.fields).length === 0 ? this.say(failure) : null;
  }
}
