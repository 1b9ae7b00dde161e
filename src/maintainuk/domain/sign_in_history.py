"""What has happened to somebody's way in, told to them alone: so that they notice what they did not do themselves."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, new_id, one_of


class SignInEventKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    CODE_REFUSED = "code_refused"
    RESET_ASKED = "reset_asked"
    PASSWORD_RESET = "password_reset"  # noqa: S105  (no password)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (no password)
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSIONS_ENDED = "sessions_ended"


class SignInEvent(Entity, kw_only=True):
    """One thing that happened to an identity's way in.

    Installation-wide, since a person has one way in to all their organisations. `browser` is a kind ("Firefox on
    Linux"), `network` the part of an address that a whole office shares; neither says who somebody is.
    """

    __tablename__ = "sign_in_events"
    __table_args__ = (Index(None, "identity_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"))
    at: Mapped[datetime]
    kind: Mapped[SignInEventKind] = mapped_column(one_of(SignInEventKind, "kind"))
    browser: Mapped[str]
    network: Mapped[str]
