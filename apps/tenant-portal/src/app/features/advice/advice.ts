import advice from '../../advice.json';
import { DANGERS } from '../../api/homes';
import type { Advice, EmergencyNumber, Nation } from '../../api/shapes';

const BY_NATION = advice as unknown as Readonly<Record<Nation, Readonly<Record<string, Advice>>>>;

/**
 * What to do in a danger. While the nation is not known, the numbers of all of them (the largest nations' first), and the
 * words that are right in each: Northern Ireland's name the fewest services. It is not loaded at first, but fetched as soon
 * as the first page stands.
 */
export function adviceOn(danger: string, nation: Nation | undefined): Advice | null {
  if (nation) return BY_NATION[nation][danger] ?? null;
  const words = BY_NATION.NIR[danger];
  if (!words) return null;
  const everywhere = Object.values(BY_NATION).flatMap((all) => all[danger] ?? []);
  const [call = null, ...others] = different(everywhere.flatMap((one) => one.call ?? []));
  return { ...words, call, callAlso: different([...others, ...everywhere.flatMap((one) => one.callAlso)]) };
}

/** The question that was answered with yes. */
export function questionOf(danger: string): string {
  return DANGERS.find(({ key }) => key === danger)?.question ?? '';
}

function different(numbers: readonly EmergencyNumber[]): EmergencyNumber[] {
  return [...new Map(numbers.map((one) => [one.number, one])).values()];
}
