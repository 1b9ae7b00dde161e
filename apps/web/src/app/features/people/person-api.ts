import { Service, inject, signal } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { addNeed } from '@mu/shared/api/generated/fn/people/add-need';
import { addPerson } from '@mu/shared/api/generated/fn/people/add-person';
import { changePerson } from '@mu/shared/api/generated/fn/people/change-person';
import { endNeed } from '@mu/shared/api/generated/fn/people/end-need';
import { listNeeds } from '@mu/shared/api/generated/fn/people/list-needs';
import { listPeople } from '@mu/shared/api/generated/fn/people/list-people';
import { readPerson } from '@mu/shared/api/generated/fn/people/read-person';
import { exportPeople } from '@mu/shared/api/generated/fn/portfolio-exports/export-people';
import type { ConsentChannel, NeedInput, NeedKind, NeedView, PersonInput, PersonList, PersonView } from '@mu/shared/api/generated/models';
import { CONSENT_CHANNEL } from '@mu/shared/api/generated/models/consent-channel-array';
import { NEED_KIND } from '@mu/shared/api/generated/models/need-kind-array';
import { tables } from '@mu/shared/api/table';
import { type RecordForm, type Values, changing, chosen, said, text } from '@mu/shared/ui/record-form';

/** The questions of this feature, in its own words. Each throws an ApiFailure; each change is news for the list. */
@Service()
export class PersonApi {
  private readonly api = inject(Api);
  private readonly tables = tables();
  readonly news = signal(0);

  page(q: string, cursor: string | null): Promise<PersonList> {
    return this.api.call(listPeople, { q, ...(cursor !== null && { cursor }) });
  }

  table(q: string): Promise<string> {
    return this.tables(exportPeople, { q });
  }

  read(id: string): Promise<PersonView> {
    return this.api.call(readPerson, { person_id: id });
  }

  async needs(id: string): Promise<readonly NeedView[]> {
    return (await this.api.call(listNeeds, { person_id: id })).items;
  }

  add(body: PersonInput, key: string): Promise<PersonView> {
    return this.told(this.api.call(addPerson, { body }, key));
  }

  change(id: string, version: number, body: PersonInput): Promise<PersonView> {
    return this.told(this.api.call(changePerson, { person_id: id, 'if-match': etag({ version }), body }));
  }

  addNeed(id: string, body: NeedInput, key: string): Promise<NeedView> {
    return this.told(this.api.call(addNeed, { person_id: id, body }, key));
  }

  endNeed(id: string, need: NeedView): Promise<NeedView> {
    return this.told(this.api.call(endNeed, { person_id: id, need_id: need.id, 'if-match': etag(need) }));
  }

  private async told<Data>(change: Promise<Data>): Promise<Data> {
    const data = await change;
    this.news.update((count) => count + 1);
    return data;
  }
}

const FIELDS: RecordForm['fields'] = [
  { name: 'name', label: 'people.field.name' },
  { name: 'phone', label: 'people.field.phone', kind: 'tel' },
  { name: 'email', label: 'people.field.email', kind: 'email' },
  { name: 'externalReference', label: 'people.field.reference', hint: 'people.hint.reference' },
];

export function newPerson(api: PersonApi, done: (id: string) => void): RecordForm {
  return {
    title: 'people.add', submit: 'people.add', fields: FIELDS, values: {},
    save: async (values, key) => { done((await api.add(facts(values, 'en'), key)).id); },
  };
}

export function changedPerson(api: PersonApi, shown: PersonView): RecordForm {
  return {
    title: 'people.change', submit: 'record.save', fields: FIELDS,
    ...changing(
      shown,
      ({ name, phone, email, externalReference }) => ({ name, phone: phone ?? '', email: email ?? '', externalReference: externalReference ?? '' }),
      ({ id, version, language }, values) => api.change(id, version, facts(values, language)),
    ),
  };
}

/** Asks before a need ends: its instruction leaves every visit, and only a new agreement brings it back. */
export function endOfNeed(api: PersonApi, person: string, need: NeedView, changed: () => Values): RecordForm {
  return { title: 'people.need.endTitle', text: 'people.need.endText', submit: 'people.need.end', fields: [], values: {}, save: () => api.endNeed(person, need), seen: changed };
}

export function newNeed(api: PersonApi, person: string, today: string, wording: string): RecordForm {
  return {
    title: 'people.need.add', text: 'people.need.text', submit: 'people.need.add',
    fields: [
      { name: 'kind', label: 'people.field.need', kind: 'choice', choices: NEED_KIND.map((value) => ({ value, label: `people.needKind.${value}` })) },
      { name: 'note', label: 'people.field.note', kind: 'area', hint: 'people.hint.note' },
      { name: 'instruction', label: 'people.field.instruction', kind: 'area', hint: 'people.hint.instruction' },
      { name: 'consentWording', label: 'people.field.wording', kind: 'area', hint: 'people.hint.wording' },
      { name: 'consentChannel', label: 'people.field.channel', kind: 'choice', choices: CONSENT_CHANNEL.map((value) => ({ value, label: `people.channel.${value}` })) },
      { name: 'consentedOn', label: 'people.field.consentedOn', kind: 'date' },
    ],
    values: { kind: 'mobility', consentChannel: 'phone', consentedOn: today, consentWording: wording },
    save: (values, key) => api.addNeed(person, {
      kind: chosen<NeedKind>(values, 'kind') ?? 'other',
      note: said(values, 'note'),
      instruction: said(values, 'instruction'),
      consentWording: text(values, 'consentWording'),
      consentChannel: chosen<ConsentChannel>(values, 'consentChannel') ?? 'phone',
      consentedOn: text(values, 'consentedOn'),
    }, key),
  };
}

function facts(values: Values, language: string): PersonInput {
  return { name: text(values, 'name'), phone: said(values, 'phone'), email: said(values, 'email'), externalReference: said(values, 'externalReference'), language };
}
