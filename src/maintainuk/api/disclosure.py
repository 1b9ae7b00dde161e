"""Looking through what is known of somebody, and handing it to them, over HTTP."""

import asyncio
import base64
import json
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.html_pages import TEXTS, rendered
from maintainuk.api.preconditions import IfMatch
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew
from maintainuk.application.disclosure import Copy, DisclosureService, Review
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.disclosure import Hidden, Piece
from maintainuk.domain.permissions import Permission
from maintainuk.domain.photos import PhotoSize, copy_of
from maintainuk.domain.values import line
from maintainuk.infrastructure.csv_export import table
from maintainuk.infrastructure.personal_archive import archive

router = Router(prefix="/api/v1/privacy/requests", tags=["privacy"])

MOST_WORDS, LONGEST_WORDS, MOST_KEYS = 200, 200, 2_000
WORDS = {hidden: TEXTS["copy"][f"hidden-{hidden}"] for hidden in Hidden}
COLUMNS = ("at", "about", "kind", "text")

Hiding = Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(line), Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z]+:[0-9a-f-]{36}$")]
Answering = Annotated[UnitOfWork, permitted(Permission.PRIVACY_DSAR)]
Anew = Annotated[Opening, permitted_anew(Permission.PRIVACY_DSAR)]


class ReviewPiece(View):
    """Something that was said or written down: as it stands, and as the person will read it."""

    key: str
    kind: str
    about: str
    at: str
    said: str
    shown: str
    is_internal: bool
    is_left_out: bool


class ReviewPhoto(View):
    """A photo they sent; `address` shows it for a while without a token."""

    key: str
    about: str
    address: str
    is_left_out: bool


class ReviewView(View):
    """What somebody looks through before a copy goes out. `words` are hidden besides what was found."""

    person_name: str
    pieces: list[ReviewPiece]
    photos: list[ReviewPhoto]
    words: list[str]
    released_at: datetime | None
    version: int


class ReviewInput(Input):
    """What to hide everywhere, and what to leave out whole."""

    words: Annotated[list[Hiding], Field(max_length=MOST_WORDS)]
    left_out: Annotated[list[Key], Field(max_length=MOST_KEYS)]


class ReleasedCopy(View):
    """That a copy may go out: since when."""

    released_at: datetime
    version: int


class PersonalArchive(View):
    """One ZIP file (base64): a page to read, the same for programs, a table, and photos."""

    file_name: str
    content: str
    files: int


@router.get("/{request_id}/review")
async def review_copy(request: Request, work: Answering, request_id: UUID) -> ApiResponse[ReviewView]:
    """Read all that is known of whoever asked, with what is about others hidden. Each look is audited."""
    return _shown(request, work, await DisclosureService(work, WORDS).review(request_id))


@router.put("/{request_id}/review")
async def decide_copy(
    request: Request, work: Answering, request_id: UUID, new: ReviewInput, version: IfMatch
) -> ApiResponse[ReviewView]:
    """Hide more words, or leave pieces out; a copy that was released has to be released again."""
    service = DisclosureService(work, WORDS)
    return _shown(
        request, work, await service.decide(request_id, more=new.words, left_out=new.left_out, version=version)
    )


@router.put("/{request_id}/release")
async def release_copy(work: Answering, request_id: UUID, version: IfMatch) -> ApiResponse[ReleasedCopy]:
    """Say that somebody has looked through the copy: for 30 days it can be taken along."""
    await DisclosureService(work, WORDS).release(request_id, version=version)
    await work.session.flush()
    return ApiResponse(data=ReleasedCopy(released_at=work.now, version=version + 1))


@router.get("/{request_id}/archive")
async def take_copy(request: Request, opening: Anew, request_id: UUID) -> ApiResponse[PersonalArchive]:
    """Take the released copy along, made anew each time: none is kept. Each taking is audited."""
    services: Services = request.app.state.services
    async with opening() as work:
        copy = await DisclosureService(work, WORDS).take(request_id)
    files = _files(copy)
    for number, (photo, about) in enumerate(copy.photos, start=1):
        picture = await services.files.get(copy_of(photo.org_id, photo.id, PhotoSize.DISPLAY))
        files[f"photos/{about}-{number}.jpg"] = picture
    packed = await asyncio.to_thread(archive, files)
    name = f"personal-data-{copy.released_at:%Y-%m-%d}.zip"
    return ApiResponse(
        data=PersonalArchive(file_name=name, content=base64.b64encode(packed).decode(), files=len(files))
    )


def _files(copy: Copy) -> dict[str, bytes | str]:
    told = [
        {"at": one.piece.at, "about": _about(one.piece), "kind": one.piece.kind, "text": one.text}
        for one in copy.pieces
    ]
    whole = {**copy.facts, "pieces": told, "photos": len(copy.photos)}
    return {
        "personal-data.html": rendered("personal_data.html", facts=copy.facts, pieces=told, photos=len(copy.photos)),
        "personal-data.json": json.dumps(whole, indent=2, ensure_ascii=False, default=_plain),
        "personal-data.csv": table(COLUMNS, [[one[column] for column in COLUMNS] for one in told]),
    }


def _about(piece: Piece) -> str:
    """Return what a piece is about in words: the reference of a repair says it already."""
    return TEXTS["copy-about"].get(f"{piece.kind}.{piece.about}", piece.about)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(request: Request, work: UnitOfWork, review: Review) -> ApiResponse[ReviewView]:
    links = request.app.state.services.photo_links
    return ApiResponse(
        data=ReviewView(
            person_name=review.name,
            pieces=[
                ReviewPiece(
                    key=one.piece.key,
                    kind=one.piece.kind,
                    about=_about(one.piece),
                    at=one.piece.at,
                    said=one.piece.said,
                    shown=one.text,
                    is_internal=one.piece.is_internal,
                    is_left_out=one.is_left_out,
                )
                for one in review.pieces
            ],
            photos=[
                ReviewPhoto(
                    key=f"photo:{photo.id}",
                    about=about,
                    address=links.address(photo.org_id, photo.id, PhotoSize.THUMBNAIL, work.now),
                    is_left_out=is_left_out,
                )
                for photo, about, is_left_out in review.photos
            ],
            words=list(review.more),
            released_at=review.request.released_at,
            version=review.request.version,
        )
    )
