import { Component, DestroyRef, type ElementRef, Injector, afterNextRender, computed, inject, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ImportPlan, ImportPreview, ImportView, Order, UploadedFile } from '@mu/shared/api/generated/models';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PriorityBadge } from '@mu/shared/ui/priority-badge';
import { day } from '@mu/shared/ui/when';
import { ImportApi } from './import-api';
import { FIELDS, type Field, MEANINGS, type Telling, guessed, planOf, unknownFirst } from './import-plan';

const LOOK_EVERY = 1_000;
const SAMPLES = 3;

/** Brings tickets in from a file: choose it, say what its columns tell, look at what it would become, start. */
@Component({
  selector: 'mu-import-page',
  imports: [Counted, Icon, PriorityBadge, RouterLink, TranslocoPipe],
  host: { class: 'block h-full overflow-y-auto' },
  templateUrl: './import-page.html',
})
export class ImportPage {
  private readonly api = inject(ImportApi);
  private readonly injector = inject(Injector);
  private readonly now = inject(Now);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly found = viewChild<ElementRef<HTMLElement>>('found');
  private looking: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  protected readonly fields = FIELDS;
  protected readonly failed = failureWords();
  protected readonly busy = signal(false);
  protected readonly over = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly file = signal<UploadedFile | null>(null);
  protected readonly telling = signal<Telling>({});
  protected readonly order = signal<Order | null>(null);
  protected readonly words = signal<NonNullable<ImportPlan['words']>>({});
  protected readonly preview = signal<ImportPreview | null>(null);
  protected readonly run = signal<ImportView | null>(null);

  protected readonly step = computed(() => {
    const run = this.run();
    if (run) return run.status === 'running' ? 'running' : 'ended';
    return this.file() ? 'columns' : 'choose';
  });
  protected readonly columns = computed(() => {
    const file = this.file();
    return file?.columns.map((name, place) => ({
      name,
      tells: this.telling()[name] ?? '',
      sample: file.sample.map((cells) => cells[place] ?? '').filter(Boolean).slice(0, SAMPLES),
    })) ?? [];
  });
  protected readonly meanings = computed(() => unknownFirst(this.preview()?.words ?? []));
  protected readonly datesTold = computed(() => Object.values(this.telling()).includes('reported_at'));
  /** Why nothing would come in, if nothing would. */
  protected readonly nothingNew = computed(() => {
    const preview = this.preview();
    if (!preview || preview.new) return null;
    if (!preview.bad) return 'imports.nothingNew';
    return preview.good ? 'imports.nothingNewButBad' : 'imports.nothingGood';
  });
  /** A date of the file that can be read both ways, when no row decides, with both readings. */
  protected readonly bothWays = computed(() => {
    const date = this.preview()?.undecidedDate;
    if (!date) return null;
    const ways: { order: Order; day: string }[] = [
      { order: 'day_first', day: this.dayOf(date.dayFirst) },
      { order: 'month_first', day: this.dayOf(date.monthFirst) },
    ];
    return { written: date.written, ways };
  });
  /** The server's words for a plan that makes no tickets. */
  protected readonly planWrong = computed(() => Object.values(this.failure()?.fields ?? {})[0]?.[0] ?? null);

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.gone = true;
      clearTimeout(this.looking);
    });
  }

  protected choose(files: FileList | null): void {
    const file = files?.item(0);
    if (file) void this.send(file);
  }

  protected dropped(event: DragEvent): void {
    event.preventDefault();
    this.over.set(false);
    this.choose(event.dataTransfer?.files ?? null);
  }

  protected hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over.set(over);
  }

  protected tells(column: string, field: string): void {
    this.telling.update((telling) => ({ ...telling, [column]: field as Field | '' }));
    this.preview.set(null);
  }

  protected means(field: string, word: string, meaning: string): void {
    this.words.update((words) => ({ ...words, [field]: { ...words[field], [word]: meaning } }));
    void this.check();
  }

  protected daysAre(order: string): void {
    this.order.set(order as Order);
    void this.check();
  }

  protected meaningsOf(field: string): readonly string[] {
    return MEANINGS[field] ?? [];
  }

  protected dayOf(at: string): string {
    return day(at, this.now.at());
  }

  /** Look at all rows, and take whoever asked for it to what was found. */
  protected async checkAndShow(): Promise<void> {
    await this.check();
    afterNextRender(() => {
      const found = this.preview() && this.found()?.nativeElement;
      found?.focus({ preventScroll: true });
      found?.scrollIntoView({ block: 'start' });
    }, { injector: this.injector });
  }

  private async check(): Promise<void> {
    const file = this.file();
    if (file) await this.doing(async () => { this.preview.set(await this.api.check(file.id, planOf(file, this.telling(), this.words(), this.order()))); });
  }

  protected async start(skipBad: boolean): Promise<void> {
    const file = this.file();
    if (!file) return;
    await this.doing(async () => {
      this.run.set(await this.api.start(file.id, skipBad));
      this.heading().nativeElement.focus();
      this.look();
    });
  }

  protected again(): void {
    for (const one of [this.file, this.preview, this.run, this.failure, this.order]) one.set(null);
    this.words.set({});
    this.heading().nativeElement.focus();
  }

  private async send(file: File): Promise<void> {
    this.again();
    await this.doing(async () => {
      const sent = await this.api.upload(file);
      this.telling.set(guessed(sent));
      this.file.set(sent);
      this.heading().nativeElement.focus();
    });
  }

  private look(): void {
    this.looking = setTimeout(() => void this.lookNow(), LOOK_EVERY);
  }

  /** A line that is away for a moment keeps nobody from looking again. */
  private async lookNow(): Promise<void> {
    const id = this.run()?.id;
    if (this.gone || !id) return;
    try {
      this.run.set(await this.api.read(id));
      this.failure.set(null);
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    }
    if (this.run()?.status === 'running') this.look();
  }

  private async doing(what: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await what();
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }
}
