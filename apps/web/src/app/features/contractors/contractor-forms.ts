import type { AccreditationInput, AccreditationView, ContractorInput, ContractorView, OperativeView, Scheme, Trade } from '@mu/shared/api/generated/models';
import { SCHEME } from '@mu/shared/api/generated/models/scheme-array';
import { TRADE } from '@mu/shared/api/generated/models/trade-array';
import { type Field, type RecordForm, type Values, changing, chosen, partOf, pence, pounds, said, text } from '@mu/shared/ui/record-form';
import type { ContractorApi } from './contractor-api';

const INSURANCES: readonly Scheme[] = ['public_liability', 'employers_liability', 'professional_indemnity'];
const FIRM: readonly Field[] = [
  { name: 'name', label: 'contractors.field.name' },
  { name: 'trades', label: 'contractors.field.trades', kind: 'several', choices: TRADE.map((value) => ({ value, label: `contractors.trade.${value}` })) },
  { name: 'areas', label: 'contractors.field.areas', hint: 'contractors.hint.areas' },
];
const CONTACT: readonly Field[] = [
  { name: 'contactName', label: 'contractors.field.contact', hint: 'contractors.hint.contact' },
  { name: 'phone', label: 'contractors.field.phone', kind: 'tel', when: (values) => said(values, 'contactName') !== null },
  { name: 'email', label: 'contractors.field.email', kind: 'email', when: (values) => said(values, 'contactName') !== null },
];
const REFERENCE: Field = { name: 'externalReference', label: 'contractors.field.reference' };

export function newContractor(api: ContractorApi, done: (id: string) => void): RecordForm {
  return {
    title: 'contractors.add', submit: 'contractors.add', fields: [...FIRM, ...CONTACT, REFERENCE], values: { trades: [] },
    save: async (values, key) => { done((await api.add(facts(values), key)).id); },
  };
}

export function changedContractor(api: ContractorApi, shown: ContractorView): RecordForm {
  return {
    title: 'contractors.change', submit: 'record.save', fields: [...FIRM, ...CONTACT, REFERENCE],
    ...changing(
      shown,
      ({ name, trades, areas, externalReference }) => ({ name, trades, areas: areas.join(' '), externalReference: externalReference ?? '' }),
      ({ id, version }, values) => api.change(id, version, facts(values)),
    ),
  };
}

export function suspension(api: ContractorApi, shown: ContractorView): RecordForm {
  return {
    title: 'contractors.suspend', text: 'contractors.suspendText', submit: 'contractors.suspend',
    fields: [{ name: 'reason', label: 'contractors.field.reason', kind: 'area' }],
    ...changing(shown, () => ({}), (firm, values) => api.setStatus(firm, 'suspended', said(values, 'reason'))),
  };
}

export function accreditationForm(api: ContractorApi, contractor: string, one: AccreditationView | null): RecordForm {
  return {
    title: one ? 'contractors.accreditation.change' : 'contractors.accreditation.add',
    text: 'contractors.accreditation.text',
    submit: one ? 'record.save' : 'contractors.accreditation.add',
    fields: [
      { name: 'scheme', label: 'contractors.field.scheme', kind: 'choice', choices: SCHEME.map((value) => ({ value, label: `contractors.scheme.${value}` })) },
      { name: 'number', label: 'contractors.field.number' },
      { name: 'expiresOn', label: 'contractors.field.expiresOn', kind: 'date' },
      { name: 'cover', label: 'contractors.field.cover', kind: 'money', when: ({ scheme }) => INSURANCES.includes(scheme as Scheme) },
    ],
    ...(one
      ? changing(
        one,
        ({ scheme, number, expiresOn, cover }) => ({ scheme, number, expiresOn, cover: pounds(cover) }),
        (present, values) => api.changeAccreditation(contractor, present, shownBy(values)),
        (current) => partOf(current, 'accreditations', one),
      )
      : { values: { scheme: 'gas_safe' }, save: (values, key) => api.addAccreditation(contractor, shownBy(values), key) }),
  };
}

/** Asks before somebody vouches for what they have looked up. Where it says something else since, they have to look anew. */
export function approval(api: ContractorApi, contractor: string, one: AccreditationView, words: { readonly scheme: string; readonly day: string }, changed: () => Values): RecordForm {
  return {
    title: 'contractors.accreditation.approveTitle', text: 'contractors.accreditation.approveText', submit: 'contractors.accreditation.approve',
    names: { ...words, number: one.number }, fields: [], values: {}, save: () => api.approve(contractor, one), seen: changed,
  };
}

/** Asks before somebody comes no more: there is no way back but to add them anew. */
export function departure(api: ContractorApi, contractor: string, one: OperativeView): RecordForm {
  return {
    title: 'contractors.operative.endTitle', text: 'contractors.operative.endText', submit: 'contractors.operative.end',
    names: { name: one.person.name }, fields: [], values: {}, save: () => api.endOperative(contractor, one),
  };
}

function shownBy(values: Values): AccreditationInput {
  return { scheme: chosen<Scheme>(values, 'scheme') ?? 'gas_safe', number: text(values, 'number'), expiresOn: text(values, 'expiresOn'), cover: pence(values, 'cover') };
}

export function newOperative(api: ContractorApi, contractor: string): RecordForm {
  return {
    title: 'contractors.operative.add', submit: 'contractors.operative.add',
    fields: [
      { name: 'name', label: 'contractors.field.operative' }, { name: 'phone', label: 'contractors.field.phone', kind: 'tel' },
      { name: 'card', label: 'contractors.field.card', hint: 'contractors.hint.card' },
    ],
    values: {},
    save: (values, key) => api.addOperative(contractor, { person: { name: text(values, 'name'), phone: said(values, 'phone') }, card: said(values, 'card') }, key),
  };
}

function facts(values: Values): ContractorInput {
  const name = said(values, 'contactName');
  return {
    name: text(values, 'name'),
    trades: (values['trades'] as readonly Trade[]).slice(),
    areas: text(values, 'areas').split(/[\s,;]+/).filter(Boolean),
    externalReference: said(values, 'externalReference'),
    contact: name === null ? null : { name, phone: said(values, 'phone'), email: said(values, 'email') },
  };
}
