import { DOCUMENT, DestroyRef, Service, inject, signal } from '@angular/core';

export interface Shortcut {
  /** One key ("c", "?", "Escape"), with "mod+" for Ctrl or Cmd ("mod+k"), or two in a row ("g t"). */
  readonly keys: string;
  /** Catalogue keys, for the help. */
  readonly group: string;
  readonly words: string;
  readonly run: () => void;
  /** Left out while false. */
  readonly when?: () => boolean;
}

const SEQUENCE_TIME = 1_000;

/** The keyboard of the whole page. Screens add their own keys with `shortcuts()` and lose them when they go. */
@Service()
export class Shortcuts {
  private readonly page = inject(DOCUMENT);
  private readonly known = signal<readonly Shortcut[]>([]);
  private first = '';
  private firstAt = 0;

  readonly all = this.known.asReadonly();

  constructor() {
    const listen = (event: KeyboardEvent): void => {
      this.pressed(event);
    };
    this.page.addEventListener('keydown', listen);
    inject(DestroyRef).onDestroy(() => {
      this.page.removeEventListener('keydown', listen);
    });
  }

  add(shortcuts: readonly Shortcut[]): () => void {
    this.known.update((known) => [...known, ...shortcuts]);
    return () => {
      this.known.update((known) => known.filter((shortcut) => !shortcuts.includes(shortcut)));
    };
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const modified = event.ctrlKey || event.metaKey;
    if (!modified && (typing(event.target) || this.covered(event.key))) return;

    const key = (modified ? 'mod+' : '') + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
    const sequence = event.timeStamp - this.firstAt < SEQUENCE_TIME ? `${this.first} ${key}` : '';
    const shortcut = this.found(sequence) ?? this.found(key);
    [this.first, this.firstAt] = [key, event.timeStamp];
    if (!shortcut) return;
    event.preventDefault();
    this.first = '';
    shortcut.run();
  }

  /** The newest wins: a screen may give a key another meaning while it is open. */
  private found(keys: string): Shortcut | undefined {
    return this.known().findLast((shortcut) => shortcut.keys === keys && (shortcut.when?.() ?? true));
  }

  /** Under an open dialog or menu single keys belong to it. */
  private covered(key: string): boolean {
    const over = this.page.querySelector('dialog[open], .cdk-overlay-container [role="menu"], .cdk-overlay-container [role="listbox"], [aria-modal="true"]');
    return over !== null || (key === 'Escape' && this.page.querySelector('[popover]:popover-open') !== null);
  }
}

/** Adds shortcuts for as long as the caller (a component or service) lives. */
export function shortcuts(...added: readonly Shortcut[]): void {
  inject(DestroyRef).onDestroy(inject(Shortcuts).add(added));
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const typed = target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return typed || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
