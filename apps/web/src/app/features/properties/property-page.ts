import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { AssetView, PropertyView, UnitView } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { PageTitle } from '@mu/shared/ui/page-title';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { day } from '@mu/shared/ui/when';
import { Toasts } from '@mu/shared/ui/toasts';
import { PropertySite } from '../sites/property-site';
import { DocumentList } from '../documents/document-list';
import type { Place } from '../documents/document-forms';
import { HomeCard } from './home-card';
import { PropertyApi } from './property-api';
import { PropertyFinds } from './property-finds';
import { changedProperty, unitForm } from './property-forms';

/** One building: where it is, its homes and who lives in them, and what is going on there. */
@Component({
  selector: 'mu-property-page',
  imports: [Called, Counted, DocumentList, EmptyState, ErrorState, HomeCard, Icon, PropertySite, RecordDialog, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './property-page.html',
})
export class PropertyPage {
  readonly id = input.required<string>();

  protected readonly api = inject(PropertyApi);
  private readonly finds = inject(PropertyFinds);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly session = inject(Session);
  private readonly now = inject(Now);

  protected readonly property = signal<PropertyView | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly assets = signal<readonly AssetView[]>([]);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('properties:write'));
  protected readonly mayHandOver = computed(() => this.session.can('users:manage'));
  private readonly failed = failureWords();
  /** What a document may be about, besides the whole: a home, the tenancy in it, or what stands there. */
  protected readonly places = computed<readonly Place[]>(() => [...(this.property()?.units ?? []).flatMap(({ id, label, tenancy }) => [
    ...(label ? [{ value: `home:${id}`, words: label }] : []),
    ...(tenancy ? [{ value: `tenancy:${tenancy.id}`, words: this.words.translate(label ? 'properties.tenancyOf' : 'properties.tenancySince', { day: day(tenancy.startedOn, this.now.at()), home: label }) }] : []),
  ]), ...this.assets().filter(({ removedOn }) => removedOn === null).map(({ id, kind, make }) => ({ value: `asset:${id}`, words: [this.words.translate(`sites.assetKind.${kind}`), make].filter(Boolean).join(', ') }))]);
  protected readonly map = computed(() => {
    const shown = this.property();
    return shown && `https://www.openstreetmap.org/search?query=${encodeURIComponent(`${shown.addressLine}, ${shown.town} ${shown.postcode}`)}`;
  });

  constructor() {
    effect(() => {
      this.id();
      this.property.set(null);
      this.assets.set([]);
      void untracked(() => this.load());
    });
    effect(() => {
      if (this.api.news()) void untracked(() => this.load());
    });
  }

  protected async load(): Promise<void> {
    const id = this.id();
    this.failure.set(null);
    try {
      const shown = await this.api.read(id);
      if (id !== this.id()) return;
      this.property.set(shown);
      this.title.say(shown.addressLine);
    } catch (thrown) {
      if (id === this.id()) this.failure.set(toFailure(thrown));
    }
  }

  protected change(shown: PropertyView): void {
    this.form.set(changedProperty(this.api, this.finds, shown));
  }

  protected async handOver(shown: PropertyView): Promise<void> {
    try {
      this.form.set(await this.finds.handOver(shown, () => void this.load()));
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    }
  }

  protected unit(shown: PropertyView, unit: UnitView | null): void {
    this.form.set(unitForm(this.api, shown, unit));
  }

  protected saved(): void {
    this.toasts.show(this.words.translate('properties.saved'));
  }
}
