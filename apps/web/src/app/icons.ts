import { signal } from '@angular/core';
import { FIRST } from './icons-first';

// `npm run icons` writes the drawings: those of the first screen, and the others.
type Later = typeof import('./icons-later').LATER;
export type IconName = keyof typeof FIRST | keyof Later;

const later = signal<Later | null>(null);
let asked = false;

/** The path of an icon; empty for a moment when it is the first of those that are loaded later. */
export function drawingOf(name: IconName): string {
  if (name in FIRST) return FIRST[name as keyof typeof FIRST];
  if (!asked) {
    asked = true;
    import('./icons-later').then(
      ({ LATER }) => { later.set(LATER); },
      () => { asked = false; },
    );
  }
  return later()?.[name as keyof Later] ?? '';
}
