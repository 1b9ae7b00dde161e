import { Component, inject, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { changeNotices } from '@mu/shared/api/generated/fn/organisation/change-notices';
import { changeProfile } from '@mu/shared/api/generated/fn/organisation/change-profile';
import { readNotices } from '@mu/shared/api/generated/fn/organisation/read-notices';
import { readOrganisation } from '@mu/shared/api/generated/fn/organisation/read-organisation';
import { readSettingsHistory } from '@mu/shared/api/generated/fn/organisation/read-settings-history';
import type { Nation, SettingsChange } from '@mu/shared/api/generated/models';
import { failureWords, knownWords } from '@mu/shared/i18n/catalogue';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { focusOn } from '@mu/shared/ui/focus-on';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { takeOver } from '@mu/shared/ui/take-over';
import { Toasts } from '@mu/shared/ui/toasts';
import type { Unsaved } from '@mu/shared/ui/unsaved/unsaved';
import { BrandingSection } from './branding-section';

const NATIONS: readonly Nation[] = ['ENG', 'WLS', 'SCT', 'NIR'];
const TEXTS = new Set(['privacy_notice', 'accessibility_statement']);
/** Of which the log knows that there is one, and not which: it may be somebody's own. */
const PRIVATE: ReadonlySet<string> = new Set(['phone', 'has_emergency_contact', 'has_emergency_phone']);

/** What tenants and everybody else read about the organisation, and who changed which setting when. */
@Component({
  selector: 'mu-public-face-page',
  imports: [BrandingSection, ErrorState, Icon, ReactiveFormsModule, RelativeTime, Skeleton, TranslocoPipe],
  host: { class: 'block', '(window:beforeunload)': 'isUnsaved() && $event.preventDefault()' },
  templateUrl: './public-face-page.html',
})
export class PublicFacePage implements Unsaved {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly known = knownWords();
  private readonly failed = failureWords();
  private readonly focus = focusOn();
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});

  protected readonly nations = NATIONS;
  protected readonly address = signal<string | null>(null);
  protected readonly changes = signal<readonly SettingsChange[]>([]);
  protected readonly version = signal<number | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly profile = new FormGroup({
    name: new FormControl('', { nonNullable: true }),
    phone: new FormControl('', { nonNullable: true }),
    nation: new FormControl<Nation>('ENG', { nonNullable: true }),
  });
  protected readonly notices = new FormGroup({
    privacyNotice: new FormControl('', { nonNullable: true }),
    accessibilityStatement: new FormControl('', { nonNullable: true }),
  });

  constructor() {
    void this.load();
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  isUnsaved(): boolean {
    return this.profile.dirty || this.notices.dirty;
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      await this.takeOver();
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected saveProfile(): Promise<void> {
    return this.save(this.profile, (match) => this.api.call(changeProfile, { 'if-match': match, body: this.profile.getRawValue() }));
  }

  protected saveNotices(): Promise<void> {
    return this.save(this.notices, (match) => this.api.call(changeNotices, { 'if-match': match, body: this.notices.getRawValue() }));
  }

  /** One change in words; of a long text only that it was written anew. */
  protected told(field: string, [before, after]: readonly unknown[]): string {
    const named = this.known(`public-face.field.${field}`) ?? field;
    if (PRIVATE.has(field)) return this.words.translate(`public-face.${before && after ? 'another' : after ? 'given' : 'takenOut'}`, { field: named });
    if (TEXTS.has(field)) return this.words.translate('public-face.rewritten', { field: named });
    return this.words.translate('public-face.change', { field: named, before: this.value(before), after: this.value(after) });
  }

  protected lines({ changes }: SettingsChange): readonly string[] {
    return Object.entries(changes).map(([field, pair]) => this.told(field, pair as readonly unknown[]));
  }

  private value(value: unknown): string {
    if (typeof value === 'boolean') return this.words.translate(value ? 'public-face.yes' : 'public-face.no');
    if (typeof value !== 'string' || value === '') return this.words.translate('public-face.nothing');
    return this.known(`public-face.nations.${value}`) ?? value;
  }

  /** Reads it as it is now; what was typed stays. */
  private async takeOver(): Promise<void> {
    const [organisation, notices] = await Promise.all([this.api.call(readOrganisation, {}), this.api.call(readNotices, {})]);
    takeOver(this.profile, { name: organisation.name, phone: organisation.phone ?? '', nation: organisation.nation });
    takeOver(this.notices, { privacyNotice: notices.privacyNotice ?? '', accessibilityStatement: notices.accessibilityStatement ?? '' });
    this.address.set(notices.address);
    this.version.set(notices.version);
    await this.remember();
  }

  private async save(form: FormGroup, put: (match: string) => Promise<{ version: number }>): Promise<void> {
    const version = this.version();
    if (version === null || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    this.fields.set({});
    try {
      this.version.set((await put(etag({ version }))).version);
      form.markAsPristine();
      this.toasts.show(this.words.translate('public-face.saved'));
      await this.remember();
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.fields.set(failure.fields);
      this.focus('[aria-invalid="true"]');
      if (failure.status === 412) {
        await this.takeOver().then(
          () => { this.failure.set(this.words.translate('record.changed')); },
          (again: unknown) => { this.failure.set(this.failed(toFailure(again))); },
        );
      } else this.failure.set(Object.keys(failure.fields).length ? null : this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected async remember(): Promise<void> {
    this.changes.set((await this.api.call(readSettingsHistory, {})).items);
  }
}
