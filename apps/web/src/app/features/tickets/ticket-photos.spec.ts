import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { addPhoto } from '@mu/shared/api/generated/fn/photos/add-photo';
import { Live, type LiveEvent } from '@mu/shared/live/live';
import { aPhoto } from './photo-samples';
import { type Photo, TicketPhotos } from './ticket-photos';

const NOON = Date.parse('2026-11-23T12:00:00Z');
const WAITING = { state: 'received', url: null, thumbnailUrl: null } as const;

describe('The photos of the opened ticket', () => {
  const live = new Subject<LiveEvent>();
  let there: Photo[];
  let asked: number;
  let sent: unknown[];
  let refusal: ApiFailure | null;
  let photos: TicketPhotos;
  const happens = (kind: string, ticketId = 'ticket'): Promise<unknown> => {
    live.next({ is: 'ticket-changed', ticketId, actorId: null, version: 1, kind });
    return vi.advanceTimersByTimeAsync(300);
  };
  const inMinutes = (minutes: number): number => NOON / 1_000 + minutes * 60;
  const named = (name: string, type: string, size = 3): File => Object.defineProperty(new File(['abc'], name, { type }), 'size', { value: size });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(NOON);
    there = [aPhoto({ id: 'a' }, inMinutes(20)), aPhoto({ id: 'b', ...WAITING })];
    asked = 0;
    sent = [];
    refusal = null;
    TestBed.configureTestingModule({
      providers: [
        TicketPhotos,
        { provide: Live, useValue: { events: live } },
        {
          provide: Api,
          useValue: {
            call: (operation: unknown, params: { body?: File }) => {
              if (operation === addPhoto) {
                sent.push(params.body?.name);
                return refusal ? Promise.reject(refusal) : Promise.resolve(aPhoto());
              }
              asked += 1;
              return Promise.resolve({ items: there });
            },
          },
        },
      ],
    });
    photos = TestBed.inject(TicketPhotos);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
  });

  it('shows a photo as soon as it is ready, and those of no other ticket', async () => {
    await photos.open('ticket');
    const before = photos.shown().map(({ id }) => id);
    there = [aPhoto({ id: 'a' }, inMinutes(20)), aPhoto({ id: 'b' }, inMinutes(20))];

    await happens('photo_ready', 'another');
    const untouched = asked;
    await happens('photo_ready');

    expect([before, untouched]).toEqual([['a'], 1]);
    expect(photos.shown().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('renews the addresses before they run out', async () => {
    await photos.open('ticket');

    await vi.advanceTimersByTimeAsync(18 * 60_000);
    const early = asked;
    there = [aPhoto({ id: 'a' }, inMinutes(50))];
    await vi.advanceTimersByTimeAsync(2 * 60_000);

    expect([early, asked]).toEqual([1, 2]);
    expect(photos.shown()[0]?.thumbnailUrl).toContain(`expires=${inMinutes(50).toString()}`);
  });

  it('asks anew for a picture that does not come, but not again and again', async () => {
    await photos.open('ticket');
    await vi.advanceTimersByTimeAsync(60_000);

    photos.missing();
    photos.missing();
    await vi.advanceTimersByTimeAsync(1);

    expect(asked).toBe(2);
  });

  it('goes from photo to photo and stays at the ends', async () => {
    there = [aPhoto({ id: 'a' }), aPhoto({ id: 'b', ...WAITING }), aPhoto({ id: 'c' })];
    await photos.open('ticket');

    photos.view('b');
    const unready = photos.viewed();
    photos.view('a');
    photos.step(1);
    photos.step(1);

    expect(unready).toBeNull();
    expect(photos.viewed()?.id).toBe('c');
  });

  it('sends what looks like a picture and says at once what does not', async () => {
    await photos.open('ticket');

    await photos.add([named('leak.heic', ''), named('lease.pdf', 'application/pdf'), named('huge.jpg', 'image/jpeg', 26 * 1024 * 1024)]);

    expect(sent).toEqual(['leak.heic']);
    expect(photos.sending().map(({ failure }) => failure)).toEqual(['not-a-picture', 'too-large']);
  });

  it('keeps a photo that did not arrive until it does', async () => {
    await photos.open('ticket');
    refusal = new ApiFailure('unreachable', '', 0);
    await photos.add([named('leak.jpg', 'image/jpeg')]);
    const [kept] = photos.sending();
    refusal = null;

    if (kept) await photos.sendAgain(kept);

    expect(kept?.failure).toBeInstanceOf(ApiFailure);
    expect([sent, photos.sending()]).toEqual([['leak.jpg', 'leak.jpg'], []]);
  });
});
