"""Documents over HTTP: announced, sent bit by bit, looked at page by page by addresses that run out."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field
from starlette.requests import ClientDisconnect

from maintainuk.api.contact import Name
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.photos import RUNS_NOTHING, SHOWN
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew, public
from maintainuk.application.documents import DocumentFacts, DocumentService, Subject
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.documents import (
    LARGEST_DOCUMENT,
    MOST_PAGES,
    Audience,
    Document,
    DocumentKind,
    DocumentRefusal,
    DocumentStatus,
    original_of,
    page_of,
)
from maintainuk.domain.errors import DomainError, Invalid, NotFound, Reason, UploadCutOff
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.security.photo_links import lasts

router = Router(prefix="/api/v1", tags=["documents"])

Reading = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)]
Writing = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]
RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: PDF of at most 50 pages, JPEG, PNG, WebP or HEIC; at most 20 MB.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class DocumentInput(Input):
    """What is known of a document; `audiences` are who may see it besides those at the desk."""

    kind: DocumentKind
    title: Name
    dated_on: Day | None = None
    expires_on: Day | None = None
    audiences: Annotated[list[Audience], Field(max_length=len(Audience))] = Field(default_factory=list)


class NewDocument(DocumentInput):
    """A document of a building, or of a home, a tenancy or an asset in it; or one of a firm. Its file comes later."""

    property_id: UUID | None = None
    unit_id: UUID | None = None
    tenancy_id: UUID | None = None
    asset_id: UUID | None = None
    contractor_id: UUID | None = None


class DocumentView(View):
    """A document; its pages can be looked at once its state is `ready`, and until then `pagesDrawn` grows."""

    id: UUID
    property_id: UUID | None
    unit_id: UUID | None
    tenancy_id: UUID | None
    asset_id: UUID | None
    contractor_id: UUID | None
    kind: DocumentKind
    title: str
    dated_on: date | None
    expires_on: date | None
    audiences: list[Audience]
    state: DocumentStatus
    refusal: DocumentRefusal | None = Field(description="Why its pages can't be shown.")
    page_count: int | None
    pages_drawn: int
    added_at: datetime
    is_withdrawn: bool
    version: int


class DocumentList(View):
    """The documents of a building or of a firm, the newest first."""

    items: list[DocumentView]


class PageView(View):
    """A page as a picture, at an address that runs out."""

    number: int
    url: str
    width: int
    height: int


class OpenedDocument(DocumentView):
    """A document and its pages."""

    pages: list[PageView]


@router.get("/documents")
async def list_documents(
    work: Reading,
    property_id: Annotated[UUID | None, Query(alias="property", description="The building whose documents.")] = None,
    contractor_id: Annotated[UUID | None, Query(alias="contractor", description="Or the firm whose documents.")] = None,
) -> ApiResponse[DocumentList]:
    """List the documents of a building, all that is in it included, or of a firm."""
    service = DocumentService(work)
    if property_id and not contractor_id:
        found = await service.of_property(property_id)
    elif contractor_id and not property_id:
        found = await service.of_contractor(contractor_id)
    else:
        raise Invalid(fields={"property": Reason("one-subject")})
    return ApiResponse(data=DocumentList(items=[_shown(document) for document in found]))


@router.post("/documents", status_code=201)
async def add_document(new: NewDocument, work: Writing) -> ApiResponse[DocumentView]:
    """Announce a document; its file is sent next, within a day."""
    subject = Subject(
        property_id=new.property_id,
        unit_id=new.unit_id,
        tenancy_id=new.tenancy_id,
        asset_id=new.asset_id,
        contractor_id=new.contractor_id,
    )
    return ApiResponse(data=_shown(await DocumentService(work).expect(subject, _facts(new))))


@router.post("/documents/{document_id}/file", status_code=202, openapi_extra=RAW)
async def send_document(
    document_id: UUID, request: Request, opening: Annotated[Opening, permitted_anew(Permission.PROPERTIES_WRITE)]
) -> ApiResponse[DocumentView]:
    """Send the file of a document that was announced; its pages can be seen a moment later, the file never."""
    services: Services = request.app.state.services
    async with opening() as work:
        document = await DocumentService(work).awaits_file(document_id)
    file_id, digest = new_id(), sha256()
    path = original_of(document.org_id, file_id)

    async def hashed() -> AsyncIterator[bytes]:
        async for part in request.stream():
            digest.update(part)
            yield part

    try:
        size = await services.files.put_stream(path, hashed(), at_most=LARGEST_DOCUMENT)
    except ClientDisconnect:
        raise UploadCutOff from None
    try:
        async with opening() as work:
            document = await DocumentService(work).receive(document_id, file_id, size=size, sha256=digest.digest())
            told = _shown(document)
    except DomainError:  # after any other failure nobody knows whether it was kept: the hourly sweep will look
        await services.files.delete(path)
        raise
    return ApiResponse(data=told)


@router.get("/documents/{document_id}")
async def open_document(
    document_id: UUID, request: Request, response: Response, work: Reading
) -> ApiResponse[OpenedDocument]:
    """Open a document: its pages as pictures. Each opening is written down in the audit log."""
    services: Services = request.app.state.services
    document = await DocumentService(work).open(document_id)
    now = services.clock()
    is_ready = document.status is DocumentStatus.READY
    pages = [
        PageView(
            number=number,
            url=services.page_links.address(document.org_id, document.id, number, now),
            width=width,
            height=height,
        )
        for number, (width, height) in enumerate(document.pages if is_ready else [], 1)
    ]
    response.headers["ETag"] = name_version(document.version)
    return ApiResponse(data=OpenedDocument(**dict(_shown(document)), pages=pages))


@router.put("/documents/{document_id}")
async def change_document(
    document_id: UUID, new: DocumentInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[DocumentView]:
    """Put right what is written down about a document."""
    service = DocumentService(work)
    async with showing(partial(_current, service, document_id)):
        document = await service.change(document_id, _facts(new), version=version)
    response.headers["ETag"] = name_version(document.version)
    return ApiResponse(data=_shown(document))


@router.put("/documents/{document_id}/withdrawal")
async def withdraw_document(document_id: UUID, work: Writing) -> ApiResponse[DocumentView]:
    """Show a document to nobody any more; after a day it is removed for good."""
    return ApiResponse(data=_shown(await DocumentService(work).withdraw(document_id)))


@router.delete("/documents/{document_id}/withdrawal")
async def bring_document_back(document_id: UUID, work: Writing) -> ApiResponse[DocumentView]:
    """Show a withdrawn document again, as long as it is there."""
    return ApiResponse(data=_shown(await DocumentService(work).bring_back(document_id)))


@router.get("/document-pages/{document_id}/{number}", response_class=Response, responses=SHOWN)
@public("its signature, which runs out, is given only to those who may see the document")
async def show_page(
    document_id: UUID,
    number: Annotated[int, Path(ge=1, le=MOST_PAGES)],
    request: Request,
    expires: Annotated[int, Query(ge=0, le=10**11)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """Show a page of a document as a picture. Nobody is ever given the file that was sent."""
    services: Services = request.app.state.services
    now = services.clock()
    org_id = services.page_links.organisation_of(document_id, str(number), expires, signature, now)
    try:
        page = await services.files.get(page_of(org_id, document_id, number))
    except FileNotFoundError:
        raise NotFound("no-such-document") from None
    return Response(
        page,
        media_type="image/jpeg",
        headers={
            "Content-Security-Policy": RUNS_NOTHING,
            "Cache-Control": f"private, max-age={lasts(expires, now)}, immutable",
            "Content-Disposition": f'inline; filename="page-{number}.jpg"',
        },
    )


def _facts(new: DocumentInput) -> DocumentFacts:
    return DocumentFacts(
        kind=new.kind,
        title=new.title,
        dated_on=new.dated_on,
        expires_on=new.expires_on,
        audiences=new.audiences,
    )


async def _current(service: DocumentService, document_id: UUID) -> DocumentView:
    return _shown(await service.one(document_id))


def _shown(document: Document) -> DocumentView:
    return DocumentView(
        id=document.id,
        property_id=document.property_id,
        unit_id=document.unit_id,
        tenancy_id=document.tenancy_id,
        asset_id=document.asset_id,
        contractor_id=document.contractor_id,
        kind=document.kind,
        title=document.title,
        dated_on=document.dated_on,
        expires_on=document.expires_on,
        audiences=[Audience(one) for one in document.audiences],
        state=document.status,
        refusal=document.refusal,
        page_count=document.page_count,
        pages_drawn=len(document.pages),
        added_at=document.added_at,
        is_withdrawn=document.withdrawn_at is not None,
        version=document.version,
    )
