"""Asking an advisor about tickets, and deciding about its answers (the seed's Pattern 4).

Nothing is applied by itself: what a person takes goes through the ordinary command, under the ordinary checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from maintainuk.application.triage import Outcome, TriageService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.ai import AiJob, AiJobStatus, TriageSuggestion
from maintainuk.domain.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    DomainError,
    IllegalTransition,
    MustBeOpened,
    NotFound,
    TurnedOff,
)
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.taxonomy import Classification, Responsibility
from maintainuk.domain.ticket_lifecycle import LIFECYCLE, NEEDS, TicketAction
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.repositories.ai import AiJobs, Facts
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Asked:
    """Which jobs were written for a selection (ticket -> job), and what became of each ticket of it."""

    jobs: dict[UUID, UUID]
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the questions of one asking have come."""

    asked_at: datetime | None
    asked: int
    ended: int
    failed: int
    suggestions: int
    alarms: int


class AiService:
    """What people ask of advisors."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.jobs = AiJobs(work.session)

    async def ask(self, ticket_id: UUID) -> UUID:
        """Ask about one ticket and return the job; while one waits for its answer, that one is meant."""
        asked = await self.ask_all([ticket_id])
        if refusal := asked.outcomes[0].refusal:
            raise refusal
        return asked.jobs[ticket_id]

    async def ask_all(self, ticket_ids: Sequence[UUID]) -> Asked:
        """Ask about each ticket that can still be classified; each job commits together with its promise."""
        tickets = self._within(Permission.AI_USE)
        if not await SettingsOf(self.work.session).is_ai_on():
            raise TurnedOff
        found = await tickets.all_locked(ticket_ids)
        waiting = await self.jobs.waiting(ticket_ids)
        outcomes = [Outcome(ticket_id, _refusal(found.get(ticket_id))) for ticket_id in ticket_ids]
        wanted = [one.ticket_id for one in outcomes if one.refusal is None]
        await self.jobs.expire(wanted)
        await tickets.mark(dict.fromkeys(wanted))
        jobs = {ticket_id: waiting.get(ticket_id) or self._asked(ticket_id) for ticket_id in wanted}
        await self.work.session.flush()
        return Asked({ticket_id: job.id for ticket_id, job in jobs.items()}, outcomes)

    async def read(self, ai_job_id: UUID) -> Facts:
        """Return one question, with its answer and what was decided about it: a matter of those at a desk."""
        await self._about(self._within(Permission.TICKETS_READ, at_least=Scope.TEAM), ai_job_id)
        return await self.jobs.one(ai_job_id)

    async def _about(self, tickets: Tickets, ai_job_id: UUID) -> UUID:
        """Return which ticket a question is about; what is out of reach answers like what never was."""
        ticket_id = await self.jobs.ticket_of(ai_job_id)
        try:
            await tickets.require(ticket_id)
        except NotFound:
            raise NotFound("no-such-suggestion") from None
        return ticket_id

    async def latest(self, ticket_id: UUID) -> Facts | None:
        """Return the last question about a ticket, if there ever was one."""
        await self._within(Permission.TICKETS_READ, at_least=Scope.TEAM).require(ticket_id)
        return await self.jobs.latest(ticket_id)

    async def progress(self, asked_at: datetime | None) -> Progress:
        """Return how far what this person asked at that moment has come; without one, what they asked last."""
        self.work.actor.require(Permission.TICKETS_READ, at_least=Scope.TEAM)
        return Progress(*await self.jobs.progress(self.work.actor.user_id, asked_at))

    async def accept(
        self, ai_job_id: UUID, chosen: Classification, *, version: int, lowered_because: str | None = None
    ) -> None:
        """Classify the ticket, as it was at `version`, and record whether the person changed what was proposed."""
        tickets = self._within(Permission.AI_USE)
        ticket_id = await self._about(tickets, ai_job_id)
        # The ticket is held first, as the worker does, so that no two wait for each other.
        await TriageService(self.work).classify(ticket_id, chosen, version=version, lowered_because=lowered_because)
        job = await self.jobs.locked(ai_job_id)
        decision = AiJobStatus.ACCEPTED if _is_as_proposed(job, chosen) else AiJobStatus.ACCEPTED_EDITED
        job.decide(decision, asdict(chosen), by=self.work.actor.user_id, at=self.work.now)
        await self.work.session.flush()
        await tickets.mark({ticket_id: None})

    async def accept_all(self, seen: Mapping[UUID, int]) -> Sequence[Outcome]:
        """Take as it stands what is suggested for each ticket that is still as it was seen (id -> version).

        Each is a person's decision of its own. What may be an emergency, and what a tenant has added to, is left for
        somebody to open; a ticket that can't be decided about keeps none back.
        """
        self.work.actor.require(Permission.AI_USE)
        tickets = self._within(NEEDS[TicketAction.CLASSIFY])
        found = await tickets.all_locked(seen)
        jobs = await self.jobs.answered(found)
        stale = await self.jobs.stale(found)
        outcomes = []
        for ticket_id, version in seen.items():
            ticket, job = found.get(ticket_id), jobs.get(ticket_id)
            refusal = _not_among_others(ticket, job, version, is_stale=ticket_id in stale)
            if refusal is None and ticket is not None and job is not None:
                self._accept_as_proposed(ticket, job)
            outcomes.append(Outcome(ticket_id, refusal))
        await self.work.session.flush()
        await tickets.mark({one.ticket_id: None for one in outcomes if one.refusal is None})
        return outcomes

    def _accept_as_proposed(self, ticket: MaintenanceTicket, job: AiJob) -> None:
        proposed = TriageSuggestion.model_validate(job.output)
        chosen = Classification(
            category=proposed.category.value,
            trade=proposed.trade.value,
            priority=proposed.priority.value,
            hazard_class=proposed.hazard_class.value,
            responsibility=ticket.responsibility or Responsibility.UNKNOWN,
        )
        ticket.classify(chosen, at=self.work.now)
        job.decide(AiJobStatus.ACCEPTED, asdict(chosen), by=self.work.actor.user_id, at=self.work.now)

    async def dismiss(self, ai_job_id: UUID) -> None:
        """Turn the suggestion down; the ticket stays as it is, and somebody has looked at it."""
        tickets = self._within(Permission.AI_USE)
        ticket = await tickets.locked(await self._about(tickets, ai_job_id))
        job = await self.jobs.locked(ai_job_id)
        job.decide(AiJobStatus.DISMISSED, None, by=self.work.actor.user_id, at=self.work.now)
        ticket.looked_at()
        await self.work.session.flush()
        await tickets.mark({ticket.id: None})

    def _within(self, permission: Permission, at_least: Scope = Scope.OWN) -> Tickets:
        return Tickets(self.work.session, self.work.actor.require(permission, at_least=at_least))

    def _asked(self, ticket_id: UUID) -> AiJob:
        job = AiJob(
            org_id=self.work.actor.org_id,
            ticket_id=ticket_id,
            requested_by=self.work.actor.user_id,
            created_at=self.work.now,
        )
        job.asked()
        self.work.session.add(job)
        return job


def _refusal(ticket: MaintenanceTicket | None) -> DomainError | None:
    if ticket is None:
        return NotFound("no-such-ticket")
    allowed = LIFECYCLE.allowed(ticket.status)
    if TicketAction.CLASSIFY not in allowed:
        return IllegalTransition(what=ticket.reference, state=ticket.status, allowed=allowed)
    return None


def _not_among_others(
    ticket: MaintenanceTicket | None, job: AiJob | None, version: int, *, is_stale: bool
) -> DomainError | None:
    """Return why a ticket's suggestion is not taken together with others', if it is not."""
    if ticket is None:
        return NotFound("no-such-ticket")
    if ticket.version != version:
        return ChangedMeanwhile("ticket-changed-meanwhile")
    if (refusal := _refusal(ticket)) is not None:
        return refusal
    if job is None or job.output is None:
        return AlreadyDecided("no-suggestion-waits")
    if ticket.has_alarm or TriageSuggestion.model_validate(job.output).is_alarm:
        return MustBeOpened()
    is_lower = TriageSuggestion.model_validate(job.output).hazard_class.value.is_below(ticket.hazard_class)
    stale = MustBeOpened("suggestion-stale") if is_stale else None
    return MustBeOpened("hazard-lowered-alone") if is_lower else stale


def _is_as_proposed(job: AiJob, chosen: Classification) -> bool:
    """Say whether a person took every value as it stood; whose duty it is was never proposed."""
    if job.output is None:
        return False
    proposed = TriageSuggestion.model_validate(job.output)
    return (
        proposed.category.value,
        proposed.trade.value,
        proposed.priority.value,
        proposed.hazard_class.value,
    ) == (chosen.category, chosen.trade, chosen.priority, chosen.hazard_class)
