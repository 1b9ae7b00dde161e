import { Service, inject, signal } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { addAccreditation } from '@mu/shared/api/generated/fn/contractors/add-accreditation';
import { addContractor } from '@mu/shared/api/generated/fn/contractors/add-contractor';
import { addOperative } from '@mu/shared/api/generated/fn/contractors/add-operative';
import { approveAccreditation } from '@mu/shared/api/generated/fn/contractors/approve-accreditation';
import { changeAccreditation } from '@mu/shared/api/generated/fn/contractors/change-accreditation';
import { changeContractor } from '@mu/shared/api/generated/fn/contractors/change-contractor';
import { changeContractorStatus } from '@mu/shared/api/generated/fn/contractors/change-contractor-status';
import { endOperative } from '@mu/shared/api/generated/fn/contractors/end-operative';
import { listContractors } from '@mu/shared/api/generated/fn/contractors/list-contractors';
import { readContractor } from '@mu/shared/api/generated/fn/contractors/read-contractor';
import { exportContractors } from '@mu/shared/api/generated/fn/portfolio-exports/export-contractors';
import type { AccreditationInput, AccreditationView, ContractorInput, ContractorList, ContractorStatus, ContractorView, OperativeInput, OperativeView, Trade } from '@mu/shared/api/generated/models';
import { tables } from '@mu/shared/api/table';

export interface ContractorQuery {
  readonly q: string;
  readonly trade: Trade | '';
  /** A postcode or a part of one. */
  readonly near: string;
  /** A day, as YYYY-MM-DD. */
  readonly on: string;
}

/** The questions of this feature, in its own words. Each throws an ApiFailure; each change is news for the list. */
@Service()
export class ContractorApi {
  private readonly api = inject(Api);
  private readonly tables = tables();
  readonly news = signal(0);

  page({ q, trade, near, on }: ContractorQuery, cursor: string | null): Promise<ContractorList> {
    return this.api.call(listContractors, { q, near, ...(trade && { trade }), ...(on && { on }), ...(cursor !== null && { cursor }) });
  }

  table({ q, trade, near, on }: ContractorQuery): Promise<string> {
    return this.tables(exportContractors, { q, near, ...(trade && { trade }), ...(on && { on }) });
  }

  read(id: string): Promise<ContractorView> {
    return this.api.call(readContractor, { contractor_id: id });
  }

  add(body: ContractorInput, key: string): Promise<ContractorView> {
    return this.told(this.api.call(addContractor, { body }, key));
  }

  change(id: string, version: number, body: ContractorInput): Promise<ContractorView> {
    return this.told(this.api.call(changeContractor, { contractor_id: id, 'if-match': etag({ version }), body }));
  }

  setStatus(shown: ContractorView, status: ContractorStatus, reason: string | null): Promise<ContractorView> {
    return this.told(this.api.call(changeContractorStatus, { contractor_id: shown.id, 'if-match': etag(shown), body: { status, reason } }));
  }

  addAccreditation(id: string, body: AccreditationInput, key: string): Promise<ContractorView> {
    return this.told(this.api.call(addAccreditation, { contractor_id: id, body }, key));
  }

  changeAccreditation(id: string, one: AccreditationView, body: AccreditationInput): Promise<ContractorView> {
    return this.told(this.api.call(changeAccreditation, { contractor_id: id, accreditation_id: one.id, 'if-match': etag(one), body }));
  }

  approve(id: string, one: AccreditationView): Promise<ContractorView> {
    return this.told(this.api.call(approveAccreditation, { contractor_id: id, accreditation_id: one.id, 'if-match': etag(one) }));
  }

  addOperative(id: string, body: OperativeInput, key: string): Promise<ContractorView> {
    return this.told(this.api.call(addOperative, { contractor_id: id, body }, key));
  }

  endOperative(id: string, one: OperativeView): Promise<ContractorView> {
    return this.told(this.api.call(endOperative, { contractor_id: id, operative_id: one.id }));
  }

  private async told<Data>(change: Promise<Data>): Promise<Data> {
    const data = await change;
    this.news.update((count) => count + 1);
    return data;
  }
}
