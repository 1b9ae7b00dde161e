import { Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { toFailure } from '@mu/shared/api/failure';
import { changeRetention } from '@mu/shared/api/generated/fn/retention/change-retention';
import { previewRetention } from '@mu/shared/api/generated/fn/retention/preview-retention';
import { readRetention } from '@mu/shared/api/generated/fn/retention/read-retention';
import type { RetentionKind, RetentionRuleView, RetentionRunView, RetentionView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Now } from '@mu/shared/ui/now';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { calendarDay, day } from '@mu/shared/ui/when';
import { Holds } from './holds';

const YEAR = 12;
const TYPING = 250;

/** How long things are kept, what would be forgotten on a day, what was, and what a dispute holds. */
@Component({
  selector: 'mu-retention-page',
  imports: [Holds, Skeleton, TranslocoPipe],
  host: { class: 'block' },
  templateUrl: './retention-page.html',
})
export class RetentionPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly words = inject(TranslocoService);
  private readonly now = inject(Now);
  private readonly failed = failureWords();
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly shown = signal<RetentionView | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly wrong = signal<string | null>(null);
  protected readonly changing = signal<RetentionKind | null>(null);
  protected readonly preview = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly mayManage = computed(() => this.session.can('retention:manage'));
  protected readonly fixed = ['signIn', 'answers', 'files', 'audit'] as const;
  protected readonly today = calendarDay(this.now.at());

  constructor() {
    void this.load(this.today);
  }

  protected async load(on: string): Promise<void> {
    if (!on) return;
    this.failure.set(null);
    try {
      this.shown.set(await this.api.call(readRetention, { on }));
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    }
  }

  protected change({ kind }: RetentionRuleView): void {
    this.changing.set(kind);
    this.preview.set(null);
    this.wrong.set(null);
  }

  /** Says what a number would mean while it is typed; nothing is changed by it. */
  protected look({ kind, fewestMonths, mostMonths, defaultMonths }: RetentionRuleView, typed: string): void {
    clearTimeout(this.timer);
    this.preview.set(null);
    this.wrong.set(null);
    const months = Number(typed);
    const on = this.shown()?.on;
    if (!on || !Number.isInteger(months)) return;
    if (months < fewestMonths || months > mostMonths) {
      this.wrong.set(this.say('bounds', { fewest: fewestMonths, most: mostMonths, usual: defaultMonths }));
      return;
    }
    this.timer = setTimeout(() => {
      this.api.call(previewRetention, { retention_kind: kind, months, on }).then(
        ({ due, held }) => { this.preview.set(this.told(due, held, on)); },
        (thrown: unknown) => { this.wrong.set(this.reason(thrown)); },
      );
    }, TYPING);
  }

  protected async save(event: Event, rule: RetentionRuleView, months: string, because: string): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    try {
      await this.api.call(changeRetention, {
        retention_kind: rule.kind, 'if-match': etag(rule), body: { months: Number(months), because: because.trim() || null },
      });
      this.changing.set(null);
      await this.load(this.shown()?.on ?? this.today);
    } catch (thrown) {
      this.wrong.set(this.reason(thrown));
    } finally {
      this.busy.set(false);
    }
  }

  protected time(months: number): string {
    const years = this.count('years', Math.floor(months / YEAR));
    const rest = this.count('months', months % YEAR);
    if (months < YEAR) return rest;
    return months % YEAR ? this.say('yearsAndMonths', { years, months: rest }) : years;
  }

  protected told(due: number, held: number, on: string): string {
    const what = due ? this.count('due', due, { day: this.day(on) }) : this.say('nothingDue', { day: this.day(on) });
    return held ? `${what} · ${this.count('held', held)}` : what;
  }

  protected night({ forgotten, endedAt }: RetentionRunView): string {
    const lines = Object.entries(forgotten).map(([kind, count]) => this.say('runs.line', { count, what: this.say(`kind.${kind}`).toLowerCase() }));
    if (endedAt === null) return this.say('runs.broke');
    return lines.join(', ') || this.say('runs.nothing');
  }

  protected day(date: string): string {
    return day(date, this.now.at());
  }

  private count(key: string, count: number, facts: Record<string, unknown> = {}): string {
    return this.say(`${key}.${count === 1 ? 'one' : 'other'}`, { count: count.toLocaleString('en-GB'), ...facts });
  }

  private say(key: string, facts: Record<string, unknown> = {}): string {
    return this.words.translate(`retention.${key}`, facts);
  }

  private reason(thrown: unknown): string {
    const failure = toFailure(thrown);
    return Object.values(failure.fields)[0]?.[0] ?? this.failed(failure);
  }
}
