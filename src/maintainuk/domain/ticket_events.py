"""What happens to a maintenance ticket, in the past tense; `application/reactions.py` says what follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from maintainuk.domain.base import Event
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.taxonomy import Category, HazardClass, Priority, Responsibility, Trade


class RejectionReason(StrEnum):
    """Why a report leads to no repair."""

    TENANT_DUTY = "tenant_duty"
    NOT_OUR_PROPERTY = "not_our_property"
    NOT_A_REPAIR = "not_a_repair"
    ALREADY_REPORTED = "already_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent(Event):
    """Something that happened to a ticket."""

    ticket_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNews(TicketEvent):
    """Something that whoever reported it should hear of."""

    reporter_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReported(TicketNews):
    """A repair was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketImported(TicketEvent):
    """A repair that another system knew came in from a file; whoever asked for it has been told there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPriorityChanged(TicketEvent):
    """Somebody decided that it must be dealt with sooner or later than before."""

    before: Priority
    after: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOwnerChanged(TicketEvent):
    """The ticket got another owner, or none."""

    before: UUID | None
    after: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCommented(TicketEvent):
    """A member of staff left a note on the ticket."""

    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerReported(TicketEvent):
    """Whoever reported it may be in danger: the organisation's emergency contact must hear of it now."""

    danger: Danger


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRepeated(TicketEvent):
    """A danger that nobody looks after yet is told to an emergency contact that there was not before."""

    danger: Danger


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerAcknowledged(TicketEvent):
    """Somebody has seen the alarm and looks after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerReleased(TicketEvent):
    """Nobody looks after the alarm any more: it waits for somebody again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTriageBegun(TicketEvent):
    """A person has started to look at the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClassified(TicketEvent):
    """A person has said what it is, how bad it is and whose duty it is."""

    category: Category
    trade: Trade | None
    priority: Priority
    hazard_class: HazardClass
    responsibility: Responsibility


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardLowered(TicketEvent):
    """Somebody who may decided that it is less dangerous than it was taken for, and said why."""

    before: HazardClass
    after: HazardClass
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRaised(TicketEvent):
    """The hazard class went up to raise the alarm; only a person takes it down again."""

    before: HazardClass | None
    after: HazardClass
    ai_job_id: UUID | None
    """The advice that it came from; empty when the rules for danger heard it in the tenant's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantAsked(TicketNews):
    """The organisation needs to know something from whoever reported it."""

    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantWrote(TicketEvent):
    """Whoever reported it has added words, or answered a question."""

    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked(TicketEvent):
    """The tenant has answered a rejection: somebody must look at the report again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLeft(TicketEvent):
    """Whoever reported it has said how they can be reached; `body` has what is not in their file."""

    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterFound(TicketNews):
    """Nobody knew who reported it, until they said how they can be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoReceived(TicketEvent):
    """Staff have what they asked for, by whatever way it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketApproved(TicketNews):
    """The repair will be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRejected(TicketNews):
    """The report leads to no repair; the tenant is told why, and how to appeal."""

    reason: RejectionReason
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled(TicketNews):
    """The repair is no longer wanted."""

    body: str
    by_tenant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepPlanned(TicketEvent):
    """Somebody has said what happens next, and by when."""

    body: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFound(TicketEvent):
    """An address that somebody wrote has been recognised as one of the organisation's homes."""

    property_id: UUID
