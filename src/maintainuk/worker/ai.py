"""Asking an advisor: redact, ask, check the answer against its schema, keep it. What does not fit is refused whole."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from maintainuk.application.jobs import AskAdvisor
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.ai import Advice, AiFailure, ReportInWords, SuggestionMark, TriageSuggestion
from maintainuk.domain.errors import NotFound
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.ports import Advisors, NoAdvice, Receipt
from maintainuk.domain.redaction import NotRedactable, redact_report
from maintainuk.domain.taxonomy import HazardClass
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.reference.picker import answered
from maintainuk.infrastructure.repositories.ai import AiJobs
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.tickets import Tickets
from maintainuk.worker.handlers import Settled, handles


@dataclass(frozen=True, slots=True)
class Question:
    """What an advisor is shown, and of which organisation it is."""

    org_id: UUID
    report: ReportInWords


@dataclass(frozen=True, slots=True)
class Answer(Receipt):
    """What came back: a suggestion that fits, or why there is none."""

    advice: Advice | None = None
    suggestion: TriageSuggestion | None = None
    failure: AiFailure | None = None


class Asked:
    """The advisors as a provider: to ask the same again does no harm, so nothing is ever looked up."""

    is_idempotent = True

    def __init__(self, advisors: Advisors) -> None:
        self.name = advisors.name

    async def look_up(self, _: UUID, __: str) -> Receipt | None:
        """Nothing is kept outside."""
        return None


@handles(AskAdvisor)
class AskAdvisorHandler:
    """Put one ticket's words to its organisation's advisor."""

    def __init__(self, providers: Providers) -> None:
        self._advisors = providers.advisors
        self._listener = providers.listener
        self.provider = Asked(providers.advisors)

    async def prepare(self, job: AskAdvisor, work: UnitOfWork) -> Question | Settled:
        """Take names and all that leads to people out of the words, unless nobody waits for an answer any more."""
        jobs = AiJobs(work.session)
        try:
            question = await jobs.locked(job.ai_job_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "job-gone")
        if not question.is_waiting:
            return Settled(OutboxStatus.CANCELLED, f"already-{question.status}")
        if not await SettingsOf(work.session).is_ai_on():
            question.failed(AiFailure.DISABLED, at=work.now)
            return Settled(OutboxStatus.SUPPRESSED, AiFailure.DISABLED)
        said = (await jobs.words([question.ticket_id]))[question.ticket_id]
        report = ReportInWords(
            title=said.title, description=said.description, answers=answered(said.fault, said.answers)
        )
        try:
            redacted = await asyncio.to_thread(redact_report, report, said.names)
        except NotRedactable as refused:
            question.failed(refused.reason, at=work.now)
            return Settled(OutboxStatus.SUPPRESSED, refused.reason)
        question.begun(redacted.report, at=work.now)
        return Question(question.org_id, redacted.report)

    async def send(self, prepared: Question, *, key: str) -> Answer:  # noqa: ARG002  (advisors know no keys)
        """Ask, and hold the answer to its schema."""
        advisor = await self._advisors.of(prepared.org_id)
        try:
            advice = await advisor.advise(prepared.report)
        except NoAdvice as refused:
            return Answer(advisor.name, refused.reason, failure=refused.reason)
        try:
            suggestion = TriageSuggestion.model_validate(advice.output)
        except ValidationError:
            return Answer(advisor.name, advice.model, advice=advice, failure=AiFailure.SCHEMA_INVALID)
        return Answer(advisor.name, advice.model, advice=advice, suggestion=suggestion)

    async def complete(self, job: AskAdvisor, receipt: Answer, work: UnitOfWork) -> None:
        """Keep the answer. A hazard that looks worse than was thought is raised; nothing is ever lowered.

        An emergency of which the advisor is not sure enough stays a suggestion, marked to be looked at first.
        """
        jobs = AiJobs(work.session)
        # The ticket is held first, as whoever decides does, so that no two wait for each other.
        ticket = await Tickets(work.session, WHOLE_ORGANISATION).locked(await jobs.ticket_of(job.ai_job_id))
        question = await jobs.locked(job.ai_job_id)
        if not question.is_waiting:
            return
        if receipt.suggestion is None or receipt.advice is None:
            question.failed(receipt.failure or AiFailure.PROVIDER_ERROR, at=work.now)
            await self._listen(ticket, work)
            return
        question.answered(receipt.suggestion, receipt.advice, advisor=receipt.provider, at=work.now)
        await work.session.flush()  # so that the story tells first what was answered, then what it led to
        hazard = receipt.suggestion.hazard_class.value
        if receipt.advice.raises_alarm or hazard is not HazardClass.POTENTIAL_EMERGENCY:
            ticket.raise_hazard(hazard, ai_job_id=job.ai_job_id, at=work.now)
        await work.session.flush()
        mark = await self._mark(ticket.id, receipt.suggestion, jobs)
        await Tickets(work.session, WHOLE_ORGANISATION).mark({ticket.id: mark})

    async def _mark(self, ticket_id: UUID, suggestion: TriageSuggestion, jobs: AiJobs) -> SuggestionMark:
        if suggestion.is_alarm:
            return SuggestionMark.ALARM
        return SuggestionMark.STALE if await jobs.stale([ticket_id]) else SuggestionMark.READY

    async def gave_up(self, job: AskAdvisor, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say on the ticket that no answer will come."""
        jobs = AiJobs(work.session)
        ticket = await Tickets(work.session, WHOLE_ORGANISATION).locked(await jobs.ticket_of(job.ai_job_id))
        question = await jobs.locked(job.ai_job_id)
        if question.is_waiting:
            question.failed(AiFailure.PROVIDER_ERROR, at=work.now)
            await self._listen(ticket, work)

    async def _listen(self, ticket: MaintenanceTicket, work: UnitOfWork) -> None:
        """Have the rules for danger read what no advisor did: whoever asked must not take silence for safety."""
        said = (await AiJobs(work.session).words([ticket.id]))[ticket.id]
        answers = answered(said.fault, said.answers)
        report = ReportInWords(title=said.title, description=said.description, answers=answers)
        if heard := await self._listener.hears(report):
            await work.session.flush()  # so that the story tells first that nobody answered
            ticket.raise_hazard(heard.hazard_class, at=work.now)
