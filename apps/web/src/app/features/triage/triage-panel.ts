import { Component, DestroyRef, ElementRef, Injector, afterNextRender, afterRenderEffect, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { TicketAction } from '@mu/shared/api/generated/models';
import { toFailure } from '@mu/shared/api/failure';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Live } from '@mu/shared/live/live';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { shortcuts } from '@mu/shared/ui/shortcuts';
import { Toasts } from '@mu/shared/ui/toasts';
import { day } from '@mu/shared/ui/when';
import { Drafts } from '../tickets/drafts';
import { Story } from '../tickets/story';
import type { Ticket } from '../tickets/ticket';
import { TicketStore } from '../tickets/ticket-store';
import { ClassificationFields } from './classification-fields';
import { type Draft, NEW_DRAFT, draftOf, finished, isLower, proposed, same } from './draft';
import { type AiJob, TriageApi } from './triage-api';
import { type Said, type Wordy, WordsForm, draftOfWords } from './words-form';

type Step = 'begin' | 'received' | 'save' | 'accept' | 'acceptEdited' | 'approve';

const CLASSIFYING = new Set<Step>(['save', 'accept', 'acceptEdited']);
const NEXT: Readonly<Record<Step, string>> = {
  begin: 'triage.begin', received: 'triage.received', save: 'triage.save', accept: 'triage.ai.accept', acceptEdited: 'triage.ai.acceptEdited', approve: 'triage.approve',
};
const ASK_AGAIN = 2_000;
/** For so long after a step, in milliseconds, a click is the second half of a double one: another button stands there now. */
const SETTLING = 800;

/** What a coordinator decides about one ticket, with what AI suggests beside it. Nothing is applied by itself. */
@Component({
  selector: 'mu-triage-panel',
  imports: [ClassificationFields, Icon, TranslocoPipe, WordsForm],
  host: { class: 'block' },
  templateUrl: './triage-panel.html',
})
export class TriagePanel {
  readonly ticket = input.required<Ticket>();

  private readonly api = inject(TriageApi);
  private readonly store = inject(TicketStore);
  private readonly story = inject(Story);
  private readonly drafts = inject(Drafts);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly failed = failureWords();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  private shown = '';
  /** The classification that the draft began with. */
  private begun = NEW_DRAFT;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;

  protected readonly NEXT = NEXT;
  protected readonly wordy: readonly { about: Wordy; action: TicketAction }[] = [
    { about: 'ask', action: 'request_info' }, { about: 'plan', action: 'plan' }, { about: 'reject', action: 'reject' }, { about: 'cancel', action: 'cancel' },
  ];
  /** Where there is little room, the panel stands behind one line, and the story gets the room. */
  protected readonly unfolded = signal(false);
  protected readonly job = signal<AiJob | null>(null);
  protected readonly draft = signal<Draft>(NEW_DRAFT);
  /** The classification as it is saved. */
  protected readonly standing = computed(() => draftOf(this.ticket()));
  protected readonly form = signal<Wordy | null>(null);
  protected readonly begin = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | null>(null);
  protected readonly missingHazard = signal(false);
  /** A colleague has classified the ticket while somebody was at work on it here: nobody is overwritten unseen. */
  protected readonly clash = signal(false);
  /** Whether the draft takes the ticket for less dangerous than it is taken for. */
  protected readonly lowers = computed(() => isLower(this.draft().hazardClass, this.ticket().hazardClass));
  protected readonly whyLower = signal('');
  protected readonly waiting = computed(() => ['pending', 'running'].includes(this.job()?.status ?? ''));
  protected readonly suggestion = computed(() => (this.job()?.status === 'succeeded' && this.may('classify') ? (this.job()?.suggestion ?? null) : null));
  protected readonly by = computed(() => `triage.ai.by.${['embedded', 'openai'].find((name) => name === this.job()?.advisor) ?? 'other'}`);
  protected readonly mayAskAi = computed(() => this.session.can('ai:use') && this.may('classify'));
  /** The one next best action: the only filled button. */
  protected readonly next = computed<Step | null>(() => {
    const ticket = this.ticket();
    const suggestion = this.suggestion();
    if (suggestion) return same(proposed(suggestion, this.draft()), this.draft()) ? 'accept' : 'acceptEdited';
    if (this.may('receive_info')) return 'received';
    if (this.may('classify') && !same(draftOf(ticket), this.draft())) return 'save';
    if (this.may('triage')) return 'begin';
    if (this.may('classify') && ticket.hazardClass === null) return 'save';
    return this.may('approve') ? 'approve' : null;
  });

  /** The next best action, where it can be taken without looking at anything first. */
  protected readonly plain = computed(() => [this.next()].find((step) => step === 'begin' || step === 'received' || step === 'approve') ?? null);

  constructor() {
    effect(() => {
      const ticket = this.ticket();
      untracked(() => { this.follow(ticket); });
    });
    afterRenderEffect(() => {
      if (this.store.wanted() !== 'triage') return;
      untracked(() => {
        this.store.want(null);
        this.focus();
      });
    });
    inject(Live).events.pipe(takeUntilDestroyed()).subscribe((event) => {
      const mine = event.is === 'resync' || (event.ticketId === this.shown && /^(advice|tenant_wrote)/.test(event.kind));
      if (mine && this.shown) void this.readJob(this.shown);
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
      this.shown = ''; // an answer that is still on its way asks no further
    });
    shortcuts({ keys: 't', group: 'tickets.shortcuts.group', words: 'tickets.shortcuts.triage', run: () => { this.focus(); } });
  }

  protected may(action: TicketAction): boolean {
    return this.ticket().allowedActions.includes(action);
  }

  protected day(at: string): string {
    return day(at, this.now.at());
  }

  protected change(draft: Draft): void {
    this.missingHazard.set(false);
    this.draft.set(draft);
  }

  protected open(about: Wordy, begin = ''): void {
    this.failure.set(null);
    this.begin.set(begin);
    this.unfolded.set(true);
    this.form.set(about);
  }

  protected close(): void {
    this.failure.set(null);
    this.form.set(null);
  }

  /** Works on from what the colleague decided, or knowingly decides otherwise. */
  protected settle(takeTheirs: boolean): void {
    if (takeTheirs) this.draft.set(this.begun);
    this.clash.set(false);
  }

  protected take(step: Step): void {
    if (this.busy() || (this.clash() && CLASSIFYING.has(step))) return;
    const ticket = this.ticket();
    const job = this.job();
    const classification = finished(this.draft(), this.lowers() ? this.whyLower().trim() : '');
    if (step === 'begin') void this.decide(() => this.api.begin(ticket));
    else if (step === 'received') void this.decide(() => this.api.received(ticket));
    else if (step === 'approve') void this.decide(() => this.api.approve(ticket), 'approve');
    else if (!classification) this.missingHazard.set(true);
    else if (step === 'save') void this.decide(() => this.api.classify(ticket, classification), 'classify');
    else if (job) void this.decide(() => this.api.accept(job, ticket, classification), 'accept');
  }

  protected dismiss(): void {
    const job = this.job();
    if (!job) return;
    this.draft.set(draftOf(this.ticket()));
    void this.decide(() => this.api.dismiss(job, this.ticket()), 'dismiss');
  }

  protected say(about: Wordy, { text, reason, on }: Said): void {
    const ticket = this.ticket();
    const calls: Record<Wordy, () => Promise<Ticket>> = {
      ask: () => this.api.ask(ticket, text),
      reject: () => this.api.reject(ticket, reason, text),
      cancel: () => this.api.cancel(ticket, text),
      plan: () => this.api.plan(ticket, text, on),
    };
    void this.decide(async () => {
      const decided = await calls[about]();
      this.drafts.drop(draftOfWords(about, ticket.id));
      return decided;
    }, about);
  }

  protected async askAi(): Promise<void> {
    this.failure.set(null);
    const { id } = this.ticket();
    try {
      this.show(id, await this.api.askAi(id));
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    }
  }

  /** Another ticket begins anew; a change of this one is taken over unless somebody is at work on it here. */
  private follow(ticket: Ticket): void {
    if (ticket.id !== this.shown) {
      this.shown = ticket.id;
      this.unfolded.set(false);
      this.busy.set(false);
      this.job.set(null);
      this.close();
      this.missingHazard.set(false);
      this.whyLower.set('');
      this.clash.set(false);
      this.draft.set(draftOf(ticket));
      void this.readJob(ticket.id);
    } else if (same(this.draft(), this.begun) || same(this.draft(), draftOf(ticket))) {
      this.draft.set(draftOf(ticket));
      this.clash.set(false);
    } else if (!same(this.begun, draftOf(ticket)) && !this.isRaisedByAi(draftOf(ticket))) {
      this.clash.set(true);
    }
    this.begun = draftOf(ticket);
  }

  /** Whether all that is new is the alarm that the suggestion itself raised. */
  private isRaisedByAi(theirs: Draft): boolean {
    return theirs.hazardClass === this.suggestion()?.hazardClass.value && same({ ...this.begun, hazardClass: theirs.hazardClass }, theirs);
  }

  private async readJob(ticketId: string): Promise<void> {
    const job = await this.api.latest(ticketId).catch(() => this.job());
    this.show(ticketId, job);
  }

  private show(ticketId: string, job: AiJob | null): void {
    if (ticketId !== this.shown) return;
    const before = this.job();
    const suggestion = job?.status === 'succeeded' ? job.suggestion : null;
    this.job.set(job);
    if (suggestion && (before?.id !== job?.id || before?.status !== 'succeeded')) {
      this.draft.update((draft) => proposed(suggestion, draft));
      this.unfolded.set(true);
    }
    clearTimeout(this.timer);
    // Usually the live line tells; where it is broken, asking does.
    if (this.waiting()) this.timer = setTimeout(() => void this.readJob(ticketId), ASK_AGAIN);
  }

  private async decide(call: () => Promise<Ticket>, done?: string): Promise<void> {
    const { id } = this.ticket();
    // On a slow line somebody else's ticket stands here by the time the answer comes: it is none of that one's.
    const isStillShown = (): boolean => id === this.shown;
    this.busy.set(true);
    this.failure.set(null);
    try {
      const ticket = await call();
      if (isStillShown()) {
        this.close();
        this.draft.set(draftOf(ticket));
      }
      this.store.put(ticket);
      if (done) this.toasts.show(this.words.translate(`triage.done.${done}`, { reference: ticket.reference }));
      await Promise.all([this.story.refresh(id), this.store.count(), this.readJob(id)]);
    } catch (thrown) {
      const failure = toFailure(thrown);
      const current = failure.details['current'] as Ticket | undefined;
      if (current) this.store.put(current);
      const field = Object.values(failure.fields)[0]?.[0];
      const why = current ? this.words.translate('triage.changed') : (field ?? this.failed(failure));
      if (isStillShown()) this.failure.set(why);
      else this.toasts.show(why);
    } finally {
      clearTimeout(this.settling);
      if (isStillShown()) this.settling = setTimeout(() => { this.busy.set(false); }, this.failure() ? 0 : SETTLING);
    }
  }

  private focus(): void {
    this.unfolded.set(true);
    afterNextRender(() => {
      this.host.nativeElement.scrollIntoView({ block: 'nearest' });
      this.host.nativeElement.querySelector<HTMLElement>('select, #triage-body button')?.focus();
    }, { injector: this.injector });
  }
}
