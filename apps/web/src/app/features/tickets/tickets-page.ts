import { Component, DestroyRef, afterNextRender, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@mu/shared/auth/session';
import { Icon } from '@mu/shared/ui/icon';
import { shortcuts } from '@mu/shared/ui/shortcuts';
import { Colleagues } from './colleagues';
import { FilterBar } from './filter-bar';
import { LiveStatus } from './live-status';
import { TicketList } from './ticket-list';
import { TicketNews } from './ticket-news';
import { EVERYTHING_OPEN, type TicketQuery, fromAddress, toAddress } from './ticket-query';
import { TicketStore } from './ticket-store';
import { TicketTabs } from './ticket-tabs';

const ROOM_FOR_TWO = '(min-width: 1100px)';

/**
 * The list, and beside or over it what was opened from it. The stores live and end with this page, so nothing of one
 * organisation is left when somebody of another signs in.
 */
@Component({
  selector: 'mu-tickets-page',
  imports: [FilterBar, Icon, LiveStatus, RouterLink, RouterOutlet, TicketList, TicketTabs, TranslocoPipe],
  providers: [Colleagues, TicketNews, TicketStore],
  host: { class: 'flex h-full' },
  templateUrl: './tickets-page.html',
})
export class TicketsPage {
  private readonly router = inject(Router);
  protected readonly store = inject(TicketStore);
  private readonly address = toSignal(inject(ActivatedRoute).queryParamMap, { requireSync: true });
  private readonly media = matchMedia(ROOM_FOR_TWO);
  private readonly wide = signal(this.media.matches);
  private readonly child = signal<unknown>(null);

  private readonly session = inject(Session);
  protected readonly mayImport = computed(() => this.session.can('tickets:create'));
  protected readonly query = computed(() => fromAddress(this.address()));
  protected readonly open = computed(() => this.child() === 'ticket');
  protected readonly beside = computed(() => this.open() && this.wide());
  protected readonly covered = computed(() => this.open() && !this.wide());
  protected readonly sample = computed(() => this.store.rows()[0] ?? null);

  constructor() {
    inject(TicketNews);
    effect(() => {
      const query = this.query();
      untracked(() => void this.store.show(query));
    });
    const changed = (): void => {
      this.wide.set(this.media.matches);
    };
    this.media.addEventListener('change', changed);
    inject(DestroyRef).onDestroy(() => { this.media.removeEventListener('change', changed); });
    // The first ticket opens at once when its code is already here.
    afterNextRender(() => { setTimeout(() => void import('./ticket-page'), 1_000); });

    const group = 'tickets.shortcuts.group';
    shortcuts({ keys: 'Escape', group, words: 'tickets.shortcuts.close', when: this.open, run: () => { this.close(); } });
  }

  protected entered(data: Record<string, unknown>): void {
    this.child.set(data['as']);
  }

  protected left(): void {
    this.child.set(null);
  }

  /** From row to row beside the list leaves one step for "back", not one for each. */
  protected openTicket(id: string): void {
    void this.router.navigate(['/tickets', id], { queryParamsHandling: 'preserve', replaceUrl: this.open() });
  }

  protected narrow(query: TicketQuery): void {
    const [path = '/tickets'] = this.router.url.split('?');
    void this.router.navigate([path], { queryParams: toAddress(query) });
  }

  protected clear(): void {
    this.narrow(EVERYTHING_OPEN);
  }

  private close(): void {
    void this.router.navigate(['/tickets'], { queryParamsHandling: 'preserve' });
  }
}
