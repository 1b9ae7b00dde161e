import type { Category, HazardClass, Priority, Responsibility, SuggestionView, Trade } from '@mu/shared/api/generated/models';
import type { Ticket } from '../tickets/ticket';
import type { Classification } from './triage-api';

/** A classification in the making; the empty string stands for no trade, and for a hazard nobody has thought about. */
export interface Draft {
  readonly category: Category;
  readonly trade: Trade | '';
  readonly priority: Priority;
  readonly hazardClass: HazardClass | '';
  readonly responsibility: Responsibility;
}

export const NEW_DRAFT: Draft = { category: 'other', trade: '', priority: 'P3', hazardClass: '', responsibility: 'unknown' };

export function draftOf({ category, trade, priority, hazardClass, responsibility }: Ticket): Draft {
  return { category, trade: trade ?? '', priority, hazardClass: hazardClass ?? '', responsibility: responsibility ?? 'unknown' };
}

/** What an advisor proposes, with what it never speaks of left as it is. */
export function proposed({ category, trade, priority, hazardClass }: SuggestionView, before: Draft): Draft {
  return { category: category.value, trade: trade.value ?? '', priority: priority.value, hazardClass: hazardClass.value, responsibility: before.responsibility };
}

export function same(one: Draft, other: Draft): boolean {
  return one.category === other.category && one.trade === other.trade && one.priority === other.priority
    && one.hazardClass === other.hazardClass && one.responsibility === other.responsibility;
}

/** The finished classification; null while something is undecided. Why a hazard goes down is said with it. */
export function finished({ category, trade, priority, hazardClass, responsibility }: Draft, loweredBecause = ''): Classification | null {
  if (hazardClass === '') return null;
  const classification = { category, trade: trade === '' ? null : trade, priority, hazardClass, responsibility };
  return loweredBecause ? { ...classification, loweredBecause } : classification;
}

/** From the harmless to the dangerous. */
const WORSE: readonly HazardClass[] = ['none', 'potential_significant', 'potential_emergency'];

/** Whether this is less than what the ticket is taken for; what nobody has looked at can't go down. */
export function isLower(chosen: HazardClass | '', present: HazardClass | null): boolean {
  return chosen !== '' && present !== null && WORSE.indexOf(chosen) < WORSE.indexOf(present);
}
