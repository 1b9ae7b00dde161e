import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import type { PersonView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { Avatar } from '@mu/shared/ui/avatar';
import { Paged } from '@mu/shared/ui/paged';
import { RecordDialog } from '@mu/shared/ui/record-dialog';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { RecordList } from '@mu/shared/ui/record-list';
import { searchWords } from '@mu/shared/ui/search-words';
import { ListFiles, type ListKind } from '../list-files/list-files';
import { PersonApi, newPerson } from './person-api';

/** The people an organisation deals with; one opens beside the list. */
@Component({
  selector: 'mu-people-page',
  imports: [Avatar, Called, ListFiles, RecordDialog, RecordList, RouterOutlet],
  host: { class: 'flex h-full min-h-0' },
  template: `
    <section class="flex min-w-0 flex-col" [class]="openId() ? 'w-[clamp(22rem,38%,34rem)] shrink-0 border-r border-hairline max-[1099px]:hidden' : 'flex-1'">
      <mu-record-list
        headingKey="people.title"
        searchLabel="people.search"
        addWords="people.add"
        failedWords="people.listFailed"
        emptyHeading="people.none"
        emptyText="people.noneText"
        icon="users"
        base="/people"
        [paged]="paged"
        [row]="row"
        [words]="words()"
        [openId]="openId()"
        [mayAdd]="mayAdd()"
        (searched)="ask($event || null)"
        (cleared)="ask(null)"
        (added)="form.set(create)"
      >
        <mu-list-files brings="people" [lists]="lists" [mayImport]="mayImport()" [narrowed]="words() !== ''" [take]="take" />
      </mu-record-list>
    </section>
    <div class="min-w-0 flex-1 overflow-y-auto" [class.hidden]="!openId()"><router-outlet /></div>
    <ng-template #row let-item>
      @let one = asRow(item);
      <mu-avatar [name]="one.name" size="28" />
      <span class="min-w-0 flex-1">
        <span class="block truncate font-medium">{{ one.name | called }}</span>
        <span class="block truncate text-xs text-muted">{{ place(one) }}</span>
      </span>
      <span class="shrink-0 text-xs text-muted tabular-nums max-sm:hidden">{{ one.phone }}</span>
    </ng-template>
    @if (form(); as form) { <mu-record-dialog [form]="form" (closed)="this.form.set(null)" /> }
  `,
})
export class PeoplePage {
  /** From the address. */
  readonly q = input<string>();

  private readonly api = inject(PersonApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly session = inject(Session);

  protected readonly form = signal<RecordForm | null>(null);
  protected readonly mayAdd = computed(() => this.session.can('people:write'));
  protected readonly mayImport = computed(() => this.mayAdd() && this.session.can('properties:write') && this.session.can('tenancies:write'));
  protected readonly lists: readonly ListKind[] = ['people'];
  protected readonly take = (): Promise<string> => this.api.table(this.words());
  protected readonly words = computed(() => searchWords(this.q() ?? ''));
  protected readonly paged = new Paged<PersonView>((cursor) => this.api.page(this.words(), cursor));
  protected readonly create = newPerson(this.api, (id) => void this.router.navigate(['/people', id], { queryParamsHandling: 'preserve' }));
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

  protected asRow(item: PersonView): PersonView {
    return item;
  }

  protected place({ homes, email, phone }: PersonView): string {
    const home = homes.find(({ until }) => until === null);
    return home ? [home.unitLabel, home.address, home.postcode].filter(Boolean).join(', ') : (email ?? phone ?? '');
  }

  private opened(): string | null {
    return this.route.snapshot.firstChild?.paramMap.get('id') ?? null;
  }
}
