import { signal } from '@angular/core';
import { vi } from 'vitest';

/** A server that answers each request with the next prepared answer, and keeps what it was asked. */
export class FakeServer {
  readonly asked: Headers[] = [];
  private readonly streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  private readonly statuses: number[];

  constructor(...statuses: number[]) {
    this.statuses = statuses;
    vi.stubGlobal('fetch', (_url: string, { headers, signal }: RequestInit) => {
      this.asked.push(new Headers(headers));
      const status = this.statuses.shift() ?? 200;
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => {
          this.streams.push(stream);
          signal?.addEventListener('abort', () => { stream.error(new DOMException('', 'AbortError')); });
        },
      });
      return Promise.resolve(new Response(status === 200 ? body : null, { status }));
    });
  }

  async says(text: string): Promise<void> {
    this.streams.at(-1)?.enqueue(new TextEncoder().encode(text));
    await vi.advanceTimersByTimeAsync(1);
  }

  async hangsUp(): Promise<void> {
    this.streams.at(-1)?.close();
    await vi.advanceTimersByTimeAsync(1);
  }
}

export class FakeSession {
  readonly user = signal<{ id: string } | null>({ id: 'priya' });
  readonly refresh = vi.fn(() => Promise.resolve('fresh'));
  readonly renewed = vi.fn(() => Promise.resolve('fresh'));
  token(): Promise<string> {
    return Promise.resolve('held');
  }
}

/** Gives a lock to one at a time, in the order in which they asked (Web Locks API). */
export class FakeLocks {
  private last: Promise<unknown> = Promise.resolve();

  request(_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> {
    const gone = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => { reject(new DOMException('', 'AbortError')); });
    });
    let given = false;
    const turn = this.last.then(() => {
      given = true;
      return signal.aborted ? undefined : work();
    });
    this.last = turn;
    return Promise.race([turn, gone.catch((left: unknown) => (given ? turn : Promise.reject(left as Error)))]);
  }
}

/** Carries a copy of each message to all others of its name, a moment later, unless they are frozen. */
export class FakeChannel {
  private static readonly open = new Set<FakeChannel>();
  static frozen: FakeChannel | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    FakeChannel.open.add(this);
  }

  static newest(): FakeChannel | null {
    return [...this.open].at(-1) ?? null;
  }

  postMessage(data: unknown): void {
    const copy: unknown = structuredClone(data);
    queueMicrotask(() => {
      for (const other of FakeChannel.open) {
        if (other !== this && other.name === this.name && other !== FakeChannel.frozen) other.onmessage?.({ data: copy });
      }
    });
  }

  close(): void {
    FakeChannel.open.delete(this);
  }
}
