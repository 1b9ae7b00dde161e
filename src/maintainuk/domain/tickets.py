"""A maintenance ticket: something in a home is broken and somebody has said so (product specification §6.1, §14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.errors import IllegalTransition
from maintainuk.domain.permissions import Actor, Permission

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 20_000
LONGEST_COMMENT = 10_000
FIRST_TICKET_NUMBER = 10_001


class TicketStatus(StrEnum):
    """Where a ticket stands on its way from report to closed."""

    DRAFT = "draft"
    NEW = "new"
    TRIAGE = "triage"
    AWAITING_INFO = "awaiting_info"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    MERGED = "merged"


FINAL = frozenset({TicketStatus.CLOSED, TicketStatus.REJECTED, TicketStatus.CANCELLED, TicketStatus.MERGED})
OPEN = frozenset(TicketStatus) - FINAL - {TicketStatus.DRAFT, TicketStatus.RESOLVED}


class TicketAction(StrEnum):
    """What people do with a ticket without moving it on."""

    COMMENT = "comment"
    PRIORITISE = "prioritise"
    ASSIGN = "assign"


NEEDS: Mapping[TicketAction, Permission] = MappingProxyType(
    {
        TicketAction.COMMENT: Permission.TICKETS_UPDATE,
        TicketAction.PRIORITISE: Permission.TICKETS_UPDATE,
        TicketAction.ASSIGN: Permission.TICKETS_ASSIGN,
    }
)
"""The permission behind each action."""

ACTIONS: Mapping[TicketStatus, tuple[TicketAction, ...]] = MappingProxyType(
    dict.fromkeys(TicketStatus, tuple(TicketAction))
    | dict.fromkeys(FINAL, (TicketAction.COMMENT,))
    | {TicketStatus.MERGED: ()}
)
"""What each state allows: a finished ticket only takes notes, and a merged one sends people to the other ticket."""


def allowed_actions(status: TicketStatus, actor: Actor) -> list[TicketAction]:
    """Return what this person may do with a ticket in this state."""
    return [action for action in ACTIONS[status] if actor.may(NEEDS[action])]


class Priority(StrEnum):
    """How soon somebody must act: emergency, urgent, routine, planned (§8)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Category(StrEnum):
    """What is broken: one list for picker, AI, rules and reports (§14)."""

    HEATING_HOT_WATER = "heating_hot_water"
    GAS = "gas"
    ELECTRICAL = "electrical"
    PLUMBING_LEAKS = "plumbing_leaks"
    DRAINAGE_TOILETS = "drainage_toilets"
    DAMP_MOULD = "damp_mould"
    ROOF_GUTTERS = "roof_gutters"
    DOORS_WINDOWS_LOCKS = "doors_windows_locks"
    WALLS_FLOORS_CEILINGS = "walls_floors_ceilings"
    KITCHEN_BATHROOM = "kitchen_bathroom"
    APPLIANCES = "appliances"
    FIRE_SAFETY = "fire_safety"
    PESTS = "pests"
    COMMUNAL_LIFTS_ENTRY = "communal_lifts_entry"
    OUTSIDE_GROUNDS = "outside_grounds"
    OTHER = "other"


class Channel(StrEnum):
    """How the report reached the organisation."""

    STAFF = "staff"
    PORTAL = "portal"
    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent(Event):
    """Something that happened to a ticket."""

    ticket_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReported(TicketEvent):
    """A repair was asked for."""

    reporter_id: UUID | None


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


class MaintenanceTicket(OwnedByOrganisation, Entity, kw_only=True):
    """One repair, from the first word about it until it is proven done."""

    __tablename__ = "maintenance_tickets"
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        belongs_to("properties", "property_id"),
        belongs_to("units", "unit_id"),
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("people", "reporter_id"),
        belongs_to("users", "owner_id"),
        CheckConstraint("aware_at <= created_at", name="aware_before_created"),
        Index("ix_maintenance_tickets_newest", "org_id", "reported_at", "id"),
        Index("ix_maintenance_tickets_updated", "org_id", "updated_at", "id"),
        Index("ix_maintenance_tickets_status", "org_id", "status", "reported_at", "id"),
        Index("ix_maintenance_tickets_priority", "org_id", "priority", "reported_at", "id"),
        Index("ix_maintenance_tickets_owner", "org_id", "owner_id", "reported_at", "id"),
        Index("ix_maintenance_tickets_property", "org_id", "property_id"),
        Index("ix_maintenance_tickets_reporter", "org_id", "reporter_id"),
        Index("ix_maintenance_tickets_tally", "org_id", "status", "priority", "owner_id"),
        Index("ix_maintenance_tickets_search", "search", postgresql_using="gin"),
    )

    number: Mapped[int]
    property_id: Mapped[UUID]
    unit_id: Mapped[UUID | None] = mapped_column(default=None)
    tenancy_id: Mapped[UUID | None] = mapped_column(default=None)
    reporter_id: Mapped[UUID | None] = mapped_column(default=None)
    owner_id: Mapped[UUID | None] = mapped_column(default=None)
    title: Mapped[str]
    description: Mapped[str]
    category: Mapped[Category] = mapped_column(one_of(Category, "category"), default=Category.OTHER)
    priority: Mapped[Priority] = mapped_column(one_of(Priority, "priority"), default=Priority.P3)
    status: Mapped[TicketStatus] = mapped_column(one_of(TicketStatus, "status"), default=TicketStatus.NEW)
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"), default=Channel.STAFF)
    reported_at: Mapped[datetime]
    aware_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(init=False)
    search: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "array_to_tsvector(ARRAY['org:' || org_id::text])"
            " || setweight(to_tsvector('app.english', 'T-' || number::text || ' ' || number::text), 'A')"
            " || setweight(to_tsvector('app.english', title), 'A')"
            " || to_tsvector('app.english', description)",
            persisted=True,
        ),
        init=False,
        deferred=True,
        deferred_raiseload=True,
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def reference(self) -> str:
        """What people call the ticket, such as T-10482."""
        return reference(self.number)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN

    def reported(self) -> None:
        """Say that the ticket has come in; called once, by whoever makes it."""
        self.happened.append(TicketReported(org_id=self.org_id, ticket_id=self.id, reporter_id=self.reporter_id))

    def prioritise(self, priority: Priority, *, at: datetime) -> None:
        """Decide how soon it must be dealt with; the same priority again changes nothing."""
        self._allow(TicketAction.PRIORITISE)
        if priority == self.priority:
            return
        self.happened.append(
            TicketPriorityChanged(org_id=self.org_id, ticket_id=self.id, before=self.priority, after=priority)
        )
        self.priority = priority
        self.updated_at = at

    def hand_to(self, owner_id: UUID | None, *, at: datetime) -> None:
        """Give the ticket to a member of staff, or to nobody; the same owner again changes nothing."""
        self._allow(TicketAction.ASSIGN)
        if owner_id == self.owner_id:
            return
        self.happened.append(
            TicketOwnerChanged(org_id=self.org_id, ticket_id=self.id, before=self.owner_id, after=owner_id)
        )
        self.owner_id = owner_id
        self.updated_at = at

    def comment(self, body: str, *, at: datetime) -> None:
        """Leave a note on the ticket for colleagues."""
        self._allow(TicketAction.COMMENT)
        self.happened.append(TicketCommented(org_id=self.org_id, ticket_id=self.id, body=body))
        self.updated_at = at

    def _allow(self, action: TicketAction) -> None:
        if action not in ACTIONS[self.status]:
            raise IllegalTransition(what=self.reference, state=self.status, allowed=ACTIONS[self.status])


def reference(number: int) -> str:
    """Return what people call the ticket with this number."""
    return f"T-{number}"
