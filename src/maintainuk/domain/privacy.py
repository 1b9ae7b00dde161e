"""What people may ask about their own data, by when it must be answered, and whom an organisation has forgotten.

UK GDPR articles 12, 15 and 17: one month from receipt, two more for what is complex, if the person is told why in time.
"""

import calendar
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.errors import DomainError
from maintainuk.domain.sealing import Sealed

EARLIEST: Final = date(2018, 5, 25)
"""Since when people ask under the present law; whatever is said to have come before is a slip of the finger."""
ANSWERED_WITHIN = 1
EXTENDED_BY = 2
"""Months."""


class PrivacyRequestKind(StrEnum):
    """What somebody asks for."""

    ACCESS = "access"
    """A copy of all that is known about them."""
    ERASURE = "erasure"
    """To be forgotten, as far as nothing has to be kept."""


class PrivacyRequestStatus(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class RequestClosed(DomainError):
    """The request has been answered or refused; another begins anew."""

    code, status = "privacy-request-closed", 409


class AskedAlready(DomainError):
    """The person has asked for the same before, and nobody has answered yet."""

    code, status = "asked-already", 409


class Forgotten(DomainError):
    """Whoever this was has been forgotten, and nothing new may be written down about them."""

    code, status = "forgotten", 410


class CopyNotReleased(DomainError):
    """Nobody has looked through the copy lately; what is about others might go out with it."""

    code, status = "copy-not-released", 409


class CannotErase(DomainError):
    """Something still needs to know who the person is; the reason says what."""

    code, status = "cannot-erase", 409


def months_after(day: date, months: int) -> date:
    """Return the corresponding day of a later month, or its last day when it has none (ICO guidance)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class PrivacyRequest(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody's request about their own data, with its clock. Reasons may name things: they are sealed."""

    __tablename__ = "privacy_requests"
    __table_args__ = (
        belongs_to("people", "person_id"),
        Index(None, "org_id", "person_id"),
        Index(None, "org_id", "status", "due_on"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[PrivacyRequestKind] = mapped_column(one_of(PrivacyRequestKind, "kind"))
    status: Mapped[PrivacyRequestStatus] = mapped_column(
        one_of(PrivacyRequestStatus, "status"), default=PrivacyRequestStatus.OPEN
    )
    received_on: Mapped[date]
    due_on: Mapped[date]
    extended_because: Mapped[str | None] = mapped_column(Sealed("privacy_requests.extended_because"), default=None)
    refused_because: Mapped[str | None] = mapped_column(Sealed("privacy_requests.refused_because"), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    review: Mapped[str | None] = mapped_column(Sealed("privacy_requests.review"), default=None)
    """Of a copy: what a person hides besides and leaves out, as JSON."""
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    def extend(self, because: str) -> None:
        """Take two more months, once, for what is complex; the person is told why."""
        self._must_be_open()
        if self.extended_because is not None:
            raise RequestClosed("privacy-request-extended")
        self.extended_because = because
        self.due_on = months_after(self.received_on, ANSWERED_WITHIN + EXTENDED_BY)

    def answer(self, *, at: datetime) -> None:
        """Note that the person has had what they asked for."""
        self._must_be_open()
        self.status, self.closed_at = PrivacyRequestStatus.ANSWERED, at

    def refuse(self, because: str, *, at: datetime) -> None:
        """Note that the person is refused what they asked for, and why; they may complain to the ICO."""
        self._must_be_open()
        self.status, self.refused_because, self.closed_at = PrivacyRequestStatus.REFUSED, because, at

    def reviewed(self, decided: str) -> None:
        """Keep what a person decided about the copy; it has to be released again."""
        self._must_be_open()
        self.review, self.released_at = decided, None

    def released(self, *, at: datetime) -> None:
        """Let the copy go out."""
        self._must_be_open()
        self.released_at = at

    def must_be(self, kind: PrivacyRequestKind) -> None:
        """Refuse what goes with another kind of request."""
        if self.kind is not kind:
            raise RequestClosed("privacy-request-of-another-kind")

    def _must_be_open(self) -> None:
        if self.status is not PrivacyRequestStatus.OPEN:
            raise RequestClosed


class Erasure(OwnedByOrganisation, Entity, kw_only=True):
    """That a person was forgotten: kept outside the database as well, so that no restored backup remembers them."""

    __tablename__ = "erasures"
    __table_args__ = (
        belongs_to_organisation(),
        Index("uq_erasures_person", "org_id", "person_id", unique=True),
    )

    person_id: Mapped[UUID]
    erased_at: Mapped[datetime]
    erased_by: Mapped[UUID | None] = mapped_column(default=None)
