import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { searchAnywhere } from '@mu/shared/api/generated/fn/search/search-anywhere';
import type { Found, FoundHome } from '@mu/shared/api/generated/models';
import type { IconName } from '@mu/icons';

export type Kind = keyof Found;

/** One thing that was found, and the page that shows it. */
export interface Hit {
  readonly id: string;
  readonly kind: Kind;
  readonly icon: IconName;
  readonly words: string;
  readonly detail: string;
  readonly path: readonly string[];
}

export const FEWEST_LETTERS = 2;

/** Finds tickets, people and homes by what somebody types into one box. */
@Service()
export class Finder {
  private readonly api = inject(Api);

  async find(text: string): Promise<readonly Hit[]> {
    const q = text.trim();
    return q.length < FEWEST_LETTERS ? [] : toHits(await this.api.call(searchAnywhere, { q }));
  }
}

function toHits({ tickets, people, homes }: Found): readonly Hit[] {
  return [
    ...tickets.map(({ id, reference, title }): Hit => (
      { id, kind: 'tickets', icon: 'ticket', words: reference, detail: title, path: ['/tickets', id] }
    )),
    ...people.map(({ id, name, home }): Hit => (
      { id, kind: 'people', icon: 'user', words: name, detail: home ? addressOf(home) : '', path: ['/people', id] }
    )),
    ...homes.map((home): Hit => (
      { id: home.unitId, kind: 'homes', icon: 'home', words: addressOf(home), detail: home.postcode, path: ['/properties', home.propertyId] }
    )),
  ];
}

function addressOf({ unitLabel, address }: FoundHome): string {
  return unitLabel ? `${unitLabel}, ${address}` : address;
}
