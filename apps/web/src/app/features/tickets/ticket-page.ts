import { type ElementRef, Component, DestroyRef, afterRenderEffect, computed, effect, inject, input, untracked, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { EmptyState } from '@mu/shared/ui/empty-state';
import { ErrorState } from '@mu/shared/ui/error-state';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { PageTitle } from '@mu/shared/ui/page-title';
import type { Priority } from '@mu/shared/ui/priority-badge';
import { Reference } from '@mu/shared/ui/reference';
import { shortcuts } from '@mu/shared/ui/shortcuts';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { StatusChip } from '@mu/shared/ui/status-chip';
import { Toasts } from '@mu/shared/ui/toasts';
import { shortMoment } from '@mu/shared/ui/when';
import words from '../triage/en.json';
import { TriageApi } from '../triage/triage-api';
import { TriagePanel } from '../triage/triage-panel';
import { Colleagues } from './colleagues';
import { TicketSite } from '../sites/ticket-site';
import { ConflictNotice } from './conflict-notice';
import { languageName } from './language-name';
import { LiveStatus } from './live-status';
import { LongWords } from './long-words';
import { NoteComposer } from './note-composer';
import { PhotoStrip } from './photo-strip';
import { Story } from './story';
import { type Home, type Named, type Ticket, type TicketAction, OPEN_STATUSES, addressOf } from './ticket';
import { TicketEdits } from './ticket-edits';
import { TicketFacts } from './ticket-facts';
import { TicketPhotos } from './ticket-photos';
import { TicketStore } from './ticket-store';
import { TicketTimeline } from './ticket-timeline';

const TRIAGE: readonly TicketAction[] = ['triage', 'classify', 'request_info', 'receive_info', 'approve', 'reject', 'plan', 'cancel'];

/** One ticket: its story, its facts and what can be done about it. */
@Component({
  selector: 'mu-ticket-page',
  imports: [
    TicketSite, ConflictNotice, EmptyState, ErrorState, Icon, LiveStatus, NoteComposer, Reference, RouterLink, Skeleton, StatusChip, TicketFacts, TicketTimeline,
    TranslocoPipe, LongWords, PhotoStrip, TriagePanel,
  ],
  providers: [Story, TicketEdits, TicketPhotos],
  host: { class: 'absolute inset-0 flex flex-col bg-surface' },
  templateUrl: './ticket-page.html',
})
export class TicketPage {
  readonly id = input.required<string>();

  protected readonly store = inject(TicketStore);
  protected readonly story = inject(Story);
  protected readonly photos = inject(TicketPhotos);
  protected readonly edits = inject(TicketEdits);
  private readonly colleagues = inject(Colleagues);
  private readonly session = inject(Session);
  private readonly title = inject(PageTitle);
  private readonly triage = inject(TriageApi);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly now = inject(Now);
  private readonly facts = viewChild(TicketFacts);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  protected readonly ticket = computed(() => (this.store.ticket()?.id === this.id() ? this.store.ticket() : null));
  protected readonly outline = computed(() => (this.store.outline()?.id === this.id() ? this.store.outline() : null));
  protected readonly failure = computed(() => (this.ticket() ? null : (this.store.opened()?.failure ?? null)));
  protected readonly conflict = computed(() => (this.edits.conflict()?.ticketId === this.id() ? this.edits.conflict() : null));
  /** The language of the report, when it isn't ours. */
  protected readonly language = computed(() => languageName(this.ticket()?.report?.language ?? 'en'));
  /** The danger that the tenant's words tell of, as long as nobody has said that it is one or none. */
  protected readonly sounds = computed(() => {
    const ticket = this.ticket();
    const isOpen = ticket?.danger === null && ticket.hazardClass === 'potential_emergency' && OPEN_STATUSES.has(ticket.status);
    return isOpen ? (ticket.report?.soundsLike ?? null) : null;
  });
  protected readonly may = computed(() => {
    const allowed = this.ticket()?.allowedActions ?? [];
    return {
      prioritise: allowed.includes('prioritise'),
      assign: allowed.includes('assign'),
      comment: allowed.includes('comment'),
      triage: TRIAGE.some((action) => allowed.includes(action)),
    };
  });

  /** What nobody looks after yet. */
  protected readonly alarm = computed(() => {
    const ticket = this.ticket();
    if (!ticket?.hasAlarm) return null;
    if (!ticket.danger || ticket.dangerAcknowledgedAt) return this.words.translate('tickets.alarm.hazard');
    const at = ticket.takenBackAt;
    return at ? this.words.translate('tickets.alarm.takenBack', { at: shortMoment(at, this.now.at()) }) : this.words.translate('tickets.alarm.danger');
  });

  constructor() {
    addWords({ triage: words });
    effect(() => {
      const id = this.id();
      untracked(() => {
        void this.store.select(id);
        void this.story.open(id);
        void this.photos.open(id);
      });
    });
    effect(() => {
      const outline = this.outline();
      if (outline) this.title.say(`${outline.reference} ${outline.title}`);
    });
    effect(() => {
      if (this.may().assign) void this.colleagues.load();
    });
    afterRenderEffect(() => {
      const wanted = this.store.wanted();
      const facts = this.facts();
      if (wanted === null || !facts) return;
      if (wanted === 'triage') return; // the panel takes that
      untracked(() => { this.store.want(null); });
      if (wanted === 'owner') facts.openOwners();
      else facts.openPriorities();
    });
    afterRenderEffect(() => {
      // Over the list the page takes the focus; beside it the list keeps it, for the next key.
      const heading = this.heading()?.nativeElement;
      if (heading && heading.ownerDocument.activeElement === heading.ownerDocument.body) heading.focus({ preventScroll: true });
    });
    inject(DestroyRef).onDestroy(() => void this.store.select(null));

    const group = 'tickets.shortcuts.group';
    shortcuts(
      { keys: 'a', group, words: 'tickets.shortcuts.assign', when: () => this.may().assign, run: () => { this.facts()?.openOwners(); } },
      { keys: 'p', group, words: 'tickets.shortcuts.priority', when: () => this.may().prioritise, run: () => { this.facts()?.openPriorities(); } },
    );
  }

  protected prioritise(priority: Priority): void {
    const ticket = this.ticket();
    if (ticket) void this.edits.prioritise(ticket, priority);
  }

  protected assign(owner: Named | null): void {
    const ticket = this.ticket();
    if (ticket) void this.edits.assign(ticket, owner);
  }

  protected assignToMe(): void {
    const me = this.session.user();
    if (me) this.assign({ id: me.id, name: me.name });
  }

  protected async acknowledge(): Promise<void> {
    const ticket = this.ticket();
    if (!ticket) return;
    await this.changeAlarm(() => this.triage.acknowledge(ticket));
    if (this.store.find(ticket.id)?.hasAlarm !== false) return;
    const words = this.words.translate('tickets.alarm.mine', { reference: ticket.reference });
    this.toasts.show(words, () => void this.changeAlarm(() => this.triage.release(ticket)));
  }

  protected async link({ unitId, unitLabel, property }: Home): Promise<void> {
    const ticket = this.ticket();
    if (!ticket) return;
    try {
      const linked = await this.triage.link(ticket, property.id, unitId);
      this.store.put(linked);
      this.toasts.show(this.words.translate('triage.home.linked', { reference: linked.reference, address: addressOf({ property, unitLabel }) }));
      await this.story.refresh(ticket.id);
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as Ticket | undefined;
      if (current) this.store.put(current);
      this.toasts.show(current ? this.words.translate('triage.changed') : this.failed(failure));
    }
  }

  private async changeAlarm(change: () => Promise<Ticket>): Promise<void> {
    try {
      const ticket = await change();
      this.store.put(ticket);
      await Promise.all([this.store.count(), this.story.refresh(ticket.id)]);
    } catch (thrown) {
      this.toasts.show(this.failed(toFailure(thrown)));
    }
  }

  protected retry(): void {
    void this.store.select(this.id());
    void this.story.open(this.id());
  }
}
