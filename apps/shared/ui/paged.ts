import { signal } from '@angular/core';
import { type ApiFailure, toFailure } from '@mu/shared/api/failure';

export interface Portion<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
}

/** A list that comes page by page. Asking anew forgets what an earlier question still brings. */
export class Paged<Row> {
  private question = 0;
  private next: string | null = null;
  private readonly rows = signal<readonly Row[]>([]);

  readonly items = this.rows.asReadonly();
  readonly phase = signal<'loading' | 'ready' | 'failed'>('loading');
  readonly failure = signal<ApiFailure | null>(null);
  readonly hasMore = signal(false);
  readonly busy = signal(false);

  constructor(private readonly ask: (cursor: string | null) => Promise<Portion<Row>>) {}

  /** Begins at the first page. `quietly` leaves the rows in sight until the new ones are there. */
  async load({ quietly = false } = {}): Promise<void> {
    if (!quietly) this.phase.set('loading');
    await this.fetch(null);
  }

  async more(): Promise<void> {
    if (this.hasMore() && !this.busy()) await this.fetch(this.next);
  }

  private async fetch(cursor: string | null): Promise<void> {
    const question = ++this.question;
    this.busy.set(true);
    try {
      const { items, nextCursor } = await this.ask(cursor);
      if (question !== this.question) return;
      this.rows.update((rows) => (cursor === null ? items : [...rows, ...items]));
      this.next = nextCursor;
      this.hasMore.set(nextCursor !== null);
      this.phase.set('ready');
    } catch (thrown) {
      if (question !== this.question) return;
      this.failure.set(toFailure(thrown));
      this.phase.set('failed');
    } finally {
      if (question === this.question) this.busy.set(false);
    }
  }
}
