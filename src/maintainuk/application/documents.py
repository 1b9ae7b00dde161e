"""What people do with documents: announce one, send its file, look at its pages, withdraw it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.documents import (
    MOST_DOCUMENTS,
    Audience,
    Document,
    DocumentKind,
    DocumentStatus,
)
from maintainuk.domain.errors import ChangedMeanwhile, IllegalTransition, Invalid, NotFound, Reason
from maintainuk.domain.permissions import Permission, Reach, Scope
from maintainuk.infrastructure.repositories.buildings import Buildings
from maintainuk.infrastructure.repositories.contractors import Contractors
from maintainuk.infrastructure.repositories.documents import DocumentReach, Documents

READING: Final = (Permission.PROPERTIES_READ, Permission.TENANCIES_READ, Permission.CONTRACTORS_READ)
WRITING: Final = (Permission.PROPERTIES_WRITE, Permission.TENANCIES_WRITE, Permission.CONTRACTORS_MANAGE)
"""Of a building, of the tenancies in it, of a firm: a document asks for what its subject asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a document is about: a building, or something in it, or a firm."""

    property_id: UUID | None = None
    unit_id: UUID | None = None
    tenancy_id: UUID | None = None
    asset_id: UUID | None = None
    contractor_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What is written down about a document."""

    kind: DocumentKind
    title: str
    dated_on: date | None = None
    expires_on: date | None = None
    audiences: Sequence[Audience] = field(default=())


class DocumentService:
    """Documents about places and firms."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def of_property(self, property_id: UUID) -> Sequence[Document]:
        """Return a building's documents, the newest first. Raises `NotFound`."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        if not await Buildings(self.work.session, within).has(property_id):
            raise NotFound("no-such-property")
        return await self._within(READING).of_property(property_id)

    async def of_contractor(self, contractor_id: UUID) -> Sequence[Document]:
        """Return a firm's documents, the newest first. Raises `NotFound`."""
        within = self.work.actor.require(Permission.CONTRACTORS_READ)
        await Contractors(self.work.session, within).require(contractor_id)
        return await self._within(READING).of_contractor(contractor_id)

    async def open(self, document_id: UUID) -> Document:
        """Return a document to somebody who is about to look at its pages; each opening is written down."""
        document = await self._within(READING).one(document_id)
        self.work.audit("DocumentOpened", subject_id=document.id)
        return document

    async def expect(self, subject: Subject, new: DocumentFacts) -> Document:
        """Announce a document; its file comes by itself. Raises `NotFound`, `Invalid`."""
        place = await self._placed(subject)
        documents = self._within(WRITING, at_least=Scope.TEAM)
        if await documents.count(place.property_id, place.contractor_id) >= MOST_DOCUMENTS:
            raise Invalid("too-many-documents", most=MOST_DOCUMENTS)
        _refuse_backwards(new)
        document = Document(
            org_id=self.work.actor.org_id,
            property_id=place.property_id,
            unit_id=place.unit_id,
            tenancy_id=place.tenancy_id,
            asset_id=place.asset_id,
            contractor_id=place.contractor_id,
            kind=new.kind,
            title=new.title,
            dated_on=new.dated_on,
            expires_on=new.expires_on,
            audiences=_named(new.audiences),
            added_by=self.work.actor.user_id,
            added_at=self.work.now,
        )
        self.work.session.add(document)
        await self._tell("DocumentAnnounced", document, kind=document.kind.value)
        return document

    async def awaits_file(self, document_id: UUID) -> Document:
        """Say before anything is sent whether it may be. Raises `NotFound`, `IllegalTransition`."""
        document = await self._within(WRITING, at_least=Scope.TEAM).locked(document_id)
        if document.status is not DocumentStatus.EXPECTED or document.withdrawn_at:
            raise IllegalTransition(what="Document", state=document.status, allowed=[])
        return document

    async def receive(self, document_id: UUID, file_id: UUID, *, size: int, sha256: bytes) -> Document:
        """Take in a file that has arrived whole; its pages are drawn as soon as this commits."""
        document = await self.awaits_file(document_id)
        document.received(file_id, size=size, sha256=sha256, at=self.work.now)
        await self.work.session.flush()
        self.work.has_changed = True
        return document

    async def one(self, document_id: UUID) -> Document:
        """Return a document that may be changed, held until the transaction ends. Raises `NotFound`."""
        return await self._within(WRITING, at_least=Scope.TEAM).locked(document_id)

    async def change(self, document_id: UUID, new: DocumentFacts, *, version: int) -> Document:
        """Put right what is written down about a document, having seen it as it was at `version`."""
        document = await self.one(document_id)
        if document.version != version:
            raise ChangedMeanwhile
        _refuse_backwards(new)
        document.describe(
            kind=new.kind,
            title=new.title,
            dated_on=new.dated_on,
            expires_on=new.expires_on,
            audiences=_named(new.audiences),
        )
        await self._tell("DocumentChanged", document)
        return document

    async def withdraw(self, document_id: UUID) -> Document:
        """Show a document to nobody any more; for a day it can be brought back."""
        document = await self._within(WRITING, at_least=Scope.TEAM).locked(document_id)
        document.withdraw(at=self.work.now)
        await self._tell("DocumentWithdrawn", document)
        return document

    async def bring_back(self, document_id: UUID) -> Document:
        """Show a withdrawn document again."""
        document = await self._within(WRITING, at_least=Scope.TEAM).locked(document_id)
        document.bring_back()
        await self._tell("DocumentBroughtBack", document)
        return document

    async def _placed(self, subject: Subject) -> Subject:
        """Return the subject with the building it is in, having seen that all of it is within reach."""
        actor, session = self.work.actor, self.work.session
        if subject.contractor_id:
            if any((subject.property_id, subject.unit_id, subject.tenancy_id, subject.asset_id)):
                raise Invalid(fields={"contractor_id": Reason("one-subject")})
            within = actor.require(Permission.CONTRACTORS_MANAGE, at_least=Scope.TEAM)
            await Contractors(session, within).require(subject.contractor_id)
            return subject
        within = actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        if subject.property_id is None:
            raise Invalid(fields={"property_id": Reason("one-subject")})
        await Buildings(session, within).require(subject.property_id, subject.unit_id)
        documents = Documents(session, self._reach(WRITING, at_least=Scope.TEAM))
        unit_id = subject.unit_id
        if subject.tenancy_id:
            actor.require(Permission.TENANCIES_WRITE, at_least=Scope.TEAM)
            unit_id = _same(await documents.place_of_tenancy(subject.tenancy_id), subject, "tenancy_id")
        if subject.asset_id:
            unit_id = _same(await documents.place_of_asset(subject.asset_id), subject, "asset_id") or unit_id
        return Subject(
            property_id=subject.property_id,
            unit_id=unit_id,
            tenancy_id=subject.tenancy_id,
            asset_id=subject.asset_id,
        )

    def _within(self, permissions: tuple[Permission, ...], *, at_least: Scope = Scope.OWN) -> Documents:
        return Documents(self.work.session, self._reach(permissions, at_least=at_least))

    def _reach(self, permissions: tuple[Permission, ...], *, at_least: Scope) -> DocumentReach:
        """Return how far somebody reaches. Raises `NotPermitted` where they reach no buildings at all."""
        actor = self.work.actor
        places, tenancies, firms = permissions

        def optional(permission: Permission) -> Reach | None:
            return actor.require(permission, at_least=at_least) if actor.may(permission) else None

        return DocumentReach(
            places=actor.require(places, at_least=at_least), tenancies=optional(tenancies), firms=optional(firms)
        )

    async def _tell(self, action: str, document: Document, **data: str) -> None:
        await self.work.session.flush()
        self.work.audit(action, subject_id=document.id, data=dict(data))
        self.work.has_changed = True


def _same(place: tuple[UUID, UUID | None], subject: Subject, field_name: str) -> UUID | None:
    """Return the home of what a document is about, having seen that it is in the building that was named."""
    property_id, unit_id = place
    elsewhere = property_id != subject.property_id or (subject.unit_id and unit_id not in {None, subject.unit_id})
    if elsewhere:
        raise Invalid(fields={field_name: Reason("elsewhere")})
    return unit_id


def _named(audiences: Sequence[Audience]) -> list[str]:
    return [audience.value for audience in Audience if audience in audiences]


def _refuse_backwards(new: DocumentFacts) -> None:
    if new.dated_on and new.expires_on and new.expires_on < new.dated_on:
        raise Invalid(fields={"expires_on": Reason("ends-before-it-begins")})
