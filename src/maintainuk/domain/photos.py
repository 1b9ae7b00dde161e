"""Photos of what is broken. Only redrawn copies are ever shown: no place, no hidden data, nothing that runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of

MOST_PHOTOS = 20
"""Photos one report may carry."""
LARGEST_PHOTO = 25 * 1024 * 1024
"""Bytes."""
MOST_PIXELS = 50_000_000


OLDEST_PHOTO = datetime(1990, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)
"""A camera that is further ahead of us does not know what day it is."""


class PhotoSize(StrEnum):
    """The copies that are drawn of a photo."""

    DISPLAY = "display"
    THUMBNAIL = "thumbnail"


def original_of(org_id: UUID, photo_id: UUID) -> str:
    """Return where the file is kept that was sent, until its copies are drawn."""
    return f"{originals_of(org_id)}/{photo_id}"


def originals_of(org_id: UUID) -> str:
    """Return the folder of all that the organisation was sent and nobody has looked at."""
    return f"originals/{org_id}"


def copy_of(org_id: UUID, photo_id: UUID, size: PhotoSize) -> str:
    """Return where a copy is kept."""
    return f"photos/{org_id}/{photo_id}/{size}"


def plausible(captured_at: datetime | None, *, at: datetime) -> datetime | None:
    """Return when a photo was taken, unless it can't have been taken then."""
    if captured_at is None or not OLDEST_PHOTO <= captured_at <= at + CLOCKS_DIFFER:
        return None
    return captured_at


class PhotoStatus(StrEnum):
    """How far a photo has come."""

    RECEIVED = "received"
    READY = "ready"
    REFUSED = "refused"


class PhotoRefusal(StrEnum):
    """Why a file can't be shown as a photo."""

    NOT_AN_IMAGE = "not-an-image"
    UNSUPPORTED_FORMAT = "unsupported-format"
    TOO_MANY_PIXELS = "too-many-pixels"
    DAMAGED = "damaged"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoEvent(Event):
    """Something that happened to a ticket's photo."""

    ticket_id: UUID
    photo_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoReceived(PhotoEvent):
    """A photo has arrived whole, and nobody has looked at it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoReady(PhotoEvent):
    """A photo has been redrawn and can be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRefused(PhotoEvent):
    """What was sent is no photo that can be shown."""

    reason: PhotoRefusal


class Photo(OwnedByOrganisation, Entity, kw_only=True):
    """One picture of a repair, from the tenant or from staff."""

    __tablename__ = "photos"
    __table_args__ = (
        belongs_to("maintenance_tickets", "ticket_id"),
        belongs_to("users", "uploaded_by"),
        UniqueConstraint("org_id", "ticket_id", "upload_key"),
        Index("ix_photos_story", "org_id", "ticket_id", "received_at"),
    )

    ticket_id: Mapped[UUID]
    upload_key: Mapped[UUID]
    """Made by the sender: the same photo sent twice is one photo."""
    uploaded_by: Mapped[UUID | None] = mapped_column(default=None)
    """The member of staff; empty when the tenant sent it."""
    status: Mapped[PhotoStatus] = mapped_column(one_of(PhotoStatus, "status"), default=PhotoStatus.RECEIVED)
    refusal: Mapped[PhotoRefusal | None] = mapped_column(one_of(PhotoRefusal, "refusal"), default=None)
    bytes_received: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was taken, from the file itself or as the phone said."""
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None] = mapped_column(default=None)

    def received(self) -> None:
        """Say that it has arrived; called once, by whoever takes it in."""
        self.happened.append(PhotoReceived(org_id=self.org_id, ticket_id=self.ticket_id, photo_id=self.id))

    def ready(self, *, width: int, height: int, captured_at: datetime | None, at: datetime) -> None:
        """Record that the redrawn copies are there; the file's own capture time beats what the phone said."""
        self.status, self.processed_at = PhotoStatus.READY, at
        self.width, self.height = width, height
        self.captured_at = plausible(captured_at, at=at) or self.captured_at
        self.happened.append(PhotoReady(org_id=self.org_id, ticket_id=self.ticket_id, photo_id=self.id))

    def refused(self, reason: PhotoRefusal, *, at: datetime) -> None:
        """Record that it can't be shown, and why."""
        self.status, self.refusal, self.processed_at = PhotoStatus.REFUSED, reason, at
        self.happened.append(
            PhotoRefused(org_id=self.org_id, ticket_id=self.ticket_id, photo_id=self.id, reason=reason)
        )
