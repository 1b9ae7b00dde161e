import { Component, computed, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import type { Mark } from '@mu/shared/api/generated/models';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { PRIORITIES, type Priority } from '@mu/shared/ui/priority-badge';
import { TICKET_STATUSES, type TicketStatus } from '@mu/shared/ui/status-chip';
import { type Choice, ChoiceMenu } from './choice-menu';
import { Colleagues } from './colleagues';
import { HomePicker } from './home-picker';
import { type Home, type TicketCounts, type TicketRow, addressOf } from './ticket';
import { EVERYTHING_OPEN, type Filter, SORTS, type Sort, type TicketQuery, filtersOf, narrowed, without } from './ticket-query';

/** Narrows and orders the list. It only says what is wanted: the address holds it. */
@Component({
  selector: 'mu-filter-bar',
  imports: [ChoiceMenu, Counted, HomePicker, Icon, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './filter-bar.html',
})
export class FilterBar {
  readonly query = input.required<TicketQuery>();
  readonly counts = input.required<TicketCounts | null>();
  /** Any row of the list: it knows the home and the owner that the list is narrowed to. */
  readonly sample = input.required<TicketRow | null>();
  readonly wanted = output<TicketQuery>();

  private readonly words = inject(TranslocoService);
  private readonly me = inject(Session).user;
  protected readonly colleagues = inject(Colleagues);
  protected readonly look = 'flex h-8 shrink-0 items-center gap-1 px-2 whitespace-nowrap text-muted hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink';
  protected readonly homeAsked = signal(false);
  private readonly home = signal<Home | null>(null);

  protected readonly statuses = computed(() => TICKET_STATUSES.map((value): Choice<TicketStatus> => {
    const count = this.query().owner === null && !this.query().priority.length ? (this.counts()?.byStatus[value] ?? (this.counts() ? 0 : undefined)) : undefined;
    return { value, words: this.say(`status.${value}`), chosen: this.query().status.includes(value), ...(count === undefined ? {} : { count }) };
  }));
  protected readonly priorities = computed(() => PRIORITIES.map((value): Choice<Priority> =>
    ({ value, words: this.say(`priority.${value}`), chosen: this.query().priority.includes(value) })));
  protected readonly owners = computed((): Choice[] => [
    { value: 'me', words: this.say('tickets.me'), icon: 'user-check', chosen: this.query().owner === 'me' },
    { value: 'none', words: this.say('tickets.noOwner'), icon: 'user', chosen: this.query().owner === 'none' },
    ...this.colleagues.all().filter(({ id }) => id !== this.me()?.id)
      .map(({ id, name }) => ({ value: id, words: name, person: name, chosen: this.query().owner === id })),
  ]);
  /** What waits in the whole list; a mark stays here while the list is narrowed to it. */
  protected readonly marks = computed(() => {
    const { alarms = 0, suggestions = 0 } = this.counts() ?? {};
    return ([['alarm', alarms], ['suggestion', suggestions]] as const)
      .map(([mark, count]) => ({ mark, count, chosen: this.query().mark === mark }))
      .filter(({ count, chosen }) => count > 0 || chosen);
  });
  protected readonly sorts = computed(() => SORTS.map((value): Choice<Sort> =>
    ({ value, words: this.say(`tickets.sort.${value}`), chosen: this.query().sort === value })));
  protected readonly chips = computed(() => filtersOf(this.query()).map((filter) => ({ filter, words: this.chip(filter) })));

  constructor() {
    // A shared link may name a colleague whose name is not known yet.
    if (this.isColleague()) void this.colleagues.load();
  }

  protected toggleStatus(value: TicketStatus): void {
    this.wanted.emit(narrowed(this.query(), { status: toggled(TICKET_STATUSES, this.query().status, value) }));
  }

  protected togglePriority(value: Priority): void {
    this.wanted.emit(narrowed(this.query(), { priority: toggled(PRIORITIES, this.query().priority, value) }));
  }

  protected chooseOwner(value: string): void {
    this.wanted.emit(narrowed(this.query(), { owner: value === this.query().owner ? null : value }));
  }

  protected chooseHome(home: Home): void {
    this.home.set(home);
    this.homeAsked.set(false);
    this.wanted.emit(narrowed(this.query(), { property: home.property.id }));
  }

  /** Alarms come first among the suggestions, too. */
  protected chooseMark(mark: Mark): void {
    const change = this.query().mark === mark ? { mark: null, sort: EVERYTHING_OPEN.sort } : { mark, sort: 'alarm' as const };
    this.wanted.emit(narrowed(this.query(), change));
  }

  protected order(sort: Sort): void {
    this.wanted.emit(narrowed(this.query(), { sort }));
  }

  protected remove(filter: Filter): void {
    this.wanted.emit(without(this.query(), filter));
  }

  protected clear(): void {
    this.wanted.emit({ ...EVERYTHING_OPEN, sort: this.query().sort });
  }

  private chip(filter: Filter): string {
    const { q, status, priority, owner } = this.query();
    switch (filter) {
      case 'q': return this.say('tickets.chip.q', { q });
      case 'status': return status.map((value) => this.say(`status.${value}`)).join(', ');
      case 'priority': return priority.map((value) => this.say(`priority.${value}`)).join(', ');
      case 'owner': return this.say('tickets.chip.owner', { name: this.ownerName(owner ?? '') });
      case 'property': return this.place();
      case 'mark': return this.say(`tickets.chip.mark.${this.query().mark ?? ''}`);
      case 'homeless': return this.say('tickets.tab.homeless');
    }
  }

  private ownerName(owner: string): string {
    if (owner === 'me') return this.say('tickets.me');
    if (owner === 'none') return this.say('tickets.noOwner');
    // Who may no longer sign in is offered to nobody: a row that they own says what they are called.
    const shown = this.sample()?.owner;
    return this.colleagues.name(owner) ?? (shown?.id === owner ? shown.name : this.say('tickets.aColleague'));
  }

  private place(): string {
    const known = [this.home()?.property, this.sample()?.property].find((property) => property?.id === this.query().property);
    return known ? addressOf({ property: known, unitLabel: null }) : this.say('tickets.oneHome');
  }

  private isColleague(): boolean {
    const owner = new URLSearchParams(location.search).get('owner');
    return ![null, 'me', 'none'].includes(owner);
  }

  private say(key: string, params: Record<string, unknown> = {}): string {
    return this.words.translate(key, params);
  }
}

function toggled<Value>(order: readonly Value[], chosen: readonly Value[], value: Value): Value[] {
  return order.filter((one) => (one === value) !== chosen.includes(one));
}
