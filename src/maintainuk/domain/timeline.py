"""A ticket's story: what has happened to it, line by line."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.sealing import Sealed


class Visibility(StrEnum):
    """Who may see an entry on the timeline, besides staff."""

    INTERNAL = "internal"
    TENANT = "tenant"


class TimelineKind(StrEnum):
    """What an entry on the timeline tells."""

    REPORTED = "reported"
    COMMENTED = "commented"
    PRIORITY_CHANGED = "priority_changed"
    OWNER_CHANGED = "owner_changed"
    MESSAGE_PROMISED = "message_promised"
    MESSAGE_SENT = "message_sent"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_UNKNOWN = "message_unknown"
    DANGER_REPORTED = "danger_reported"
    DANGER_ACKNOWLEDGED = "danger_acknowledged"
    DANGER_RELEASED = "danger_released"
    TRIAGE_BEGUN = "triage_begun"
    CLASSIFIED = "classified"
    HAZARD_RAISED = "hazard_raised"
    HAZARD_LOWERED = "hazard_lowered"
    TENANT_ASKED = "tenant_asked"
    TENANT_WROTE = "tenant_wrote"
    CONTACT_LEFT = "contact_left"
    REVIEW_ASKED = "review_asked"
    INFO_RECEIVED = "info_received"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    NEXT_STEP_PLANNED = "next_step_planned"
    HOME_FOUND = "home_found"
    PHOTO_RECEIVED = "photo_received"
    PHOTO_READY = "photo_ready"
    PHOTO_REFUSED = "photo_refused"
    ADVICE_ASKED = "advice_asked"
    ADVICE_GIVEN = "advice_given"
    ADVICE_FAILED = "advice_failed"
    ADVICE_DECIDED = "advice_decided"


CONVERSATION = (
    TimelineKind.MESSAGE_PROMISED,
    TimelineKind.MESSAGE_SENT,
    TimelineKind.MESSAGE_FAILED,
    TimelineKind.MESSAGE_UNKNOWN,
    TimelineKind.TENANT_ASKED,
    TimelineKind.TENANT_WROTE,
    TimelineKind.CONTACT_LEFT,
)
"""Lines for the desk and the tenant alone: what they said to each other, and how."""

NOTES = (TimelineKind.COMMENTED, TimelineKind.HAZARD_LOWERED, TimelineKind.NEXT_STEP_PLANNED)
"""Lines in the words of colleagues for colleagues."""


class TimelineEvent(OwnedByOrganisation, Entity, kw_only=True):
    """One line of a ticket's story; written once and never changed."""

    __tablename__ = "timeline_events"
    __table_args__ = (
        belongs_to("maintenance_tickets", "ticket_id"),
        Index("ix_timeline_events_story", "org_id", "ticket_id", "seq"),
    )

    ticket_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), init=False)
    kind: Mapped[TimelineKind] = mapped_column(one_of(TimelineKind, "kind"))
    actor_id: Mapped[UUID | None] = mapped_column(default=None)
    body: Mapped[str | None] = mapped_column(default=None)
    private: Mapped[str | None] = mapped_column(Sealed("timeline_events.private"), default=None)
    """Words that say how to reach somebody, in the place of a body."""
    data: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility, "visibility"), default=Visibility.INTERNAL)
    occurred_at: Mapped[datetime]
