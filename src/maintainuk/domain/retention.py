"""How long what is known of people is kept, and what a dispute keeps longer (UK GDPR article 5(1)(e))."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.errors import DomainError, Invalid, Reason
from maintainuk.domain.privacy import months_after
from maintainuk.domain.sealing import Sealed


class RetentionKind(StrEnum):
    """What is kept for a time, and then forgotten."""

    PEOPLE = "people"
    """Who somebody was, since they last lived in a home or had a repair."""
    NEEDS = "needs"
    """Needs that are over."""
    TICKETS = "tickets"
    """The words of a repair that is over: what was described, said and asked. What was broken and done stays."""
    PHOTOS = "photos"
    """The photos of a repair that is over."""
    ADVICE = "advice"
    """What an advisor answered about a repair that is over."""
    REQUESTS = "requests"
    """Requests about personal data that are closed."""


class RetentionSource(StrEnum):
    """Why so long: the catalogue of the client has the words."""

    LIMITATION = "limitation"
    """Contract claims: six years in England, Wales and Northern Ireland (Limitation Act 1980 s.5), five in Scotland."""
    NO_LONGER_NEEDED = "no_longer_needed"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long by default, at least and at most (months), and why."""

    default: int
    fewest: int
    most: int
    source: RetentionSource

    @property
    def allowed(self) -> range:
        """What an organisation may choose from."""
        return range(self.fewest, self.most + 1)


BOUNDS: Final = MappingProxyType(
    {
        RetentionKind.PEOPLE: Bounds(72, 12, 180, RetentionSource.LIMITATION),
        RetentionKind.NEEDS: Bounds(12, 1, 72, RetentionSource.NO_LONGER_NEEDED),
        RetentionKind.TICKETS: Bounds(72, 60, 180, RetentionSource.LIMITATION),
        RetentionKind.PHOTOS: Bounds(72, 12, 180, RetentionSource.LIMITATION),
        RetentionKind.ADVICE: Bounds(3, 1, 12, RetentionSource.OWN),
        RetentionKind.REQUESTS: Bounds(36, 12, 72, RetentionSource.OWN),
    }
)


class RetentionRule(OwnedByOrganisation, Entity, kw_only=True):
    """How long an organisation has chosen to keep something; without a row, the default."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        belongs_to_organisation(),
        Index("uq_retention_rules_kind", "org_id", "kind", unique=True),
    )

    kind: Mapped[RetentionKind] = mapped_column(one_of(RetentionKind, "kind"))
    months: Mapped[int]
    because: Mapped[str | None] = mapped_column(Sealed("retention_rules.because"), default=None)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    def keep_for(self, months: int, because: str | None, *, at: datetime, by: UUID | None) -> None:
        """Keep it longer or shorter from now on. Raises `Invalid` outside the bounds."""
        check_months(self.kind, months)
        self.months, self.because, self.changed_at, self.changed_by = months, because, at, by


def check_months(kind: RetentionKind, months: int) -> None:
    """Refuse what is shorter or longer than anybody may choose."""
    bounds = BOUNDS[kind]
    if months not in bounds.allowed:
        raise Invalid(fields={"months": Reason("retention-bounds", fewest=bounds.fewest, most=bounds.most)})


def forgotten_before(months: int, *, on: date) -> date:
    """Return the day before which something must have ended to be forgotten on another."""
    return months_after(on, -months)


class RetentionRun(OwnedByOrganisation, Entity, kw_only=True):
    """One night's forgetting: how much of what. There is one for each day of London."""

    __tablename__ = "retention_runs"
    __table_args__ = (belongs_to_organisation(), Index("uq_retention_runs_day", "org_id", "ran_on", unique=True))

    ran_on: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    forgotten: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


class HoldSubject(StrEnum):
    """What a dispute may be about."""

    PERSON = "person"
    PROPERTY = "property"
    TENANCY = "tenancy"
    TICKET = "ticket"


class HoldLifted(DomainError):
    """The hold is over; another one begins anew."""

    code, status = "hold-lifted", 409


class LegalHold(OwnedByOrganisation, Entity, kw_only=True):
    """That nothing about somebody or something may be forgotten, because a claim, a complaint or a court needs it."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        belongs_to("people", "person_id"),
        belongs_to("properties", "property_id"),
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("maintenance_tickets", "ticket_id"),
        Index(None, "org_id", "lifted_at"),
        CheckConstraint("num_nonnulls(person_id, property_id, tenancy_id, ticket_id) = 1", name="subject"),
    )

    person_id: Mapped[UUID | None] = mapped_column(default=None)
    property_id: Mapped[UUID | None] = mapped_column(default=None)
    tenancy_id: Mapped[UUID | None] = mapped_column(default=None)
    ticket_id: Mapped[UUID | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Sealed("legal_holds.reason"))
    placed_at: Mapped[datetime]
    placed_by: Mapped[UUID | None] = mapped_column(default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[UUID | None] = mapped_column(default=None)
    lifted_because: Mapped[str | None] = mapped_column(Sealed("legal_holds.lifted_because"), default=None)
    version: Mapped[int] = mapped_column(init=False)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy's own protocol)

    @property
    def subject(self) -> tuple[HoldSubject, UUID]:
        """What is held."""
        named = ((kind, getattr(self, f"{kind}_id")) for kind in HoldSubject)
        return next((kind, id_) for kind, id_ in named if id_ is not None)

    def lift(self, because: str, *, at: datetime, by: UUID | None) -> None:
        """End it; from then on the rules count again. Raises `HoldLifted`."""
        if self.lifted_at is not None:
            raise HoldLifted
        self.lifted_at, self.lifted_by, self.lifted_because = at, by, because
