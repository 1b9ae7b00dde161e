import { Injectable, inject, signal } from '@angular/core';
import type { Named } from './ticket';
import { TicketApi } from './ticket-api';

/** Who can own a ticket. Asked for once, when somebody first looks. */
@Injectable()
export class Colleagues {
  private readonly api = inject(TicketApi);
  private readonly known = signal<readonly Named[]>([]);
  private asked: Promise<void> | null = null;

  readonly all = this.known.asReadonly();

  load(): Promise<void> {
    this.asked ??= this.api.colleagues().then(
      (colleagues) => {
        this.known.set(colleagues);
      },
      () => {
        this.asked = null;
      },
    );
    return this.asked;
  }

  name(id: string): string | null {
    return this.known().find((colleague) => colleague.id === id)?.name ?? null;
  }
}
