import { Service, inject, signal } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { exportProperties } from '@mu/shared/api/generated/fn/portfolio-exports/export-properties';
import { addProperty } from '@mu/shared/api/generated/fn/properties/add-property';
import { addUnit } from '@mu/shared/api/generated/fn/properties/add-unit';
import { changeProperty } from '@mu/shared/api/generated/fn/properties/change-property';
import { changeUnit } from '@mu/shared/api/generated/fn/properties/change-unit';
import { listProperties } from '@mu/shared/api/generated/fn/properties/list-properties';
import { readProperty } from '@mu/shared/api/generated/fn/properties/read-property';
import { beginTenancy } from '@mu/shared/api/generated/fn/tenancies/begin-tenancy';
import { changeTenancy } from '@mu/shared/api/generated/fn/tenancies/change-tenancy';
import { endTenancy } from '@mu/shared/api/generated/fn/tenancies/end-tenancy';
import { listTenancies } from '@mu/shared/api/generated/fn/tenancies/list-tenancies';
import { moveIn } from '@mu/shared/api/generated/fn/tenancies/move-in';
import { moveOut } from '@mu/shared/api/generated/fn/tenancies/move-out';
import type {
  MemberInput, Nation, NewProperty, NewTenancy, PropertyInput, PropertyKind, PropertyList, PropertyView, TenancyInput, TenancyView, Told, UnitInput,
} from '@mu/shared/api/generated/models';
import { tables } from '@mu/shared/api/table';

export interface PropertyQuery {
  readonly q: string;
  readonly kind: PropertyKind | '';
  readonly nation: Nation | '';
  readonly vacant: boolean;
  readonly landlord: string;
}

/** The questions of this feature, in its own words. Each throws an ApiFailure; each change is news for the list. */
@Service()
export class PropertyApi {
  private readonly api = inject(Api);
  private readonly tables = tables();
  /** Counts what was changed here. */
  readonly news = signal(0);

  page({ q, kind, nation, vacant, landlord }: PropertyQuery, cursor: string | null): Promise<PropertyList> {
    return this.api.call(listProperties, { q, vacant, ...(kind && { kind }), ...(nation && { nation }), ...(landlord && { landlord }), ...(cursor !== null && { cursor }) });
  }

  table(told: Told, { q, kind, nation, vacant, landlord }: PropertyQuery): Promise<string> {
    return this.tables(exportProperties, { told, q, vacant, ...(kind && { kind }), ...(nation && { nation }), ...(landlord && { landlord }) });
  }

  read(id: string): Promise<PropertyView> {
    return this.api.call(readProperty, { property_id: id });
  }

  add(body: NewProperty, key: string): Promise<PropertyView> {
    return this.told(this.api.call(addProperty, { body }, key));
  }

  change(id: string, version: number, body: PropertyInput): Promise<PropertyView> {
    return this.told(this.api.call(changeProperty, { property_id: id, 'if-match': etag({ version }), body }));
  }

  addUnit(id: string, body: UnitInput, key: string): Promise<PropertyView> {
    return this.told(this.api.call(addUnit, { property_id: id, body }, key));
  }

  changeUnit(id: string, version: number, body: UnitInput): Promise<PropertyView> {
    return this.told(this.api.call(changeUnit, { unit_id: id, 'if-match': etag({ version }), body }));
  }

  async tenancies(unit: string): Promise<readonly TenancyView[]> {
    return (await this.api.call(listTenancies, { unit })).items;
  }

  begin(body: NewTenancy, key: string): Promise<TenancyView> {
    return this.told(this.api.call(beginTenancy, { body }, key));
  }

  changeTenancy(id: string, version: number, body: TenancyInput): Promise<TenancyView> {
    return this.told(this.api.call(changeTenancy, { tenancy_id: id, 'if-match': etag({ version }), body }));
  }

  end(id: string, version: number, endedOn: string | null): Promise<TenancyView> {
    return this.told(this.api.call(endTenancy, { tenancy_id: id, 'if-match': etag({ version }), body: { endedOn } }));
  }

  moveIn(id: string, body: MemberInput, key: string): Promise<TenancyView> {
    return this.told(this.api.call(moveIn, { tenancy_id: id, body }, key));
  }

  moveOut(id: string, member: string, movedOutOn: string): Promise<TenancyView> {
    return this.told(this.api.call(moveOut, { tenancy_id: id, member_id: member, body: { movedOutOn } }));
  }

  private async told<Data>(change: Promise<Data>): Promise<Data> {
    const data = await change;
    this.news.update((count) => count + 1);
    return data;
  }
}
