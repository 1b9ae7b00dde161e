import { Service, inject, signal } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { addLandlord } from '@mu/shared/api/generated/fn/landlords/add-landlord';
import { addPortfolio } from '@mu/shared/api/generated/fn/landlords/add-portfolio';
import { changeLandlord } from '@mu/shared/api/generated/fn/landlords/change-landlord';
import { changePortfolio } from '@mu/shared/api/generated/fn/landlords/change-portfolio';
import { listLandlords } from '@mu/shared/api/generated/fn/landlords/list-landlords';
import { readLandlord } from '@mu/shared/api/generated/fn/landlords/read-landlord';
import type { LandlordInput, NewLandlord, OwnerList, OwnerView, PortfolioInput, PortfolioView } from '@mu/shared/api/generated/models';
import { type Field, type RecordForm, type Values, changing, partOf, pence, pounds, said, text } from '@mu/shared/ui/record-form';

/** The questions of this feature, in its own words. Each throws an ApiFailure; each change is news for the list. */
@Service()
export class LandlordApi {
  private readonly api = inject(Api);
  readonly news = signal(0);

  page(q: string, cursor: string | null): Promise<OwnerList> {
    return this.api.call(listLandlords, { q, ...(cursor !== null && { cursor }) });
  }

  read(id: string): Promise<OwnerView> {
    return this.api.call(readLandlord, { landlord_id: id });
  }

  add(body: NewLandlord, key: string): Promise<OwnerView> {
    return this.told(this.api.call(addLandlord, { body }, key));
  }

  change(id: string, version: number, body: LandlordInput): Promise<OwnerView> {
    return this.told(this.api.call(changeLandlord, { landlord_id: id, 'if-match': etag({ version }), body }));
  }

  addPortfolio(id: string, body: PortfolioInput, key: string): Promise<OwnerView> {
    return this.told(this.api.call(addPortfolio, { landlord_id: id, body }, key));
  }

  changePortfolio(id: string, portfolio: PortfolioView, body: PortfolioInput): Promise<OwnerView> {
    return this.told(this.api.call(changePortfolio, { landlord_id: id, portfolio_id: portfolio.id, 'if-match': etag(portfolio), body }));
  }

  private async told<Data>(change: Promise<Data>): Promise<Data> {
    const data = await change;
    this.news.update((count) => count + 1);
    return data;
  }
}

const LIMITS: readonly Field[] = [
  { name: 'approvalLimit', label: 'landlords.field.approvalLimit', kind: 'money', hint: 'landlords.hint.approvalLimit' },
  { name: 'emergencyLimit', label: 'landlords.field.emergencyLimit', kind: 'money', hint: 'landlords.hint.emergencyLimit' },
];
const COMPANY: Field = { name: 'company', label: 'landlords.field.company', hint: 'landlords.hint.company' };
const REFERENCE: Field = { name: 'externalReference', label: 'landlords.field.reference' };

export function newLandlord(api: LandlordApi, done: (id: string) => void): RecordForm {
  return {
    title: 'landlords.add', submit: 'landlords.add',
    fields: [
      { name: 'name', label: 'landlords.field.name' }, { name: 'phone', label: 'landlords.field.phone', kind: 'tel' }, { name: 'email', label: 'landlords.field.email', kind: 'email' },
      COMPANY, ...LIMITS, REFERENCE,
    ],
    values: {},
    save: async (values, key) => {
      const person = { name: text(values, 'name'), phone: said(values, 'phone'), email: said(values, 'email') };
      done((await api.add({ ...facts(values), person }, key)).id);
    },
  };
}

export function changedLandlord(api: LandlordApi, shown: OwnerView): RecordForm {
  return {
    title: 'landlords.change', submit: 'record.save', fields: [COMPANY, ...LIMITS, REFERENCE],
    ...changing(
      shown,
      (one) => ({ company: one.company ?? '', externalReference: one.externalReference ?? '', ...limits(one) }),
      ({ id, version }, values) => api.change(id, version, facts(values)),
    ),
  };
}

export function portfolioForm(api: LandlordApi, landlord: string, portfolio: PortfolioView | null): RecordForm {
  return {
    title: portfolio ? 'landlords.portfolio.change' : 'landlords.portfolio.add',
    submit: portfolio ? 'record.save' : 'landlords.portfolio.add',
    fields: [{ name: 'name', label: 'landlords.field.portfolio' }, ...LIMITS],
    ...(portfolio
      ? changing(
        portfolio,
        (one) => ({ name: one.name, ...limits(one) }),
        (one, values) => api.changePortfolio(landlord, one, treatment(values)),
        (current) => partOf(current, 'portfolios', portfolio),
      )
      : { values: {}, save: (values, key) => api.addPortfolio(landlord, treatment(values), key) }),
  };
}

function treatment(values: Values): PortfolioInput {
  return { name: text(values, 'name'), approvalLimit: pence(values, 'approvalLimit'), emergencyLimit: pence(values, 'emergencyLimit') };
}

function facts(values: Values): LandlordInput {
  return {
    company: said(values, 'company'), externalReference: said(values, 'externalReference'),
    approvalLimit: pence(values, 'approvalLimit'), emergencyLimit: pence(values, 'emergencyLimit'),
  };
}

function limits({ approvalLimit, emergencyLimit }: { approvalLimit: number | null; emergencyLimit: number | null }): Values {
  return { approvalLimit: pounds(approvalLimit), emergencyLimit: pounds(emergencyLimit) };
}
