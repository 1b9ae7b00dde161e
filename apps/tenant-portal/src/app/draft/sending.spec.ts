import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { TenantApi } from '../api/tenant-api';
import { PREPARE, Photos, UPLOAD } from '../photos/photos';
import type { Upload } from '../photos/upload';
import { FakeApi, FakeKeep, NO_NETWORK } from '../samples';
import { Drafts } from './drafts';
import { Keep } from './keep';
import { Sending } from './sending';

const CODE = '7KQ2M-4XPDA';
const photo = (name: string) => new File(['a picture'], name);

/** A phone whose page can be closed and opened again, before a landlord's side that can be cut off. */
function phone() {
  const [api, keep] = [new FakeApi(), new FakeKeep()];
  const uploads: Upload[] = [];
  const refusals = new Map<string, ApiFailure>();
  let held = Promise.resolve();
  const hold = (): (() => void) => {
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    return release;
  };
  const upload = async (one: Upload): Promise<void> => {
    uploads.push(one);
    await held;
    const refusal = api.failure ?? refusals.get(one.id);
    if (refusal) throw refusal;
  };
  const open = () => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [
        { provide: TenantApi, useValue: api },
        { provide: Keep, useValue: keep },
        { provide: UPLOAD, useValue: upload },
        { provide: PREPARE, useValue: (file: Blob) => Promise.resolve(file.size ? { blob: file, takenAt: null, seen: true } : { problem: 'not-a-photo' }) },
      ],
    });
    return { drafts: TestBed.inject(Drafts), sending: TestBed.inject(Sending), photos: TestBed.inject(Photos) };
  };
  return { api, keep, uploads, refusals, open, hold };
}

it('keeps every answer when the page is left and opened again', async () => {
  const { open } = phone();
  const first = open().drafts;
  const { submissionKey } = await first.of(CODE);
  await first.change(submissionKey, { room: 'kitchen', words: 'صنبور المطبخ يسرب 🚰' });

  const draft = await open().drafts.of(CODE);

  expect(draft).toMatchObject({ submissionKey, room: 'kitchen', words: 'صنبور المطبخ يسرب 🚰' });
});

it('makes one report of two nervous thumbs', async () => {
  const { api, open } = phone();
  const { drafts, sending } = open();
  const { submissionKey } = await drafts.of(CODE);

  await Promise.all([sending.send(submissionKey), sending.send(submissionKey)]);

  expect(api.tickets.size).toBe(1);
  expect(drafts.find(submissionKey)).toMatchObject({ state: 'sent', sent: { reference: 'T-10482' } });
});

it('leaves nothing of what was said on the phone once it has arrived', async () => {
  const { keep, open } = phone();
  const { drafts, sending } = open();
  const { submissionKey } = await drafts.of(CODE);
  await drafts.change(submissionKey, { words: 'My neighbour shouts.', email: 'aisha@example.com', phone: '07700 900123' });

  await sending.send(submissionKey);

  expect(drafts.find(submissionKey)?.sent).toEqual({ reference: 'T-10482', statusToken: 'token-T-10482', isMailed: true, hasPhone: true, soundsLike: null, isSomebodyOnCall: true });
  expect(JSON.stringify([...keep.shelves.values()])).not.toMatch(/neighbour|aisha|07700/);
});

it('says that it waits without a network, and sends the same report when there is one', async () => {
  const { api, open } = phone();
  const { drafts, sending } = open();
  const { submissionKey } = await drafts.of(CODE);
  api.failure = NO_NETWORK;
  await sending.send(submissionKey);
  expect(sending.fares()[submissionKey]).toEqual({ state: 'waiting', failure: NO_NETWORK });

  api.failure = null;
  await sending.resume();

  expect(api.asked.map((report) => report.submissionKey)).toEqual([submissionKey, submissionKey]);
  expect(api.tickets.size).toBe(1);
  expect(sending.fares()[submissionKey]).toBeUndefined();
});

it('sends what waited when the page is opened again', async () => {
  const { api, open } = phone();
  const first = open();
  const { submissionKey } = await first.drafts.of(CODE);
  await first.drafts.change(submissionKey, { danger: 'gas_smell' });
  api.failure = NO_NETWORK;
  await first.sending.send(submissionKey);

  api.failure = null;
  await open().sending.resume();

  expect([...api.tickets.keys()]).toEqual([submissionKey]);
  expect(api.asked.at(-1)).toMatchObject({ danger: 'gas_smell' });
});

it('gives a report that is turned down back to its writer, who may send it again', async () => {
  const { api, open } = phone();
  const { drafts, sending } = open();
  const { submissionKey } = await drafts.of(CODE);
  api.failure = new ApiFailure('invalid', 'Some details need another look.', 422);
  await sending.send(submissionKey);
  expect(sending.fares()[submissionKey]).toMatchObject({ state: 'refused' });
  expect(drafts.current()?.submissionKey).toBe(submissionKey);

  api.failure = null;
  await sending.send(submissionKey);

  expect(api.tickets.size).toBe(1);
});

it('sends photos after their report, and each of them once', async () => {
  const { uploads, open } = phone();
  const { drafts, sending, photos } = open();
  const { submissionKey } = await drafts.of(CODE);
  await photos.add(submissionKey, [photo('tap.jpg'), photo('floor.jpg')]);
  expect(uploads).toEqual([]);

  await sending.send(submissionKey);
  await sending.resume();

  expect(uploads.map(({ token }) => token)).toEqual(['token-T-10482', 'token-T-10482']);
  expect(photos.of(submissionKey)).toEqual([]);
});

it('keeps photos over a cut, a closed page and a second try, under the same keys', async () => {
  const { api, uploads, open } = phone();
  const first = open();
  const { submissionKey } = await first.drafts.of(CODE);
  await first.photos.add(submissionKey, [photo('tap.jpg')]);
  api.failure = NO_NETWORK;
  await first.sending.send(submissionKey);

  api.failure = null;
  await open().sending.resume();

  const [only] = uploads;
  expect(uploads).toHaveLength(1);
  expect(only?.id).toBe(first.photos.of(submissionKey)[0]?.id);
});

it('tells of a danger at once, whatever else is on its way', async () => {
  const { api, open } = phone();
  const { drafts, sending, photos } = open();
  const ordinary = await drafts.of(CODE);
  await photos.add(ordinary.submissionKey, [photo('tap.jpg')]);
  let arrive = (): void => undefined;
  api.slow = new Promise((resolve) => (arrive = resolve));
  const report = sending.send(ordinary.submissionKey);
  const gas = await drafts.alarm(CODE, 'gas_smell');

  const alarm = sending.send(gas.submissionKey);
  await vi.waitFor(() => {
    expect(api.asked.map(({ danger }) => danger)).toEqual([null, 'gas_smell']);
  });

  arrive();
  await Promise.all([report, alarm]);
  expect(drafts.find(gas.submissionKey)?.state).toBe('sent');
});

it('lets no report wait for photos', async () => {
  const { api, open, hold } = phone();
  const { drafts, sending, photos } = open();
  const first = await drafts.of(CODE);
  await photos.add(first.submissionKey, [photo('tap.jpg')]);
  const release = hold();
  const all = [sending.send(first.submissionKey)];
  await vi.waitFor(() => {
    expect(api.tickets.size).toBe(1);
  });

  all.push(sending.send((await drafts.of(CODE)).submissionKey));
  await vi.waitFor(() => {
    expect(api.tickets.size).toBe(2);
  });

  release();
  await Promise.all(all);
});

it('gives a danger a report of its own, which nobody who holds the one being written can send in its stead', async () => {
  const { api, open } = phone();
  const { drafts, sending } = open();
  const writing = await drafts.of(CODE);
  await drafts.change(writing.submissionKey, { words: 'Tap drips', phone: '07700 900123' });

  const gas = await drafts.alarm(CODE, 'gas_smell');
  await Promise.all([sending.send(gas.submissionKey), sending.send((await drafts.alarm(CODE, 'gas_smell')).submissionKey)]);

  expect(gas.submissionKey).not.toBe(writing.submissionKey);
  expect(api.tickets.size).toBe(1);
  expect(api.asked.at(-1)).toMatchObject({ danger: 'gas_smell', description: '', contact: { phone: '07700 900123' } });
  expect(drafts.current()).toMatchObject({ submissionKey: writing.submissionKey, words: 'Tap drips' });
});

it('sends under a new key what another tab has sent before and this one has changed', async () => {
  const { api, open } = phone();
  const { drafts, sending, photos } = open();
  const { submissionKey } = await drafts.of(CODE);
  await drafts.change(submissionKey, { words: 'The tap drips, and now the floor is wet.' });
  await photos.add(submissionKey, [photo('floor.jpg')]);
  api.reused.add(submissionKey);

  await sending.send(submissionKey);

  expect(api.tickets.size).toBe(1);
  expect(api.tickets.has(submissionKey)).toBe(false);
  expect(api.asked.at(-1)).toMatchObject({ description: 'The tap drips, and now the floor is wet.' });
});

it('lets a refused photo fail alone', async () => {
  const { refusals, uploads, open } = phone();
  const { drafts, sending, photos } = open();
  const { submissionKey } = await drafts.of(CODE);
  await photos.add(submissionKey, [photo('broken.jpg'), photo('tap.jpg')]);
  refusals.set(photos.of(submissionKey)[0]!.id, new ApiFailure('unsupported-media-type', '', 415));

  await sending.send(submissionKey);

  expect(drafts.find(submissionKey)?.state).toBe('sent');
  expect(uploads).toHaveLength(2);
  expect(photos.of(submissionKey).map(({ name, problem }) => [name, problem])).toEqual([['broken.jpg', 'unsupported-media-type']]);
});

it('takes twenty photos and says of the others that they are too many', async () => {
  const { open } = phone();
  const { drafts, photos } = open();
  const { submissionKey } = await drafts.of(CODE);

  const refused = await photos.add(submissionKey, Array.from({ length: 22 }, (_, number) => photo(`${number.toString()}.jpg`)));

  expect(photos.of(submissionKey)).toHaveLength(20);
  expect(refused.map(({ problem }) => problem)).toEqual(['too-many', 'too-many']);
});

it('begins a new report while another one waits', async () => {
  const { api, open } = phone();
  const { drafts, sending } = open();
  const { submissionKey } = await drafts.of(CODE);
  api.failure = NO_NETWORK;
  await sending.send(submissionKey);

  const next = await drafts.of(CODE);

  expect(next.submissionKey).not.toBe(submissionKey);
  expect(drafts.queued().map((draft) => draft.submissionKey)).toEqual([submissionKey]);
});
