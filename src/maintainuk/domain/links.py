"""Signed links: how people without an account reach one thing, and nothing beside it.

The table is installation-wide: it answers "which organisation?" for somebody who shows nothing but a link. It holds a
keyed hash of the secret; the secret itself is derived from the row's id and is written down nowhere
(`infrastructure/security/link_secrets.py`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, belongs_to_organisation, new_id, one_of


class LinkPurpose(StrEnum):
    """What a link opens."""

    HOME = "home"
    """The report form of one home, from the poster in its hallway. Shows nobody's name and no other report."""

    STATUS = "status"
    """One report, for whoever sent it."""

    ENTRY = "entry"
    """A way in for a person whose e-mail address is known; used up by its button, never by opening it."""

    INVITATION = "invitation"
    """A place in an organisation for whoever owns the mailbox it was sent to; used up by joining."""

    VISIT = "visit"
    """A browser that came in by an entry link: the person's own home and own reports."""

    PASSWORD_RESET = "password_reset"  # noqa: S105  (no password)
    """A new password for a member of staff; used up by choosing one."""

    SIGN_IN_STEP = "sign_in_step"
    """The rest of a sign-in whose password was right: the second factor, or adding one."""

    PASSKEY_SETUP = "passkey_setup"
    """The answer of somebody's device to the question by which a passkey is made."""


LIFETIMES: dict[LinkPurpose, timedelta | None] = {
    LinkPurpose.HOME: None,
    LinkPurpose.STATUS: timedelta(days=180),
    LinkPurpose.ENTRY: timedelta(minutes=15),
    LinkPurpose.INVITATION: timedelta(hours=72),
    LinkPurpose.VISIT: timedelta(hours=12),
    LinkPurpose.PASSWORD_RESET: timedelta(minutes=30),
    LinkPurpose.SIGN_IN_STEP: timedelta(minutes=10),
    LinkPurpose.PASSKEY_SETUP: timedelta(minutes=10),
}
"""How long each is good for; a poster stays good until it is replaced."""


class LinkState(StrEnum):
    """Whether a link still opens anything, and if not, why."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Link(Entity, kw_only=True):
    """One link: what it opens, for which organisation, until when."""

    __tablename__ = "link_tokens"
    __table_args__ = (belongs_to_organisation(), Index(None, "org_id", "purpose", "subject_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    org_id: Mapped[UUID]
    purpose: Mapped[LinkPurpose] = mapped_column(one_of(LinkPurpose, "purpose"))
    subject_id: Mapped[UUID]
    """The home (a unit, or a block's property), ticket, person, user or invitation that the link is about."""
    secret_index: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    def state(self, at: datetime) -> LinkState:
        """Say whether the link opens anything at this moment."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.used_at is not None:
            return LinkState.USED
        if self.expires_at is not None and self.expires_at <= at:
            return LinkState.EXPIRED
        return LinkState.GOOD
