"""Hints for open screens: something you may be looking at has changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation


class LiveEvent(OwnedByOrganisation, Entity, kw_only=True):
    """One change that open screens want to know of; kept for a day, so that a screen that slept can catch up.

    `seq` is given out before the transaction commits: a reader that resumes must look back a little, and may see an
    event twice, never miss one.
    """

    __tablename__ = "live_events"
    __table_args__ = (
        belongs_to_organisation(),
        Index("ix_live_events_seq", "org_id", "seq"),
        Index("ix_live_events_at", "org_id", "at"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), init=False)
    ticket_id: Mapped[UUID | None]
    """Empty when it is about the whole organisation."""
    kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Change:
    """One change as an open screen hears of it; `version` is the ticket's newest, not the one of that moment."""

    seq: int
    ticket_id: UUID | None
    version: int | None
    kind: str
    actor_id: UUID | None
