import { Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { Avatar } from '@mu/shared/ui/avatar';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { day, moment, relative, shortMoment } from '@mu/shared/ui/when';
import type { Ticket } from './ticket';
import { type Line, iconOf } from './timeline';

/** One line of a ticket's story: a note in full, anything else as a sentence. */
@Component({
  selector: 'mu-timeline-line',
  imports: [Avatar, Icon, TranslocoPipe],
  host: {
    class: 'relative block rounded-md',
    '[class]': "touched() ? 'animate-[mu-touched_2.5s_ease-out] motion-reduce:bg-accent-soft' : ''",
  },
  templateUrl: './timeline-line.html',
})
export class TimelineLine {
  readonly line = input.required<Line>();
  /** Whom the ticket names as its reporter, and how the report came in. */
  readonly report = input<Pick<Ticket, 'reporter' | 'channel'> | null>(null);
  readonly touched = input(false);
  readonly photo = output<string>();

  private readonly words = inject(TranslocoService);
  private readonly known = knownWords();
  private readonly now = inject(Now);

  /** The photo that the line leads to. */
  protected readonly photoId = computed(() => (this.line().photo?.state === 'ready' ? this.line().photo?.id : null));
  protected readonly icon = computed(() => iconOf(this.line()));
  protected readonly wrong = computed(() => ['failed', 'unknown'].includes(this.line().message?.state ?? ''));
  /** What somebody wrote is read in full. */
  protected readonly note = computed(() => (this.line().event.body !== null ? this.line().event : null));
  /** What the words are about, over them; a note of a colleague says it by itself. */
  protected readonly heading = computed(() => (this.line().event.kind === 'commented' ? null : this.sentence()));
  protected readonly writer = computed(() => {
    const name = this.line().event.kind === 'tenant_wrote' ? this.report()?.reporter?.name : this.actor();
    if (name) return name;
    return this.sentence();
  });
  protected readonly actor = computed(() => this.nameOf(this.line().event.actor));
  protected readonly when = computed(() => this.asShortAsToday(this.line().event.occurredAt));
  protected readonly exact = computed(() => {
    const { occurredAt } = this.line().event;
    return `${moment(occurredAt, this.now.at())} (${relative(occurredAt, this.now.at())})`;
  });
  protected readonly sentence = computed(() => this.tell(this.line()));

  private tell({ event, message, photo }: Line): string {
    const actor = this.actor();
    if (message) return this.tellMessage(message);
    if (photo) return this.tellPhoto(photo, event);
    switch (event.kind) {
      case 'reported': return this.tellReport(event.actor?.name);
      case 'priority_changed':
        return this.say('priority', { actor, from: this.priority(event.data['from']), to: this.priority(event.data['to']) });
      case 'owner_changed': return this.tellOwner(event.actor?.id ?? null, event.data['to']);
      default: return this.tellStep(event) ?? this.say('other', { actor });
    }
  }

  /** The steps of triage, whose words come with it. */
  private tellStep({ kind, data }: Line['event']): string | undefined {
    const actor = this.actor();
    const of = (group: string, value: unknown): string => (typeof value === 'string' ? this.known(`${group}.${value}`) : undefined) ?? '';
    const told: unknown = kind === 'advice_decided' ? data['decision'] : kind === 'cancelled' && data['byTenant'] === true ? 'cancelled_by_tenant' : kind === 'hazard_raised' && data['aiJobId'] === undefined ? 'hazard_heard' : kind;
    const words = this.known(`triage.timeline.${String(told)}`);
    const due: unknown = data['dueAt'];
    if (words === undefined) return undefined;
    const sentence: string = this.words.translate(`triage.timeline.${String(told)}`, {
      actor,
      danger: of('triage.danger', data['danger']),
      category: of('category', data['category']),
      priority: this.priority(data['priority']),
      hazard: of('triage.hazard', data['hazardClass'] ?? data['to']),
      reason: of('triage.rejection', data['reason']),
      by: typeof due === 'string' ? day(due, this.now.at()) : '',
    });
    return sentence;
  }

  /** The product, where nobody did it; whoever was forgotten has no name left. */
  private nameOf(actor: Line['event']['actor']): string {
    return actor ? actor.name || this.words.translate('ui.forgotten') : this.words.translate('tickets.timeline.system');
  }

  private tellReport(actor: string | undefined): string {
    const { reporter, channel } = this.report() ?? {};
    if (actor) return reporter?.name ? this.say('writtenDown', { actor, reporter: reporter.name }) : this.say('logged', { actor });
    if (reporter?.name && channel === 'staff') return this.say('byStaff', { reporter: reporter.name });
    const how = channel ? this.words.translate(`tickets.channel.${channel}`) : '';
    return (reporter?.name ? this.say('reportedBy', { reporter: reporter.name, how }) : this.say('reported', { how })).trim();
  }

  private tellOwner(actorId: string | null, to: unknown): string {
    const actor = this.actor();
    const owner = to as { id?: string; name?: string } | null | undefined;
    if (!owner?.name) return this.say('unassigned', { actor });
    return owner.id === actorId ? this.say('took', { actor }) : this.say('assigned', { actor, name: owner.name });
  }

  /** Who sent it is told by its arrival, which an earlier page may hold. */
  private tellPhoto({ state, reason }: NonNullable<Line['photo']>, { kind, actor }: Line['event']): string {
    const who = actor?.name ?? (kind === 'photo_received' ? this.say('theTenant') : this.words.translate('tickets.conflict.somebody'));
    const told = this.say({ received: 'photoComing', ready: 'photo', refused: 'photoRefused' }[state], { who });
    const why = this.known(`tickets.photos.refusal.${reason ?? ''}`);
    return state === 'refused' && why ? `${told}: ${why}` : told;
  }

  /** "Acknowledgement e-mail to the tenant — sent 10:02", with the day when it isn't today's. */
  private tellMessage({ state, at, template, channel, reason }: NonNullable<Line['message']>): string {
    const when = this.asShortAsToday(at);
    const what = this.known(`tickets.timeline.template.${template}`) ?? this.known(`tickets.timeline.message.${channel}`) ?? this.say('message.other');
    if (reason === 'told-lately') return this.say('told', { what });
    if (reason === 'objected') return this.say('objected', { what });
    return this.say(state === 'failed' ? 'undelivered' : state, { what, when });
  }

  /** "10:02" today, "Fri 20 Nov, 10:02" before. */
  private asShortAsToday(at: string): string {
    return shortMoment(at, this.now.at());
  }

  private priority(value: unknown): string {
    return (typeof value === 'string' ? this.known(`priority.${value}`) : undefined) ?? this.words.translate('priority.none');
  }

  private say(key: string, params: Record<string, unknown> = {}): string {
    return this.words.translate(`tickets.timeline.${key}`, params);
  }
}
