import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { etag } from '@mu/shared/api/etag';
import { acceptSelection } from '@mu/shared/api/generated/fn/ai/accept-selection';
import { askAboutSelection } from '@mu/shared/api/generated/fn/ai/ask-about-selection';
import { askAdvisor } from '@mu/shared/api/generated/fn/ai/ask-advisor';
import { decideAboutSuggestion } from '@mu/shared/api/generated/fn/ai/decide-about-suggestion';
import { readLatestAiJob } from '@mu/shared/api/generated/fn/ai/read-latest-ai-job';
import { readProgress } from '@mu/shared/api/generated/fn/ai/read-progress';
import { acknowledgeDanger } from '@mu/shared/api/generated/fn/triage/acknowledge-danger';
import { approveTicket } from '@mu/shared/api/generated/fn/triage/approve-ticket';
import { askTenant } from '@mu/shared/api/generated/fn/triage/ask-tenant';
import { beginTriage } from '@mu/shared/api/generated/fn/triage/begin-triage';
import { cancelTicket } from '@mu/shared/api/generated/fn/triage/cancel-ticket';
import { classifySelection } from '@mu/shared/api/generated/fn/triage/classify-selection';
import { classifyTicket } from '@mu/shared/api/generated/fn/triage/classify-ticket';
import { linkHome } from '@mu/shared/api/generated/fn/triage/link-home';
import { planNextStep } from '@mu/shared/api/generated/fn/triage/plan-next-step';
import { receiveInformation } from '@mu/shared/api/generated/fn/triage/receive-information';
import { rejectTicket } from '@mu/shared/api/generated/fn/triage/reject-ticket';
import { releaseDanger } from '@mu/shared/api/generated/fn/triage/release-danger';
import type { AiJobView, AiProgress, AskedSelection, ReasonedClassification, RejectionReason, SelectionOutcome } from '@mu/shared/api/generated/models';
import type { Ticket, TicketRow } from '../tickets/ticket';

export type Classification = ReasonedClassification;
export type AiJob = AiJobView;

/** What a coordinator decides. Each decision names the version it is about, and throws an ApiFailure. */
@Service()
export class TriageApi {
  private readonly api = inject(Api);

  begin(ticket: Ticket): Promise<Ticket> {
    return this.api.call(beginTriage, seen(ticket));
  }

  classify(ticket: Ticket, as: Classification): Promise<Ticket> {
    return this.api.call(classifyTicket, { ...seen(ticket), body: as });
  }

  ask(ticket: Ticket, text: string): Promise<Ticket> {
    return this.api.call(askTenant, { ...seen(ticket), body: { text } });
  }

  received(ticket: Ticket): Promise<Ticket> {
    return this.api.call(receiveInformation, seen(ticket));
  }

  approve(ticket: Ticket): Promise<Ticket> {
    return this.api.call(approveTicket, seen(ticket));
  }

  reject(ticket: Ticket, reason: RejectionReason, text: string): Promise<Ticket> {
    return this.api.call(rejectTicket, { ...seen(ticket), body: { reason, text } });
  }

  cancel(ticket: Ticket, reason: string): Promise<Ticket> {
    return this.api.call(cancelTicket, { ...seen(ticket), body: { reason } });
  }

  plan(ticket: Ticket, text: string, on: string): Promise<Ticket> {
    return this.api.call(planNextStep, { ...seen(ticket), body: { text, on } });
  }

  link(ticket: Ticket, propertyId: string, unitId: string): Promise<Ticket> {
    return this.api.call(linkHome, { ...seen(ticket), body: { propertyId, unitId } });
  }

  classifyAll(tickets: readonly TicketRow[], as: Classification): Promise<SelectionOutcome> {
    return this.api.call(classifySelection, { body: { ...as, tickets: tickets.map(({ id, version }) => ({ id, version })) } });
  }

  /** Takes what is suggested as it stands, a decision for each. */
  acceptAll(tickets: readonly TicketRow[]): Promise<SelectionOutcome> {
    return this.api.call(acceptSelection, { body: { tickets: tickets.map(({ id, version }) => ({ id, version })) } });
  }

  acknowledge(ticket: Ticket): Promise<Ticket> {
    return this.api.call(acknowledgeDanger, { ticket_id: ticket.id });
  }

  release(ticket: Ticket): Promise<Ticket> {
    return this.api.call(releaseDanger, { ticket_id: ticket.id });
  }

  askAi(ticketId: string): Promise<AiJob> {
    return this.api.call(askAdvisor, { body: { ticketId } });
  }

  askAiAll(ticketIds: readonly string[]): Promise<AskedSelection> {
    return this.api.call(askAboutSelection, { body: { ticketIds: [...ticketIds] } });
  }

  progress(askedAt: string): Promise<AiProgress> {
    return this.api.call(readProgress, { askedAt });
  }

  latest(ticketId: string): Promise<AiJob | null> {
    return this.api.call(readLatestAiJob, { ticket_id: ticketId }).then(({ job }) => job);
  }

  accept(job: AiJob, ticket: Ticket, as: Classification): Promise<Ticket> {
    return this.api.call(decideAboutSuggestion, { ai_job_id: job.id, 'if-match': etag(ticket), body: { decision: 'accepted', classification: as } });
  }

  dismiss(job: AiJob, ticket: Ticket): Promise<Ticket> {
    return this.api.call(decideAboutSuggestion, { ai_job_id: job.id, 'if-match': etag(ticket), body: { decision: 'dismissed' } });
  }
}

function seen(ticket: Ticket): { ticket_id: string; 'if-match': string } {
  return { ticket_id: ticket.id, 'if-match': etag(ticket) };
}
