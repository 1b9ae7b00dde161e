"""Answers already given, so that a repeated request has one effect."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation
from maintainuk.domain.sealing import Sealed


class IdempotentAnswer(OwnedByOrganisation, Entity, kw_only=True):
    """The answer to one key of one person; written in the transaction of the effect itself.

    An answer that held a secret is kept without it: its replay names the thing and no more.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        belongs_to_organisation(),
        Index("uq_idempotency_keys_key", "org_id", "actor_id", "key", unique=True),
        Index("ix_idempotency_keys_created_at", "org_id", "created_at"),
    )

    actor_id: Mapped[UUID]
    key: Mapped[str]
    request_hash: Mapped[bytes]
    status: Mapped[int | None] = mapped_column(default=None)
    headers: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[str | None] = mapped_column(Sealed("idempotency_keys.body"), default=None)
    created_at: Mapped[datetime]
