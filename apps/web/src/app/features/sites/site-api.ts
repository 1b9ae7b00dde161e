import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { addAsset } from '@mu/shared/api/generated/fn/assets/add-asset';
import { changeAsset } from '@mu/shared/api/generated/fn/assets/change-asset';
import { listAssets } from '@mu/shared/api/generated/fn/assets/list-assets';
import { addHint } from '@mu/shared/api/generated/fn/hints/add-hint';
import { changeHint } from '@mu/shared/api/generated/fn/hints/change-hint';
import { listHints } from '@mu/shared/api/generated/fn/hints/list-hints';
import { readSite } from '@mu/shared/api/generated/fn/hints/read-site';
import type { AssetInput, AssetView, HintInput, HintView, SiteView } from '@mu/shared/api/generated/models';

/** What is asked about a place, in this feature's own words. Each throws an ApiFailure. */
@Service()
export class SiteApi {
  private readonly api = inject(Api);

  ofTicket(id: string): Promise<SiteView> {
    return this.api.call(readSite, { ticket_id: id });
  }

  async hints(property: string): Promise<readonly HintView[]> {
    return (await this.api.call(listHints, { property })).items;
  }

  async assets(property: string): Promise<readonly AssetView[]> {
    return (await this.api.call(listAssets, { property })).items;
  }

  addHint(property: string, unit: string | null, body: HintInput, key: string): Promise<HintView> {
    return this.api.call(addHint, { body: { ...body, propertyId: property, unitId: unit } }, key);
  }

  changeHint(hint: HintView, body: HintInput): Promise<HintView> {
    return this.api.call(changeHint, { hint_id: hint.id, 'if-match': etag(hint), body });
  }

  addAsset(property: string, unit: string | null, body: AssetInput, key: string): Promise<AssetView> {
    return this.api.call(addAsset, { body: { ...body, propertyId: property, unitId: unit } }, key);
  }

  changeAsset(asset: AssetView, body: AssetInput): Promise<AssetView> {
    return this.api.call(changeAsset, { asset_id: asset.id, 'if-match': etag(asset), body });
  }
}
