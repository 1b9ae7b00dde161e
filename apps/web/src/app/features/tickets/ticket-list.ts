import { CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport } from '@angular/cdk/scrolling';
import { type ElementRef, Component, DOCUMENT, DestroyRef, Injector, afterNextRender, computed, effect, inject, input, output, signal, untracked, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Counted } from '@mu/shared/i18n/counted';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { shortcuts } from '@mu/shared/ui/shortcuts';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { FirstSteps } from '../first-steps/first-steps';
import { BulkBar } from '../triage/bulk-bar';
import type { TicketRow } from './ticket';
import { filtersOf } from './ticket-query';
import { COLUMNS, ROW_HEIGHT, type RowLook, TicketRowLine } from './ticket-row';
import { TicketStore, type Wanted } from './ticket-store';

/** So many rows before the end the next page is asked for. */
const AHEAD = 60;

interface Slot {
  readonly id: string;
  /** Null where a row is still on its way. */
  readonly row: TicketRow | null;
}

/** The words of the button that takes away what nothing fits. */
const CLEARED_BY: Readonly<Record<string, string | undefined>> = { noneFound: 'tickets.list.clearSearch', noneMatch: 'tickets.filter.clear' };

const COMING: readonly Slot[] = [1, 2, 3].map((number) => ({ id: `coming-${number.toString()}`, row: null }));

/** The rows of the list: only those in sight exist, pages come ahead of the reader. */
@Component({
  selector: 'mu-ticket-list',
  imports: [
    BulkBar, CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport, Counted, EmptyState, ErrorState, FirstSteps, Icon, RouterLink, Skeleton, TicketRowLine,
    TranslocoPipe,
  ],
  host: { class: 'relative flex min-h-0 flex-1 flex-col', '(keydown)': 'keyed($event)' },
  templateUrl: './ticket-list.html',
})
export class TicketList {
  /** A ticket is open next to the list. */
  readonly beside = input.required<boolean>();
  readonly chosen = output<string>();
  readonly filtersCleared = output();

  protected readonly store = inject(TicketStore);
  private readonly page = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly table = viewChild.required<ElementRef<HTMLElement>>('table');
  private readonly viewport = viewChild(CdkVirtualScrollViewport);
  private readonly width = signal(1_200);
  private readonly cursor = signal<string | null>(null);
  private readonly rendered = signal({ start: 0, end: 0 });

  protected readonly CLEARED_BY = CLEARED_BY;
  protected readonly columns = COLUMNS;
  protected readonly skeletons = Array.from({ length: 24 }, (_, index) => index);
  protected readonly look = computed<RowLook>(() => {
    const width = this.width();
    if (width >= 960) return 'full';
    return width >= 640 ? 'medium' : 'card';
  });
  protected readonly height = computed(() => ROW_HEIGHT[this.look()]);
  protected readonly slots = computed<readonly Slot[]>(() => {
    const rows = this.store.rows().map((row): Slot => ({ id: row.id, row }));
    return this.store.complete() || !rows.length ? rows : [...rows, ...COMING];
  });
  /** Why there is nothing to show; null when there never was a ticket. */
  protected readonly empty = computed(() => {
    const query = this.store.query();
    const filters = filtersOf(query).join();
    if (filters === 'owner' && query.show === 'open' && query.owner === 'me') return 'noneMine';
    if (filters === 'owner' && query.show === 'open' && query.owner === 'none') return 'noneUnassigned';
    if (filters === 'q') return 'noneFound';
    if (filters) return 'noneMatch';
    const some = Object.values(this.store.counts()?.byStatus ?? {}).some((count) => count > 0);
    return some && query.show === 'open' ? 'noneOpen' : null;
  });
  /** Columns and rows; otherwise there is one message in their place. */
  protected readonly tabular = computed(() => this.store.phase() === 'loading' || this.store.rows().length > 0);
  protected readonly openedId = computed(() => this.store.opened()?.id ?? null);
  protected readonly reachable = computed(() => {
    const rows = this.store.rows();
    const { start, end } = this.rendered();
    const at = rows.findIndex(({ id }) => id === this.cursor());
    return rows[at >= start && at < end ? at : start]?.id ?? null;
  });

  constructor() {
    effect(() => {
      const opened = this.openedId();
      if (opened !== null) this.cursor.set(opened);
      else if (untracked(this.cursor) !== null) this.giveFocusBack();
    });
    effect(() => {
      const viewport = this.viewport();
      if (viewport) untracked(() => { this.follow(viewport); });
    });
    this.keepPlaceWhenRowsGrow();
    afterNextRender(() => {
      const observer = new ResizeObserver(([entry]) => {
        if (entry && entry.contentRect.width > 0) this.width.set(entry.contentRect.width);
      });
      observer.observe(this.table().nativeElement);
      this.injector.get(DestroyRef).onDestroy(() => { observer.disconnect(); });
    });

    const group = 'tickets.shortcuts.group';
    const listed = (): boolean => this.store.rows().length > 0;
    shortcuts(
      { keys: 'j', group, words: 'tickets.shortcuts.next', when: listed, run: () => { this.step(1); } },
      { keys: 'k', group, words: 'tickets.shortcuts.previous', when: listed, run: () => { this.step(-1); } },
      // A row that has the focus is a link and opens by itself.
      { keys: 'Enter', group, words: 'tickets.shortcuts.open', when: () => this.marked() && this.page.activeElement === this.page.body, run: () => { this.open(); } },
      { keys: 'a', group, words: 'tickets.shortcuts.assign', when: () => this.marked(), run: () => { this.open('owner'); } },
      { keys: 'x', group, words: 'tickets.shortcuts.select', when: () => this.marked(), run: () => { this.togglePicked(); } },
      { keys: 't', group, words: 'tickets.shortcuts.triage', when: () => this.marked(), run: () => { this.open('triage'); } },
      { keys: 'p', group, words: 'tickets.shortcuts.priority', when: () => this.marked(), run: () => { this.open('priority'); } },
    );
  }

  protected readonly track = (_: number, { id }: Slot): string => id;

  protected keyed(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.step(step);
  }

  protected readonly allPicked = computed(() => this.store.rows().length > 0 && this.store.rows().every(({ id }) => this.store.selection().has(id)));

  protected pickAll(event: Event): void {
    this.pickShown((event.target as HTMLInputElement).checked);
  }

  protected pickShown(chosen: boolean): void {
    this.store.pick(this.store.rows().map(({ id }) => id), chosen);
  }

  protected unpick(): void {
    this.store.pick([...this.store.selection()], false);
    // The bar that had the focus is gone: the keyboard goes on in the list.
    afterNextRender(() => { this.focusRow(this.reachable()); }, { injector: this.injector });
  }

  protected showFresh(): void {
    this.viewport()?.scrollToIndex(0);
    this.store.hold(false);
  }

  /** Moves the mark. A ticket that is open beside the list follows it. */
  private step(by: number): void {
    const rows = this.store.rows();
    const at = rows.findIndex(({ id }) => id === this.cursor());
    const next = rows[at < 0 ? this.firstInSight() : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next) return;
    this.cursor.set(next.id);
    this.reveal(rows.indexOf(next));
    if (this.beside() && this.openedId() !== null) this.chosen.emit(next.id);
    // At once where it can be: a later focus would be taken from wherever the next key leads.
    if (!this.focusMarked()) afterNextRender(() => { this.focusMarked(); }, { injector: this.injector });
  }

  /** A row is marked, and no ticket is open that keys would mean instead. */
  private marked(): boolean {
    return this.openedId() === null && this.store.lists(this.cursor() ?? '');
  }

  private togglePicked(): void {
    const id = this.cursor();
    if (id !== null) this.store.pick([id], !this.store.selection().has(id));
  }

  private open(menu?: Wanted): void {
    const id = this.cursor();
    if (id === null) return;
    if (menu) this.store.want(menu);
    this.chosen.emit(id);
  }

  /** Who closes a ticket goes on from its row. */
  private giveFocusBack(): void {
    afterNextRender(() => {
      if (this.page.activeElement === this.page.body) this.focusMarked();
    }, { injector: this.injector });
  }

  private focusMarked(): boolean {
    return this.focusRow(this.cursor());
  }

  private focusRow(id: string | null): boolean {
    const row = this.table().nativeElement.querySelector<HTMLElement>(`[data-ticket="${id ?? ''}"]`);
    row?.focus({ preventScroll: true });
    return row !== null;
  }

  private firstInSight(): number {
    const viewport = this.viewport();
    return viewport ? Math.ceil(viewport.measureScrollOffset('top') / this.height()) : 0;
  }

  private reveal(index: number): void {
    const viewport = this.viewport();
    if (!viewport) return;
    const top = index * this.height();
    const offset = viewport.measureScrollOffset('top');
    const room = viewport.getViewportSize();
    if (top < offset) viewport.scrollToOffset(top);
    else if (top + this.height() > offset + room) viewport.scrollToOffset(top + this.height() - room);
  }

  private follow(viewport: CdkVirtualScrollViewport): void {
    const ranges = viewport.renderedRangeStream.subscribe((range) => {
      this.rendered.set(range);
      if (range.end > this.store.rows().length - AHEAD) void this.store.nextPage();
    });
    const scrolls = viewport.scrolledIndexChange.subscribe(() => {
      this.store.hold(viewport.measureScrollOffset('top') > this.height());
    });
    this.injector.get(DestroyRef).onDestroy(() => {
      ranges.unsubscribe();
      scrolls.unsubscribe();
    });
  }

  /** Rows change their look with the room there is: the first one in sight stays the first one, and who was on one stays there. */
  private keepPlaceWhenRowsGrow(): void {
    let before = ROW_HEIGHT.full;
    effect(() => {
      const height = this.height();
      const viewport = untracked(this.viewport);
      if (!viewport || height === before) return;
      const index = viewport.measureScrollOffset('top') / before;
      before = height;
      const focused = viewport.elementRef.nativeElement.contains(this.page.activeElement);
      afterNextRender(() => {
        viewport.scrollToOffset(index * height);
        if (focused) this.focusMarked();
      }, { injector: this.injector });
    });
  }
}
