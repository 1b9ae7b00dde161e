"""What a tenant said when they reported a repair: their own answers, kept as they gave them (specification §3.1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.sealing import Sealed

LONGEST_WORDS = 20_000
LONGEST_NOTES = 2_000


class Report(OwnedByOrganisation, Entity, kw_only=True):
    """The answers behind a ticket that came in through the portal.

    `answers` holds the picker's questions by key. Access notes may say who is at home when: never in logs, never shown
    to an advisor.
    """

    __tablename__ = "reports"
    __table_args__ = (
        belongs_to("maintenance_tickets", "ticket_id"),
        UniqueConstraint("org_id", "ticket_id"),
        UniqueConstraint("org_id", "submission_key"),
    )

    ticket_id: Mapped[UUID]
    submission_key: Mapped[UUID]
    """Made once by the phone: the same report sent twice by a nervous thumb is one report."""
    link_id: Mapped[UUID]
    """The link it came through."""
    room: Mapped[str | None] = mapped_column(default=None)
    fault: Mapped[str | None] = mapped_column(default=None)
    answers: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    may_enter_alone: Mapped[bool | None] = mapped_column(default=None)
    access_notes: Mapped[str | None] = mapped_column(Sealed("reports.access_notes"), default=None)
    good_times: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    language: Mapped[str] = mapped_column(default="en")
    danger: Mapped[Danger | None] = mapped_column(one_of(Danger, "danger"), default=None)
    """The danger it was sent with; the ticket's own may come later, or be another."""
    sounds_like: Mapped[Danger | None] = mapped_column(one_of(Danger, "sounds_like"), default=None)
    """The danger that the words told of when nobody had chosen one; the tenant is asked whether it is so."""
    submitted_at: Mapped[datetime]

    @property
    def times(self) -> list[str]:
        """Return when somebody is usually in, by the portal's keys such as `weekday-am`."""
        return list(self.good_times.get("times", []))
