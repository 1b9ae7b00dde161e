"""Support: how somebody of the platform looks at one organisation's records, and what the organisation sees of that.

Nobody of the platform has standing access (product specification §7, PlatformSupport). An organisation's administrator
consents for a while, or an incident is written down; either opens a door that shuts by itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.sealing import Sealed

LONGEST: Final = timedelta(minutes=60)
SHORTEST_REASON: Final = 20
LONGEST_INCIDENT: Final = 60

SUPPORT_ROLE: Final = "PlatformSupport"
SUPPORT_GRANTS: Final[Mapping[Permission, Scope]] = MappingProxyType({Permission.TICKETS_READ: Scope.ORG})
"""What the specification gives PlatformSupport: reading tickets, and nothing else."""


class SupportBasis(StrEnum):
    """What lets support in."""

    CONSENT = "consent"
    INCIDENT = "incident"


class SupportEnding(StrEnum):
    """Who ended an access before its time."""

    SUPPORT = "support"
    ORGANISATION = "organisation"


class SupportConsent(OwnedByOrganisation, Entity, kw_only=True):
    """An administrator lets support look at the organisation's tickets until a moment, or until they take it back."""

    __tablename__ = "support_consents"
    __table_args__ = (belongs_to("users", "given_by"), Index("ix_support_consents_newest", "org_id", "until"))

    given_by: Mapped[UUID]
    given_at: Mapped[datetime]
    until: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class SupportAccess(OwnedByOrganisation, Entity, kw_only=True):
    """Somebody of the platform looks at one organisation's tickets, for at most an hour, for a reason."""

    __tablename__ = "support_accesses"
    __table_args__ = (
        belongs_to_organisation(),
        Index("ix_support_accesses_newest", "org_id", "began_at"),
        CheckConstraint("ends_at <= began_at + interval '60 minutes'", name="an_hour_at_most"),
        CheckConstraint("basis <> 'incident' OR incident IS NOT NULL", name="incident_named"),
    )

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"))
    supporter: Mapped[str] = mapped_column(Sealed("support_accesses.supporter"))
    """What the organisation is told they are called."""
    basis: Mapped[SupportBasis] = mapped_column(one_of(SupportBasis, "basis"))
    incident: Mapped[str | None] = mapped_column(default=None)
    """Where the platform has written the incident down."""
    reason: Mapped[str]
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[SupportEnding | None] = mapped_column(one_of(SupportEnding, "ended_by"), default=None)

    def is_open(self, at: datetime) -> bool:
        """Say whether it opens anything at this moment."""
        return self.ended_at is None and at < self.ends_at

    def end(self, by: SupportEnding, *, at: datetime) -> bool:
        """Shut the door now; says whether it was still open."""
        if not self.is_open(at):
            return False
        self.ended_at, self.ended_by = at, by
        return True
