import { Component, DestroyRef, type ElementRef, Injector, afterNextRender, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { ImportPlan, ImportPreview, ImportStatus, ImportView, Order, UploadedFile } from '@mu/shared/api/generated/models';
import { ApiFailure, toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PriorityBadge } from '@mu/shared/ui/priority-badge';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { day } from '@mu/shared/ui/when';
import { Drafts } from '../tickets/drafts';
import { ImportApi } from './import-api';
import { FIELDS, type Field, MEANINGS, type Said, type Telling, planOf, saidOf, unknownFirst } from './import-plan';

const LOOK_EVERY = 1_000;
const SAMPLES = 3;
const LARGEST = 20 * 1024 * 1024;
/** The run stands before this: it can still be said how the file is read. */
const OPEN: ReadonlySet<ImportStatus> = new Set<ImportStatus>(['uploaded', 'checked']);

/** Brings tickets in from a file: choose it, say what its columns tell, look at what it would become, start. */
@Component({
  selector: 'mu-import-page',
  imports: [Counted, Icon, PriorityBadge, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block h-full overflow-y-auto' },
  templateUrl: './import-page.html',
})
export class ImportPage {
  /** The import that the address names: a reload, another tab and the way back find it again. */
  readonly run = input<string | undefined>();

  private readonly api = inject(ImportApi);
  private readonly injector = inject(Injector);
  private readonly now = inject(Now);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly drafts = inject(Drafts);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly found = viewChild<ElementRef<HTMLElement>>('found');
  private known: string | null = null;
  private wasChecked = false;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  protected readonly fields = FIELDS;
  private readonly failed = failureWords();
  private readonly catalogue = inject(TranslocoService);
  protected readonly busy = signal(false);
  protected readonly over = signal(false);
  protected readonly opening = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly file = signal<UploadedFile | null>(null);
  protected readonly telling = signal<Telling>({});
  protected readonly order = signal<Order | null>(null);
  protected readonly words = signal<NonNullable<ImportPlan['words']>>({});
  protected readonly preview = signal<ImportPreview | null>(null);
  protected readonly progress = signal<ImportView | null>(null);

  protected readonly step = computed(() => {
    const run = this.progress();
    if (this.opening()) return 'opening';
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
  /** What went wrong: for a plan that makes no tickets the server's own words. */
  protected readonly wrong = computed(() => {
    const failure = this.failure();
    if (failure?.code === 'too-large') return this.catalogue.translate('imports.tooLarge');
    return failure && (Object.values(failure.fields)[0]?.[0] ?? this.failed(failure));
  });

  constructor() {
    effect(() => {
      const id = this.run() ?? null;
      untracked(() => { if (id !== this.known) void this.open(id); });
    });
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
    this.keep();
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
    this.keep();
  }

  protected async start(skipBad: boolean): Promise<void> {
    const file = this.file();
    if (!file) return;
    await this.doing(async () => {
      this.progress.set(await this.api.start(file.id, skipBad));
      this.drafts.drop(`import:${file.id}`);
      this.heading().nativeElement.focus();
      this.look();
    });
  }

  protected again(): void {
    this.clear(null);
    void this.name(null);
    this.heading().nativeElement.focus();
  }

  private async send(file: File): Promise<void> {
    this.clear(this.known);
    if (file.size > LARGEST) {
      this.failure.set(new ApiFailure('too-large', '', 413));
      return;
    }
    await this.doing(async () => {
      const sent = await this.api.upload(file);
      this.clear(sent.id);
      this.take(sent, saidOf(sent));
      await this.name(sent.id);
      this.heading().nativeElement.focus();
    });
  }

  /** Goes on where an import stands. */
  private async open(id: string | null): Promise<void> {
    this.clear(id);
    if (id === null) return;
    this.opening.set(true);
    await this.doing(async () => {
      const run = await this.api.read(id);
      const file = OPEN.has(run.status) ? await this.api.file(id) : null;
      if (this.gone || id !== this.known) return;
      if (file) this.take(file, (this.drafts.read(`import:${id}`) as Said | null) ?? saidOf(file));
      else this.progress.set(run);
      if (run.status === 'running') this.look();
    });
    if (id !== this.known) return;
    this.opening.set(false);
    if (this.wasChecked) await this.check();
  }

  private take(file: UploadedFile, { telling, words, order, isChecked }: Said): void {
    this.telling.set(telling);
    this.words.set(words);
    this.order.set(order ?? null);
    this.wasChecked = isChecked;
    this.file.set(file);
  }

  private keep(): void {
    const said: Said = { telling: this.telling(), words: this.words(), order: this.order(), isChecked: this.preview() !== null };
    this.drafts.keep(`import:${this.known ?? ''}`, said);
  }

  private name(id: string | null): Promise<boolean> {
    return this.router.navigate([], { relativeTo: this.route, queryParams: { run: id } });
  }

  private clear(known: string | null): void {
    clearTimeout(this.looking);
    this.known = known;
    this.wasChecked = false;
    for (const one of [this.file, this.preview, this.progress, this.failure, this.order]) one.set(null);
    this.words.set({});
    this.opening.set(false);
  }

  private look(): void {
    this.looking = setTimeout(() => void this.lookNow(), LOOK_EVERY);
  }

  /** A line that is away for a moment keeps nobody from looking again. */
  private async lookNow(): Promise<void> {
    const id = this.progress()?.id;
    if (this.gone || !id) return;
    try {
      this.progress.set(await this.api.read(id));
      this.failure.set(null);
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    }
    if (this.progress()?.status === 'running') this.look();
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
