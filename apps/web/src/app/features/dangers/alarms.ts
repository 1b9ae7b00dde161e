import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { acknowledgeDanger } from '@mu/shared/api/generated/fn/triage/acknowledge-danger';
import { listDangerAlerts } from '@mu/shared/api/generated/fn/triage/list-danger-alerts';
import { releaseDanger } from '@mu/shared/api/generated/fn/triage/release-danger';
import type { DangerAlert } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { Live } from '@mu/shared/live/live';
import { UNDO_TIME } from '@mu/shared/ui/toasts';

const LOOK_AGAIN = 60_000;
const COUNT_AFTER = 1_000;
/** A hand that was on its way to something else has stopped by then. */
export const STARTLED = 700;

/** What brings an alarm nobody chose, or takes one away. */
const ABOUT_HAZARDS = /^(hazard|triage|classified|advice_decided|approved|rejected|cancelled)/;

export type Care = 'nobody' | 'me' | 'colleague';

export interface Alarm extends DangerAlert {
  readonly care: Care;
  /** When somebody began to look after it, or let go of it, in milliseconds. */
  readonly since: number;
}

/** Alarms of one home: one bar. */
export interface AlarmGroup {
  readonly key: string;
  readonly alarms: readonly Alarm[];
}

/**
 * The alarms that nobody looks after, and those that somebody has just begun to: these keep their place until the time
 * to undo is over and neither pointer nor focus is near, so that nothing slides under a hand.
 */
@Injectable()
export class Alarms {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly shown = signal<readonly Alarm[]>([]);
  private readonly beyond = signal(0);
  private readonly raised = signal(0);
  private readonly arrived = signal<readonly Alarm[]>([]);
  private readonly asking = new Set<string>();
  private held = false;
  private movedAt = 0;
  private counting: ReturnType<typeof setTimeout> | undefined;
  private tidying: ReturnType<typeof setTimeout> | undefined;

  readonly groups = computed<readonly AlarmGroup[]>(() => {
    const groups = new Map<string, Alarm[]>();
    for (const alarm of this.shown()) groups.set(homeOf(alarm), [...(groups.get(homeOf(alarm)) ?? []), alarm]);
    return [...groups].map(([key, alarms]) => ({ key, alarms }));
  });
  /** Alarms that wait and are too many to be listed. */
  readonly unlisted = this.beyond.asReadonly();
  /** Tickets on which the product raised an emergency, and at which nobody has looked. */
  readonly hazards = this.raised.asReadonly();
  /** What the last look brought. */
  readonly news = this.arrived.asReadonly();

  constructor() {
    void this.look();
    inject(Live).events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (event.is === 'resync' || event.kind.startsWith('danger')) void this.look();
      else if (ABOUT_HAZARDS.test(event.kind) || this.shown().some(({ id }) => id === event.ticketId)) this.lookSoon();
    });
    const timer = setInterval(() => void this.look(), LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      clearTimeout(this.counting);
      clearTimeout(this.tidying);
    });
  }

  /** Says whether a click on an alarm can be meant: what has just changed or moved was not under the pointer before. */
  canBeMeant({ since }: Alarm): boolean {
    return Date.now() - Math.max(since, this.movedAt) >= STARTLED;
  }

  /** Says that everything has just moved. */
  startle(): void {
    this.movedAt = Date.now();
  }

  /** While a hand or the focus is here, nothing leaves its place. */
  hold(held: boolean): void {
    this.held = held;
    if (!held) this.tidySoon(STARTLED);
  }

  async acknowledge(alarm: Alarm): Promise<ApiFailure | null> {
    return this.change(alarm, 'me', () => this.api.call(acknowledgeDanger, { ticket_id: alarm.id }));
  }

  async release(alarm: Alarm): Promise<ApiFailure | null> {
    return this.change(alarm, 'nobody', () => this.api.call(releaseDanger, { ticket_id: alarm.id }));
  }

  private async change(alarm: Alarm, care: Care, call: () => Promise<unknown>): Promise<ApiFailure | null> {
    this.asking.add(alarm.id);
    this.set(alarm.id, care);
    try {
      await call();
      return null;
    } catch (thrown) {
      this.set(alarm.id, alarm.care);
      return toFailure(thrown);
    } finally {
      this.asking.delete(alarm.id);
      this.tidySoon(UNDO_TIME);
      void this.look();
    }
  }

  private async look(): Promise<void> {
    if (!this.session.can('tickets:read')) return;
    const list = await this.api.call(listDangerAlerts, {}).catch(() => null);
    if (!list) return;
    const { items, waiting, hazards } = list;
    this.beyond.set(Math.max(0, waiting - items.length));
    this.raised.set(hazards);
    const now = Date.now();
    const waits = new Map(items.map((item) => [item.id, item]));
    const before = this.shown();
    const kept = before.map((alarm): Alarm => {
      const item = waits.get(alarm.id);
      if (this.asking.has(alarm.id)) return alarm;
      if (item) return { ...item, care: 'nobody', since: alarm.care === 'nobody' ? alarm.since : now };
      return alarm.care === 'nobody' ? { ...alarm, care: 'colleague', since: now } : alarm;
    });
    const fresh = items.filter(({ id }) => !before.some((alarm) => alarm.id === id)).map((item): Alarm => ({ ...item, care: 'nobody', since: 0 }));
    // One that joins a home changes the home's bar.
    if (fresh.some((alarm) => before.some((other) => homeOf(other) === homeOf(alarm)))) this.movedAt = now;
    this.shown.set([...kept, ...fresh]);
    if (fresh.length) this.arrived.set(fresh);
    if (kept.some(({ care }) => care !== 'nobody')) this.tidySoon(UNDO_TIME);
  }

  private lookSoon(): void {
    this.counting ??= setTimeout(() => {
      this.counting = undefined;
      void this.look();
    }, COUNT_AFTER);
  }

  private tidySoon(after: number): void {
    clearTimeout(this.tidying);
    this.tidying = setTimeout(() => { this.tidy(); }, after);
  }

  /** Takes away what somebody looks after, once that can hardly be a slip any more. */
  private tidy(): void {
    const now = Date.now();
    const settled = this.shown().filter(({ care }) => care !== 'nobody');
    if (!settled.length || this.held) return;
    const left = this.shown().filter(({ care, since }) => care === 'nobody' || now - since < UNDO_TIME);
    if (left.length < this.shown().length) {
      this.movedAt = now;
      this.shown.set(left);
    }
    const next = left.filter(({ care }) => care !== 'nobody').map(({ since }) => since + UNDO_TIME - now);
    if (next.length) this.tidySoon(Math.min(...next));
  }

  private set(id: string, care: Care): void {
    this.shown.update((all) => all.map((alarm) => (alarm.id === id ? { ...alarm, care, since: Date.now() } : alarm)));
  }
}

function homeOf({ id, property, unitLabel, addressAsWritten }: DangerAlert): string {
  return property ? `${property.id} ${unitLabel ?? ''}` : (addressAsWritten ?? id);
}
