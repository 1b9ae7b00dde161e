import type { ServerEvent } from './server-events';

/** What the tab with the stream passes on; `after` and `id` are the last event before and after it. */
export interface Passed {
  readonly is: 'passed';
  readonly state: 'connecting' | 'live' | 'reconnecting';
  readonly after: string | null;
  readonly id: string | null;
  readonly events: readonly ServerEvent[];
}

/** A tab that may have missed something wants to hear where the stream is. */
interface Asked {
  readonly is: 'asked';
}

/**
 * The tabs of one person in one browser. A browser opens six connections to a server and no more, so only one tab
 * has the stream: the one that holds the lock. A browser without locks gets a stream in each tab.
 */
export class Tabs {
  private readonly locks = (navigator as Partial<Navigator>).locks;
  private readonly name: string;
  private readonly stopped: AbortSignal;
  private readonly channel: BroadcastChannel | null;
  private leading = false;

  constructor(userId: string, stopped: AbortSignal, passed: (passed: Passed) => void, place: () => Passed) {
    this.name = `mu-live:${userId}`;
    this.stopped = stopped;
    this.channel = this.locks ? new BroadcastChannel(this.name) : null;
    if (!this.channel) return;
    this.channel.onmessage = ({ data }: MessageEvent<Passed | Asked>) => {
      if (data.is === 'asked' && this.leading) this.pass(place());
      if (data.is === 'passed' && !this.leading) passed(data);
    };
    stopped.addEventListener('abort', () => this.channel?.close(), { once: true });
  }

  /** Works as soon as no other tab does, and asks that tab until then. The work ends when it is stopped. */
  async lead(work: () => Promise<void>): Promise<void> {
    const led = async (): Promise<void> => {
      this.leading = true;
      if (!this.stopped.aborted) await work();
    };
    this.ask();
    if (!this.locks) await led();
    else await this.locks.request(this.name, { signal: this.stopped }, led).catch(() => (this.stopped.aborted ? undefined : led()));
  }

  ask(): void {
    if (!this.leading) this.channel?.postMessage({ is: 'asked' } satisfies Asked);
  }

  pass(passed: Passed): void {
    if (!this.stopped.aborted) this.channel?.postMessage(passed);
  }
}
