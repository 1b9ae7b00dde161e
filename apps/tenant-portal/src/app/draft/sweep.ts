import type { Photo } from '../photos/photos';
import { type Draft, WEEK, expired } from './draft';
import type { Keep } from './keep';

/** For so long, in milliseconds, the phone keeps what its shelf `kept` calls by these words; what else is there stays. */
const LASTS: Readonly<Record<string, number>> = {
  words: WEEK,
  home: 180 * 24 * 3_600_000, // as long as the link of a report opens its page
};

/** Words to the landlord that have not been sent, by the token of their report. */
export function unsentWords(token: string): string {
  return `words ${token}`;
}

/**
 * Takes from the phone what nobody comes back to: reports that were never sent, with their photos, old words and homes.
 * A photo that is on its way stays until it has arrived, and its report with it.
 */
export async function sweep(keep: Keep): Promise<void> {
  const now = Date.now();
  const lapsed = (await keep.all<Draft>('drafts')).filter((draft) => expired(draft, now));
  const photos = lapsed.length ? await keep.all<Photo>('photos') : [];
  for (const { submissionKey } of lapsed) {
    const its = photos.filter(({ owner }) => owner === submissionKey);
    if (its.some(({ token, problem }) => token !== null && problem === null)) continue;
    for (const { id } of its) await keep.remove('photos', id);
    await keep.remove('drafts', submissionKey); // last: what is cut off is begun anew
  }
  for (const key of await keep.keys('kept')) {
    const lasts = LASTS[key.split(' ', 1)[0] ?? ''];
    const kept = lasts === undefined ? undefined : await keep.get<{ readonly at?: number }>('kept', key);
    if (lasts !== undefined && now - (kept?.at ?? 0) > lasts) await keep.remove('kept', key);
  }
}
