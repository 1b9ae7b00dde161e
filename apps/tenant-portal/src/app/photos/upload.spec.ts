import type { ApiFailure } from '@mu/shared/api/failure';
import { upload } from './upload';

/** A line that says only what it is told to say, in the order in which a browser does. */
class FakeLine {
  static latest: FakeLine;
  readonly upload: { onprogress?: (event: { loaded: number; total: number }) => void; onload?: () => void } = {};
  onload?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  status = 201;
  responseText = '';
  readonly abort = vi.fn(() => {
    this.onabort?.();
    this.onloadend?.();
  });
  readonly open = vi.fn();
  readonly send = vi.fn();
  readonly setRequestHeader = vi.fn();

  constructor() {
    FakeLine.latest = this;
  }

  answers(): void {
    this.onload?.();
    this.onloadend?.();
  }
}

const SECOND = 1_000;

function sending() {
  const ended = vi.fn();
  const parts: number[] = [];
  upload({ id: 'photo', token: 'token', blob: new Blob(['a picture']), takenAt: null }, (part) => parts.push(part)).then(
    () => { ended('arrived'); },
    (failure: unknown) => { ended((failure as ApiFailure).code); },
  );
  return { ended, line: FakeLine.latest, parts };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', FakeLine);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('gives up a line over which nothing goes, so that the photo is tried again', async () => {
  const { ended, line } = sending();

  await vi.advanceTimersByTimeAsync(30 * SECOND);

  expect(line.abort).toHaveBeenCalledOnce();
  expect(ended).toHaveBeenCalledWith('unreachable');
});

it('stays with a slow line for as long as something moves', async () => {
  const { line, parts } = sending();

  for (const loaded of [1, 2, 3, 4]) {
    await vi.advanceTimersByTimeAsync(25 * SECOND);
    line.upload.onprogress?.({ loaded, total: 9 });
  }

  expect(line.abort).not.toHaveBeenCalled();
  expect(parts).toHaveLength(4);
});

it('waits for the answer longer than for a byte, and not for ever', async () => {
  const { ended, line } = sending();
  line.upload.onload?.();

  await vi.advanceTimersByTimeAsync(59 * SECOND);
  expect(line.abort).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(SECOND);

  expect(ended).toHaveBeenCalledWith('unreachable');
});

it('counts no longer once the photo has arrived', async () => {
  const { ended, line } = sending();

  line.answers();
  await vi.advanceTimersByTimeAsync(0);

  expect(ended).toHaveBeenCalledWith('arrived');
  expect(vi.getTimerCount()).toBe(0);
});
