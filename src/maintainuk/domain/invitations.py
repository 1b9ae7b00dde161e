"""Invitations: a place in an organisation, held for whoever owns one mailbox."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation
from maintainuk.domain.links import LIFETIMES, LinkPurpose
from maintainuk.domain.sealing import Sealed

_LIFETIME = LIFETIMES[LinkPurpose.INVITATION]
assert _LIFETIME is not None
GOOD_FOR: timedelta = _LIFETIME


class InvitationState(StrEnum):
    """What has become of an invitation."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(OwnedByOrganisation, Entity, kw_only=True):
    """A place with a role, for one e-mail address; its secret is a link (`domain/links.py`).

    The role, and whose side the person is on, are fixed when it is written. `email_index` is the address's blind index:
    it finds a waiting invitation to the same mailbox, however the address was typed.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        belongs_to_organisation(),
        belongs_to("roles", "role_id"),
        belongs_to("landlords", "landlord_id"),
        belongs_to("contractors", "contractor_id"),
        belongs_to("people", "person_id"),
        belongs_to("users", "invited_by"),
        belongs_to("users", "accepted_by"),
        Index("ix_invitations_address", "org_id", "email_index"),
        Index(None, "org_id", "role_id"),
    )

    email: Mapped[str] = mapped_column(Sealed("invitations.email"))
    email_index: Mapped[bytes]
    role_id: Mapped[UUID | None]
    """Empty once the role is deleted, which an invitation that is over outlives."""
    landlord_id: Mapped[UUID | None] = mapped_column(default=None)
    contractor_id: Mapped[UUID | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    team_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default_factory=list, server_default="{}")
    """The teams that a colleague joins with it; of one that is gone meanwhile nothing is said."""
    invited_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    accepted_by: Mapped[UUID | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)

    def state(self, at: datetime) -> InvitationState:
        """Say what has become of it at this moment."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.EXPIRED if self.expires_at <= at else InvitationState.WAITING

    def sent_again(self, at: datetime) -> None:
        """Take in that another letter goes out; its time begins anew."""
        self.sent_at, self.expires_at = at, at + GOOD_FOR

    def accepted(self, by: UUID, at: datetime) -> None:
        """Take in who has joined."""
        self.accepted_by, self.accepted_at = by, at

    def withdrawn(self, at: datetime) -> None:
        """Take it back."""
        self.withdrawn_at = at
