import { DOCUMENT, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Api } from '@mu/shared/api/api';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';
import { addPhoto } from '@mu/shared/api/generated/fn/photos/add-photo';
import { listPhotos } from '@mu/shared/api/generated/fn/photos/list-photos';
import type { PhotoView } from '@mu/shared/api/generated/models';
import { Live } from '@mu/shared/live/live';

export type Photo = PhotoView;

/** A photo that can be looked at. */
export type ShownPhoto = Photo & { readonly url: string; readonly thumbnailUrl: string };

/** A file of one's own on its way, or why it did not go. */
export interface Sending {
  readonly key: string;
  readonly file: File;
  readonly failure: ApiFailure | 'too-large' | 'not-a-picture' | null;
  /** How much of it has gone out, 0 to 1. */
  readonly part: number;
}

const LARGEST = 25 * 1024 * 1024;
const BURST = 250;
/** So long before their addresses run out the photos get new ones. */
const AHEAD = 60_000;
/** A picture that does not load is asked for anew, but not all the time. */
const NOT_AGAIN_WITHIN = 10_000;

/**
 * The photos of the opened ticket. Their addresses run out after a quarter of an hour or so: they are renewed before
 * that, and whenever a picture does not load.
 */
@Injectable()
export class TicketPhotos {
  private readonly api = inject(Api);
  private readonly page = inject(DOCUMENT);
  private readonly known = signal<readonly Photo[]>([]);
  private readonly state = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly trouble = signal<ApiFailure | null>(null);
  private readonly underway = signal<readonly Sending[]>([]);
  private readonly opened = signal<string | null>(null);
  private ticketId: string | null = null;
  private coming: ReturnType<typeof setTimeout> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private dueAt = Number.POSITIVE_INFINITY;
  private askedAt = 0;

  readonly all = this.known.asReadonly();
  readonly phase = this.state.asReadonly();
  readonly failure = this.trouble.asReadonly();
  readonly sending = this.underway.asReadonly();
  readonly shown = computed(() => this.known().filter(isShown));
  /** The photo that is looked at. */
  readonly viewed = computed(() => this.shown().find(({ id }) => id === this.opened()) ?? null);

  constructor() {
    inject(Live).events.pipe(takeUntilDestroyed()).subscribe((event) => {
      const mine = event.is === 'resync' || (event.ticketId === this.ticketId && event.kind.startsWith('photo_'));
      if (!mine || this.ticketId === null) return;
      this.coming ??= setTimeout(() => {
        this.coming = undefined;
        void this.load();
      }, BURST);
    });
    const seen = (): void => { this.renewWhenDue(); };
    this.page.addEventListener('visibilitychange', seen);
    inject(DestroyRef).onDestroy(() => {
      this.page.removeEventListener('visibilitychange', seen);
      clearTimeout(this.coming);
      clearTimeout(this.renewal);
    });
  }

  async open(ticketId: string): Promise<void> {
    this.ticketId = ticketId;
    this.known.set([]);
    this.underway.set([]);
    this.opened.set(null);
    this.state.set('loading');
    await this.load();
  }

  /** Shows a photo over the page; null closes it. One that can't be shown changes nothing. */
  view(id: string | null): void {
    if (id === null || this.shown().some((photo) => photo.id === id)) this.opened.set(id);
  }

  /** Looks at the next photo (1) or the one before (-1). */
  step(by: number): void {
    const shown = this.shown();
    const next = shown[shown.findIndex(({ id }) => id === this.opened()) + by];
    if (next) this.opened.set(next.id);
  }

  async load(): Promise<void> {
    const { ticketId } = this;
    if (ticketId === null) return;
    this.askedAt = Date.now();
    try {
      const { items } = await this.api.call(listPhotos, { ticket_id: ticketId });
      if (ticketId !== this.ticketId) return;
      this.known.set(items);
      this.state.set('ready');
      this.trouble.set(null);
      this.renewInTime();
    } catch (thrown) {
      if (ticketId !== this.ticketId || this.state() === 'ready') return;
      this.trouble.set(toFailure(thrown));
      this.state.set('failed');
    }
  }

  /** A picture did not come: perhaps the machine slept, and its address has run out. */
  missing(): void {
    if (Date.now() - this.askedAt >= NOT_AGAIN_WITHIN) void this.load();
  }

  async add(files: readonly File[]): Promise<void> {
    const added = files.map((file): Sending => ({ key: crypto.randomUUID(), file, failure: unfit(file), part: 0 }));
    this.underway.update((underway) => [...underway, ...added]);
    for (const one of added) if (one.failure === null) await this.send(one);
  }

  async sendAgain(one: Sending): Promise<void> {
    this.change(one.key, { ...one, failure: null, part: 0 });
    await this.send(one);
  }

  forget(key: string): void {
    this.change(key, null);
  }

  private async send({ key, file }: Sending): Promise<void> {
    const { ticketId } = this;
    if (ticketId === null) return;
    try {
      await this.api.call(addPhoto, { ticket_id: ticketId, 'X-Upload-Key': key, body: file }, key, (part) => {
        this.change(key, { key, file, failure: null, part });
      });
      if (ticketId !== this.ticketId) return;
      await this.load();
      this.change(key, null);
    } catch (thrown) {
      this.change(key, { key, file, failure: toFailure(thrown), part: 0 });
    }
  }

  private change(key: string, to: Sending | null): void {
    this.underway.update((underway) => underway.flatMap((one) => (one.key !== key ? [one] : to ? [to] : [])));
  }

  private renewInTime(): void {
    clearTimeout(this.renewal);
    const ends = Math.min(...this.shown().map(({ thumbnailUrl }) => expiryOf(thumbnailUrl)));
    // A clock that runs ahead must not ask for ever.
    this.dueAt = Math.max(Date.now() + AHEAD, ends - AHEAD);
    if (Number.isFinite(ends)) this.renewal = setTimeout(() => { this.renewWhenDue(); }, this.dueAt - Date.now());
    else this.dueAt = Number.POSITIVE_INFINITY;
  }

  private renewWhenDue(): void {
    if (this.page.visibilityState !== 'hidden' && Date.now() >= this.dueAt) void this.load();
  }
}

function isShown(photo: Photo): photo is ShownPhoto {
  return photo.state === 'ready' && photo.url !== null && photo.thumbnailUrl !== null;
}

function unfit({ size, type }: File): Sending['failure'] {
  // HEIC has no type in many browsers: only what says that it is something else is refused here.
  if (type && !type.startsWith('image/')) return 'not-a-picture';
  return size > LARGEST ? 'too-large' : null;
}

/** When a signed address runs out, in milliseconds. */
function expiryOf(address: string): number {
  return Number(new URLSearchParams(address.split('?')[1]).get('expires') ?? Number.NaN) * 1_000;
}
