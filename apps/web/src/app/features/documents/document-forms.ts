import type { Audience, DocumentInput, DocumentKind, DocumentView, NewDocument } from '@mu/shared/api/generated/models';
import { AUDIENCE } from '@mu/shared/api/generated/models/audience-array';
import { DOCUMENT_KIND } from '@mu/shared/api/generated/models/document-kind-array';
import { type Choice, type Field, type RecordForm, type Values, changing, chosen, said, text } from '@mu/shared/ui/record-form';
import type { DocumentApi } from './document-api';

/** What a document may be about, as a choice of a form: `home:…`, `tenancy:…`, `asset:…`, or the whole. */
export interface Place {
  readonly value: string;
  readonly words: string;
}

const KIND: Field = { name: 'kind', label: 'documents.field.kind', kind: 'choice', choices: DOCUMENT_KIND.map((value) => ({ value, label: `documents.kind.${value}` })) };
const DATES: readonly Field[] = [
  { name: 'datedOn', label: 'documents.field.datedOn', kind: 'date' },
  { name: 'expiresOn', label: 'documents.field.expiresOn', kind: 'date', hint: 'documents.field.expiresHint' },
];
const SHOWN_TO: Field = {
  name: 'audiences', label: 'documents.field.audiences', kind: 'several', choices: AUDIENCE.map((value) => ({ value, label: `documents.audience.${value}` })),
};

/** Asks what a file is that somebody has picked; `announced` hears of it once its file may be sent. */
export function newDocument(
  api: DocumentApi, file: File, about: NewDocument['propertyId'], firm: NewDocument['contractorId'], places: readonly Place[], announced: (document: DocumentView) => void,
): RecordForm {
  const whole: Choice = { value: '', label: 'documents.whole' };
  return {
    title: 'documents.add',
    text: 'documents.addText',
    submit: 'documents.send',
    fields: [
      { name: 'title', label: 'documents.field.title' },
      KIND,
      ...(places.length ? [{ name: 'place', label: 'documents.field.place', kind: 'choice', choices: [whole, ...places], also: ['unitId', 'tenancyId', 'assetId'] } satisfies Field] : []),
      ...DATES,
      ...(firm ? [] : [SHOWN_TO]),
    ],
    values: { title: titleOf(file), kind: guess(file, firm !== null), place: '', audiences: [] },
    save: async (values, key) => {
      const [what, id] = text(values, 'place').split(':');
      announced(await api.announce({
        ...facts(values),
        propertyId: about ?? null,
        contractorId: firm ?? null,
        unitId: what === 'home' ? id ?? null : null,
        tenancyId: what === 'tenancy' ? id ?? null : null,
        assetId: what === 'asset' ? id ?? null : null,
      }, key));
    },
  };
}

export function changedDocument(api: DocumentApi, shown: DocumentView): RecordForm {
  return {
    title: 'documents.change',
    submit: 'record.save',
    fields: [{ name: 'title', label: 'documents.field.title' }, KIND, ...DATES, ...(shown.contractorId ? [] : [SHOWN_TO])],
    ...changing(
      shown,
      ({ title, kind, datedOn, expiresOn, audiences }) => ({ title, kind, datedOn: datedOn ?? '', expiresOn: expiresOn ?? '', audiences }),
      (one, values) => api.change(one, one.version, facts(values)),
    ),
  };
}

function facts(values: Values): DocumentInput {
  const picked = values['audiences'];
  return {
    title: text(values, 'title'),
    kind: chosen<DocumentKind>(values, 'kind') ?? 'other',
    datedOn: said(values, 'datedOn'),
    expiresOn: said(values, 'expiresOn'),
    audiences: Array.isArray(picked) ? (picked as Audience[]) : [],
  };
}

function titleOf({ name }: File): string {
  return name.replace(/\.[a-z0-9]{2,5}$/i, '').replace(/[_\s]+/g, ' ').trim().slice(0, 120);
}

const SIGNS: readonly (readonly [RegExp, DocumentKind])[] = [
  [/tenan|agreement|contract|lease/i, 'tenancy_agreement'],
  [/inventor|check.?in/i, 'inventory'],
  [/gas|cp12|lgsr/i, 'gas_record'],
  [/eicr|electric/i, 'eicr'],
  [/epc|energy/i, 'epc'],
  [/fire/i, 'fire_risk_assessment'],
  [/asbestos/i, 'asbestos_survey'],
  [/insur|liabilit/i, 'insurance'],
  [/warrant|guarantee/i, 'warranty'],
  [/plan/i, 'floor_plan'],
];

/** The name of a file often says what it is; somebody looks at the guess before it counts. */
export function guess({ name }: Pick<File, 'name'>, ofFirm: boolean): DocumentKind {
  return SIGNS.find(([sign]) => sign.test(name))?.[1] ?? (ofFirm ? 'insurance' : 'other');
}
