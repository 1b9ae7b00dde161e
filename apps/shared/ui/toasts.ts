import { Service, signal } from '@angular/core';

/** How long an action can be undone, in milliseconds; an undoable message waits as long in the outbox. */
export const UNDO_TIME = 8_000;
const PLAIN_TIME = 4_000;

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: Action | undefined;
  /** Milliseconds until it goes by itself; none: it stays. */
  readonly time?: number | undefined;
}

export interface Action {
  /** A catalogue key: a verb. */
  readonly words: string;
  readonly run: () => void;
}

/** Short news at the edge of the page: what was done, with a way back where there is one. */
@Service()
export class Toasts {
  private readonly shown = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private count = 0;

  readonly all = this.shown.asReadonly();

  show(text: string, undo?: () => void): void {
    this.put({ text, action: undo && { words: 'ui.undo', run: undo }, time: undo ? UNDO_TIME : PLAIN_TIME });
  }

  /** Something to do whenever it suits. */
  offer(text: string, action: Action): void {
    this.put({ text, action });
  }

  act(toast: Toast): void {
    this.dismiss(toast);
    toast.action?.run();
  }

  dismiss({ id }: Toast): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    this.shown.update((all) => all.filter((toast) => toast.id !== id));
  }

  /** Nothing disappears from under a pointer or the focus. */
  hold({ id }: Toast): void {
    clearTimeout(this.timers.get(id));
  }

  resume(toast: Toast): void {
    this.hold(toast);
    if (toast.time === undefined) return;
    const timer = setTimeout(() => {
      this.dismiss(toast);
    }, toast.time);
    this.timers.set(toast.id, timer);
  }

  private put(content: Omit<Toast, 'id'>): void {
    const toast = { id: ++this.count, ...content };
    this.shown.update((all) => [...all.slice(-2), toast]);
    this.resume(toast);
  }
}
