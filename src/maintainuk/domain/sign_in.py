"""Proving who somebody is, before it is known which organisation they work for.

These tables are installation-wide: they hold hashes, blind indexes and ids, and nothing that says who a person is.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, belongs_to, new_id, one_of


class Client(StrEnum):
    """Which browser client a session belongs to; each keeps its own cookie."""

    STAFF = "staff"
    CONTRACTOR = "contractor"
    TENANT = "tenant"


class Identity(Entity, kw_only=True):
    """Somebody who can prove a password; the e-mail is here only as a keyed hash."""

    __tablename__ = "identities"

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    email_index: Mapped[bytes] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(default=None)
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
    may refresh at once; any other reuse means that a token was stolen, and ends the session.
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
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_because: Mapped[str | None] = mapped_column(default=None)
