import { Component, computed, inject, input } from '@angular/core';
import { Now } from '@mu/shared/ui/now';
import { moment, relative } from '@mu/shared/ui/when';

const UNITS = [['year', 365 * 86_400], ['month', 30.4 * 86_400], ['week', 7 * 86_400], ['day', 86_400], ['hour', 3_600], ['minute', 60]] as const;
const LETTERS = { year: 'y', month: 'mo', week: 'w', day: 'd', hour: 'h', minute: 'm' } as const;

/** How old a ticket is, as narrow as a column: "4d". The words and the exact time are in its title. */
@Component({
  selector: 'mu-ticket-age',
  host: { class: 'inline-block' },
  template: `<time class="whitespace-nowrap" [attr.datetime]="since()" [title]="exact()"><span aria-hidden="true">{{ short() }}</span><span class="sr-only">{{ words() }}</span></time>`,
})
export class TicketAge {
  readonly since = input.required<string>();

  private readonly now = inject(Now);
  protected readonly words = computed(() => relative(this.since(), this.now.at()));
  protected readonly exact = computed(() => moment(this.since(), this.now.at()));
  protected readonly short = computed(() => age(this.since(), this.now.at()));
}

/** "now", "5m", "3h", "4d", "6w", "2y": whole units that have passed; weeks from the second, months from the third. */
export function age(since: string, now: Date): string {
  const seconds = (now.getTime() - Date.parse(since)) / 1000;
  const [unit, length] = UNITS.find(([name, size]) => seconds >= size * (name === 'week' || name === 'month' ? 2 : 1)) ?? [null, 1];
  return unit === null ? 'now' : `${Math.floor(seconds / length).toString()}${LETTERS[unit]}`;
}
