import { Component, computed, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeSettings } from '@mu/shared/api/generated/fn/organisation/change-settings';
import { readOrganisation } from '@mu/shared/api/generated/fn/organisation/read-organisation';
import type { SettingsView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { focusOn } from '@mu/shared/ui/focus-on';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import type { Unsaved } from '@mu/shared/ui/unsaved/unsaved';

const FIELDS = ['emergencyEmail', 'emergencyPhone', 'isAiOn'] as const;
const LABELS = { emergencyEmail: 'settings.email', emergencyPhone: 'settings.phone', isAiOn: 'settings.aiOn' } as const;

/** A setting that a colleague has given another value. */
interface Change {
  readonly field: (typeof FIELDS)[number];
  readonly value: string | boolean;
}

/** What an organisation decides: whom a danger reaches at any hour, and whether AI may propose. */
@Component({
  selector: 'mu-settings-page',
  imports: [ErrorState, Icon, ReactiveFormsModule, Skeleton, TranslocoPipe],
  host: { class: 'block', '(window:beforeunload)': 'isUnsaved() && $event.preventDefault()' },
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
          @if (theirs(); as changes) {
            <div class="flex flex-col items-start gap-2 rounded-md bg-due-soon-soft px-3 py-2.5" role="alert">
              <p>{{ 'settings.changed' | transloco }}</p>
              <ul class="list-disc pl-5">
                @for (one of changes; track one.field) {
                  <li class="wrap-anywhere">{{ 'settings.now' | transloco: { field: LABELS[one.field] | transloco, value: words(one.value) } }}</li>
                }
              </ul>
              <button type="button" class="mu-button" (click)="takeTheirs()">{{ 'settings.takeTheirs' | transloco }}</button>
            </div>
          }
          @if (mayChange()) {
            <div><button type="submit" class="mu-button mu-button-filled" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'settings.save' | transloco }}</button></div>
          }
        </form>
      }
    </div>
  `,
})
export class SettingsPage implements Unsaved {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly catalogue = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly focus = focusOn();
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});

  protected readonly settings = signal<SettingsView | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  /** What a colleague has saved meanwhile. The form keeps what was typed here. */
  protected readonly theirs = signal<readonly Change[] | null>(null);
  protected readonly LABELS = LABELS;
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

  isUnsaved(): boolean {
    return this.form.dirty;
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
      this.show(await this.api.call(changeSettings, { 'if-match': etag(seen), body: this.form.getRawValue() }));
      this.toasts.show(this.catalogue.translate('settings.saved'));
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as SettingsView | undefined;
      if (current) this.compare(seen, current);
      this.fields.set(failure.fields);
      this.focus('[aria-invalid="true"]');
      this.failure.set(current || Object.keys(failure.fields).length ? null : this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected takeTheirs(): void {
    const settings = this.settings();
    if (settings) this.show(settings);
  }

  protected words(value: string | boolean): string {
    return typeof value === 'string' && value ? value : this.catalogue.translate(`settings.${value === '' ? 'nothing' : value ? 'on' : 'off'}`);
  }

  /** What nobody has touched here becomes the colleague's; what somebody has typed stays, and can be saved or given up. */
  private compare(seen: SettingsView, current: SettingsView): void {
    const [before, now, typed] = [valuesOf(seen), valuesOf(current), this.form.getRawValue()];
    this.settings.set(current);
    this.theirs.set(FIELDS.filter((field) => now[field] !== before[field]).map((field) => ({ field, value: now[field] })));
    for (const field of FIELDS) if (typed[field] === before[field]) this.form.patchValue({ [field]: now[field] });
  }

  private show(settings: SettingsView): void {
    this.settings.set(settings);
    this.theirs.set(null);
    this.form.setValue(valuesOf(settings));
    this.form.markAsPristine();
    if (!this.mayChange()) this.form.disable();
  }
}

function valuesOf({ emergencyEmail, emergencyPhone, isAiOn }: SettingsView): { emergencyEmail: string; emergencyPhone: string; isAiOn: boolean } {
  return { emergencyEmail: emergencyEmail ?? '', emergencyPhone: emergencyPhone ?? '', isAiOn };
}
