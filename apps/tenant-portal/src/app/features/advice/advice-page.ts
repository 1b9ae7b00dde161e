import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { addWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Homes } from '../../api/homes';
import { TenantApi } from '../../api/tenant-api';
import { type Receipt, isPhone } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Sending } from '../../draft/sending';
import { dialled, firstCall } from '../../layouts/help';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { adviceOn } from './advice';
import words from './en.json';
import { StopTap } from './stop-tap';

/** What to do now and whom to call. Whether the landlord knows is said honestly beside it. */
@Component({
  selector: 'mu-advice-page',
  imports: [Icon, Page, Problem, RouterLink, StopTap, TranslocoPipe],
  templateUrl: './advice-page.html',
})
export class AdvicePage {
  readonly link = input.required<string>();
  readonly danger = input.required<string>();

  private readonly homes = inject(Homes);
  private readonly drafts = inject(Drafts);
  private readonly sending = inject(Sending);
  private readonly api = inject(TenantApi);
  private readonly words = inject(TranslocoService);
  protected readonly dialled = dialled;
  protected readonly busy = signal(false);
  protected readonly phoneProblem = signal('');
  protected readonly phoneFailure = signal<unknown>(null);

  protected readonly told = computed(() => adviceOn(this.danger(), this.homes.nation()));
  protected readonly name = computed(() => this.homes.organisation()?.name ?? this.words.translate('danger.fallback'));
  protected readonly emergencyPhone = computed(() => {
    const organisation = this.homes.organisation();
    return organisation?.emergencyPhone ?? organisation?.phone ?? null;
  });
  protected readonly first = computed(() => firstCall(this.told(), this.homes.organisation()));
  /** What burns, poisons or explodes is left first and reported from outside. */
  protected readonly goOut = computed(() => ['gas_smell', 'co_alarm', 'fire'].includes(this.danger()));
  protected readonly draft = computed(() => {
    const mine = this.drafts.all().filter(({ link, danger }) => link === this.link() && danger === this.danger());
    return mine.at(-1) ?? null;
  });
  private readonly fare = computed(() => this.sending.fares()[this.draft()?.submissionKey ?? '']);
  protected readonly failure = computed(() => {
    const fare = this.fare();
    return fare?.state === 'refused' ? fare.failure : null;
  });
  protected readonly state = computed(() => {
    const draft = this.draft();
    if (!draft) return 'unsent';
    if (draft.state === 'sent') return 'sent';
    return this.fare()?.state ?? (draft.state === 'queued' ? 'waiting' : 'unsent');
  });

  constructor() {
    addWords({ advice: words });
    effect(() => {
      void this.homes.open(this.link());
    });
  }

  protected async tell(): Promise<void> {
    const { submissionKey } = await this.drafts.alarm(this.link(), this.danger());
    await this.sending.send(submissionKey);
  }

  protected async givePhone(submit: Event, sent: Receipt, typed: string): Promise<void> {
    submit.preventDefault();
    const draft = this.draft();
    if (!draft || this.busy()) return;
    const enough = isPhone(typed);
    this.phoneProblem.set(enough ? '' : 'advice.phoneBad');
    if (!enough) return;
    this.busy.set(true);
    this.phoneFailure.set(null);
    try {
      await this.api.leavePhone(sent.statusToken, typed.trim(), crypto.randomUUID());
      await this.drafts.change(draft.submissionKey, { sent: { ...sent, hasPhone: true } });
    } catch (failure) {
      this.phoneFailure.set(failure);
    } finally {
      this.busy.set(false);
    }
  }
}
