"""Asking an advisor over HTTP: 202 at once, the answer as soon as the worker has it, and a person's decision."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field, model_validator

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.preconditions import IfMatch
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.api.ticket_views import TicketView, changed
from maintainuk.api.triage import MOST_AT_ONCE, ReasonedClassification, Selection, SelectionOutcome, told
from maintainuk.api.wording import mistake
from maintainuk.application.ai import AiService
from maintainuk.application.tickets import TicketService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.ai import AiFailure, AiJobKind, AiJobStatus
from maintainuk.domain.errors import Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Responsibility, Trade

router = Router(prefix="/api/v1", tags=["ai"])

Reading = Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]
Asking = Annotated[UnitOfWork, permitted(Permission.AI_USE)]


class _Proposed(View):
    reason: str


class CategoryProposal(_Proposed):
    """A proposed category, and why."""

    value: Category


class TradeProposal(_Proposed):
    """A proposed trade, or none, and why."""

    value: Trade | None


class PriorityProposal(_Proposed):
    """A proposed priority, and why."""

    value: Priority


class HazardProposal(_Proposed):
    """A proposed hazard class, and why."""

    value: HazardClass


class SafetyProposal(_Proposed):
    """Whether somebody must be told now what to do, and why."""

    value: bool


class MissingQuestionView(View):
    """What the report does not say, and why it matters."""

    question: str
    reason: str


class SuggestionView(View):
    """What an advisor makes of a report: a proposal, and never more."""

    category: CategoryProposal
    trade: TradeProposal
    priority: PriorityProposal
    hazard_class: HazardProposal
    safety_flag: SafetyProposal
    missing_questions: list[MissingQuestionView]


class DecidedClassification(View):
    """The classification that a person settled on."""

    category: Category
    trade: Trade | None
    priority: Priority
    hazard_class: HazardClass
    responsibility: Responsibility


class AiJobView(View):
    """One question to an advisor; `isStale` when the tenant has said more since it was asked."""

    id: UUID
    ticket_id: UUID
    status: AiJobStatus
    created_at: datetime
    finished_at: datetime | None
    advisor: str | None
    model: str | None
    suggestion: SuggestionView | None
    failure: AiFailure | None
    is_stale: bool
    decided_at: datetime | None
    decided_by: str | None
    decision: DecidedClassification | None


class LatestAiJob(View):
    """The last question about a ticket; null when there never was one."""

    job: AiJobView | None


class AiProgress(View):
    """How far the questions that one person asked at one moment have come; `ended` takes in those that failed.

    `suggestions` wait for a decision, and on `alarms` of the tickets nobody has looked at an alarm.
    """

    asked_at: datetime | None
    asked: int
    ended: int
    failed: int
    suggestions: int
    alarms: int


class AskedSelection(SelectionOutcome):
    """What became of a selection that an advisor is asked about; `askedAt` names the asking."""

    asked_at: datetime


class NewAiJob(Input):
    """What an advisor is asked."""

    ticket_id: UUID
    kind: AiJobKind = AiJobKind.TRIAGE


def _each_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise mistake(Reason("ticket-named-twice"))
    return ids


class NewAiJobs(Input):
    """The tickets that an advisor is asked about."""

    ticket_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE), AfterValidator(_each_once)]


class NewDecision(Input):
    """What a person makes of a suggestion. Taken means a classification; whether it was changed is seen here."""

    decision: Literal[AiJobStatus.ACCEPTED, AiJobStatus.ACCEPTED_EDITED, AiJobStatus.DISMISSED]
    classification: ReasonedClassification | None = None

    @model_validator(mode="after")
    def _complete(self) -> "NewDecision":
        if (self.decision is AiJobStatus.DISMISSED) != (self.classification is None):
            raise mistake(Reason("decision-unfinished"))
        return self


class SeenSelection(Input):
    """A selection of tickets, each with the version that was seen."""

    tickets: Selection


@router.post("/ai-jobs", status_code=202)
async def ask_advisor(new: NewAiJob, response: Response, work: Asking) -> ApiResponse[AiJobView]:
    """Ask an advisor about a ticket. The answer comes a moment later: follow the ticket or ask for the job again."""
    service = AiService(work)
    ai_job_id = await service.ask(new.ticket_id)
    response.headers["Location"] = f"{router.prefix}/ai-jobs/{ai_job_id}"
    return ApiResponse(data=_shown(await service.read(ai_job_id)))


@router.post("/ai-jobs/batch", status_code=202)
async def ask_about_selection(new: NewAiJobs, work: Asking) -> ApiResponse[AskedSelection]:
    """Ask an advisor about a selection. Tickets whose triage is over are named and left alone."""
    asked = await AiService(work).ask_all(new.ticket_ids)
    outcome = told(asked.outcomes)
    return ApiResponse(data=AskedSelection(done=outcome.done, items=outcome.items, asked_at=work.now))


@router.get("/ai-jobs/batch")
async def read_progress(
    work: Reading,
    asked_at: Annotated[
        datetime | None, Query(alias="askedAt", description="Which asking; without it, what you asked last.")
    ] = None,
) -> ApiResponse[AiProgress]:
    """Show how far the questions of one asking have come."""
    progress = await AiService(work).progress(asked_at)
    return ApiResponse(data=AiProgress.model_validate(progress, from_attributes=True))


@router.post("/ai-jobs/batch/acceptance")
async def accept_selection(seen: SeenSelection, work: Asking) -> ApiResponse[SelectionOutcome]:
    """Take what is suggested for a selection as it stands, a decision for each ticket.

    Those that may be an emergency, whose tenant has said more, that changed meanwhile or have no suggestion are named
    and left alone.
    """
    outcomes = await AiService(work).accept_all({ticket.id: ticket.version for ticket in seen.tickets})
    return ApiResponse(data=told(outcomes))


@router.get("/ai-jobs/{ai_job_id}")
async def read_ai_job(ai_job_id: UUID, work: Reading) -> ApiResponse[AiJobView]:
    """Read one question with its answer."""
    return ApiResponse(data=_shown(await AiService(work).read(ai_job_id)))


@router.get("/tickets/{ticket_id}/ai-job")
async def read_latest_ai_job(ticket_id: UUID, work: Reading) -> ApiResponse[LatestAiJob]:
    """Read the last question about a ticket with its answer."""
    facts = await AiService(work).latest(ticket_id)
    return ApiResponse(data=LatestAiJob(job=_shown(facts) if facts else None))


@router.put("/ai-jobs/{ai_job_id}/decision")
async def decide_about_suggestion(
    ai_job_id: UUID, new: NewDecision, version: IfMatch, response: Response, work: Asking
) -> ApiResponse[TicketView]:
    """Take a suggestion, changed or not, or turn it down; If-Match names the ticket's version, as ever."""
    service = AiService(work)
    ticket_id = (await service.read(ai_job_id))["ticket_id"]
    if new.classification is None:
        decide = service.dismiss(ai_job_id)
    else:
        decide = service.accept(
            ai_job_id,
            new.classification.settled(),
            version=version,
            lowered_because=new.classification.lowered_because,
        )
    return await changed(TicketService(work), ticket_id, decide, response)


def _shown(facts: dict[str, object]) -> AiJobView:
    return AiJobView.model_validate({**facts, "suggestion": facts["output"]})
