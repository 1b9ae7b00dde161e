import { Injectable, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Toasts } from '@mu/shared/ui/toasts';
import type { Priority } from '@mu/shared/ui/priority-badge';
import type { Named, Ticket } from './ticket';
import { TicketApi } from './ticket-api';
import { Story } from './story';
import { type Field, TicketStore } from './ticket-store';

type Value = Priority | Named | null;

/** One field of one ticket, from what its editor saw to what they want. */
interface Edit {
  readonly field: Field;
  readonly before: Value;
  readonly after: Value;
}

/** Two people changed the same field; the one who was later decides. */
export interface Conflict {
  readonly ticketId: string;
  readonly field: Field;
  readonly theirs: Value;
  readonly yours: Value;
  /** Who was faster, as far as the timeline tells. */
  readonly by: string | null;
}

const TRIES = 3;

/** Changes of a ticket in place: shown at once, undone on request, and never over somebody else's change. */
@Injectable()
export class TicketEdits {
  private readonly api = inject(TicketApi);
  private readonly store = inject(TicketStore);
  private readonly story = inject(Story);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly open = signal<Conflict | null>(null);

  readonly conflict = this.open.asReadonly();

  prioritise(ticket: Ticket, priority: Priority): Promise<void> {
    return this.make(ticket, { field: 'priority', before: ticket.priority, after: priority });
  }

  assign(ticket: Ticket, owner: Named | null): Promise<void> {
    return this.make(ticket, { field: 'owner', before: ticket.owner, after: owner });
  }

  keepTheirs(): void {
    this.open.set(null);
  }

  async useMine(): Promise<void> {
    const conflict = this.open();
    const ticket = this.store.find(conflict?.ticketId ?? '');
    this.open.set(null);
    if (conflict && ticket) await this.make(ticket, { field: conflict.field, before: conflict.theirs, after: conflict.yours });
  }

  private async make(ticket: Ticket, edit: Edit, undoable = true): Promise<void> {
    if (same(edit.before, edit.after)) return;
    this.open.set(null);
    this.store.expect(ticket.id, { [edit.field]: edit.after });
    try {
      const saved = await this.send(ticket, edit, TRIES);
      if (!saved) return;
      this.store.put(saved);
      this.toasts.show(this.say(saved, edit), undoable ? () => { this.undo(saved, edit); } : undefined);
      await Promise.all([this.story.refresh(ticket.id), this.store.count()]);
    } catch (thrown) {
      const newest = this.store.find(ticket.id);
      this.store.put(newest && newest.version > ticket.version ? newest : ticket);
      this.toasts.show(this.failed(toFailure(thrown)));
    }
  }

  /** The saved ticket, or null when somebody else's change stands in the way. */
  private async send(ticket: Ticket, edit: Edit, tries: number): Promise<Ticket | null> {
    try {
      return await (edit.field === 'priority'
        ? this.api.prioritise(ticket.id, edit.after as Priority, ticket.version)
        : this.api.assign(ticket.id, (edit.after as Named | null)?.id ?? null, ticket.version));
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as Ticket | undefined;
      if (failure.status !== 412 || !current) throw failure;
      if (same(current[edit.field], edit.after)) return current;
      // Something else about it changed: nobody's decision is overwritten.
      if (same(current[edit.field], edit.before) && tries > 1) return this.send(current, edit, tries - 1);
      this.store.put(current);
      const by = await this.story.whoChanged(ticket.id, edit.field);
      this.open.set({ ticketId: ticket.id, field: edit.field, theirs: current[edit.field], yours: edit.after, by });
      return null;
    }
  }

  private undo(saved: Ticket, { field, before, after }: Edit): void {
    const ticket = this.store.find(saved.id) ?? saved;
    void this.make(ticket, { field, before: after, after: before }, false);
  }

  private say({ reference }: Ticket, { field, after }: Edit): string {
    if (field === 'priority') {
      const priority: string = this.words.translate(`priority.${after as Priority}`);
      return this.words.translate('tickets.toast.priority', { reference, priority });
    }
    const owner = (after as Named | null)?.name;
    return owner === undefined
      ? this.words.translate('tickets.toast.unassigned', { reference })
      : this.words.translate('tickets.toast.assigned', { reference, name: owner });
  }
}

function same(one: Value | undefined, other: Value): boolean {
  const key = (value: Value | undefined): string | null => (typeof value === 'string' ? value : value?.id ?? null);
  return key(one) === key(other);
}
