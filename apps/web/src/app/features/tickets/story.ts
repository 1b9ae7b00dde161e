import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { Live } from '@mu/shared/live/live';
import type { TimelineEvent } from './ticket';
import { TicketApi } from './ticket-api';
import type { Field } from './ticket-store';
import { told } from './timeline';

interface Telling {
  readonly ticketId: string | null;
  /** Oldest first. */
  readonly events: readonly TimelineEvent[];
  /** Where what came earlier starts; null when the beginning is shown. */
  readonly earlier: string | null;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: ApiFailure | null;
}

const NOTHING: Telling = { ticketId: null, events: [], earlier: null, phase: 'loading', failure: null };
const TOUCHED_TIME = 2_500;

const BURST = 250;

/** A field that somebody else has just changed, and to what. */
export interface Rival {
  readonly who: string | null;
  readonly to: unknown;
}

/** What has happened to the opened ticket. What others do is added as it happens, lit up for a moment. */
@Injectable()
export class Story {
  private readonly api = inject(TicketApi);
  private readonly me = inject(Session).user;
  private readonly telling = signal<Telling>(NOTHING);
  private readonly lit = signal<ReadonlySet<string>>(new Set());

  readonly phase = computed(() => this.telling().phase);
  readonly failure = computed(() => this.telling().failure);
  readonly hasEarlier = computed(() => this.telling().earlier !== null);
  readonly passages = computed(() => told(this.telling().events));
  readonly touched = this.lit.asReadonly();
  /** What others have changed since somebody began to choose a value for the same field. */
  readonly rivals = computed(() => ({ priority: this.rivalOf('priority'), owner: this.rivalOf('owner') }));

  private readonly choosing = signal<{ readonly field: Field; readonly known: ReadonlySet<string> } | null>(null);

  private coming: ReturnType<typeof setTimeout> | undefined;
  private byOthers = false;

  constructor() {
    inject(Live).events.pipe(takeUntilDestroyed()).subscribe((event) => {
      const { ticketId } = this.telling();
      if (ticketId === null || (event.is === 'ticket-changed' && event.ticketId !== ticketId)) return;
      this.byOthers ||= event.is === 'resync' || event.actorId !== this.me()?.id;
      this.coming ??= setTimeout(() => {
        void this.refresh(ticketId, this.byOthers);
        this.coming = undefined;
        this.byOthers = false;
      }, BURST);
    });
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.coming); });
  }

  async open(ticketId: string): Promise<void> {
    this.telling.set({ ...NOTHING, ticketId });
    await this.load(ticketId);
  }

  async retry(): Promise<void> {
    const { ticketId } = this.telling();
    if (ticketId !== null) await this.open(ticketId);
  }

  /** Adds what has happened since. `byOthers` lights it up for a moment. */
  async refresh(ticketId: string, byOthers = false): Promise<void> {
    if (this.telling().ticketId !== ticketId) return;
    const known = new Set(this.telling().events.map(({ id }) => id));
    await this.load(ticketId);
    if (byOthers) this.touch(this.telling().events.filter(({ id }) => !known.has(id)).map(({ id }) => id));
  }

  async showEarlier(): Promise<void> {
    const { ticketId, earlier } = this.telling();
    if (ticketId === null || earlier === null) return;
    try {
      const page = await this.api.timeline(ticketId, earlier);
      this.when(ticketId, (telling) => ({ ...telling, events: [...except(page.items, telling.events).toReversed(), ...telling.events], earlier: page.nextCursor }));
    } catch (thrown) {
      this.when(ticketId, (telling) => ({ ...telling, failure: toFailure(thrown) }));
    }
  }

  /** Adds a note. Throws an ApiFailure; the same key again never adds it twice. */
  async note(ticketId: string, body: string, key: string): Promise<void> {
    const event = await this.api.comment(ticketId, body, key);
    this.when(ticketId, (telling) => ({ ...telling, events: continued(telling.events, [event]) }));
  }

  /** Somebody looks at the choices for a field; null once they are done. */
  beginChoice(field: Field | null): void {
    this.choosing.set(field === null ? null : { field, known: new Set(this.telling().events.map(({ id }) => id)) });
  }

  /** Who changed a field last. */
  async whoChanged(ticketId: string, field: Field): Promise<string | null> {
    await this.refresh(ticketId);
    if (this.telling().ticketId !== ticketId) return null;
    return this.telling().events.findLast(({ kind }) => kind === `${field}_changed`)?.actor?.name ?? null;
  }

  private rivalOf(field: Field): Rival | null {
    const choosing = this.choosing();
    if (choosing?.field !== field) return null;
    const change = this.telling().events.findLast(({ id, kind, actor }) => kind === `${field}_changed` && !choosing.known.has(id) && actor?.id !== this.me()?.id);
    return change ? { who: change.actor?.name ?? null, to: change.data['to'] } : null;
  }

  private async load(ticketId: string): Promise<void> {
    try {
      const page = await this.api.timeline(ticketId, null);
      this.when(ticketId, (telling) => {
        const joins = page.items.some(({ id }) => telling.events.some((known) => known.id === id));
        return {
          ...telling,
          events: joins ? continued(telling.events, page.items) : page.items.toReversed(),
          earlier: joins ? telling.earlier : page.nextCursor,
          phase: 'ready',
          failure: null,
        };
      });
    } catch (thrown) {
      this.when(ticketId, (telling) => (telling.phase === 'ready' ? telling : { ...telling, phase: 'failed', failure: toFailure(thrown) }));
    }
  }

  private when(ticketId: string, change: (telling: Telling) => Telling): void {
    this.telling.update((telling) => (telling.ticketId === ticketId ? change(telling) : telling));
  }

  private touch(ids: readonly string[]): void {
    this.lit.update((lit) => new Set([...lit, ...ids]));
    setTimeout(() => {
      this.lit.update((lit) => new Set([...lit].filter((id) => !ids.includes(id))));
    }, TOUCHED_TIME);
  }
}

/** The server tells the newest first; events that are told again are told once. */
function continued(known: readonly TimelineEvent[], newestFirst: readonly TimelineEvent[]): readonly TimelineEvent[] {
  return [...except(known, newestFirst), ...newestFirst.toReversed()];
}

function except(events: readonly TimelineEvent[], others: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const ids = new Set(others.map(({ id }) => id));
  return events.filter(({ id }) => !ids.has(id));
}
