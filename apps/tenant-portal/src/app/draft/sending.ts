import { DestroyRef, Service, effect, inject, signal, untracked } from '@angular/core';
import { ApiFailure } from '@mu/shared/api/failure';
import { toFailure } from '../api/thrown';
import { Connection } from '@mu/shared/pwa/connection';
import { comesRight } from '../api/comes-right';
import { TenantApi } from '../api/tenant-api';
import { Photos } from '../photos/photos';
import { type Draft, SAID_ELSEWHERE, asReport, inDanger } from './draft';
import { Drafts } from './drafts';

/** How a report that was handed over fares: under way, waiting for the network or its turn, or turned down for a reason. */
export type Fare = { readonly state: 'sending' } | { readonly state: 'waiting' | 'refused'; readonly failure: ApiFailure };

const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 60_000;

/**
 * Sends what is queued, one report at a time and each until it has arrived; what nobody took is kept. A danger waits for
 * nothing: not for another report, and no report waits for photos.
 */
@Service()
export class Sending {
  private readonly api = inject(TenantApi);
  private readonly drafts = inject(Drafts);
  private readonly photos = inject(Photos);
  private readonly online = inject(Connection).online;
  private readonly told = signal<Readonly<Record<string, Fare>>>({});
  private running: Promise<void> | null = null;
  private carrying: Promise<void> | null = null;
  private wait = FIRST_WAIT;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly fares = this.told.asReadonly();

  constructor() {
    effect(() => {
      if (this.online()) untracked(() => void this.resume());
    });
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.timer);
    });
  }

  /** Hands a report over. It is on its way from here on, whatever happens to the page. */
  async send(submissionKey: string): Promise<void> {
    const draft = await this.drafts.change(submissionKey, { state: 'queued' });
    if (draft) this.tell(draft, null);
    this.wait = FIRST_WAIT;
    if (draft && inDanger(draft) && !(await this.deliver(draft))) this.again();
    await this.resume();
  }

  /** Tries again whatever waits; while a try is under way, it is that one. */
  async resume(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.reports();
    await this.running;
    this.carrying ??= this.pictures();
    await this.carrying;
  }

  private async reports(): Promise<void> {
    await this.drafts.read;
    for (let next = this.next(); next; next = this.next()) {
      if (await this.deliver(next)) continue;
      this.again();
      break;
    }
    this.running = null; // with the last look around: whoever comes from here on begins anew
  }

  private async pictures(): Promise<void> {
    if (!(await this.photos.deliver())) this.again();
    this.carrying = null;
  }

  private next(): Draft | undefined {
    const stay = ['refused', 'sending'];
    const waiting = this.drafts.queued().filter(({ submissionKey }) => !stay.includes(this.told()[submissionKey]?.state ?? ''));
    return waiting.find(inDanger) ?? waiting[0];
  }

  /** False when the network or the server could not take it: then everything else waits as well. */
  private async deliver(draft: Draft): Promise<boolean> {
    this.tell(draft, { state: 'sending' });
    try {
      const { reference, statusToken, soundsLike, isSomebodyOnCall } = await this.api.submit(draft.link, asReport(draft));
      if (statusToken === null) throw new ApiFailure('unreachable', '', 0); // the answer to somebody else's try
      await this.photos.handOver(draft.submissionKey, statusToken);
      await this.drafts.change(draft.submissionKey, { ...SAID_ELSEWHERE, state: 'sent', sent: { reference, statusToken, isMailed: draft.email.trim() !== '', hasPhone: draft.phone.trim() !== '', soundsLike, isSomebodyOnCall } });
      this.tell(draft, null);
      return true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (comesRight(failure)) {
        this.wait = Math.max(this.wait, (failure.retryAfter ?? 0) * 1000);
        this.tell(draft, { state: 'waiting', failure });
        return false;
      }
      if (failure.code === 'submission-key-reused') {
        // Another tab has sent this draft, and it has been changed here since: it is one more report.
        this.tell(draft, null);
        await this.photos.move(draft.submissionKey, (await this.drafts.renew(draft)).submissionKey);
        return true;
      }
      this.tell(draft, { state: 'refused', failure });
      await this.drafts.change(draft.submissionKey, { state: 'writing' });
      return true;
    }
  }

  private again(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.resume(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private tell({ submissionKey }: Draft, fare: Fare | null): void {
    this.told.update((told) => {
      const others = Object.fromEntries(Object.entries(told).filter(([key]) => key !== submissionKey));
      return fare ? { ...others, [submissionKey]: fare } : others;
    });
  }
}
