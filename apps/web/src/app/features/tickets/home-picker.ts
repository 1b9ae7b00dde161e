import { Component, booleanAttribute, inject, input, output, viewChild } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { FindField } from '@mu/shared/ui/find-field';
import type { Find, Found } from '@mu/shared/ui/record-form';
import { type Home, addressOf } from './ticket';
import { TicketApi } from './ticket-api';

let pickers = 0;

/** Finds a home by address, postcode or the name of who lives there. */
@Component({
  selector: 'mu-home-picker',
  imports: [FindField],
  host: { class: 'block' },
  template: `
    <mu-find-field
      browses
      [clearable]="false"
      [eager]="eager()"
      [fieldId]="inputId()"
      [label]="label()"
      [describedBy]="describedBy()"
      [invalid]="invalid()"
      [hint]="hint()"
      none="tickets.homePicker.none"
      [find]="find"
      (chosen)="choose($event)"
      (dismissed)="dismissed.emit()"
    />
  `,
})
export class HomePicker {
  readonly label = input.required<string>();
  readonly inputId = input(`home-${(++pickers).toString()}`);
  readonly describedBy = input<string | null>(null);
  readonly invalid = input(false);
  /** What stands in the empty field; a narrow one has room for a few words. */
  readonly hint = input('tickets.homePicker.placeholder');
  readonly eager = input(false, { transform: booleanAttribute });
  readonly chosen = output<Home>();
  readonly dismissed = output();

  private readonly api = inject(TicketApi);
  private readonly words = inject(TranslocoService);
  private readonly field = viewChild.required(FindField);
  private readonly known = new Map<string, Home>();

  protected readonly find: Find = async (words) => {
    const homes = await this.api.homes(words);
    for (const home of homes) this.known.set(home.unitId, home);
    return { items: homes.map((home) => ({ value: home.unitId, words: addressOf(home), detail: this.livingIn(home) })) };
  };

  focus(): void {
    this.field().focus();
  }

  protected choose(found: Found | null): void {
    const home = found && this.known.get(found.value);
    if (home) this.chosen.emit(home);
  }

  private livingIn({ tenancy }: Home): string {
    const names = tenancy?.people.map(({ name }) => name).join(', ') ?? '';
    return names || this.words.translate('tickets.homePicker.empty');
  }
}
