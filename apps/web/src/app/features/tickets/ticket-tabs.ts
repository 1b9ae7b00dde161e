import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TicketCounts } from './ticket';
import { EVERYTHING_OPEN, type TicketQuery, toAddress } from './ticket-query';

type Tab = 'open' | 'unassigned' | 'mine' | 'homeless' | 'all';

const NUMBER = new Intl.NumberFormat('en-GB');

/** The lists people come for, each with the number of its rows. A search or a home stays when the tab changes. */
@Component({
  selector: 'mu-ticket-tabs',
  imports: [RouterLink, TranslocoPipe],
  host: { class: '@container' },
  template: `
    <nav class="-mb-px flex flex-wrap max-sm:flex-nowrap max-sm:overflow-x-auto" [attr.aria-label]="'tickets.tabs' | transloco">
      @for (tab of tabs(); track tab.name) {
        <a
          routerLink="/tickets"
          [queryParams]="tab.address"
          class="flex h-10 shrink-0 items-center gap-1.5 border-b-2 px-2.5 whitespace-nowrap first:pl-0 @max-[30rem]:px-2"
          [class]="tab.current ? 'border-ink font-medium' : 'border-transparent text-muted hover:text-ink'"
          [attr.aria-current]="tab.current ? 'page' : null"
        >
          {{ 'tickets.tab.' + tab.name | transloco }}
          @if (tab.count; as count) { <span class="text-xs tabular-nums" [class.text-muted]="tab.current">{{ count }}</span> }
        </a>
      }
    </nav>
  `,
})
export class TicketTabs {
  readonly query = input.required<TicketQuery>();
  readonly counts = input.required<TicketCounts | null>();

  protected readonly tabs = computed(() => {
    const { q, property, sort, status, priority, show, owner, homeless } = this.query();
    const counts = this.counts();
    const base: TicketQuery = { ...EVERYTHING_OPEN, q, property, sort };
    const all: { name: Tab; query: TicketQuery; count: number | undefined }[] = [
      { name: 'open', query: base, count: counts?.open },
      { name: 'unassigned', query: { ...base, owner: 'none' }, count: counts?.unassigned },
      { name: 'mine', query: { ...base, owner: 'me' }, count: counts?.mine },
      { name: 'homeless', query: { ...base, property: null, homeless: true }, count: counts?.homeUnknown },
      { name: 'all', query: { ...base, show: 'all' }, count: undefined },
    ];
    return all.map((tab) => ({
      name: tab.name,
      count: tab.count === undefined ? null : NUMBER.format(tab.count),
      address: toAddress(tab.query),
      current: !status.length && !priority.length && tab.query.show === show && tab.query.owner === owner && tab.query.homeless === homeless,
    }));
  });
}
