import { DestroyRef, Injectable, effect, inject, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Session } from '@mu/shared/auth/session';
import { Live, type TicketChanged } from '@mu/shared/live/live';
import { TicketStore } from './ticket-store';

const BURST = 250;
const COUNT_AFTER = 1_000;
/** More changed rows than this are cheaper to read as a list. */
const ONE_BY_ONE = 8;

/** An advisor's answer marks a ticket, and makes no new version of it. */
const MARKS = 'advice';

/** Brings what others do into the list, the counts and the opened ticket. One's own changes come quietly. */
@Injectable()
export class TicketNews {
  private readonly store = inject(TicketStore);
  private readonly me = inject(Session).user;
  private changes = new Map<string, TicketChanged>();
  private reading: ReturnType<typeof setTimeout> | undefined;
  private counting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const live = inject(Live);
    effect(() => {
      // The line is back: so may be what couldn't be loaded.
      if (live.state() === 'live' && untracked(this.store.failure)) untracked(() => void this.store.reload());
    });
    live
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.is === 'resync') void this.store.reload();
        else this.note(event);
      });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.reading);
      clearTimeout(this.counting);
    });
  }

  private note(change: TicketChanged): void {
    this.changes.set(change.ticketId, change);
    this.reading ??= setTimeout(() => {
      this.reading = undefined;
      void this.read();
    }, BURST);
    this.counting ??= setTimeout(() => {
      this.counting = undefined;
      void this.store.count();
    }, COUNT_AFTER);
  }

  private async read(): Promise<void> {
    const changes = [...this.changes.values()];
    this.changes = new Map();
    const opened = this.store.opened()?.id;
    const shown = changes.filter(({ ticketId }) => ticketId === opened || this.store.lists(ticketId));
    const unknown = changes.some(({ ticketId }) => !this.store.lists(ticketId));
    if (shown.length > ONE_BY_ONE) {
      await this.store.reload();
      return;
    }
    await Promise.all([
      ...shown.filter(({ ticketId, version, kind }) => kind.startsWith(MARKS) || (this.store.versionOf(ticketId) ?? 0) < version).map((change) => this.store.fetch(change.ticketId, this.byOthers(change))),
      unknown ? this.store.lookForNew() : null,
    ]);
  }

  private byOthers({ actorId }: TicketChanged): boolean {
    return actorId !== this.me()?.id;
  }
}
