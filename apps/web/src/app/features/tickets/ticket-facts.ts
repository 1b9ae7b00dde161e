import { Component, Injector, afterNextRender, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { Called } from '@mu/shared/i18n/called';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PRIORITIES, type Priority, PriorityBadge } from '@mu/shared/ui/priority-badge';
import { RelativeTime } from '@mu/shared/ui/relative-time';
import { moment } from '@mu/shared/ui/when';
import { type Choice, ChoiceMenu } from './choice-menu';
import { Colleagues } from './colleagues';
import { HomeLink } from './home-link';
import type { Rival } from './story';
import { CHANNEL_ICONS, type Home, type Named, type Ticket, addressOf } from './ticket';
import type { Field } from './ticket-store';

const NOBODY = '';
const PRIORITY_ICONS = { P1: 'siren', P2: 'priority-high', P3: 'priority-medium', P4: 'priority-low' } as const;

/** What is known about a ticket beside its story. Priority and owner are changed where they stand. */
@Component({
  selector: 'mu-ticket-facts',
  imports: [Avatar, Called, ChoiceMenu, HomeLink, Icon, PriorityBadge, RelativeTime, RouterLink, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './ticket-facts.html',
})
export class TicketFacts {
  readonly ticket = input.required<Ticket>();
  readonly mayPrioritise = input.required<boolean>();
  readonly mayAssign = input.required<boolean>();
  /** Which fields somebody else has changed while their choices were open here. */
  readonly rivals = input.required<Readonly<Record<Field, Rival | null>>>();
  readonly prioritised = output<Priority>();
  readonly assigned = output<Named | null>();
  readonly choosing = output<Field | null>();
  readonly homeFound = output<Home>();

  private readonly injector = inject(Injector);
  private readonly words = inject(TranslocoService);
  private readonly known = knownWords();
  private readonly me = inject(Session).user;
  private readonly now = inject(Now);
  private readonly priorityMenu = viewChild<ChoiceMenu<Priority>>('priorityMenu');
  private readonly ownerMenu = viewChild<ChoiceMenu>('ownerMenu');
  protected readonly colleagues = inject(Colleagues);
  protected readonly menuLook = '-mx-1.5 flex min-h-8 min-w-0 max-w-[calc(100%+0.75rem)] items-center gap-1.5 px-1.5 text-left hover:bg-hover aria-expanded:bg-hover';

  /** Where there is little room, the facts stand behind a line that sums them up. */
  protected readonly unfolded = signal(false);
  protected readonly mayLink = computed(() => this.ticket().allowedActions.includes('link_home'));
  protected readonly place = computed(() => addressOf(this.ticket()));
  protected readonly priorityNews = computed(() => this.news('priority'));
  protected readonly ownerNews = computed(() => this.news('owner'));
  protected readonly reported = computed(() => moment(this.ticket().reportedAt, this.now.at()));
  protected readonly channelIcon = computed(() => CHANNEL_ICONS[this.ticket().channel]);
  protected readonly access = computed(() => this.ticket().report?.access ?? null);
  protected readonly times = computed(() => (this.access()?.goodTimes ?? []).map((time) => this.known(`tickets.report.time.${time}`) ?? time));
  protected readonly telephone = computed(() => `tel:${(this.ticket().reporter?.phone ?? '').replaceAll(' ', '')}`);
  protected readonly priorities = computed(() => PRIORITIES.map((value): Choice<Priority> => ({
    value,
    words: this.words.translate(`tickets.priorityLong.${value}`),
    icon: PRIORITY_ICONS[value],
    chosen: this.ticket().priority === value,
  })));
  protected readonly owners = computed((): Choice[] => {
    const me = this.me();
    const owner = this.ticket().owner;
    const others = this.colleagues.all().filter(({ id }) => id !== me?.id);
    const mine = me && this.colleagues.name(me.id) !== null ? [{ id: me.id, name: me.name }] : [];
    return [
      ...mine.map(({ id, name }) => ({ value: id, words: this.words.translate('tickets.meNamed', { name }), person: name, chosen: owner?.id === id })),
      ...others.map(({ id, name }) => ({ value: id, words: name, person: name, chosen: owner?.id === id })),
      { value: NOBODY, words: this.words.translate('tickets.noOwner'), icon: 'minus', chosen: owner === null },
    ];
  });

  openPriorities(): void {
    this.unfoldFor(() => this.priorityMenu());
  }

  openOwners(): void {
    this.unfoldFor(() => this.ownerMenu());
  }

  protected chooseOwner(id: string): void {
    const me = this.me();
    if (id === NOBODY) this.assigned.emit(null);
    else this.assigned.emit({ id, name: id === me?.id ? me.name : (this.colleagues.name(id) ?? '') });
  }

  private unfoldFor(menu: () => { open(): void } | undefined): void {
    this.unfolded.set(true);
    afterNextRender(() => { menu()?.open(); }, { injector: this.injector });
  }

  private news(field: Field): string {
    const rival = this.rivals()[field];
    if (!rival) return '';
    const who = rival.who ?? this.words.translate('tickets.conflict.somebody');
    const owner = (rival.to as { name?: string } | null | undefined)?.name ?? this.words.translate('tickets.nobody');
    const to = typeof rival.to === 'string' && field === 'priority' ? this.words.translate(`priority.${rival.to}`) : owner;
    return this.words.translate(`tickets.rival.${field}`, { who, to });
  }
}
