"""Photos of repairs over HTTP: sent bit by bit, shown by addresses that run out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request, Response
from pydantic import AwareDatetime, Field
from starlette.requests import ClientDisconnect

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.links import Visit, Visiting, visiting, visiting_anew
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew, public
from maintainuk.application.photos import PhotoService, Upload
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import DomainError, NotFound, UploadCutOff
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.permissions import Permission
from maintainuk.domain.photos import (
    LARGEST_PHOTO,
    Photo,
    PhotoRefusal,
    PhotoSize,
    PhotoStatus,
    copy_of,
    original_of,
)
from maintainuk.infrastructure.security.photo_links import lasts

router = Router(prefix="/api/v1", tags=["photos"])

UploadKey = Annotated[
    UUID, Header(alias="X-Upload-Key", description="Made once for each photo: sent again, it is the same photo.")
]
CapturedAt = Annotated[
    AwareDatetime | None,
    Header(alias="X-Captured-At", description="When it was taken, for a copy that no longer says so itself."),
]
RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: JPEG, PNG, WebP or HEIC, at most 25 MB and 50 megapixels.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}
SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The copy.", "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
RUNS_NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"


class PhotoView(View):
    """A photo of a repair; it can be looked at once its state is `ready`."""

    id: UUID
    state: PhotoStatus
    refusal: PhotoRefusal | None = Field(description="Why it can't be shown.")
    url: str | None
    thumbnail_url: str | None
    width: int | None
    height: int | None
    captured_at: datetime | None
    received_at: datetime
    is_from_tenant: bool


class PhotoList(View):
    """A report's photos, in the order they came."""

    items: list[PhotoView]


@router.post("/reports/photos", status_code=202, openapi_extra=RAW)
async def send_photo(
    request: Request,
    visits: Annotated[Visiting, visiting_anew(LinkPurpose.STATUS)],
    key: UploadKey,
    captured_at: CapturedAt = None,
) -> ApiResponse[PhotoView]:
    """Add a photo to one's report; it can be seen a moment later."""
    async with visits() as visit:
        ticket_id = visit.link.subject_id

    @asynccontextmanager
    async def opening() -> AsyncIterator[UnitOfWork]:
        async with visits() as visit:
            yield visit.work

    return ApiResponse(data=await take_in(request, opening, ticket_id, key, captured_at))


@router.get("/reports/photos")
async def own_photos(request: Request, visit: Annotated[Visit, visiting(LinkPurpose.STATUS)]) -> ApiResponse[PhotoList]:
    """List the photos of one's report in the order they came."""
    return ApiResponse(data=PhotoList(items=await photos_of(request, visit.work, visit.link.subject_id)))


@router.post("/tickets/{ticket_id}/photos", status_code=202, openapi_extra=RAW)
async def add_photo(
    ticket_id: UUID,
    request: Request,
    opening: Annotated[Opening, permitted_anew(Permission.TICKETS_UPDATE)],
    key: UploadKey,
    captured_at: CapturedAt = None,
) -> ApiResponse[PhotoView]:
    """Add a photo to a ticket; it can be seen a moment later."""
    return ApiResponse(data=await take_in(request, opening, ticket_id, key, captured_at))


@router.get("/tickets/{ticket_id}/photos")
async def list_photos(
    ticket_id: UUID, request: Request, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]
) -> ApiResponse[PhotoList]:
    """List a ticket's photos in the order they came."""
    return ApiResponse(data=PhotoList(items=await photos_of(request, work, ticket_id)))


@router.get("/photos/{photo_id}", response_class=Response, responses=SHOWN)
@public("its signature, which runs out, is given only to those who may see the photo")
async def show_photo(
    photo_id: UUID,
    request: Request,
    size: PhotoSize,
    expires: Annotated[int, Query(ge=0, le=10**11)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """Show a copy of a photo. Nobody is ever shown the file that was sent."""
    services: Services = request.app.state.services
    now = services.clock()
    org_id = services.photo_links.organisation_of(photo_id, size, expires, signature, now)
    try:
        copy = await services.files.get(copy_of(org_id, photo_id, size))
    except FileNotFoundError:
        raise NotFound("no-such-photo") from None
    return Response(
        copy,
        media_type="image/jpeg",
        headers={
            "Content-Security-Policy": RUNS_NOTHING,
            "Cache-Control": f"private, max-age={lasts(expires, now)}, immutable",
            "Content-Disposition": f'inline; filename="photo-{photo_id}.jpg"',
        },
    )


async def take_in(
    request: Request, opening: Opening, ticket_id: UUID, key: UUID, captured_at: datetime | None
) -> PhotoView:
    """Keep the file that the request's body holds, and say so in the ticket; no transaction is open meanwhile."""
    services: Services = request.app.state.services
    async with opening() as work:
        if known := await PhotoService(work).expect(ticket_id, key):
            return shown(services, known)
        org_id = work.actor.org_id
    photo_id = new_id()
    path = original_of(org_id, photo_id)
    try:
        size = await services.files.put_stream(path, request.stream(), at_most=LARGEST_PHOTO)
    except ClientDisconnect:
        raise UploadCutOff from None
    upload = Upload(photo_id=photo_id, key=key, size=size, captured_at=captured_at)
    try:
        async with opening() as work:
            photo = await PhotoService(work).receive(ticket_id, upload)
            told = shown(services, photo)
    except DomainError:  # after any other failure nobody knows whether it was kept: the hourly sweep will look
        await services.files.delete(path)
        raise
    if photo.id != photo_id:
        await services.files.delete(path)
    return told


async def photos_of(request: Request, work: UnitOfWork, ticket_id: UUID) -> list[PhotoView]:
    """Return a ticket's photos with addresses that work for a while."""
    services: Services = request.app.state.services
    return [shown(services, photo) for photo in await PhotoService(work).of_ticket(ticket_id)]


def shown(services: Services, photo: Photo) -> PhotoView:
    """Return what may be known of a photo by those who may see it."""
    addresses: dict[PhotoSize, str] = {}
    if photo.status is PhotoStatus.READY:
        now = services.clock()
        addresses = {size: services.photo_links.address(photo.org_id, photo.id, size, now) for size in PhotoSize}
    return PhotoView(
        id=photo.id,
        state=photo.status,
        refusal=photo.refusal,
        url=addresses.get(PhotoSize.DISPLAY),
        thumbnail_url=addresses.get(PhotoSize.THUMBNAIL),
        width=photo.width,
        height=photo.height,
        captured_at=photo.captured_at,
        received_at=photo.received_at,
        is_from_tenant=photo.uploaded_by is None,
    )
