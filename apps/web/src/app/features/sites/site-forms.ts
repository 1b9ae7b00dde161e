import type { AssetInput, AssetKind, AssetView, HintInput, HintKind, HintView, PropertyView } from '@mu/shared/api/generated/models';
import { ASSET_KIND } from '@mu/shared/api/generated/models/asset-kind-array';
import { HINT_KIND } from '@mu/shared/api/generated/models/hint-kind-array';
import { type Field, type RecordForm, type Values, changing, chosen, said, text } from '@mu/shared/ui/record-form';
import type { SiteApi } from './site-api';

export function hintForm(api: SiteApi, place: PropertyView, hint: HintView | null, today: string): RecordForm {
  return {
    title: hint ? 'sites.hint.change' : 'sites.hint.add',
    text: 'sites.hint.text',
    submit: hint ? 'record.save' : 'sites.hint.add',
    fields: [
      { name: 'kind', label: 'sites.field.hint', kind: 'choice', choices: HINT_KIND.map((value) => ({ value, label: `sites.hintKind.${value}` })) },
      { name: 'text', label: 'sites.field.text', kind: 'area' },
      ...whole(place, hint === null),
      { name: 'startsOn', label: 'sites.field.startsOn', kind: 'date' },
      { name: 'endsOn', label: 'sites.field.endsOn', kind: 'date', hint: 'sites.hint.endsOn' },
    ],
    ...(hint
      ? changing(hint, (one) => ({ kind: one.kind, text: one.text, startsOn: one.startsOn, endsOn: one.endsOn ?? '' }), (one, values) => api.changeHint(one, told(values)))
      : {
        values: { kind: 'asbestos_present', unitId: '', startsOn: today },
        save: (values, key) => api.addHint(place.id, said(values, 'unitId'), told(values), key),
      }),
  };
}

function told(values: Values): HintInput {
  return { kind: chosen<HintKind>(values, 'kind') ?? 'contact_for_details', text: text(values, 'text'), startsOn: text(values, 'startsOn'), endsOn: said(values, 'endsOn') };
}

export function assetForm(api: SiteApi, place: PropertyView, asset: AssetView | null): RecordForm {
  return {
    title: asset ? 'sites.asset.change' : 'sites.asset.add',
    submit: asset ? 'record.save' : 'sites.asset.add',
    fields: [
      { name: 'kind', label: 'sites.field.asset', kind: 'choice', choices: ASSET_KIND.map((value) => ({ value, label: `sites.assetKind.${value}` })) },
      ...whole(place, asset === null),
      { name: 'make', label: 'sites.field.make' }, { name: 'model', label: 'sites.field.model' }, { name: 'serialNumber', label: 'sites.field.serialNumber' },
      { name: 'installedOn', label: 'sites.field.installedOn', kind: 'date' },
      { name: 'warrantyUntil', label: 'sites.field.warrantyUntil', kind: 'date' },
      { name: 'warrantyWith', label: 'sites.field.warrantyWith' }, { name: 'warrantyPhone', label: 'sites.field.warrantyPhone', kind: 'tel' },
      ...(asset ? [{ name: 'removedOn', label: 'sites.field.removedOn', kind: 'date' } satisfies Field] : []),
    ],
    ...(asset
      ? changing(
        asset,
        (one) => ({
          kind: one.kind, make: one.make ?? '', model: one.model ?? '', serialNumber: one.serialNumber ?? '', installedOn: one.installedOn ?? '',
          warrantyUntil: one.warrantyUntil ?? '', warrantyWith: one.warrantyWith ?? '', warrantyPhone: one.warrantyPhone ?? '', removedOn: one.removedOn ?? '',
        }),
        (one, values) => api.changeAsset(one, known(values, one.externalReference)),
      )
      : { values: { kind: 'boiler', unitId: '' }, save: (values, key) => api.addAsset(place.id, said(values, 'unitId'), known(values, null), key) }),
  };
}

function known(values: Values, externalReference: string | null): AssetInput {
  return {
    kind: chosen<AssetKind>(values, 'kind') ?? 'other', make: said(values, 'make'), model: said(values, 'model'), serialNumber: said(values, 'serialNumber'),
    installedOn: said(values, 'installedOn'), warrantyUntil: said(values, 'warrantyUntil'), warrantyWith: said(values, 'warrantyWith'),
    warrantyPhone: said(values, 'warrantyPhone'), removedOn: said(values, 'removedOn'), externalReference,
  };
}

/** Of a block somebody says whether it is about one home or about all. */
function whole({ kind, units }: PropertyView, asked: boolean): readonly Field[] {
  if (!asked || kind !== 'block') return [];
  return [{ name: 'unitId', label: 'sites.field.unit', kind: 'choice', choices: [{ value: '', label: 'sites.whole' }, ...units.map(({ id, label }) => ({ value: id, words: label }))] }];
}
