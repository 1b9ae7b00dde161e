import { Service, computed, inject, signal } from '@angular/core';
import { type Draft, expired, inDanger, newDraft } from './draft';
import { Keep } from './keep';

/** For so long, in milliseconds, the same danger at the same home is the alarm that was raised before. */
const ONE_ALARM = 15 * 60_000;

/** The reports on this phone: the one being written, those that wait for the network, the one sent last. */
@Service()
export class Drafts {
  private readonly keep = inject(Keep);
  private readonly every = signal<readonly Draft[]>([]);
  private readonly link = signal('');

  /** Resolves when what the phone kept has been read. */
  readonly read = this.readAll();
  readonly all = this.every.asReadonly();
  readonly current = computed(() => this.all().find((draft) => draft.link === this.link() && draft.state === 'writing' && !inDanger(draft)) ?? null);
  readonly queued = computed(() => this.all().filter(({ state }) => state === 'queued'));

  /** The draft of this home, which is begun if there is none. */
  async of(link: string): Promise<Draft> {
    await this.read;
    this.link.set(link);
    return this.current() ?? (await this.begin(link));
  }

  /**
   * A danger's own report, apart from whatever is being written: it is sent at once, under a key that no other page
   * holds. Who was in the middle of a report need not say again how to be reached.
   */
  async alarm(link: string, danger: string): Promise<Draft> {
    await this.read;
    const now = Date.now();
    const raised = this.all().find((draft) => draft.link === link && draft.danger === danger && (draft.state !== 'sent' || now - draft.changed < ONE_ALARM));
    if (raised) return raised;
    const { name, email, phone } = this.all().find((draft) => draft.link === link && draft.state === 'writing') ?? newDraft(link, now);
    return this.put({ ...newDraft(link, now), danger, name, email, phone });
  }

  /** The same report under another key, because the first one stands for something else. */
  async renew(draft: Draft): Promise<Draft> {
    await this.remove(draft.submissionKey);
    return this.put({ ...draft, submissionKey: crypto.randomUUID(), changed: Date.now() });
  }

  find(submissionKey: string): Draft | undefined {
    return this.all().find((draft) => draft.submissionKey === submissionKey);
  }

  async change(submissionKey: string, change: Partial<Draft>): Promise<Draft | undefined> {
    const draft = this.find(submissionKey);
    if (!draft) return undefined;
    return this.put({ ...draft, ...change, changed: Date.now() });
  }

  async remove(submissionKey: string): Promise<void> {
    this.every.update((all) => all.filter((draft) => draft.submissionKey !== submissionKey));
    await this.keep.remove('drafts', submissionKey);
  }

  /** Whoever leaves a phone leaves nothing on it but what still waits to be sent. */
  async forget(link: string): Promise<readonly string[]> {
    await this.read;
    const gone = this.all().filter((draft) => draft.link === link && draft.state !== 'queued');
    for (const { submissionKey } of gone) await this.remove(submissionKey);
    return gone.map(({ submissionKey }) => submissionKey);
  }

  private begin(link: string): Promise<Draft> {
    return this.put(newDraft(link, Date.now()));
  }

  private async put(draft: Draft): Promise<Draft> {
    this.every.update((all) => [...all.filter(({ submissionKey }) => submissionKey !== draft.submissionKey), draft]);
    await this.keep.put('drafts', draft.submissionKey, draft);
    return draft;
  }

  private async readAll(): Promise<void> {
    const now = Date.now();
    const kept = (await this.keep.all<Draft>('drafts')).sort((one, other) => one.changed - other.changed);
    this.every.set(kept.filter((draft) => !expired(draft, now))); // `sweep` takes the others away, with their photos
  }
}
