import { Component, computed, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeSettings, readOrganisation } from '@mu/shared/api/generated/functions';
import type { SettingsView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';

/** What an organisation decides: whom a danger reaches at any hour, and whether AI may propose. */
@Component({
  selector: 'mu-settings-page',
  imports: [ErrorState, Icon, ReactiveFormsModule, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  template: `
    <div class="mx-auto max-w-xl px-4 py-6">
      <h1 class="text-lg">{{ 'settings.title' | transloco }}</h1>
      @if (broken(); as failure) {
        <mu-error-state [heading]="'settings.failed' | transloco" [failure]="failure" (retry)="load()" />
      } @else if (!settings()) {
        <div class="mt-6 flex flex-col gap-4"><mu-skeleton width="40%" /><mu-skeleton height="2.75rem" /><mu-skeleton height="2.75rem" /></div>
      } @else {
        <form class="mt-6 flex flex-col gap-8" [formGroup]="form" novalidate (ngSubmit)="save()">
          <section class="flex flex-col gap-4" aria-labelledby="emergency">
            <div>
              <h2 id="emergency" class="text-base">{{ 'settings.emergency' | transloco }}</h2>
              <p class="text-muted">{{ 'settings.emergencyText' | transloco }}</p>
            </div>
            @if (!settings()!.hasEmergencyContact) {
              <p class="flex items-start gap-2 rounded-md bg-due-soon-soft px-3 py-2 text-due-soon"><mu-icon name="alert" size="18" />{{ 'settings.none' | transloco }}</p>
            }
            <div>
              <label class="mb-1.5 block font-medium" for="emergency-email">{{ 'settings.email' | transloco }}</label>
              <input id="emergency-email" type="email" class="mu-field" autocomplete="off" formControlName="emergencyEmail" aria-describedby="emergency-email-error" [attr.aria-invalid]="wrong('emergencyEmail') !== null" />
              <p id="emergency-email-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong('emergencyEmail') }}</p>
            </div>
            <div>
              <label class="mb-1.5 block font-medium" for="emergency-phone">{{ 'settings.phone' | transloco }}</label>
              <input id="emergency-phone" type="tel" class="mu-field" autocomplete="off" formControlName="emergencyPhone" aria-describedby="emergency-phone-hint emergency-phone-error" [attr.aria-invalid]="wrong('emergencyPhone') !== null" />
              <p id="emergency-phone-error" class="mt-1.5 text-overdue empty:hidden">{{ wrong('emergencyPhone') }}</p>
              <p id="emergency-phone-hint" class="mt-1.5 text-xs text-muted">{{ 'settings.phoneHint' | transloco }}</p>
            </div>
          </section>
          <section class="flex flex-col gap-3" aria-labelledby="ai">
            <div>
              <h2 id="ai" class="text-base">{{ 'settings.ai' | transloco }}</h2>
              <p class="text-muted">{{ 'settings.aiText' | transloco }}</p>
            </div>
            <label class="flex min-h-9 items-center gap-2.5"><input type="checkbox" class="size-4 accent-accent" formControlName="isAiOn" />{{ 'settings.aiOn' | transloco }}</label>
          </section>
          <p class="text-overdue empty:hidden" role="alert">{{ failure() }}</p>
          @if (mayChange()) {
            <div><button type="submit" class="mu-button mu-button-filled" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'settings.save' | transloco }}</button></div>
          }
        </form>
      }
    </div>
  `,
})
export class SettingsPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});

  protected readonly settings = signal<SettingsView | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayChange = computed(() => this.session.can('settings:write'));
  protected readonly form = new FormGroup({
    emergencyEmail: new FormControl('', { nonNullable: true }),
    emergencyPhone: new FormControl('', { nonNullable: true }),
    isAiOn: new FormControl(true, { nonNullable: true }),
  });

  constructor() {
    void this.load();
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      this.show(await this.api.call(readOrganisation, {}));
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected async save(): Promise<void> {
    const seen = this.settings();
    if (!seen || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    try {
      this.show(await this.api.call(changeSettings, { 'if-match': `"v${seen.version.toString()}"`, body: this.form.getRawValue() }));
      this.toasts.show(this.words.translate('settings.saved'));
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as SettingsView | undefined;
      if (current) this.show(current);
      this.fields.set(failure.fields);
      this.failure.set(current ? this.words.translate('settings.changed') : Object.keys(failure.fields).length ? null : this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  private show(settings: SettingsView): void {
    this.settings.set(settings);
    this.form.setValue({ emergencyEmail: settings.emergencyEmail ?? '', emergencyPhone: settings.emergencyPhone ?? '', isAiOn: settings.isAiOn });
    if (!this.mayChange()) this.form.disable();
  }
}
