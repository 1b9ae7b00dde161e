import { Service, signal } from '@angular/core';

/** How long an action can be undone, in milliseconds; an undoable message waits as long in the outbox. */
export const UNDO_TIME = 8_000;
const PLAIN_TIME = 4_000;

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

/** Short news at the edge of the page: what was done, with a way back where there is one. */
@Service()
export class Toasts {
  private readonly shown = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private count = 0;

  readonly all = this.shown.asReadonly();

  show(text: string, undo?: () => void): void {
    const toast: Toast = { id: ++this.count, text, undo };
    this.shown.update((all) => [...all.slice(-2), toast]);
    this.resume(toast);
  }

  undo(toast: Toast): void {
    this.dismiss(toast);
    toast.undo?.();
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
    this.timers.set(
      toast.id,
      setTimeout(() => {
        this.dismiss(toast);
      }, toast.undo ? UNDO_TIME : PLAIN_TIME),
    );
  }
}
