import { Service, computed, inject, signal } from '@angular/core';
import { ApiFailure } from '@mu/shared/api/failure';
import { toFailure } from './thrown';
import dangers from '../dangers.json';
import { Keep } from '../draft/keep';
import { comesRight } from './comes-right';
import type { Danger, EmergencyNumber, Home, Nation, Organisation } from './shapes';
import { readCode } from './code';
import { TenantApi, VISIT } from './tenant-api';

const BY_NATION = dangers as Readonly<Record<Nation, readonly Danger[]>>;

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
  readonly dangers = computed(() => dangersOf(this.known()?.nation));

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

/**
 * The advice of a nation. While the nation is not known, the numbers of all of them (the largest nations' first), and the
 * words that are right in each: Northern Ireland's name the fewest services.
 */
export function dangersOf(nation: Nation | undefined): readonly Danger[] {
  if (nation) return BY_NATION[nation];
  return BY_NATION.NIR.map((danger) => {
    const everywhere = Object.values(BY_NATION).map((all) => all.find(({ key }) => key === danger.key));
    const [call = null, ...others] = different(everywhere.flatMap((one) => (one?.call ? [one.call] : [])));
    return { ...danger, call, callAlso: different([...others, ...everywhere.flatMap((one) => one?.callAlso ?? [])]) };
  });
}

function different(numbers: readonly EmergencyNumber[]): EmergencyNumber[] {
  return [...new Map(numbers.map((one) => [one.number, one])).values()];
}
