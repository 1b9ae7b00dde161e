"""What a coordinator decides about a report, from the first look to approval or refusal (specification §6.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from maintainuk.application.tickets import TicketService, unknown
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import (
    ChangedMeanwhile,
    DomainError,
    IllegalTransition,
    Invalid,
    MustBeOpened,
    NotFound,
    NotPermitted,
    Reason,
)
from maintainuk.domain.london import LONDON, london_day
from maintainuk.domain.permissions import Permission
from maintainuk.domain.taxonomy import Classification
from maintainuk.domain.ticket_events import RejectionReason
from maintainuk.domain.ticket_lifecycle import NEEDS, TicketAction, permissions_for
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.repositories.properties import Homes
from maintainuk.infrastructure.repositories.reports import Reports
from maintainuk.infrastructure.repositories.ticket_rows import Facts

END_OF_DAY = time(23, 59)
MOST_DANGERS = 50
"""As many alarms as a banner can speak of; acknowledging one brings the next."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticket of a selection; without a refusal, it was done."""

    ticket_id: UUID
    refusal: DomainError | None


class TriageService:
    """What a coordinator decides about reports."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.tickets = TicketService(work)

    async def look_at(self, ticket_id: UUID, *, version: int) -> None:
        """Begin to look at the report; a ticket of nobody becomes that of whoever looks at it."""
        ticket = await self._open(TicketAction.TRIAGE, ticket_id, version)
        ticket.triage(at=self.work.now)
        if ticket.owner_id is None:
            ticket.hand_to(self.work.actor.user_id, at=self.work.now)
        await self.work.session.flush()

    async def classify(
        self, ticket_id: UUID, as_: Classification, *, version: int, lowered_because: str | None = None
    ) -> None:
        """Say what it is, how soon, how dangerous and whose duty; a hazard goes down with leave and words for why."""
        ticket = await self._open(TicketAction.CLASSIFY, ticket_id, version)
        if as_.hazard_class.is_below(ticket.hazard_class):
            await self._may_lower(ticket_id)
        ticket.classify(as_, lowered_because=lowered_because, at=self.work.now)
        await self.work.session.flush()

    async def classify_all(self, seen: Mapping[UUID, int], as_: Classification) -> Sequence[Outcome]:
        """Classify each ticket that is still as it was seen (id -> version); one that can't be keeps none back."""
        found = await self.tickets.within(NEEDS[TicketAction.CLASSIFY]).all_locked(seen)
        outcomes = [
            Outcome(ticket_id, self._classified(found.get(ticket_id), version, as_))
            for ticket_id, version in seen.items()
        ]
        await self.work.session.flush()
        return outcomes

    async def ask(self, ticket_id: UUID, question: str, *, version: int) -> None:
        """Ask whoever reported it; the ticket waits for the answer."""
        ticket = await self._open(TicketAction.REQUEST_INFO, ticket_id, version)
        if ticket.reporter_id is None:
            raise Invalid("reaches-nobody", fields={"text": Reason("nobody-to-answer")})
        if not (await Reports(self.work.session).person(ticket.reporter_id)).email:
            raise Invalid("reaches-nobody", fields={"text": Reason("answers-by-phone")})
        ticket.ask(question, at=self.work.now)
        await self.work.session.flush()

    async def receive_info(self, ticket_id: UUID, *, version: int) -> None:
        """Take the ticket back to triage, because the answer came some other way."""
        ticket = await self._open(TicketAction.RECEIVE_INFO, ticket_id, version)
        ticket.receive_info(at=self.work.now)
        await self.work.session.flush()

    async def approve(self, ticket_id: UUID, *, version: int) -> None:
        """Decide that the repair will be done."""
        ticket = await self._open(TicketAction.APPROVE, ticket_id, version)
        ticket.approve(at=self.work.now)
        await self.work.session.flush()

    async def reject(self, ticket_id: UUID, reason: RejectionReason, words: str, *, version: int) -> None:
        """Decide that it leads to no repair, and say why in words for the tenant. Few may reject a hazard."""
        ticket = await self._open(TicketAction.REJECT, ticket_id, version)
        if Permission.HAZARDS_DOWNGRADE in permissions_for(TicketAction.REJECT, ticket.hazard_class):
            await self._may_lower(ticket_id)
        ticket.reject(reason, words, at=self.work.now)
        await self.work.session.flush()

    async def cancel(self, ticket_id: UUID, why: str, *, version: int) -> None:
        """Record that the repair is no longer wanted, and why."""
        ticket = await self._open(TicketAction.CANCEL, ticket_id, version)
        ticket.cancel(why, by_tenant=False, at=self.work.now)
        await self.work.session.flush()

    async def plan(self, ticket_id: UUID, next_step: str, on: date, *, version: int) -> None:
        """Say what happens next, and on which day at the latest (as the day ends in the United Kingdom)."""
        ticket = await self._open(TicketAction.PLAN, ticket_id, version)
        if on < london_day(self.work.now):
            raise Invalid(fields={"on": Reason("date-passed")})
        due_at = datetime.combine(on, END_OF_DAY, LONDON).astimezone(UTC)
        ticket.plan(next_step, due_at, at=self.work.now)
        await self.work.session.flush()

    async def link_home(self, ticket_id: UUID, property_id: UUID, unit_id: UUID | None, *, version: int) -> None:
        """Recognise the home behind an address that was only written down."""
        ticket = await self._open(TicketAction.LINK_HOME, ticket_id, version)
        within = self.work.actor.require(NEEDS[TicketAction.LINK_HOME])
        place = await Homes(self.work.session, within).place(property_id=property_id, unit_id=unit_id)
        if not place.has_property:
            raise unknown("property_id")
        if unit_id is not None and not place.has_unit:
            raise unknown("unit_id")
        ticket.link_home(property_id, unit_id, place.tenancy_id, at=self.work.now)
        await self.work.session.flush()

    async def dangers(self) -> tuple[list[Facts], int, int]:
        """Return the dangers that nobody has acknowledged, how many there are, and how many raised hazards nobody saw.

        Those who may know it are told the number to call back.
        """
        tickets = self.tickets.within(Permission.TICKETS_READ)
        dangers = await tickets.dangers(limit=MOST_DANGERS)
        if not self.work.actor.may(Permission.PEOPLE_READ):
            dangers = [danger | {"reporter_phone": None} for danger in dangers]
        return dangers, *(await tickets.alarms())

    async def acknowledge_danger(self, ticket_id: UUID) -> None:
        """Look after an alarm, whatever else changed in the ticket: it must never be refused for that."""
        ticket = await self.tickets.within(Permission.TICKETS_UPDATE).locked(ticket_id)
        ticket.acknowledge_danger(self.work.actor.user_id, at=self.work.now)
        await self.work.session.flush()

    async def release_danger(self, ticket_id: UUID) -> None:
        """Let an alarm wait for somebody again, as when it was acknowledged by mistake; no letter goes out again."""
        ticket = await self.tickets.within(Permission.TICKETS_UPDATE).locked(ticket_id)
        ticket.release_danger(at=self.work.now)
        await self.work.session.flush()

    async def _may_lower(self, ticket_id: UUID) -> None:
        """Refuse whoever may not say of this ticket that it is less dangerous than it was taken for."""
        if not self.work.actor.may(Permission.HAZARDS_DOWNGRADE):
            raise NotPermitted("hazard-is-a-managers")
        await self.tickets.within(Permission.HAZARDS_DOWNGRADE).require(ticket_id)

    async def _open(self, action: TicketAction, ticket_id: UUID, version: int) -> MaintenanceTicket:
        return await self.tickets.unchanged_since(NEEDS[action], ticket_id, version)

    def _classified(self, ticket: MaintenanceTicket | None, version: int, as_: Classification) -> DomainError | None:
        if ticket is None:
            return NotFound("no-such-ticket")
        if ticket.version != version:
            return ChangedMeanwhile("ticket-changed-meanwhile")
        if as_.hazard_class.is_below(ticket.hazard_class):
            return MustBeOpened("hazard-lowered-alone")
        try:
            ticket.classify(as_, at=self.work.now)
        except IllegalTransition as refusal:
            return refusal
        return None
