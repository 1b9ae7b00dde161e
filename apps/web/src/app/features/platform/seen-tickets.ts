import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import type { SupportView, TicketRow, TicketView, TimelineEventView } from '@mu/shared/api/generated/models';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PriorityBadge } from '@mu/shared/ui/priority-badge';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { StatusChip } from '@mu/shared/ui/status-chip';
import { shortMoment, time } from '@mu/shared/ui/when';
import { PlatformApi } from './platform-api';

/** One organisation's tickets as support sees them: to read, for a while, and each reading stands in its log. */
@Component({
  selector: 'mu-seen-tickets',
  imports: [ErrorState, Icon, PriorityBadge, RouterLink, Skeleton, StatusChip, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './seen-tickets.html',
})
export class SeenTickets {
  /** From the address. */
  readonly organisationId = input.required<string>();
  readonly accessId = input.required<string>();

  private readonly api = inject(PlatformApi);
  private readonly router = inject(Router);
  private readonly now = inject(Now);
  private readonly pass = computed(() => `${this.organisationId()}.${this.accessId()}`);

  protected readonly name = signal('');
  protected readonly access = signal<SupportView | null>(null);
  protected readonly rows = signal<readonly TicketRow[] | null>(null);
  protected readonly cursor = signal<string | null>(null);
  protected readonly ticket = signal<TicketView | null>(null);
  protected readonly story = signal<readonly TimelineEventView[]>([]);
  protected readonly broken = signal<ApiFailure | null>(null);
  protected readonly busy = signal(false);
  protected readonly until = computed(() => { const access = this.access(); return access ? time(access.endsAt) : ''; });

  constructor() {
    effect(() => void this.load());
  }

  protected async load(): Promise<void> {
    this.broken.set(null);
    try {
      const [held, log, page] = await Promise.all([
        this.api.one(this.organisationId()), this.api.support(this.organisationId()), this.api.tickets(this.pass(), null),
      ]);
      this.name.set(held.name);
      this.access.set(log.items.find(({ id }) => id === this.accessId()) ?? null);
      this.rows.set(page.items);
      this.cursor.set(page.nextCursor ?? null);
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    }
  }

  protected more(): Promise<void> {
    return this.doing(async () => {
      const page = await this.api.tickets(this.pass(), this.cursor());
      this.rows.update((rows) => [...(rows ?? []), ...page.items]);
      this.cursor.set(page.nextCursor ?? null);
    });
  }

  protected read(row: TicketRow): Promise<void> {
    return this.doing(async () => {
      const [ticket, story] = await Promise.all([this.api.ticket(this.pass(), row.id), this.api.story(this.pass(), row.id)]);
      this.ticket.set(ticket);
      this.story.set(story.items);
    });
  }

  protected end(): Promise<void> {
    return this.doing(async () => {
      await this.api.end(this.organisationId(), this.accessId());
      await this.router.navigate(['/platform', this.organisationId()]);
    });
  }

  protected where({ property, unitLabel, addressAsWritten }: TicketRow | TicketView): string {
    return property ? [unitLabel, property.address, property.postcode].filter(Boolean).join(', ') : (addressAsWritten ?? '');
  }

  protected short(at: string): string {
    return shortMoment(at, this.now.at());
  }

  /** Support reads what the product calls things. */
  protected kind({ kind }: TimelineEventView): string {
    return kind.replaceAll('_', ' ');
  }

  private async doing(work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      await work();
    } catch (thrown) {
      this.broken.set(toFailure(thrown));
    } finally {
      this.busy.set(false);
    }
  }
}
