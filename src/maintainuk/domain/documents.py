"""Documents about a place or a firm: agreements, records, certificates. Nobody is shown a file, only drawn pages."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.errors import IllegalTransition
from maintainuk.domain.sealing import Sealed

LARGEST_DOCUMENT = 20 * 1024 * 1024
"""Bytes."""
MOST_PAGES = 50
MOST_DOCUMENTS = 500
"""As many as one building or one firm may have."""


class DocumentKind(StrEnum):
    """What it is."""

    TENANCY_AGREEMENT = "tenancy_agreement"
    INVENTORY = "inventory"
    GAS_RECORD = "gas_record"
    EICR = "eicr"
    EPC = "epc"
    FIRE_RISK_ASSESSMENT = "fire_risk_assessment"
    ASBESTOS_SURVEY = "asbestos_survey"
    INSURANCE = "insurance"
    ACCREDITATION = "accreditation"
    WARRANTY = "warranty"
    FLOOR_PLAN = "floor_plan"
    OTHER = "other"


class Audience(StrEnum):
    """Who may see a document besides those at the desk, as far as it is within their reach."""

    LANDLORD = "landlord"
    TENANT = "tenant"
    CONTRACTOR = "contractor"


class DocumentStatus(StrEnum):
    """How far a document has come."""

    EXPECTED = "expected"
    """Announced; its file has not arrived."""
    RECEIVED = "received"
    """Its file is in quarantine, and its pages are being drawn."""
    READY = "ready"
    REFUSED = "refused"


class DocumentRefusal(StrEnum):
    """Why the pages of a file can't be shown."""

    UNSUPPORTED_FORMAT = "unsupported-format"
    LOCKED = "locked"
    """It asks for a password, or is encrypted in a way of its own."""
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PIXELS = "too-many-pixels"
    DAMAGED = "damaged"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"


def quarantine_of(org_id: UUID) -> str:
    """Return the folder of all that was sent as a document: nobody is ever given a file from there."""
    return f"quarantine/{org_id}"


def original_of(org_id: UUID, file_id: UUID) -> str:
    """Return where the file is kept that was sent."""
    return f"{quarantine_of(org_id)}/{file_id}"


def pages_of(org_id: UUID, document_id: UUID) -> str:
    """Return the folder of the drawn pages."""
    return f"documents/{org_id}/{document_id}"


def page_of(org_id: UUID, document_id: UUID, number: int) -> str:
    """Return where a drawn page is kept; the first has the number 1."""
    return f"{pages_of(org_id, document_id)}/{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEvent(Event):
    """Something that happened to a document."""

    document_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReceived(DocumentEvent):
    """A document's file has arrived whole, and nobody has looked at it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAdvanced(DocumentEvent):
    """Some pages have been drawn, and others are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReady(DocumentEvent):
    """All pages have been drawn; the file itself is kept in quarantine only if `is_kept`."""

    file_id: UUID | None
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRefused(DocumentEvent):
    """What was sent is nothing that can be shown."""

    file_id: UUID | None
    reason: DocumentRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """One page as a picture, in pixels."""

    width: int
    height: int


class Document(OwnedByOrganisation, Entity, kw_only=True):
    """One document of a building or of a firm, never of both.

    Of a building it may be about one home, one tenancy or one asset. The title is sealed, for it may name people.
    Withdrawn, it is shown to nobody, and removed for good a day later unless somebody brings it back.
    """

    __tablename__ = "documents"
    __table_args__ = (
        belongs_to("properties", "property_id"),
        belongs_to("units", "unit_id"),
        belongs_to("tenancies", "tenancy_id"),
        belongs_to("assets", "asset_id"),
        belongs_to("contractors", "contractor_id"),
        belongs_to("users", "added_by"),
        CheckConstraint("(property_id IS NULL) <> (contractor_id IS NULL)", name="subject"),
        Index(None, "org_id", "property_id"),
        Index(None, "org_id", "contractor_id"),
    )

    property_id: Mapped[UUID | None] = mapped_column(default=None)
    unit_id: Mapped[UUID | None] = mapped_column(default=None)
    tenancy_id: Mapped[UUID | None] = mapped_column(default=None)
    asset_id: Mapped[UUID | None] = mapped_column(default=None)
    contractor_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[DocumentKind] = mapped_column(one_of(DocumentKind, "kind"))
    title: Mapped[str] = mapped_column(Sealed("documents.title"))
    dated_on: Mapped[date | None] = mapped_column(default=None)
    expires_on: Mapped[date | None] = mapped_column(default=None)
    audiences: Mapped[list[str]] = mapped_column(ARRAY(Text), default_factory=list, server_default="{}")
    status: Mapped[DocumentStatus] = mapped_column(one_of(DocumentStatus, "status"), default=DocumentStatus.EXPECTED)
    refusal: Mapped[DocumentRefusal | None] = mapped_column(one_of(DocumentRefusal, "refusal"), default=None)
    bytes_received: Mapped[int | None] = mapped_column(BigInteger, default=None)
    file_id: Mapped[UUID | None] = mapped_column(default=None)
    """What its file is kept under: of two that are sent at once, each has its own."""
    sha256: Mapped[bytes | None] = mapped_column(default=None)
    """Of the file as it was sent."""
    page_count: Mapped[int | None] = mapped_column(default=None)
    pages: Mapped[list[list[int]]] = mapped_column(JSONB, default_factory=list, server_default="[]")
    """Width and height of each page drawn so far."""
    added_by: Mapped[UUID | None] = mapped_column(default=None)
    added_at: Mapped[datetime]
    received_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counted by the verbs of people alone: whoever gives it another title must not be told of a page drawn."""

    def describe(
        self,
        *,
        kind: DocumentKind,
        title: str,
        dated_on: date | None,
        expires_on: date | None,
        audiences: list[str],
    ) -> None:
        """Write down what it is."""
        self.kind, self.title, self.dated_on, self.expires_on = kind, title, dated_on, expires_on
        self.audiences = audiences
        self.version += 1

    def received(self, file_id: UUID, *, size: int, sha256: bytes, at: datetime) -> None:
        """Take in its file; there is one, ever."""
        if self.status is not DocumentStatus.EXPECTED or self.withdrawn_at:
            raise IllegalTransition(what="Document", state=self.status, allowed=[])
        self.status, self.received_at = DocumentStatus.RECEIVED, at
        self.file_id, self.bytes_received, self.sha256 = file_id, size, sha256
        self.happened.append(DocumentReceived(org_id=self.org_id, document_id=self.id))

    def drawn(self, pages: list[DrawnPage], *, of: int, is_kept: bool) -> None:
        """Take in the next pages, of so many; with the last one it is ready."""
        self.page_count = of
        self.pages = [*self.pages, *([page.width, page.height] for page in pages)]
        if len(self.pages) < of:
            self.happened.append(DocumentAdvanced(org_id=self.org_id, document_id=self.id))
            return
        self.status = DocumentStatus.READY
        self.happened.append(
            DocumentReady(org_id=self.org_id, document_id=self.id, file_id=self.file_id, is_kept=is_kept)
        )

    def refused(self, reason: DocumentRefusal) -> None:
        """Record that it can't be shown, and why; what was drawn of it is shown to nobody."""
        self.status, self.refusal = DocumentStatus.REFUSED, reason
        self.happened.append(
            DocumentRefused(org_id=self.org_id, document_id=self.id, file_id=self.file_id, reason=reason)
        )

    def withdraw(self, *, at: datetime) -> None:
        """Show it to nobody any more."""
        self.withdrawn_at = self.withdrawn_at or at
        self.version += 1

    def bring_back(self) -> None:
        """Show it again, as if it had never been withdrawn."""
        self.withdrawn_at = None
        self.version += 1
