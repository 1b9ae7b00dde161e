import { BreakpointObserver } from '@angular/cdk/layout';
import { NgTemplateOutlet } from '@angular/common';
import { Component, DestroyRef, Injector, afterNextRender, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { readOrganisation } from '@mu/shared/api/generated/fn/organisation/read-organisation';
import { Session } from '@mu/shared/auth/session';
import { addWords, failureWords } from '@mu/shared/i18n/catalogue';
import { Counted } from '@mu/shared/i18n/counted';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import { Toasts } from '@mu/shared/ui/toasts';
import { shortMoment } from '@mu/shared/ui/when';
import { type Alarm, type AlarmGroup, Alarms } from './alarms';
import words from './en.json';

const LOOK_AGAIN = 60_000;
const NARROW = '(max-width: 40rem)';
/** So many bars leave room for the work under them. */
const MOST = 3;
const MOST_WHERE_NARROW = 1;

interface Bar extends AlarmGroup {
  readonly heading: string;
  readonly dangers: string;
  readonly where: string;
  readonly open: boolean;
}

/** Alarms that nobody looks after yet, over whatever page is open: the only filled red, until somebody acknowledges. */
@Component({
  selector: 'mu-danger-banner',
  imports: [Counted, Icon, NgTemplateOutlet, RouterLink, TranslocoPipe],
  providers: [Alarms],
  host: { class: 'block shrink-0' },
  templateUrl: './danger-banner.html',
})
export class DangerBanner {
  protected readonly alarms = inject(Alarms);
  private readonly api = inject(Api);
  private readonly injector = inject(Injector);
  private readonly now = inject(Now);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly width = toSignal(inject(BreakpointObserver).observe(NARROW));
  private readonly opened = signal<ReadonlySet<string>>(new Set());

  protected readonly unfolded = signal(false);
  protected readonly unreachable = signal(false);
  protected readonly said = signal<string | null>(null);
  protected readonly mayAcknowledge = computed(() => this.session.can('tickets:update'));
  protected readonly groups = computed(() => this.alarms.groups().map((group) => this.bar(group)));
  protected readonly inSight = computed(() => this.groups().slice(0, this.room()));
  protected readonly folded = computed(() => this.groups().slice(this.room()));
  protected readonly more = computed(() => this.folded().reduce((sum, { alarms }) => sum + alarms.length, this.alarms.unlisted()));
  protected readonly news = computed(() => this.alarms.news().map((alarm) => `${this.danger(alarm)}, ${home(alarm)}`).join('. '));
  private readonly room = computed(() => (this.width()?.matches ? MOST_WHERE_NARROW : MOST));

  constructor() {
    addWords({ dangers: words });
    void this.lookForContact();
    const timer = setInterval(() => { if (this.unreachable()) void this.lookForContact(); }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => { clearInterval(timer); });
  }

  protected async press(alarm: Alarm): Promise<void> {
    if (!this.alarms.canBeMeant(alarm)) return;
    const releasing = alarm.care === 'me';
    const failure = await (releasing ? this.alarms.release(alarm) : this.alarms.acknowledge(alarm));
    if (failure) this.toasts.show(this.failed(failure));
    else this.said.set(releasing ? 'dangers.care.nobody' : 'dangers.care.me');
  }

  /** "Taken back by the tenant at 08:30": the alarm stays until somebody has looked. */
  protected takenBack({ takenBackAt }: Alarm): string | null {
    return takenBackAt ? this.words.translate('dangers.takenBack', { at: shortMoment(takenBackAt, this.now.at()) }) : null;
  }

  protected toggle(key: string, { currentTarget }: Event): void {
    this.opened.update((opened) => new Set(opened.has(key) ? [...opened].filter((one) => one !== key) : [...opened, key]));
    const button = currentTarget as HTMLElement;
    this.reveal(button, button.parentElement ?? button);
  }

  protected unfold({ currentTarget }: Event): void {
    this.unfolded.update((unfolded) => !unfolded);
    this.reveal(currentTarget as HTMLElement, currentTarget as HTMLElement);
  }

  /** A focus that a click left behind keeps nothing in its place. */
  protected focused({ target }: FocusEvent): void {
    if ((target as HTMLElement).matches(':focus-visible')) this.alarms.hold(true);
  }

  /** What was opened is seen: the alarms have only part of the screen. */
  private reveal(button: HTMLElement, from: HTMLElement): void {
    this.alarms.startle();
    if (button.ariaExpanded === 'true') return;
    afterNextRender(() => { from.scrollIntoView({ block: 'start' }); }, { injector: this.injector });
  }

  private bar(group: AlarmGroup): Bar {
    const [first] = group.alarms;
    const where = first ? home(first) : '';
    const counted = new Map<string, number>();
    for (const alarm of group.alarms) counted.set(this.danger(alarm), (counted.get(this.danger(alarm)) ?? 0) + 1);
    return {
      ...group,
      where: [first?.reference, where].filter(Boolean).join(' · '),
      heading: this.words.translate('dangers.atHome', { count: group.alarms.length, where }),
      dangers: [...counted].map(([danger, count]) => (count > 1 ? `${danger} (${count.toString()})` : danger)).join(', '),
      open: this.opened().has(group.key),
    };
  }

  private danger({ danger }: Alarm): string {
    return this.words.translate(`dangers.alarm.${danger}`);
  }

  /** Only who can do something about it is told. */
  private async lookForContact(): Promise<void> {
    if (!this.session.can('settings:write')) return;
    const settings = await this.api.call(readOrganisation, {}).catch(() => null);
    if (settings) this.unreachable.set(!settings.hasEmergencyContact);
  }
}

function home({ property, unitLabel, addressAsWritten }: Alarm): string {
  return property ? [unitLabel, property.address, property.postcode].filter(Boolean).join(', ') : (addressAsWritten ?? '');
}
