"""Proving who somebody is, before it is known which organisation they work for.

These tables are installation-wide: they hold hashes, blind indexes and ids, and nothing that says who a person is.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, belongs_to, new_id, one_of

REFRESH_LIFETIME = timedelta(days=7)
"""How long a browser may stay away before it has to sign in again."""

LONGEST_SESSION = timedelta(days=30)
"""How long refreshing alone keeps somebody signed in."""

FORGIVEN_FOR = timedelta(seconds=10)
"""How long the token before the newest is taken for another tab's, or for one whose answer got lost, not a thief's.

Browsers give up and ask again within it (`apps/shared/auth/session.ts`).
"""


class Client(StrEnum):
    """Which browser client a session belongs to; each keeps its own cookie."""

    STAFF = "staff"
    CONTRACTOR = "contractor"
    TENANT = "tenant"


class SessionEnding(StrEnum):
    """Why a session is over before its time."""

    SIGNED_OUT = "signed_out"
    SIGNED_IN_AGAIN = "signed_in_again"
    REUSE = "token_reused"
    PASSWORD_RESET = "password_reset"  # noqa: S105  (no password)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (no password)
    ENDED_BY_OWNER = "ended_by_owner"
    ENDED_BY_COLLEAGUE = "ended_by_colleague"
    DISABLED = "disabled"
    SWITCHED = "switched"


class Renewal(StrEnum):
    """What came of showing a refresh token."""

    RENEWED = "renewed"
    FORGIVEN = "forgiven"
    REUSED = "reused"
    OVER = "over"


class Identity(Entity, kw_only=True):
    """Somebody who can prove a password; the e-mail is here only as a keyed hash."""

    __tablename__ = "identities"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    email_index: Mapped[bytes] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(default=None)
    password_changed_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


class Membership(Entity, kw_only=True):
    """An identity's place in one organisation, where it is the user `user_id`."""

    __tablename__ = "memberships"
    __table_args__ = (
        belongs_to("users", "user_id"),
        Index(None, "org_id", "user_id", unique=True),
    )

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("app.organisations.id"), primary_key=True)
    user_id: Mapped[UUID]
    client: Mapped[Client] = mapped_column(one_of(Client, "client"), default=Client.STAFF)


class Session(Entity, kw_only=True):
    """One signed-in browser: the family of refresh tokens that descend from one sign-in.

    Only the newest token is good. The one before it is forgiven for a few seconds to the same device, because two tabs
    may refresh at once and answers get lost; any other reuse means that a token was stolen, and ends the session.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        belongs_to("users", "user_id"),
        Index(None, "org_id", "user_id"),
        Index("ix_sessions_identity", "identity_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("app.identities.id"))
    org_id: Mapped[UUID]
    user_id: Mapped[UUID]
    client: Mapped[Client] = mapped_column(one_of(Client, "client"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    previous_token_hash: Mapped[bytes | None] = mapped_column(default=None, index=True)
    device_hash: Mapped[bytes]
    browser: Mapped[str | None] = mapped_column(default=None)
    network: Mapped[str | None] = mapped_column(default=None)
    is_vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an organisation's own provider let them in: it speaks for that organisation and no other."""
    has_shown_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether whoever sits there has shown a second factor besides the password."""
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_because: Mapped[str | None] = mapped_column(default=None)

    @property
    def only_org_id(self) -> UUID | None:
        """The one organisation it may know of, where that one's provider vouched; nothing: all of the person's."""
        return self.org_id if self.is_vouched else None

    def has_proved(self, ways: Collection[object]) -> bool:
        """Say whether a place that asks for one of these second factors has been satisfied; of none, nobody has one."""
        return self.has_shown_factor and bool(ways)

    def renew(self, shown: bytes, *, replacement: bytes, device_hash: bytes, at: datetime) -> Renewal:
        """Exchange the newest token for its replacement (hashes, both); a token shown too late ends the session."""
        if self.ended_at is not None or at >= self.expires_at:
            return Renewal.OVER
        if compare_digest(shown, self.token_hash):
            self.previous_token_hash, self.token_hash = self.token_hash, replacement
            self.device_hash = device_hash
            self.rotated_at = at
            self.expires_at = min(at + REFRESH_LIFETIME, self.created_at + LONGEST_SESSION)
            return Renewal.RENEWED
        is_previous = self.previous_token_hash is not None and compare_digest(shown, self.previous_token_hash)
        if is_previous and at - self.rotated_at <= FORGIVEN_FOR and compare_digest(device_hash, self.device_hash):
            return Renewal.FORGIVEN
        self.end(SessionEnding.REUSE, at=at)
        return Renewal.REUSED

    def end(self, because: SessionEnding, *, at: datetime) -> bool:
        """Sign this browser out for good; says whether it still was signed in."""
        if self.ended_at is not None:
            return False
        self.ended_at, self.ended_because = at, because
        return True
