import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import type { LandlordRow } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { Counted } from '@mu/shared/i18n/counted';
import { Paged } from '@mu/shared/ui/paged';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { RecordList } from '@mu/shared/ui/record-list';
import { searchWords } from '@mu/shared/ui/search-words';
import { LandlordApi, newLandlord } from './landlord-api';

/** Who owns the homes; one landlord opens beside the list. */
@Component({
  selector: 'mu-landlords-page',
  imports: [Called, Counted, RecordDialog, RecordList, RouterOutlet],
  host: { class: 'flex h-full min-h-0' },
  template: `
    <section class="flex min-w-0 flex-col" [class]="openId() ? 'w-[clamp(22rem,38%,34rem)] shrink-0 border-r border-hairline max-[1099px]:hidden' : 'flex-1'">
      <mu-record-list
        headingKey="landlords.title"
        searchLabel="landlords.search"
        addWords="landlords.add"
        failedWords="landlords.listFailed"
        emptyHeading="landlords.none"
        emptyText="landlords.noneText"
        icon="users"
        base="/landlords"
        [paged]="paged"
        [row]="row"
        [words]="words()"
        [openId]="openId()"
        [mayAdd]="mayAdd()"
        (searched)="ask($event || null)"
        (cleared)="ask(null)"
        (added)="form.set(create)"
      />
    </section>
    <div class="min-w-0 flex-1 overflow-y-auto" [class.hidden]="!openId()"><router-outlet /></div>
    <ng-template #row let-item>
      @let one = asRow(item);
      <span class="min-w-0 flex-1">
        <span class="block truncate font-medium">{{ one.name | called }}</span>
        <span class="block truncate text-xs text-muted">{{ one.company ? (one.personName | called) : names(one) }}</span>
      </span>
      <span class="shrink-0 text-xs text-muted tabular-nums">{{ 'landlords.homes' | counted: homes(one) }}</span>
    </ng-template>
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class LandlordsPage {
  /** From the address. */
  readonly q = input<string>();

  private readonly api = inject(LandlordApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly session = inject(Session);

  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayAdd = computed(() => this.session.can('people:write'));
  protected readonly words = computed(() => searchWords(this.q() ?? ''));
  protected readonly paged = new Paged<LandlordRow>((cursor) => this.api.page(this.words(), cursor));
  protected readonly create = newLandlord(this.api, (id) => void this.router.navigate(['/landlords', id], { queryParamsHandling: 'preserve' }));
  protected readonly openId = toSignal(
    this.router.events.pipe(filter((event) => event instanceof NavigationEnd), map(() => this.opened()), takeUntilDestroyed()),
    { initialValue: this.opened() },
  );

  constructor() {
    effect(() => {
      this.words();
      void untracked(() => this.paged.load());
    });
    effect(() => {
      if (this.api.news()) void untracked(() => this.paged.load({ quietly: true }));
    });
  }

  protected ask(q: string | null): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams: { q }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected asRow(item: LandlordRow): LandlordRow {
    return item;
  }

  protected names({ portfolios }: LandlordRow): string {
    return portfolios.map(({ name }) => name).join(', ');
  }

  protected homes({ portfolios }: LandlordRow): number {
    return portfolios.reduce((sum, { properties }) => sum + properties, 0);
  }

  private opened(): string | null {
    return this.route.snapshot.firstChild?.paramMap.get('id') ?? null;
  }
}
