import { Service, inject } from '@angular/core';
import { Session } from '@mu/shared/auth/session';

/** Unsent words, kept in this tab until they are sent: a reload loses nothing. Each belongs to who typed it. */
@Service()
export class Drafts {
  private readonly user = inject(Session).user;

  read(name: string): unknown {
    try {
      return JSON.parse(sessionStorage.getItem(this.key(name)) ?? 'null');
    } catch {
      return null;
    }
  }

  keep(name: string, draft: unknown): void {
    try {
      sessionStorage.setItem(this.key(name), JSON.stringify(draft));
    } catch {
      // A full or forbidden storage costs the draft on a reload, not the words on the page.
    }
  }

  drop(name: string): void {
    sessionStorage.removeItem(this.key(name));
  }

  private key(name: string): string {
    return `mu-draft:${this.user()?.id ?? ''}:${name}`;
  }
}
