import { InjectionToken, Service, inject, signal } from '@angular/core';
import { toFailure } from '../api/thrown';
import { comesRight } from '../api/comes-right';
import { Keep } from '../draft/keep';
import type { Prepared } from './prepare';
import { upload } from './upload';

/** One photo on this phone, until the server has it. */
export interface Photo {
  readonly id: string;
  /** The submission key of its report, or the status token of one that was sent before. */
  readonly owner: string;
  readonly name: string;
  readonly blob: Blob;
  readonly takenAt: string | null;
  /** Whether this phone can show it. */
  readonly seen: boolean;
  /** With a token it is on its way: its report has arrived. */
  readonly token: string | null;
  /** Why it was turned down, as the last part of a catalogue key. */
  readonly problem: string | null;
}

/** A photo that was not taken at all, with the reason. */
export interface Refusal {
  readonly name: string;
  readonly problem: string;
}

export const MOST_PHOTOS = 20;

/** The problem of a photo that is one too many. */
export const SURPLUS = 'too-many';

/** Fetched when the first photo is chosen. */
const prepareLater = async (file: Blob): Promise<Prepared> => (await import('./prepare')).prepare(file);

export const PREPARE = new InjectionToken('prepare', { factory: () => prepareLater });
export const UPLOAD = new InjectionToken('upload', { factory: () => upload });

/** The photos on this phone: taken small, kept, and sent once their report has arrived. A failed one fails alone. */
@Service()
export class Photos {
  private readonly keep = inject(Keep);
  private readonly prepare = inject(PREPARE);
  private readonly upload = inject(UPLOAD);
  private readonly every = signal<readonly Photo[]>([]);
  private readonly parts = signal<Readonly<Record<string, number>>>({});

  readonly read = this.readAll();
  readonly all = this.every.asReadonly();
  /** How far each photo is on its way, from 0 to 1. */
  readonly progress = this.parts.asReadonly();

  of(owner: string): readonly Photo[] {
    return this.every().filter((photo) => photo.owner === owner);
  }

  /**
   * Takes photos, one after the other, so that a small phone holds one picture at a time.
   * @param known how many the report has besides those on this phone
   */
  async add(owner: string, files: readonly File[], token: string | null = null, known = 0): Promise<Refusal[]> {
    await this.read;
    const refused: Refusal[] = [];
    for (const file of files) {
      if (known + this.of(owner).filter(({ problem }) => !problem).length >= MOST_PHOTOS) {
        refused.push({ name: file.name, problem: SURPLUS });
        continue;
      }
      const prepared = await this.prepare(file);
      if ('problem' in prepared) {
        refused.push({ name: file.name, problem: prepared.problem });
        continue;
      }
      await this.put({ id: crypto.randomUUID(), owner, name: file.name, token, problem: null, ...prepared });
    }
    return refused;
  }

  async remove(id: string): Promise<void> {
    this.every.update((all) => all.filter((photo) => photo.id !== id));
    await this.keep.remove('photos', id);
  }

  async removeOf(owner: string): Promise<void> {
    for (const { id } of this.of(owner)) await this.remove(id);
  }

  /** Its report goes under another key. */
  async move(owner: string, to: string): Promise<void> {
    for (const photo of this.of(owner)) await this.put({ ...photo, owner: to });
  }

  /** Its report has arrived: its photos may follow. */
  async handOver(owner: string, token: string): Promise<void> {
    await this.read;
    for (const photo of this.of(owner)) await this.put({ ...photo, token });
  }

  /** Sends what may be sent. False when the network or the server could not take it. */
  async deliver(): Promise<boolean> {
    await this.read;
    for (let next = this.next(); next; next = this.next()) {
      const { id, token, blob, takenAt } = next;
      if (token === null) return true;
      try {
        await this.upload({ id, token, blob, takenAt }, (part) => {
          this.parts.update((parts) => ({ ...parts, [id]: part }));
        });
        await this.remove(id);
      } catch (thrown) {
        const failure = toFailure(thrown);
        this.parts.update((parts) => ({ ...parts, [id]: 0 }));
        if (comesRight(failure)) return false;
        await this.put({ ...next, problem: failure.code });
      }
    }
    return true;
  }

  private next(): Photo | undefined {
    return this.every().find(({ token, problem }) => token !== null && problem === null);
  }

  private async put(photo: Photo): Promise<void> {
    this.every.update((all) => {
      const at = all.findIndex(({ id }) => id === photo.id);
      return at < 0 ? [...all, photo] : all.with(at, photo);
    });
    await this.keep.put('photos', photo.id, photo);
  }

  private async readAll(): Promise<void> {
    const kept = await this.keep.all<Photo>('photos');
    this.every.update((all) => [...kept, ...all]);
  }
}
