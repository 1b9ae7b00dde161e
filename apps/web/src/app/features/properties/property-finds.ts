import { Service, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { findAddress } from '@mu/shared/api/generated/fn/addresses/find-address';
import { listLandlords } from '@mu/shared/api/generated/fn/landlords/list-landlords';
import { listPeople } from '@mu/shared/api/generated/fn/people/list-people';
import { listProperties } from '@mu/shared/api/generated/fn/properties/list-properties';
import { handOverProperties } from '@mu/shared/api/generated/fn/teams/hand-over-properties';
import { listTeams } from '@mu/shared/api/generated/fn/teams/list-teams';
import type { PropertyView } from '@mu/shared/api/generated/models';
import type { Find, RecordForm } from '@mu/shared/ui/record-form';
import { chosen } from '@mu/shared/ui/record-form';

/** What forms of properties and tenancies look up: addresses, people, portfolios, estates, teams. */
@Service()
export class PropertyFinds {
  private readonly api = inject(Api);
  private readonly catalogue = inject(TranslocoService);

  /** Fills in the whole address; one that is known here says so, since nobody means to write it down twice. */
  readonly address: Find = async (words) => {
    const { items, silence } = await this.api.call(findAddress, { q: words });
    return {
      ...(silence ? { notice: `properties.silence.${silence}` } : items.length ? {} : { notice: 'properties.addressUnknown' }),
      items: items.map((one) => ({
        value: '',
        words: `${one.addressLine}, ${one.town} ${one.postcode}`,
        ...(one.propertyId && { detail: this.catalogue.translate('properties.knownAlready') }),
        fill: { postcode: one.postcode, addressLine: one.addressLine, town: one.town, nation: one.nation ?? '', ...(one.uprn && { uprn: one.uprn }) },
      })),
    };
  };

  readonly person: Find = async (words) => {
    const { items } = await this.api.call(listPeople, { q: words, limit: 20 });
    return { items: items.map(({ id, name, homes, phone, email }) => ({ value: id, words: name, detail: homes[0]?.address ?? phone ?? email ?? '' })) };
  };

  readonly portfolio: Find = async (words) => {
    const { items } = await this.api.call(listLandlords, { q: words, limit: 20 });
    return { items: items.flatMap(({ name, portfolios }) => portfolios.map((one) => ({ value: one.id, words: one.name, detail: name }))) };
  };

  readonly estate: Find = async (words) => {
    const { items } = await this.api.call(listProperties, { q: words, kind: 'block', limit: 20 });
    return { items: items.map(({ id, addressLine, town, postcode }) => ({ value: id, words: addressLine, detail: `${town} ${postcode}` })) };
  };

  /** Asks for the team that looks after a property from now on. */
  async handOver(shown: PropertyView, done: () => void): Promise<RecordForm> {
    const { items } = await this.api.call(listTeams, {});
    return {
      title: 'properties.handOver',
      submit: 'properties.handOver',
      fields: [{
        name: 'team', label: 'properties.field.team', kind: 'choice', hint: 'properties.hint.team',
        choices: [{ value: '', label: 'properties.everyTeam' }, ...items.map(({ id, name }) => ({ value: id, words: name }))],
      }],
      values: { team: shown.team?.id ?? '' },
      save: async (values) => {
        await this.api.call(handOverProperties, { body: { teamId: chosen<string>(values, 'team'), propertyIds: [shown.id] } });
        done();
      },
    };
  }
}
