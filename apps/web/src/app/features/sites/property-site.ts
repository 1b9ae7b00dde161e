import { Component, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AssetView, HintView, PropertyView } from '@mu/shared/api/generated/models';
import { toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { calendarDay, day } from '@mu/shared/ui/when';
import words from './en.json';
import { SiteApi } from './site-api';
import { assetForm, hintForm } from './site-forms';

/** What is to be known of a building before a door opens, and what stands in it. */
@Component({
  selector: 'mu-property-site',
  imports: [Icon, RecordDialog, Skeleton, TranslocoPipe],
  host: { class: 'flex flex-col gap-6' },
  template: `
    @if (failure(); as words) { <p class="text-overdue" role="alert">{{ words }}</p> }
    <section class="flex flex-col gap-3" aria-labelledby="hints">
      <div class="flex items-center justify-between gap-3">
        <h2 id="hints" class="text-base">{{ 'sites.hints' | transloco }}</h2>
        @if (mayWrite()) { <button type="button" class="mu-button" (click)="form.set(hint(null))"><mu-icon name="plus" size="16" />{{ 'sites.hint.add' | transloco }}</button> }
      </div>
      @if (hints(); as all) {
        @for (one of all; track one.id) {
          <article class="flex items-start gap-2.5 rounded-md px-3.5 py-2.5" [class]="over(one) ? 'bg-paper text-muted' : one.isAlert ? 'bg-due-soon-soft text-due-soon' : 'bg-paper'">
            <mu-icon size="16" class="mt-0.5" [name]="one.isAlert ? 'alert' : 'info'" />
            <div class="min-w-0 flex-1">
              <h3>{{ 'sites.hintKind.' + one.kind | transloco }}@if (home(one.unitId); as label) { <span class="font-normal">{{ ', ' + label }}</span> }</h3>
              @if (one.text) { <p class="whitespace-pre-line">{{ one.text }}</p> }
              @if (one.endsOn) { <p class="text-xs">{{ 'sites.until' | transloco: { day: on(one.endsOn) } }}</p> }
            </div>
            @if (mayWrite()) { <button type="button" class="text-xs underline" (click)="form.set(hint(one))">{{ 'record.edit' | transloco }}</button> }
          </article>
        } @empty { <p class="text-muted">{{ 'sites.hint.none' | transloco }}</p> }
      } @else if (!failure()) { <mu-skeleton height="3rem" /> }
    </section>
    <section class="flex flex-col gap-3" aria-labelledby="assets">
      <div class="flex items-center justify-between gap-3">
        <h2 id="assets" class="text-base">{{ 'sites.assets' | transloco }}</h2>
        @if (mayWrite()) { <button type="button" class="mu-button" (click)="form.set(asset(null))"><mu-icon name="plus" size="16" />{{ 'sites.asset.add' | transloco }}</button> }
      </div>
      @if (assets(); as all) {
        <ul class="divide-y divide-hairline rounded-md border border-hairline empty:hidden">
          @for (one of all; track one.id) {
            <li class="flex items-start gap-2.5 px-3.5 py-2.5" [class.text-muted]="one.removedOn">
              <mu-icon name="wrench" size="16" class="mt-0.5 text-muted" />
              <div class="min-w-0 flex-1">
                <p class="font-medium">{{ 'sites.assetKind.' + one.kind | transloco }}@if (home(one.unitId); as label) { <span class="font-normal">{{ ', ' + label }}</span> }</p>
                <p class="text-xs text-muted">{{ made(one) }}</p>
                @if (one.removedOn) { <p class="text-xs">{{ 'sites.gone' | transloco: { day: on(one.removedOn) } }}</p> }
                @else if (one.warrantyUntil) { <p class="text-xs" [class.text-on-time]="one.warrantyUntil >= today()">{{ (one.warrantyUntil >= today() ? 'sites.warranty' : 'sites.warrantyOver') | transloco: { day: on(one.warrantyUntil) } }} {{ one.warrantyWith }} {{ one.warrantyPhone }}</p> }
              </div>
              @if (mayWrite()) { <button type="button" class="text-xs text-accent underline" (click)="form.set(asset(one))">{{ 'record.edit' | transloco }}</button> }
            </li>
          }
        </ul>
        @if (!all.length) { <p class="text-muted">{{ 'sites.asset.none' | transloco }}</p> }
      } @else if (!failure()) { <mu-skeleton height="3rem" /> }
    </section>
    @if (form(); as form) { <mu-record-dialog [form]="form" (saved)="load()" (closed)="this.form.set(null)" /> }
  `,
})
export class PropertySite {
  readonly property = input.required<PropertyView>();
  /** What stands there, once it is known. */
  readonly found = output<readonly AssetView[]>();

  private readonly api = inject(SiteApi);
  private readonly session = inject(Session);
  private readonly now = inject(Now);
  private readonly failed = failureWords();

  protected readonly hints = signal<readonly HintView[] | null>(null);
  protected readonly assets = signal<readonly AssetView[] | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('properties:write'));
  protected readonly today = computed(() => calendarDay(this.now.at()));
  private readonly id = computed(() => this.property().id);

  constructor() {
    addWords({ sites: words });
    effect(() => {
      this.id();
      untracked(() => {
        this.hints.set(null);
        this.assets.set(null);
        void this.load();
      });
    });
  }

  protected async load(): Promise<void> {
    const id = this.id();
    this.failure.set(null);
    try {
      const [hints, assets] = await Promise.all([this.api.hints(id), this.api.assets(id)]);
      if (id !== this.id()) return;
      this.hints.set(hints);
      this.assets.set(assets);
      this.found.emit(assets);
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    }
  }

  protected hint(one: HintView | null): RecordForm {
    return hintForm(this.api, this.property(), one, this.today());
  }

  protected asset(one: AssetView | null): RecordForm {
    return assetForm(this.api, this.property(), one);
  }

  protected over({ endsOn }: HintView): boolean {
    return endsOn !== null && endsOn < this.today();
  }

  protected home(unit: string | null): string {
    return this.property().units.find(({ id }) => id === unit)?.label ?? '';
  }

  protected made({ make, model, serialNumber, installedOn }: AssetView): string {
    return [make, model, serialNumber, installedOn && this.on(installedOn)].filter(Boolean).join(' · ');
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }
}
