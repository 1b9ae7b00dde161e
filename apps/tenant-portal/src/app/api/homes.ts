import { Service, computed, inject, signal } from '@angular/core';
import { ApiFailure } from '@mu/shared/api/failure';
import { toFailure } from './thrown';
import dangers from '../dangers.json';
import { Keep } from '../draft/keep';
import { comesRight } from './comes-right';
import type { Danger, Home, Organisation } from './shapes';
import { readCode } from './code';
import { TenantApi, VISIT } from './tenant-api';

/** What is asked about first of all. What to do then is loaded with its own page: `advice.ts`. */
export const DANGERS: readonly Danger[] = dangers;

/** The home that is talked about, and whom to call there. What was known last is known without a network, too. */
@Service()
export class Homes {
  private readonly api = inject(TenantApi);
  private readonly keep = inject(Keep);
  private readonly known = signal<Home | null>(null);
  private readonly refused = signal<ApiFailure | null>(null);
  private readonly whom = signal<Organisation | null>(null);
  private link = '';

  readonly home = this.known.asReadonly();
  /** Why the link opens nothing; a network that is away is no such reason. */
  readonly failure = this.refused.asReadonly();
  readonly organisation = computed(() => this.known()?.organisation ?? this.whom());
  readonly nation = computed(() => this.known()?.nation);

  async open(link: string): Promise<void> {
    if (link === this.link && this.known()) return;
    this.link = link;
    this.known.set(null);
    this.refused.set(null);
    if (link !== VISIT && readCode(link) === null) {
      this.refused.set(new ApiFailure('link-unknown', '', 404)); // nor would a header carry every sign
      return;
    }
    const kept = await this.keep.get<Home>('kept', `home ${link}`);
    if (kept && this.link === link) this.known.set(kept);
    try {
      const home = await this.api.home(link);
      await this.keep.put('kept', `home ${link}`, { ...home, at: Date.now() });
      this.set(link, home, null);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (comesRight(failure)) return;
      await this.keep.remove('kept', `home ${link}`);
      this.set(link, null, failure);
    }
  }

  async forget(link: string): Promise<void> {
    if (this.link === link) this.set(link, null, null);
    await this.keep.remove('kept', `home ${link}`);
  }

  /** A page that was opened by other means says whose it is. */
  speaksFor(organisation: Organisation): void {
    this.whom.set(organisation);
  }

  private set(link: string, home: Home | null, failure: ApiFailure | null): void {
    if (this.link !== link) return;
    this.known.set(home);
    this.refused.set(failure);
  }
}
