import { Location } from '@angular/common';
import { Component, computed, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { acceptInvitation } from '@mu/shared/api/generated/fn/invitations/accept-invitation';
import { lookAtInvitation } from '@mu/shared/api/generated/fn/invitations/look-at-invitation';
import type { OfferView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';

/** Where the letter of an invitation leads: looking uses nothing up, the button does. */
@Component({
  selector: 'mu-invitation-page',
  imports: [Icon, ReactiveFormsModule, RouterLink, TranslocoPipe],
  host: { class: 'grid min-h-full place-items-center p-4' },
  templateUrl: './invitation-page.html',
})
export class InvitationPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly place = inject(Location);
  private readonly translate = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly known = knownWords();
  /** After the #, so that it stands in no log of any server. */
  private readonly token = inject(ActivatedRoute).snapshot.fragment ?? '';

  protected readonly offer = signal<OfferView | null>(null);
  protected readonly broken = signal<string | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});
  protected readonly done = signal<'sign-in' | 'elsewhere' | null>(null);
  protected readonly busy = signal(false);
  protected readonly shown = signal(false);
  protected readonly words = this.failed;
  /** As on the organisation's portal and letters: its colour, which needs no contrast of its own here. */
  protected readonly edge = computed(() => (this.offer()?.colour ? `4px solid ${this.offer()?.colour ?? ''}` : null));
  protected readonly role = computed(() => this.known(`role.${this.offer()?.role ?? ''}`) ?? this.offer()?.role ?? '');
  /** Whoever is signed in with the invited address has shown who they are, unless another organisation's provider let them in. */
  protected readonly isProven = computed(() => !this.mustProve() && this.session.user()?.email.toLowerCase() === this.offer()?.email.toLowerCase());
  private readonly mustProve = signal(false);
  protected readonly form = new FormGroup({ name: new FormControl('', { nonNullable: true }), password: new FormControl('', { nonNullable: true }) });

  constructor() {
    void this.look();
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  protected async join(): Promise<void> {
    if (this.busy()) return;
    const { name, password } = this.form.getRawValue();
    if (!name.trim()) {
      this.fields.set({ name: [this.translate.translate('invitation.nameMissing')] });
      return;
    }
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    try {
      const joined = await this.api.call(acceptInvitation, { body: { token: this.token, name, password: this.isProven() ? null : password } });
      // A new page, so that nothing of another organisation stays in memory.
      if (this.offer()?.client !== 'staff') this.done.set('elsewhere');
      else if (joined.session) location.assign(this.place.prepareExternalUrl('/'));
      else this.done.set('sign-in');
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (this.isProven() && failure.code === 'invalid-credentials') {
        this.mustProve.set(true);
        return;
      }
      this.fields.set(failure.fields);
      this.failure.set(Object.keys(failure.fields).length ? null : failure);
    } finally {
      this.busy.set(false);
    }
  }

  protected async signOut(): Promise<void> {
    await this.session.signOut().catch(() => undefined);
    location.reload();
  }

  private async look(): Promise<void> {
    if (!this.token) {
      this.broken.set(this.translate.translate('invitation.missing'));
      return;
    }
    await this.session.start();
    try {
      this.offer.set(await this.api.call(lookAtInvitation, { body: { token: this.token } }));
      this.form.patchValue({ name: this.isProven() ? (this.session.user()?.name ?? '') : '' });
    } catch (thrown) {
      this.broken.set(this.failed(toFailure(thrown)));
    }
  }
}
