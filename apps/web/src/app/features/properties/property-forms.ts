import { signal } from '@angular/core';
import { toFailure } from '@mu/shared/api/failure';
import type { MemberInput, MemberView, Nation, PropertyInput, PropertyKind, PropertyView, Tenure, TenancyKind, TenancyRole, TenancyView, UnitInput, UnitView } from '@mu/shared/api/generated/models';
import { NATION } from '@mu/shared/api/generated/models/nation-array';
import { TENANCY_KIND } from '@mu/shared/api/generated/models/tenancy-kind-array';
import { TENURE } from '@mu/shared/api/generated/models/tenure-array';
import { type Field, type RecordForm, type Values, changing, chosen, partOf, said, text } from '@mu/shared/ui/record-form';
import { calendarDay } from '@mu/shared/ui/when';
import type { PropertyApi } from './property-api';
import type { PropertyFinds } from './property-finds';

const UNSAID = { value: '', label: 'record.unsaid' };
const TENURES: Field = { name: 'tenure', label: 'properties.field.tenure', kind: 'choice', choices: [UNSAID, ...TENURE.map((value) => ({ value, label: `properties.tenure.${value}` }))] };
const REFERENCE: Field = { name: 'externalReference', label: 'properties.field.reference', hint: 'properties.hint.reference' };
const ADDRESS: readonly Field[] = [
  { name: 'postcode', label: 'properties.field.postcode' },
  { name: 'addressLine', label: 'properties.field.addressLine', hint: 'properties.hint.addressLine' },
  { name: 'town', label: 'properties.field.town' },
  { name: 'nation', label: 'properties.field.nation', kind: 'choice', hint: 'properties.hint.nation', choices: [{ value: '', label: 'properties.byPostcode' }, ...NATION.map((value) => ({ value, label: `nation.${value}` }))] },
];
const UPRN: Field = { name: 'uprn', label: 'properties.field.uprn', hint: 'properties.hint.uprn' };
const isNew = ({ who }: Values): boolean => who !== 'known';

/** Somebody new with a name, or one whom the organisation knows already. */
function somebody(finds: PropertyFinds): readonly Field[] {
  return [
    { name: 'who', label: 'properties.field.who', kind: 'choice', choices: ['new', 'known'].map((value) => ({ value, label: `properties.who.${value}` })) },
    { name: 'personId', label: 'properties.field.person', kind: 'find', find: finds.person, hint: 'properties.hint.person', when: (values) => !isNew(values) },
    { name: 'name', label: 'properties.field.name', when: isNew },
    { name: 'phone', label: 'properties.field.phone', kind: 'tel', when: isNew },
    { name: 'email', label: 'properties.field.email', kind: 'email', when: isNew },
  ];
}

/** Where the address comes from: looked up, or typed in below. */
function lookUp(finds: PropertyFinds): Field {
  return { name: 'lookUp', label: 'properties.field.lookUp', kind: 'find', find: finds.address, hint: 'properties.hint.lookUp' };
}

/** Whose it is, and what it is a part of. */
function belonging(finds: PropertyFinds, shown?: PropertyView): readonly Field[] {
  return [
    { name: 'portfolioId', label: 'properties.field.portfolio', kind: 'find', find: finds.portfolio, shown: shown?.portfolio?.name ?? '', hint: 'properties.hint.portfolio' },
    { name: 'parentId', label: 'properties.field.parent', kind: 'find', find: finds.estate, shown: shown?.parent?.name ?? '', hint: 'properties.hint.parent' },
  ];
}

/** Asked only once the server has found a building at the address; `wasAsked` makes it stay while the form is open. */
function another(): { readonly field: Field; readonly asking: <Of>(saving: Promise<Of>) => Promise<Of> } {
  const wasAsked = signal(false);
  return {
    field: { name: 'isAnother', label: 'properties.field.another', kind: 'several', choices: [{ value: 'yes', label: 'properties.another' }], when: wasAsked },
    asking: async (saving) => {
      try {
        return await saving;
      } catch (thrown) {
        if (toFailure(thrown).code === 'looks-the-same') wasAsked.set(true);
        throw thrown;
      }
    },
  };
}

const taken = (id: string): readonly string[] => ['/properties', id];

export function newProperty(api: PropertyApi, finds: PropertyFinds, usual: Nation | '', done: (id: string) => void): RecordForm {
  const twin = another();
  return {
    title: 'properties.add',
    submit: 'properties.add',
    fields: [
      { name: 'kind', label: 'properties.field.kind', kind: 'choice', choices: ['house', 'block'].map((value) => ({ value, label: `properties.kindLong.${value}` })) },
      lookUp(finds),
      ...ADDRESS,
      { name: 'homes', label: 'properties.field.homes', kind: 'area', hint: 'properties.hint.homes', when: ({ kind }) => kind === 'block' },
      TENURES, ...belonging(finds), UPRN, REFERENCE, twin.field,
    ],
    values: { kind: 'house', nation: usual, tenure: '', isAnother: [] },
    taken,
    save: async (values, key) => {
      const kind: PropertyKind = chosen<PropertyKind>(values, 'kind') ?? 'house';
      const homes = kind === 'block' ? text(values, 'homes').split('\n').map((line) => line.trim()).filter(Boolean) : [];
      done((await twin.asking(api.add({ kind, homes, ...facts(values) }, key))).id);
    },
  };
}

export function changedProperty(api: PropertyApi, finds: PropertyFinds, shown: PropertyView): RecordForm {
  const twin = another();
  return {
    title: 'properties.change',
    submit: 'record.save',
    fields: [lookUp(finds), ...ADDRESS, TENURES, ...belonging(finds, shown), UPRN, REFERENCE, twin.field],
    taken,
    ...changing(
      shown,
      ({ postcode, addressLine, town, nation, tenure, uprn, externalReference, portfolio, parent }) => ({ isAnother: [], portfolioId: portfolio?.id ?? '', parentId: parent?.id ?? '', postcode, addressLine, town, nation, tenure: tenure ?? '', uprn: uprn ?? '', externalReference: externalReference ?? '' }),
      ({ id, version }, values) => twin.asking(api.change(id, version, facts(values))),
    ),
  };
}

export function unitForm(api: PropertyApi, property: PropertyView, unit: UnitView | null): RecordForm {
  const label: readonly Field[] = property.kind === 'block' ? [{ name: 'label', label: 'properties.field.label' }] : [];
  return {
    title: unit ? 'properties.unit.change' : 'properties.unit.add',
    submit: unit ? 'record.save' : 'properties.unit.add',
    fields: [...label, TENURES, UPRN, REFERENCE],
    taken,
    ...(unit
      ? changing(
        unit,
        (one) => ({ label: one.label, tenure: one.tenure ?? '', uprn: one.uprn ?? '', externalReference: one.externalReference ?? '' }),
        ({ id, version }, values) => api.changeUnit(id, version, home(values)),
        (current) => partOf(current, 'units', unit),
      )
      : { values: { tenure: '' }, save: (values, key) => api.addUnit(property.id, home(values), key) }),
  };
}

function home(values: Values): UnitInput {
  return { label: text(values, 'label'), tenure: chosen<Tenure>(values, 'tenure'), uprn: said(values, 'uprn'), externalReference: said(values, 'externalReference') };
}

const KINDS_OF: Readonly<Record<Nation, readonly TenancyKind[]>> = {
  ENG: ['assured', 'secure', 'introductory', 'regulated', 'licence', 'lease', 'other'],
  WLS: ['occupation_contract', 'licence', 'lease', 'other'],
  SCT: ['private_residential', 'scottish_secure', 'regulated', 'licence', 'lease', 'other'],
  NIR: ['private_ni', 'secure', 'introductory', 'regulated', 'licence', 'lease', 'other'],
};

function kinds(nation: Nation, present: TenancyKind | null): Field {
  const offered = TENANCY_KIND.filter((kind) => KINDS_OF[nation].includes(kind) || kind === present);
  return { name: 'kind', label: 'properties.field.tenancyKind', kind: 'choice', choices: [UNSAID, ...offered.map((value) => ({ value, label: `properties.tenancyKind.${value}` }))] };
}

export function newTenancy(api: PropertyApi, finds: PropertyFinds, unit: string, nation: Nation): RecordForm {
  return {
    title: 'properties.tenancy.begin',
    text: 'properties.tenancy.beginText',
    submit: 'properties.tenancy.begin',
    fields: [{ name: 'startedOn', label: 'properties.field.startedOn', kind: 'date', also: ['members'] }, kinds(nation, null), ...somebody(finds), REFERENCE],
    values: { startedOn: calendarDay(new Date()), kind: '', who: 'new' },
    save: (values, key) => api.begin({
      unitId: unit,
      startedOn: text(values, 'startedOn'),
      kind: chosen<TenancyKind>(values, 'kind'),
      externalReference: said(values, 'externalReference'),
      members: [{ role: 'lead', ...mover(values) }],
    }, key),
  };
}

export function changedTenancy(api: PropertyApi, tenancy: TenancyView, nation: Nation): RecordForm {
  return {
    title: 'properties.tenancy.change',
    submit: 'record.save',
    fields: [{ name: 'startedOn', label: 'properties.field.startedOn', kind: 'date' }, kinds(nation, tenancy.kind), REFERENCE],
    ...changing(
      tenancy,
      ({ startedOn, kind, externalReference }) => ({ startedOn, kind: kind ?? '', externalReference: externalReference ?? '' }),
      ({ id, version }, values) => api.changeTenancy(id, version, { startedOn: text(values, 'startedOn'), kind: chosen<TenancyKind>(values, 'kind'), externalReference: said(values, 'externalReference') }),
    ),
  };
}

export function endOfTenancy(api: PropertyApi, tenancy: TenancyView): RecordForm {
  return {
    title: 'properties.tenancy.end',
    text: 'properties.tenancy.endText',
    submit: 'properties.tenancy.end',
    fields: [{ name: 'endedOn', label: 'properties.field.endedOn', kind: 'date' }],
    ...changing(tenancy, () => ({ endedOn: calendarDay(new Date()) }), ({ id, version }, values) => api.end(id, version, text(values, 'endedOn'))),
  };
}

/** An end that was noted wrongly: another day, or none at all. */
export function rightEndOfTenancy(api: PropertyApi, tenancy: TenancyView): RecordForm {
  return {
    title: 'properties.tenancy.rightEnd',
    text: 'properties.tenancy.rightEndText',
    submit: 'record.save',
    fields: [{ name: 'endedOn', label: 'properties.field.endedOn', kind: 'date', hint: 'properties.hint.endedOn' }],
    ...changing(tenancy, ({ endedOn }) => ({ endedOn: endedOn ?? '' }), ({ id, version }, values) => api.end(id, version, said(values, 'endedOn'))),
  };
}

export function newMember(api: PropertyApi, finds: PropertyFinds, tenancy: TenancyView): RecordForm {
  const roles: readonly TenancyRole[] = ['joint', 'household', 'lead'];
  return {
    title: 'properties.tenancy.moveIn',
    submit: 'properties.tenancy.moveIn',
    fields: [{ name: 'role', label: 'properties.field.role', kind: 'choice', choices: roles.map((value) => ({ value, label: `properties.roleLong.${value}` })) }, ...somebody(finds)],
    values: { role: 'joint', who: 'new' },
    save: (values, key) => api.moveIn(tenancy.id, { role: chosen<TenancyRole>(values, 'role') ?? 'joint', ...mover(values) }, key),
  };
}

export function departure(api: PropertyApi, tenancy: TenancyView, member: MemberView): RecordForm {
  return {
    title: 'properties.tenancy.moveOut',
    submit: 'properties.tenancy.moveOut',
    fields: [{ name: 'movedOutOn', label: 'properties.field.movedOutOn', kind: 'date' }],
    values: { movedOutOn: calendarDay(new Date()) },
    save: (values) => api.moveOut(tenancy.id, member.id, text(values, 'movedOutOn')),
  };
}

function facts(values: Values): PropertyInput {
  return {
    postcode: text(values, 'postcode'), addressLine: text(values, 'addressLine'), town: text(values, 'town'), nation: chosen<Nation>(values, 'nation'),
    tenure: chosen<Tenure>(values, 'tenure'), uprn: said(values, 'uprn'), externalReference: said(values, 'externalReference'),
    portfolioId: said(values, 'portfolioId'), parentId: said(values, 'parentId'), isAnother: (values['isAnother'] ?? []).toString() === 'yes',
  };
}

function mover(values: Values): Pick<MemberInput, 'person' | 'personId'> {
  return isNew(values) ? { person: person(values) } : { personId: said(values, 'personId') };
}

function person(values: Values): { name: string; phone: string | null; email: string | null } {
  return { name: text(values, 'name'), phone: said(values, 'phone'), email: said(values, 'email') };
}
