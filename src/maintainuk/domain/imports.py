"""Bringing tickets in from a file that another system wrote."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, one_of

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 50_000


class ImportStatus(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ImportRun(OwnedByOrganisation, Entity, kw_only=True):
    """One file on its way in: which column means what, what is wrong with which row, and how far it has come."""

    __tablename__ = "import_runs"
    __table_args__ = (belongs_to("users", "started_by"), Index(None, "org_id", "created_at"))

    file_name: Mapped[str]
    status: Mapped[ImportStatus] = mapped_column(one_of(ImportStatus, "status"), default=ImportStatus.UPLOADED)
    mapping: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Field of a ticket -> column of the file."""
    skips_bad_rows: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    already_there: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    home_unknown: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(default=None)
    started_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
