import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { TranslocoPipe } from '@jsverse/transloco';
import { filter, map } from 'rxjs';
import type { PropertyKind, PropertyRow, Told } from '@mu/shared/api/generated/models';
import { NATION } from '@mu/shared/api/generated/models/nation-array';
import { Session } from '@mu/shared/auth/session';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { Paged } from '@mu/shared/ui/paged';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { RecordList } from '@mu/shared/ui/record-list';
import { searchWords } from '@mu/shared/ui/search-words';
import { ListFiles, type ListKind } from '../list-files/list-files';
import { PropertyApi, type PropertyQuery } from './property-api';
import { PropertyFinds } from './property-finds';
import { newProperty } from './property-forms';

/** The buildings an organisation looks after. The address holds search and filters; one building opens beside the list. */
@Component({
  selector: 'mu-properties-page',
  imports: [Counted, Icon, ListFiles, RecordDialog, RecordList, RouterOutlet, TranslocoPipe],
  host: { class: 'flex h-full min-h-0' },
  template: `
    <section class="flex min-w-0 flex-col" [class]="openId() ? 'w-[clamp(22rem,38%,34rem)] shrink-0 border-r border-hairline max-[1099px]:hidden' : 'flex-1'">
      <mu-record-list
        headingKey="properties.title"
        searchLabel="properties.search"
        addWords="properties.add"
        failedWords="properties.listFailed"
        emptyHeading="properties.none"
        emptyText="properties.noneText"
        icon="building"
        base="/properties"
        [paged]="paged"
        [row]="row"
        [words]="query().q"
        [narrowed]="narrowed()"
        [openId]="openId()"
        [mayAdd]="mayAdd()"
        (searched)="ask({ q: $event || null })"
        (cleared)="ask({ q: null, kind: null, nation: null, vacant: null, landlord: null })"
        (added)="form.set(create)"
      >
        <div class="flex w-full flex-wrap items-center gap-x-3 gap-y-2" role="group" [attr.aria-label]="'properties.filters' | transloco">
          <select class="mu-field h-8! w-auto! text-sm!" [attr.aria-label]="'properties.field.kind' | transloco" (change)="ask({ kind: picked($event) })">
            <option value="" [selected]="query().kind === ''">{{ 'properties.allKinds' | transloco }}</option>
            @for (kind of kinds; track kind) { <option [value]="kind" [selected]="query().kind === kind">{{ 'properties.kind.' + kind | transloco }}</option> }
          </select>
          <select class="mu-field h-8! w-auto! text-sm!" [attr.aria-label]="'properties.field.nation' | transloco" (change)="ask({ nation: picked($event) })">
            <option value="" [selected]="query().nation === ''">{{ 'properties.allNations' | transloco }}</option>
            @for (nation of nations; track nation) { <option [value]="nation" [selected]="query().nation === nation">{{ 'nation.' + nation | transloco }}</option> }
          </select>
          <label class="flex min-h-8 items-center gap-2"><input type="checkbox" class="size-4 accent-accent" [checked]="query().vacant" (change)="ask({ vacant: ticked($event) })" />{{ 'properties.onlyVacant' | transloco }}</label>
          <mu-list-files brings="homes" [lists]="lists" [mayImport]="mayAdd()" [narrowed]="narrowed() || query().q !== ''" [take]="take" />
        </div>
      </mu-record-list>
    </section>
    <div class="min-w-0 flex-1 overflow-y-auto" [class.hidden]="!openId()"><router-outlet /></div>
    <ng-template #row let-item>
      @let one = asRow(item);
      <mu-icon [name]="one.kind === 'block' ? 'building' : 'home'" class="text-muted" />
      <span class="min-w-0 flex-1">
        <span class="block truncate font-medium">{{ one.addressLine }}</span>
        <span class="block truncate text-xs text-muted">{{ one.town }} · {{ one.postcode }} · {{ 'properties.homesLet' | transloco: { let: one.let, homes: one.homes } }}</span>
      </span>
      @if (one.alerts) { <span class="flex items-center gap-1 text-xs text-due-soon"><mu-icon name="alert" size="14" />{{ 'properties.alerts' | counted: one.alerts }}</span> }
      @if (one.openTickets) { <span class="flex items-center gap-1 text-xs text-muted tabular-nums"><mu-icon name="ticket" size="14" />{{ 'properties.openTickets' | counted: one.openTickets }}</span> }
    </ng-template>
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class PropertiesPage {
  /** From the address. */
  readonly q = input<string>();
  readonly kind = input<string>();
  readonly nation = input<string>();
  readonly vacant = input<string>();
  readonly landlord = input<string>();

  private readonly api = inject(PropertyApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly session = inject(Session);

  protected readonly kinds: readonly PropertyKind[] = ['house', 'block'];
  protected readonly nations = NATION;
  protected readonly lists: readonly ListKind[] = ['properties', 'units', 'homes', 'tenancies'];
  protected readonly take = (kind: ListKind): Promise<string> => this.api.table(kind as Told, this.query());
  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayAdd = computed(() => this.session.can('properties:write'));
  protected readonly query = computed<PropertyQuery>(() => ({
    q: searchWords(this.q() ?? ''),
    kind: this.kinds.find((kind) => kind === this.kind()) ?? '',
    nation: NATION.find((nation) => nation === this.nation()) ?? '',
    vacant: this.vacant() === 'true',
    landlord: this.landlord() ?? '',
  }));
  protected readonly narrowed = computed(() => this.query().kind !== '' || this.query().nation !== '' || this.query().vacant || this.query().landlord !== '');
  protected readonly paged = new Paged<PropertyRow>((cursor) => this.api.page(this.query(), cursor));
  protected readonly create = newProperty(this.api, inject(PropertyFinds), this.session.organisation()?.nation ?? '', (id) => void this.router.navigate(['/properties', id], { queryParamsHandling: 'preserve' }));
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
    return (event.target as HTMLSelectElement).value || null;
  }

  protected ticked(event: Event): string | null {
    return (event.target as HTMLInputElement).checked ? 'true' : null;
  }

  protected asRow(item: PropertyRow): PropertyRow {
    return item;
  }

  private opened(): string | null {
    return this.route.snapshot.firstChild?.paramMap.get('id') ?? null;
  }
}
