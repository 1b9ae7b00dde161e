import { HttpClient, HttpParams } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '@mu/shared/api/api';
import { type Envelope, unwrap } from '@mu/shared/api/envelope';
import { toFailure } from '@mu/shared/api/failure';
import { createOrganisation } from '@mu/shared/api/generated/fn/platform/create-organisation';
import { liftSuspension } from '@mu/shared/api/generated/fn/platform/lift-suspension';
import { listOrganisations } from '@mu/shared/api/generated/fn/platform/list-organisations';
import { readHeldOrganisation } from '@mu/shared/api/generated/fn/platform/read-held-organisation';
import { suspendOrganisation } from '@mu/shared/api/generated/fn/platform/suspend-organisation';
import { beginSupport } from '@mu/shared/api/generated/fn/support/begin-support';
import { endSupport } from '@mu/shared/api/generated/fn/support/end-support';
import { seeSupport } from '@mu/shared/api/generated/fn/support/see-support';
import type {
  BegunSupport, HeldOrganisation, HeldOrganisations, NewOrganisationInput, NewSupportInput, SupportLog, TicketList, TicketView, TimelinePage,
} from '@mu/shared/api/generated/models';
import { type RecordForm, chosen, said, text } from '@mu/shared/ui/record-form';

const KINDS = ['letting_agent', 'housing_association', 'landlord'] as const;
const NATIONS = ['ENG', 'WLS', 'SCT', 'NIR'] as const;
const MINUTES = ['15', '30', '60'] as const;

/** What those who run the installation ask. Each throws an ApiFailure. */
@Service()
export class PlatformApi {
  private readonly api = inject(Api);
  private readonly http = inject(HttpClient);

  all(): Promise<HeldOrganisations> {
    return this.api.call(listOrganisations, {});
  }

  one(id: string): Promise<HeldOrganisation> {
    return this.api.call(readHeldOrganisation, { organisation_id: id });
  }

  create(body: NewOrganisationInput, key: string): Promise<HeldOrganisation> {
    return this.api.call(createOrganisation, { body }, key);
  }

  suspend(id: string, reason: string): Promise<HeldOrganisation> {
    return this.api.call(suspendOrganisation, { organisation_id: id, body: { reason } });
  }

  lift(id: string): Promise<HeldOrganisation> {
    return this.api.call(liftSuspension, { organisation_id: id });
  }

  support(id: string): Promise<SupportLog> {
    return this.api.call(seeSupport, { organisation_id: id });
  }

  begin(id: string, body: NewSupportInput, key: string): Promise<BegunSupport> {
    return this.api.call(beginSupport, { organisation_id: id, body }, key);
  }

  end(id: string, accessId: string): Promise<null> {
    return this.api.call(endSupport, { organisation_id: id, access_id: accessId });
  }

  tickets(pass: string, cursor: string | null): Promise<TicketList> {
    return this.seen('/api/v1/tickets', pass, cursor === null ? {} : { cursor });
  }

  ticket(pass: string, id: string): Promise<TicketView> {
    return this.seen(`/api/v1/tickets/${id}`, pass);
  }

  story(pass: string, id: string): Promise<TimelinePage> {
    return this.seen(`/api/v1/tickets/${id}/timeline`, pass);
  }

  /** Reads as support: the organisation's log names each of these. */
  private async seen<Data>(path: string, pass: string, asked: Readonly<Record<string, string>> = {}): Promise<Data> {
    try {
      const options = { headers: { 'X-Support-Access': pass }, params: new HttpParams({ fromObject: asked }) };
      return unwrap(await firstValueFrom(this.http.get<Envelope<Data>>(path, options)));
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }
}

export function newOrganisation(api: PlatformApi, done: (made: HeldOrganisation, email: string) => void): RecordForm {
  return {
    title: 'platform.create', text: 'platform.createText', submit: 'platform.create',
    fields: [
      { name: 'name', label: 'platform.name' },
      { name: 'kind', label: 'platform.kind', kind: 'choice', choices: KINDS.map((value) => ({ value, label: `platform.kinds.${value}` })) },
      { name: 'nation', label: 'platform.nation', kind: 'choice', choices: NATIONS.map((value) => ({ value, label: `nation.${value}` })) },
      { name: 'email', label: 'platform.email', kind: 'email', hint: 'platform.emailHint' },
    ],
    values: { kind: 'letting_agent', nation: 'ENG' },
    save: async (values, key) => {
      const body = {
        name: text(values, 'name'), email: text(values, 'email'),
        kind: chosen<(typeof KINDS)[number]>(values, 'kind') ?? 'letting_agent', nation: chosen<(typeof NATIONS)[number]>(values, 'nation') ?? 'ENG',
      };
      done(await api.create(body, key), body.email);
    },
  };
}

export function suspension(api: PlatformApi, { id, name }: HeldOrganisation, done: (held: HeldOrganisation) => void): RecordForm {
  return {
    title: 'platform.suspendOne', text: 'platform.suspendText', submit: 'platform.suspend', names: { name },
    fields: [{ name: 'reason', label: 'platform.why', kind: 'area', hint: 'platform.whyHint' }],
    values: {},
    save: async (values) => { done(await api.suspend(id, text(values, 'reason'))); },
  };
}

export function newSupport(api: PlatformApi, id: string, consented: boolean, done: (begun: BegunSupport) => void): RecordForm {
  return {
    title: 'platform.look', text: 'platform.lookText', submit: 'platform.look',
    fields: [
      { name: 'basis', label: 'platform.basis', kind: 'choice', choices: (['consent', 'incident'] as const).map((value) => ({ value, label: `platform.bases.${value}` })) },
      { name: 'incident', label: 'platform.incident', hint: 'platform.incidentHint', when: (values) => values['basis'] === 'incident' },
      { name: 'reason', label: 'platform.reason', kind: 'area', hint: 'platform.reasonHint' },
      { name: 'minutes', label: 'platform.minutes', kind: 'choice', choices: MINUTES.map((value) => ({ value, label: `platform.minute.${value}` })) },
    ],
    values: { basis: consented ? 'consent' : 'incident', minutes: '30' },
    save: async (values, key) => {
      const basis = chosen<'consent' | 'incident'>(values, 'basis') ?? 'incident';
      const minutes = Number(text(values, 'minutes')) as NewSupportInput['minutes'];
      done(await api.begin(id, { basis, incident: said(values, 'incident'), reason: text(values, 'reason'), minutes }, key));
    },
  };
}
