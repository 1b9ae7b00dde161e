"""Work promised inside a transaction and done after it (product specification §6.8)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation, one_of


class OutboxStatus(StrEnum):
    """How far a promise has been kept. `failed` is the dead letter; `unknown` must be looked up before any resend."""

    PENDING = "pending"
    DISPATCHED = "dispatched"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


class OutboxMessage(OwnedByOrganisation, Entity, kw_only=True):
    """A job beside the change that caused it; this row, not the queue, is the truth about it."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        belongs_to_organisation(),
        Index(
            "ix_outbox_messages_line",
            "priority",
            "org_id",
            "available_at",
            "seq",
            postgresql_where="status = 'pending'",
        ),
        Index("ix_outbox_messages_leased", "lease_until", postgresql_where="status = 'dispatched'"),
        Index("ix_outbox_messages_dead", "type", postgresql_where="status IN ('failed', 'unknown')"),
        Index("ix_outbox_messages_org", "org_id", "status", "created_at"),
    )

    type: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[OutboxStatus] = mapped_column(one_of(OutboxStatus, "status"), default=OutboxStatus.PENDING)
    priority: Mapped[int] = mapped_column(default=5)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), init=False)
    trace_parent: Mapped[str | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    locked_by: Mapped[int | None] = mapped_column(BigInteger, default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    last_error: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    completed_at: Mapped[datetime | None] = mapped_column(default=None)


class ProviderCallStatus(StrEnum):
    """What is known of a call to the outside world."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ProviderCall(OwnedByOrganisation, Entity, kw_only=True):
    """One call to a provider, written down before it is made, so that a crash can never hide it."""

    __tablename__ = "provider_calls"
    __table_args__ = (
        belongs_to("outbox_messages", "outbox_id"),
        Index("uq_provider_calls_key", "org_id", "key", "attempt", unique=True),
        Index(None, "org_id", "outbox_id"),
    )

    outbox_id: Mapped[UUID]
    key: Mapped[str]
    attempt: Mapped[int]
    provider: Mapped[str]
    status: Mapped[ProviderCallStatus] = mapped_column(
        one_of(ProviderCallStatus, "status"), default=ProviderCallStatus.SENDING
    )
    reference: Mapped[str | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(default=None)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
