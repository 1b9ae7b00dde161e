import type { Photo } from '../photos/photos';
import { FakeKeep, HOME } from '../samples';
import { type Draft, newDraft } from './draft';
import type { Keep } from './keep';
import { sweep, unsentWords } from './sweep';

const DAY = 24 * 3_600_000;
const ago = (days: number): number => Date.now() - days * DAY;
const CODE = '7KQ2M-4XPDA';

/** A phone with what its owner left on it. */
function phone() {
  const keep = new FakeKeep();
  const report = (key: string, changed: number, state: Draft['state'] = 'writing') =>
    keep.put('drafts', key, { ...newDraft(CODE, changed), submissionKey: key, state });
  const photo = (id: string, owner: string, differences: Partial<Photo> = {}) =>
    keep.put('photos', id, { id, owner, name: `${id}.jpg`, takenAt: null, seen: true, token: null, problem: null, ...differences });
  return { left: () => [...keep.shelves.keys()], keep, photo, report, swept: () => sweep(keep as unknown as Keep) };
}

it('takes the photos of a report that nobody came back to away with it, and no others', async () => {
  const { left, photo, report, swept } = phone();
  await report('old', ago(8));
  await photo('mould', 'old');
  await report('fresh', ago(6));
  await photo('tap', 'fresh');
  await report('waiting', ago(30), 'queued');
  await photo('floor', 'waiting');
  await photo('later', 'token-T-10482', { token: 'token-T-10482' });

  await swept();

  expect(left().sort()).toEqual(['drafts fresh', 'drafts waiting', 'photos floor', 'photos later', 'photos tap']);
});

it('keeps a photo that is still on its way until it has arrived, then its report goes too', async () => {
  const { keep, left, photo, report, swept } = phone();
  await report('sent', ago(8), 'sent');
  await photo('leak', 'sent', { token: 'token-T-10482' });
  await photo('refused', 'sent', { token: 'token-T-10482', problem: 'damaged' });
  await swept();
  expect(left()).toContain('photos leak');

  await keep.remove('photos', 'leak');
  await swept();

  expect(left()).toEqual([]);
});

it('takes away words that were never sent, and homes nobody has opened for half a year', async () => {
  const { keep, left, swept } = phone();
  await keep.put('kept', unsentWords('old'), { text: 'My neighbour shouts.', key: 'k', at: ago(8) });
  await keep.put('kept', unsentWords('fresh'), { text: 'Still dripping.', key: 'k', at: ago(6) });
  await keep.put('kept', 'home 00000-00000', { ...HOME, at: ago(181) });
  await keep.put('kept', `home ${CODE}`, { ...HOME, at: ago(179) });
  await keep.put('kept', 'picker', { rooms: [] });

  await swept();

  expect(left()).toEqual(['kept words fresh', `kept home ${CODE}`, 'kept picker']);
});
