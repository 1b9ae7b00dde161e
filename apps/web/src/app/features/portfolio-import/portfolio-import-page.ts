import { Component, DestroyRef, ElementRef, Injector, afterNextRender, computed, effect, inject, input, signal, untracked, viewChild } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { GoodRow, ImportKind, ImportStatus, KindView, Nation, Order, PortfolioFile, PortfolioImport, RowProblem, TemplateForm } from '@mu/shared/api/generated/models';
import { NATION } from '@mu/shared/api/generated/models/nation-array';
import { ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { day } from '@mu/shared/ui/when';
import { GoodRowList } from './good-rows';
import { PastImports } from './past-imports';
import { PortfolioImportApi } from './portfolio-import-api';
import { RowProblemList } from './row-problems';

const LOOK_EVERY = 1_000;
const SAMPLES = 3;
const LARGEST = 20 * 1024 * 1024;
/** The server is at it just now. */
const AT_WORK: ReadonlySet<ImportStatus> = new Set<ImportStatus>(['checking', 'running', 'undoing']);
/** Where what came in is looked at. */
const PLACES: Readonly<Partial<Record<ImportKind, 'people' | 'contractors'>>> = { people: 'people', contractors: 'contractors' };
const NUMBER = new Intl.NumberFormat('en-GB');
/** It can still be said how the file is read. */
const OPEN: ReadonlySet<ImportStatus> = new Set<ImportStatus>(['uploaded', 'checked']);

/** Brings homes, tenancies, people and contractors in from a file, and takes an import back. */
@Component({
  selector: 'mu-portfolio-import-page',
  imports: [Counted, GoodRowList, Icon, PastImports, RouterLink, RowProblemList, Skeleton, TranslocoPipe],
  host: { class: 'block h-full overflow-y-auto' },
  templateUrl: './portfolio-import-page.html',
})
export class PortfolioImportPage {
  /** The import that the address names: a reload, another tab and the way back find it again. */
  readonly run = input<string | undefined>();
  /** What the list that led here is of. */
  readonly of = input<string | undefined>();

  private readonly api = inject(PortfolioImportApi);
  private readonly now = inject(Now);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly usual = inject(Session).organisation()?.nation ?? null;
  private readonly catalogue = inject(TranslocoService);
  private readonly failedWords = failureWords();
  private readonly injector = inject(Injector);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private known: string | null | undefined;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  protected readonly kinds = signal<readonly KindView[]>([]);
  protected readonly kind = signal<ImportKind>('homes');
  protected readonly past = signal<readonly PortfolioImport[] | null>(null);
  protected readonly busy = signal(false);
  protected readonly over = signal(false);
  protected readonly asking = signal(false);
  protected readonly failure = signal<ApiFailure | null>(null);
  protected readonly file = signal<PortfolioFile | null>(null);
  protected readonly telling = signal<Readonly<Record<string, string>>>({});
  protected readonly order = signal<Order | null>(null);
  protected readonly nations = NATION;
  /** Of homes near a border, where neither postcode nor row says it; null: each row has to. */
  protected readonly nation = signal<Nation | null>(null);
  protected readonly hasPostcodes = computed(() => Object.values(this.telling()).includes('postcode'));
  protected readonly progress = signal<PortfolioImport | null>(null);
  /** Of a file that was checked, the first good rows as they will be written. */
  protected readonly understood = signal<readonly GoodRow[]>([]);
  protected readonly problems = signal<readonly RowProblem[]>([]);
  protected readonly more = signal<string | null>(null);

  protected readonly step = computed(() => {
    const status = this.progress()?.status;
    if (status && AT_WORK.has(status)) return 'working';
    if (status && !OPEN.has(status)) return 'ended';
    if (this.file()) return 'columns';
    return this.run() ? 'opening' : 'choose';
  });
  protected readonly checked = computed(() => {
    const run = this.progress();
    return run?.status === 'checked' ? run : null;
  });
  protected readonly place = computed(() => PLACES[this.progress()?.kind ?? 'homes'] ?? 'properties');
  protected readonly changes = computed(() => (this.checked()?.created ?? 0) + (this.checked()?.updated ?? 0));
  protected readonly columns = computed(() => {
    const file = this.file();
    return file?.columns.map((name, place) => ({
      name,
      tells: this.telling()[name] ?? '',
      sample: file.sample.map((cells) => cells[place] ?? '').filter(Boolean).slice(0, SAMPLES),
    })) ?? [];
  });
  /** A date of the file that can be read both ways, when no row decides, with both readings. */
  protected readonly bothWays = computed(() => {
    const date = this.checked()?.undecidedDate;
    if (!date) return null;
    const ways: { order: Order; day: string }[] = [
      { order: 'day_first', day: day(date.dayFirst, this.now.at()) },
      { order: 'month_first', day: day(date.monthFirst, this.now.at()) },
    ];
    return { written: date.written, ways };
  });
  protected readonly wrong = computed(() => {
    const failure = this.failure();
    if (failure?.code === 'too-large') return this.catalogue.translate('portfolio-import.tooLarge');
    return failure && (Object.values(failure.fields)[0]?.[0] ?? this.failedWords(failure));
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

  protected number(count: number): string {
    return NUMBER.format(count);
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
    this.telling.update((telling) => ({
      ...Object.fromEntries(Object.entries(telling).filter(([, other]) => other !== field)),
      [column]: field,
    }));
    this.progress.update((run) => run && { ...run, status: 'uploaded' });
  }

  protected template(form: TemplateForm): void {
    void this.doing(() => this.api.takeTemplate(this.kind(), form));
  }

  protected takeProblems(): void {
    const run = this.progress();
    if (run) void this.doing(() => this.api.takeProblems(run.id));
  }

  protected daysAre(order: Order): void {
    this.order.set(order);
    this.check();
  }

  protected nearBorder(nation: string): void {
    this.nation.set(NATION.find((one) => one === nation) ?? null);
    this.progress.update((run) => run && { ...run, status: 'uploaded' });
  }

  protected check(): void {
    const file = this.file();
    const columns: Record<string, string[]> = {};
    for (const [column, field] of Object.entries(this.telling())) if (field) columns[field] = [column];
    if (file) void this.follow(() => this.api.check(file.id, { columns, order: this.order(), nation: this.nation() }));
  }

  protected start(skipBad: boolean): void {
    const run = this.progress();
    if (run) void this.follow(() => this.api.start(run.id, skipBad));
  }

  protected stop(): void {
    const run = this.progress();
    if (run) void this.follow(() => this.api.cancel(run.id));
  }

  protected askUndo(): void {
    this.asking.set(true);
    this.toOutcome();
  }

  protected keep(): void {
    this.asking.set(false);
    this.toOutcome();
  }

  protected undo(): void {
    const run = this.progress();
    this.asking.set(false);
    if (run) void this.follow(() => this.api.undo(run.id));
  }

  protected again(): void {
    void this.name(null);
  }

  protected async showMore(): Promise<void> {
    const run = this.progress();
    if (!run) return;
    await this.doing(async () => {
      const found = await this.api.problems(run.id, this.more());
      this.problems.update((known) => [...known, ...found.items]);
      this.more.set(found.nextCursor);
    });
  }

  private async send(file: File): Promise<void> {
    if (file.size > LARGEST) {
      this.failure.set(new ApiFailure('too-large', '', 413));
      return;
    }
    await this.doing(async () => {
      const sent = await this.api.upload(this.kind(), file);
      this.known = sent.id;
      this.take(sent);
      await this.name(sent.id);
      this.heading().nativeElement.focus();
    });
  }

  /** Goes on where an import stands, or begins with the choice of a file. */
  private async open(id: string | null): Promise<void> {
    clearTimeout(this.looking);
    this.known = id;
    for (const one of [this.file, this.progress, this.failure, this.order, this.more]) one.set(null);
    this.problems.set([]);
    this.asking.set(false);
    await this.doing(async () => {
      if (id === null) {
        this.kinds.set((await this.api.kinds()).items);
        const begun = this.kinds().find(({ kind }) => kind === this.of());
        if (begun) this.kind.set(begun.kind);
        this.past.set(await this.api.past());
        return;
      }
      await this.stand(await this.api.read(id));
    });
  }

  /** Shows how far an import is, and looks again while the server is at it. */
  private async stand(run: PortfolioImport): Promise<void> {
    if (this.gone || run.id !== this.known) return;
    if (run.status === 'checked' || (OPEN.has(run.status) && !this.file())) {
      const file = await this.api.file(run.id);
      this.understood.set(file.understood);
      if (!this.file()) this.take(file);
    }
    const before = this.progress()?.status;
    this.progress.set(run);
    if (AT_WORK.has(run.status)) {
      this.looking = setTimeout(() => void this.look(run.id), LOOK_EVERY);
    } else if (run.status !== 'uploaded') {
      const found = await this.api.problems(run.id, null);
      this.problems.set(found.items);
      this.more.set(found.nextCursor);
      if (before) this.toOutcome();
    }
  }

  /** A line that is away for a moment keeps nobody from looking again. */
  private async look(id: string): Promise<void> {
    try {
      await this.stand(await this.api.read(id));
      this.failure.set(null);
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
      if (!this.gone && id === this.known) this.looking = setTimeout(() => void this.look(id), LOOK_EVERY);
    }
  }

  private take(file: PortfolioFile): void {
    const said = file.plan?.columns ?? file.guesses;
    this.kind.set(file.kind);
    this.telling.set(Object.fromEntries(Object.entries(said).flatMap(([field, named]) => named.map((column) => [column, field]))));
    this.order.set(file.plan?.order ?? null);
    this.nation.set(file.plan ? file.plan.nation ?? null : this.usual);
    this.file.set(file);
  }

  private follow(what: () => Promise<PortfolioImport>): Promise<void> {
    clearTimeout(this.looking);
    this.problems.set([]);
    return this.doing(async () => {
      await this.stand(await what());
      this.toOutcome();
    });
  }

  /** The button that was pressed is gone: whoever goes on with the keyboard does so where the news stands. */
  private toOutcome(): void {
    afterNextRender(() => {
      const found = this.host.nativeElement.querySelectorAll<HTMLElement>('[data-outcome]');
      found[found.length - 1]?.focus();
    }, { injector: this.injector });
  }

  private name(id: string | null): Promise<boolean> {
    return this.router.navigate([], { relativeTo: this.route, queryParams: { run: id } });
  }

  private async doing(what: () => Promise<void>): Promise<void> {
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
