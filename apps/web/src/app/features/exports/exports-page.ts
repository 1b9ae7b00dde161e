import { Component, DestroyRef, type ElementRef, computed, effect, inject, signal, viewChild } from '@angular/core';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { askForExport } from '@mu/shared/api/generated/fn/exports/ask-for-export';
import { cancelExport } from '@mu/shared/api/generated/fn/exports/cancel-export';
import { handOutExport } from '@mu/shared/api/generated/fn/exports/hand-out-export';
import { listExports } from '@mu/shared/api/generated/fn/exports/list-exports';
import type { ExportList, ExportView } from '@mu/shared/api/generated/models';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Toasts } from '@mu/shared/ui/toasts';
import { shortMoment } from '@mu/shared/ui/when';

const LOOK_EVERY = 1_500;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** What somebody is about to do, which asks first who they are. */
type Wish = { readonly is: 'make' } | { readonly is: 'take'; readonly id: string };

/** Everything the organisation owns as one file: made in the background, downloaded within a day. */
@Component({
  selector: 'mu-exports-page',
  imports: [Counted, EmptyState, ErrorState, Icon, ReactiveFormsModule, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './exports-page.html',
})
export class ExportsPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly say = failureWords();
  private looking: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  protected readonly list = signal<ExportList | null>(null);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly wish = signal<Wish | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly throwing = signal(false);
  protected readonly password = new FormControl('', { nonNullable: true });
  protected readonly making = computed(() => this.list()?.items.find(({ status }) => status === 'making') ?? null);
  protected readonly ready = computed(() => this.list()?.items.find(({ status }) => status === 'ready') ?? null);
  protected readonly newest = computed(() => this.list()?.items.at(0) ?? null);
  protected readonly past = computed(() => this.list()?.items.filter((one) => one !== this.making() && one !== this.ready()) ?? []);

  private readonly proof = viewChild<ElementRef<HTMLInputElement>>('proof');

  constructor() {
    void this.load();
    effect(() => this.proof()?.nativeElement.focus());
    inject(DestroyRef).onDestroy(() => {
      this.gone = true;
      clearTimeout(this.looking);
    });
  }

  protected async load(): Promise<void> {
    clearTimeout(this.looking);
    this.broken.set(null);
    try {
      this.list.set(await this.api.call(listExports, {}));
    } catch (thrown) {
      if (this.list() === null) this.broken.set(toFailure(thrown));
    }
    if (!this.gone && this.making()) this.looking = setTimeout(() => void this.load(), LOOK_EVERY);
  }

  protected ask(wish: Wish): void {
    this.failure.set(null);
    this.throwing.set(false);
    this.password.reset();
    this.wish.set(wish);
  }

  protected giveUp(): void {
    this.wish.set(null);
    this.password.reset();
  }

  protected async goOn(submitted: Event): Promise<void> {
    submitted.preventDefault();
    const wish = this.wish();
    if (!wish || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    const body = this.list()?.needsPassword ? { password: this.password.value } : {};
    try {
      if (wish.is === 'make') await this.api.call(askForExport, { body });
      else this.fetch(await this.api.call(handOutExport, { export_id: wish.id, body }));
      this.giveUp();
      await this.load();
    } catch (thrown) {
      this.failure.set(this.say(toFailure(thrown)));
    } finally {
      this.busy.set(false);
    }
  }

  protected async stop({ id, status }: ExportView): Promise<void> {
    this.throwing.set(false);
    try {
      await this.api.call(cancelExport, { export_id: id });
      this.toasts.show(this.words.translate(status === 'making' ? 'exports.stopped' : 'exports.thrownAway'));
    } catch (thrown) {
      this.toasts.show(this.say(toFailure(thrown)));
    }
    await this.load();
  }

  protected size(bytes: number): string {
    const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1);
    const unit = UNITS[power] ?? 'byte';
    return new Intl.NumberFormat('en-GB', { style: 'unit', unit, maximumFractionDigits: power ? 1 : 0 }).format(bytes / 1_000 ** power);
  }

  protected count(of: number): string {
    return of.toLocaleString('en-GB');
  }

  protected short(at: string): string {
    return shortMoment(at, this.now.at());
  }

  protected failureOf({ failure }: ExportView): string {
    return this.words.translate(`exports.failure.${failure === 'too-large' ? failure : 'gave-up'}`);
  }

  /** The browser's own downloads take it from here: a page can't hold gigabytes. */
  private fetch({ address, fileName }: { readonly address: string; readonly fileName: string }): void {
    const link = document.createElement('a');
    link.href = address;
    link.download = fileName;
    link.click();
    this.toasts.show(this.words.translate('exports.begun'));
  }
}
