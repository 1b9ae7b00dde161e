"""Who did what, when: rows that are added and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to_organisation


class AuditLog(OwnedByOrganisation, Entity, kw_only=True):
    """One thing somebody did; `actor_id` is empty when the product itself did it."""

    __tablename__ = "audit_log"
    __table_args__ = (
        belongs_to_organisation(),
        Index("ix_audit_log_newest", "org_id", "at", "id"),
        Index("ix_audit_log_subject", "org_id", "subject_id", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    data: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    trace_id: Mapped[str | None] = mapped_column(default=None)
