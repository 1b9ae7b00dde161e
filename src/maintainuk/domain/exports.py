"""Taking along everything that an organisation owns, as one file, at any time (product specification X2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, new_id, one_of
from maintainuk.domain.errors import DomainError
from maintainuk.domain.permissions import Permission
from maintainuk.domain.ports import Provider, Receipt
from maintainuk.domain.sealing import Sealed

KEPT: Final = timedelta(hours=24)
"""So long what was made can be fetched; then nothing of it is left."""
LARGEST: Final = 40 * 1024**3
"""Bytes: what a file store of S3's kind takes in one piece of parts of five megabytes, and room to spare."""
ITS_TURN: Final = timedelta(seconds=5)
"""Until whoever found another being made asks again."""
FORMAT: Final = 1
"""The version of the file's own order; whoever reads one looks at it first."""

NEEDS: Final = (
    Permission.SETTINGS_WRITE,
    Permission.USERS_MANAGE,
    Permission.PRIVACY_DSAR,
    Permission.PEOPLE_SENSITIVE,
    *(permission for permission in Permission if permission.value.endswith(":read")),
)
"""All of these, in the whole organisation: nobody takes along what they might not read here, or hand to anybody."""


class ExportStatus(StrEnum):
    """How far it has come."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    GONE = "gone"
    """It was ready, and its time is over."""


class ExportNotReady(DomainError):
    """There is nothing to fetch: it is still being made, or was cancelled, or failed."""

    code, status = "export-not-ready", 409


class ExportGone(DomainError):
    """What was made is no longer kept."""

    code, status = "export-gone", 410


class ExportAddressInvalid(DomainError):
    """The address of a file was not made by us for this file."""

    code, status = "export-address-invalid", 403


class ExportAddressExpired(DomainError):
    """The address of a file has run out; whoever may have it asks for another."""

    code, status = "export-address-expired", 410


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Event):
    """Somebody wants everything as one file."""

    export_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMade(Event):
    """The file is there, and can be fetched for a day."""

    export_id: UUID
    entries: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFailed(Event):
    """The file could not be made; `failure` is a code."""

    export_id: UUID
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCancelled(Event):
    """Somebody wants it no more; nothing of it is left."""

    export_id: UUID


class Export(OwnedByOrganisation, Entity, kw_only=True):
    """Everything an organisation owns as one ZIP file, from the wish until a day after it was made.

    Of one organisation one at a time is being made.
    """

    __tablename__ = "exports"
    __table_args__ = (
        belongs_to("users", "asked_by"),
        Index("uq_exports_making", "org_id", unique=True, postgresql_where="status = 'making'"),
        Index(None, "org_id", "asked_at"),
    )

    status: Mapped[ExportStatus] = mapped_column(one_of(ExportStatus, "status"), default=ExportStatus.MAKING)
    asked_by: Mapped[UUID | None] = mapped_column(default=None)
    asked_at: Mapped[datetime]
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    """What the present attempt writes under: a worker that lost its turn writes under another, and is told to stop."""
    file_key: Mapped[str | None] = mapped_column(Sealed("exports.file_key"), default=None)
    """What the file is sealed with (base64); once that is gone, nobody reads it any more."""
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    """Rows and files that are in it so far."""
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    """How many there are to be; 0 until they are counted."""
    entries: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of the ZIP file."""
    sha256: Mapped[str | None] = mapped_column(default=None)
    """Of the ZIP file, in hexadecimal digits."""
    missing: Mapped[int] = mapped_column(default=0)
    """Files that a row names and the store no longer has."""
    failure: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    taken: Mapped[int] = mapped_column(default=0)
    """How often somebody was told where to fetch it."""

    def asked(self) -> None:
        """Say that it is wanted; called once, by whoever makes it."""
        self.happened.append(ExportAsked(org_id=self.org_id, export_id=self.id))

    def start_anew(self, key: str) -> UUID:
        """Begin from the beginning, and return what to write under."""
        self._must_be(ExportStatus.MAKING)
        self.file_id, self.file_key, self.done, self.total = new_id(), key, 0, 0
        return self.file_id

    def made(self, *, entries: int, size: int, sha256: str, missing: int, at: datetime) -> None:
        """Let it be fetched for a day."""
        self._must_be(ExportStatus.MAKING)
        self.status, self.ended_at, self.expires_at = ExportStatus.READY, at, at + KEPT
        self.entries, self.size, self.sha256, self.missing = entries, size, sha256, missing
        self.happened.append(ExportMade(org_id=self.org_id, export_id=self.id, entries=entries, size=size))

    def failed(self, failure: str, *, at: datetime) -> None:
        """Note that nobody tries any more, and why (a code)."""
        if self.status is ExportStatus.MAKING:
            self.status, self.failure, self.ended_at, self.file_key = ExportStatus.FAILED, failure, at, None
            self.happened.append(ExportFailed(org_id=self.org_id, export_id=self.id, failure=failure))

    def cancel(self, *, at: datetime) -> None:
        """Stop it, or throw away what was made; nobody opens what is left of it."""
        self._must_be(ExportStatus.MAKING, ExportStatus.READY)
        self.status, self.ended_at, self.file_key = ExportStatus.CANCELLED, at, None
        self.happened.append(ExportCancelled(org_id=self.org_id, export_id=self.id))

    def take(self, *, at: datetime) -> None:
        """Note that somebody is told where to fetch it. Raises `ExportNotReady`, `ExportGone`."""
        self.must_be_there(at)
        self.taken += 1

    def must_be_there(self, at: datetime) -> None:
        """Raise `ExportNotReady` or `ExportGone` unless it can be fetched now."""
        if self.is_over(at) or self.status is ExportStatus.GONE:
            raise ExportGone
        self._must_be(ExportStatus.READY)

    def is_over(self, at: datetime) -> bool:
        """Say whether its time is over, also while nobody has swept it away yet."""
        return self.status is ExportStatus.READY and self.expires_at is not None and self.expires_at <= at

    def gone(self) -> None:
        """Forget what opens it."""
        self.status, self.file_key = ExportStatus.GONE, None

    def _must_be(self, *statuses: ExportStatus) -> None:
        if self.status not in statuses:
            raise ExportNotReady


def exports_of(org_id: UUID) -> str:
    """Return the folder of an organisation's files that wait to be fetched."""
    return f"exports/{org_id}"


def export_file(org_id: UUID, file_id: UUID) -> str:
    """Return where one of them is kept, sealed."""
    return f"{exports_of(org_id)}/{file_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed(Receipt):
    """What was written: how many entries and bytes, and what they hash to; or that nobody wanted it any more."""

    file_id: UUID
    entries: int = 0
    size: int = 0
    sha256: str = ""
    missing: int = 0
    is_stopped: bool = False


class Packer(Provider, Protocol):
    """Somebody who writes everything an organisation owns into one file."""

    @property
    def is_busy(self) -> bool:
        """Whether one is being made here; one at a time is enough for one process."""
        ...

    async def pack(self, org_id: UUID, export_id: UUID, file_id: UUID, key: str) -> Packed:
        """Write the file, sealed, whole or not at all.

        Raises `Undeliverable` for one that no store would take, `Busy` while another is being made here.
        """
        ...
