import { DOCUMENT, Service, inject, signal } from '@angular/core';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof THEMES)[number];

const KEY = 'mu-theme';

/** Light, dark or as the device says; remembered on this device and set before the first paint by index.html. */
@Service()
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly name = signal<ThemeName>(this.remembered());
  readonly chosen = this.name.asReadonly();

  choose(name: ThemeName): void {
    this.name.set(name);
    if (name === 'system') delete this.root.dataset['theme'];
    else this.root.dataset['theme'] = name;
    try {
      if (name === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, name);
    } catch {
      // A browser that keeps nothing shows the choice until the page is left.
    }
  }

  private remembered(): ThemeName {
    const theme = this.root.dataset['theme'];
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  }
}
