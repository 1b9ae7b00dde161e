import { ApiFailure } from '@mu/shared/api/failure';
import type { Home, NewReport, Picker, SentPhoto, Status, Submitted } from './api/shapes';
import { type Shelf } from './draft/keep';

/** A home in Bristol whose agent answers the phone. For tests. */
export const HOME: Home = {
  organisation: { name: 'Harbour Lettings', phone: '0117 496 0112', emergencyPhone: null, notices: '/notices/harbour', colour: null, logo: null },
  nation: 'ENG',
  home: { line: 'Flat 3, 12 Alma Road, Bristol' },
};

export const PICKER: Picker = {
  rooms: [
    {
      key: 'kitchen',
      name: 'Kitchen',
      drawing: 'M1 1h1',
      faults: [
        {
          key: 'tap',
          name: 'Tap drips',
          drawing: 'M1 1h1',
          category: 'plumbing_leaks',
          trade: 'plumber',
          priority: 'P3',
          advice: ['Put a bowl under it.'],
          questions: [
            { key: 'other_tap', text: 'Is there another tap?', kind: 'yes_no', options: [] },
            { key: 'how', text: 'How?', kind: 'choice', options: [{ key: 'drips', text: 'It drips' }] },
          ],
        },
        { key: 'fridge', name: 'Fridge is broken', drawing: 'M1 1h1', category: 'appliances', trade: 'appliance_engineer', priority: 'P3', advice: [], questions: [] },
      ],
    },
  ],
};

/** A dripping tap that was reported this morning. */
export const STATUS: Status = {
  reference: 'T-10482', title: 'Tap drips', description: null, stage: 'received', reportedAt: '2026-11-23T08:00:00Z', dueAt: null, organisation: HOME.organisation, nation: 'ENG',
  danger: null, soundsLike: null, isDangerAcknowledged: false, dangerAcknowledgedBy: null, question: null, words: [], canCancel: true, canWrite: true,
};

/** A photo that the landlord's side has, or has turned down. */
export function aPhoto(id: string, state: SentPhoto['state']): SentPhoto {
  return { id, state, isFromTenant: true, refusal: state === 'refused' ? 'damaged' : null, url: null, thumbnailUrl: null, width: null, height: null, capturedAt: null, receivedAt: '2026-11-23T08:00:00Z' };
}

/** A shelf without a phone under it: what was put there outlives a reload, and a service that reads it anew. */
export class FakeKeep {
  readonly shelves = new Map<string, unknown>();

  lasting(): Promise<boolean> {
    return Promise.resolve(true);
  }

  get(shelf: Shelf, key: string): Promise<unknown> {
    return Promise.resolve(this.shelves.get(`${shelf} ${key}`));
  }

  all(shelf: Shelf): Promise<unknown[]> {
    return Promise.resolve([...this.shelves].filter(([key]) => key.startsWith(`${shelf} `)).map(([, value]) => value));
  }

  keys(shelf: Shelf): Promise<string[]> {
    return Promise.resolve([...this.shelves.keys()].filter((key) => key.startsWith(`${shelf} `)).map((key) => key.slice(shelf.length + 1)));
  }

  put(shelf: Shelf, key: string, value: unknown): Promise<void> {
    this.shelves.set(`${shelf} ${key}`, structuredClone(value));
    return Promise.resolve();
  }

  remove(shelf: Shelf, key: string): Promise<void> {
    this.shelves.delete(`${shelf} ${key}`);
    return Promise.resolve();
  }
}

/** A landlord's side that can be cut off. It takes each submission key once, and answers it the same again. */
export class FakeApi {
  failure: ApiFailure | null = null;
  /** An ordinary report arrives no sooner than this. */
  slow: Promise<void> = Promise.resolve();
  isSomebodyOnCall = true;
  /** Keys under which something else has arrived. */
  readonly reused = new Set<string>();
  readonly asked: NewReport[] = [];
  readonly tickets = new Map<string, Submitted>();
  readonly words: string[] = [];
  readonly phones: string[] = [];
  readonly alarms: string[] = [];
  readonly entered: string[] = [];
  stands = STATUS;
  shown: readonly SentPhoto[] = [];

  home(): Promise<Home> {
    return this.unlessFailing(HOME);
  }

  picker(): Promise<Picker> {
    return this.unlessFailing(PICKER);
  }

  async submit(_link: string, report: NewReport): Promise<Submitted> {
    this.asked.push(report);
    if (!report.danger) await this.slow;
    if (this.failure) throw this.failure;
    if (this.reused.has(report.submissionKey)) throw new ApiFailure('submission-key-reused', '', 409);
    const reference = `T-${(10_482 + this.tickets.size).toString()}`;
    const known = this.tickets.get(report.submissionKey) ?? { reference, status: 'received', statusLink: null, statusToken: `token-${reference}`, soundsLike: null, isSomebodyOnCall: this.isSomebodyOnCall };
    this.tickets.set(report.submissionKey, known);
    return known;
  }

  addWords(_token: string, text: string): Promise<void> {
    this.words.push(text);
    return this.unlessFailing(undefined);
  }

  leavePhone(_token: string, phone: string): Promise<void> {
    this.phones.push(phone);
    return this.unlessFailing(undefined);
  }

  raiseAlarm(_token: string, danger: string): Promise<void> {
    this.alarms.push(danger);
    return this.unlessFailing(undefined);
  }

  status(): Promise<Status> {
    return this.unlessFailing(this.stands);
  }

  photos(): Promise<readonly SentPhoto[]> {
    return this.unlessFailing(this.shown);
  }

  cancel(): Promise<void> {
    return this.unlessFailing(undefined);
  }

  useEntryLink(token: string): Promise<void> {
    this.entered.push(token);
    return this.unlessFailing(undefined);
  }

  private unlessFailing<Answer>(answer: Answer): Promise<Answer> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(answer);
  }
}

export const NO_NETWORK = new ApiFailure('unreachable', '', 0);
