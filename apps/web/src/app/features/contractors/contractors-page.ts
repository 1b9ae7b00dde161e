import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import type { ContractorRow } from '@mu/shared/api/generated/models';
import { TRADE } from '@mu/shared/api/generated/models/trade-array';
import { Session } from '@mu/shared/auth/session';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Icon } from '@mu/shared/ui/icon';
import { Paged } from '@mu/shared/ui/paged';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { RecordList } from '@mu/shared/ui/record-list';
import { searchWords } from '@mu/shared/ui/search-words';
import { ListFiles, type ListKind } from '../list-files/list-files';
import { ContractorApi, type ContractorQuery } from './contractor-api';
import { newContractor } from './contractor-forms';

/** The firms that do the work; one opens beside the list. */
@Component({
  selector: 'mu-contractors-page',
  imports: [Icon, ListFiles, TranslocoPipe, RecordDialog, RecordList, RouterOutlet],
  host: { class: 'flex h-full min-h-0' },
  template: `
    <section class="flex min-w-0 flex-col" [class]="openId() ? 'w-[clamp(22rem,38%,34rem)] shrink-0 border-r border-hairline max-[1099px]:hidden' : 'flex-1'">
      <mu-record-list
        headingKey="contractors.title"
        searchLabel="contractors.search"
        addWords="contractors.add"
        failedWords="contractors.listFailed"
        emptyHeading="contractors.none"
        emptyText="contractors.noneText"
        icon="wrench"
        base="/contractors"
        [paged]="paged"
        [row]="row"
        [words]="query().q"
        [narrowed]="narrowed()"
        [openId]="openId()"
        [mayAdd]="mayAdd()"
        (searched)="ask({ q: $event || null })"
        (cleared)="ask({ q: null, trade: null, status: null, near: null, on: null })"
        (added)="form.set(create)"
      >
        <div class="flex w-full flex-wrap items-center gap-x-3 gap-y-2" role="group" [attr.aria-label]="'contractors.filters' | transloco">
          <select class="mu-field h-8! w-auto! max-w-48 text-sm!" [attr.aria-label]="'contractors.field.trades' | transloco" (change)="ask({ trade: picked($event) })">
            <option value="" [selected]="query().trade === ''">{{ 'contractors.allTrades' | transloco }}</option>
            @for (trade of allTrades; track trade) { <option [value]="trade" [selected]="query().trade === trade">{{ 'contractors.trade.' + trade | transloco }}</option> }
          </select>
          <input class="mu-field h-8! w-32! text-sm!" autocomplete="off" [placeholder]="'contractors.near' | transloco" [attr.aria-label]="'contractors.nearLong' | transloco" [value]="query().near" (change)="ask({ near: picked($event) })" />
          <label class="flex min-h-8 items-center gap-2">{{ 'contractors.on' | transloco }}<input type="date" class="mu-field h-8! w-auto! text-sm!" [attr.aria-label]="'contractors.onLong' | transloco" [value]="query().on" (change)="ask({ on: picked($event) })" /></label>
          <mu-list-files brings="contractors" [lists]="lists" [mayImport]="mayImport()" [narrowed]="narrowed() || query().q !== ''" [take]="take" />
        </div>
      </mu-record-list>
    </section>
    <div class="min-w-0 flex-1 overflow-y-auto" [class.hidden]="!openId()"><router-outlet /></div>
    <ng-template #row let-item>
      @let one = asRow(item);
      <mu-icon name="wrench" class="text-muted" />
      <span class="min-w-0 flex-1">
        <span class="block truncate font-medium">{{ one.name }}</span>
        <span class="block truncate text-xs text-muted">{{ trades(one) }}</span>
      </span>
      @if (one.status === 'suspended') { <span class="flex items-center gap-1 text-xs text-overdue"><mu-icon name="ban" size="14" />{{ 'contractors.status.suspended' | transloco }}</span> }
      @else if (one.expired) { <span class="flex items-center gap-1 text-xs text-overdue"><mu-icon name="alert" size="14" />{{ 'contractors.expired' | transloco }}</span> }
      @else if (one.expiring) { <span class="flex items-center gap-1 text-xs text-due-soon"><mu-icon name="clock" size="14" />{{ 'contractors.expiring' | transloco }}</span> }
      @else if (one.unapproved) { <span class="flex items-center gap-1 text-xs text-muted"><mu-icon name="circle-dashed" size="14" />{{ 'contractors.unapproved' | transloco }}</span> }
    </ng-template>
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class ContractorsPage {
  /** From the address. */
  readonly q = input<string>();
  readonly trade = input<string>();
  readonly near = input<string>();
  readonly on = input<string>();

  private readonly api = inject(ContractorApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly session = inject(Session);
  private readonly catalogue = inject(TranslocoService);

  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayAdd = computed(() => this.session.can('contractors:manage'));
  protected readonly mayImport = computed(() => this.mayAdd() && this.session.can('properties:write') && this.session.can('people:write'));
  protected readonly lists: readonly ListKind[] = ['contractors'];
  protected readonly take = (): Promise<string> => this.api.table(this.query());
  protected readonly allTrades = TRADE;
  protected readonly query = computed<ContractorQuery>(() => ({
    q: searchWords(this.q() ?? ''),
    trade: TRADE.find((trade) => trade === this.trade()) ?? '',
    near: searchWords(this.near() ?? ''),
    on: /^\d{4}-\d{2}-\d{2}$/.test(this.on() ?? '') ? (this.on() ?? '') : '',
  }));
  protected readonly narrowed = computed(() => this.query().trade !== '' || this.query().near !== '' || this.query().on !== '');
  protected readonly paged = new Paged<ContractorRow>((cursor) => this.api.page(this.query(), cursor));
  protected readonly create = newContractor(this.api, (id) => void this.router.navigate(['/contractors', id], { queryParamsHandling: 'preserve' }));
  protected readonly openId = toSignal(
    this.router.events.pipe(filter((event) => event instanceof NavigationEnd), map(() => this.opened()), takeUntilDestroyed()),
    { initialValue: this.opened() },
  );

  constructor() {
    effect(() => {
      this.query();
      void untracked(() => this.paged.load());
    });
    effect(() => {
      if (this.api.news()) void untracked(() => this.paged.load({ quietly: true }));
    });
  }

  protected ask(queryParams: Readonly<Record<string, string | null>>): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected picked(event: Event): string | null {
    return (event.target as HTMLInputElement | HTMLSelectElement).value.trim() || null;
  }

  protected asRow(item: ContractorRow): ContractorRow {
    return item;
  }

  protected trades({ trades, areas }: ContractorRow): string {
    const named = trades.map((trade) => this.catalogue.translate(`contractors.trade.${trade}`)).join(', ');
    return areas.length ? `${named} · ${areas.join(' ')}` : named;
  }

  private opened(): string | null {
    return this.route.snapshot.firstChild?.paramMap.get('id') ?? null;
  }
}
