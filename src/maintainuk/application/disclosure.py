"""Handing somebody all that is known of them, after a person has looked through it for what is about others."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.disclosure import Hidden, Piece, Redaction, Subject
from maintainuk.domain.errors import ChangedMeanwhile
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.photos import Photo
from maintainuk.domain.privacy import CopyNotReleased, PrivacyRequest, PrivacyRequestKind
from maintainuk.domain.values import national_number
from maintainuk.infrastructure.repositories.disclosure import Disclosures
from maintainuk.infrastructure.repositories.privacy import Privacy

OPEN_FOR = timedelta(days=30)
"""So long a released copy can be fetched again; then somebody releases it anew."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as it was said, as the person will read it, and whether somebody has left it out."""

    piece: Piece
    text: str
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What a person looks through before a copy goes out."""

    request: PrivacyRequest
    name: str
    pieces: Sequence[Shown]
    photos: Sequence[tuple[Photo, str, bool]]
    more: Sequence[str]


@dataclass(frozen=True, slots=True)
class Copy:
    """What goes out: nothing in it was hidden or left out."""

    facts: Mapping[str, Any]
    pieces: Sequence[Shown]
    photos: Sequence[tuple[Photo, str]]
    released_at: datetime


class DisclosureService:
    """Copies of what is known of people. `words` stand in the place of what is hidden."""

    def __init__(self, work: UnitOfWork, words: Mapping[Hidden, str]) -> None:
        self.work = work
        self.words = words
        self.found = Disclosures(work.session)

    async def review(self, request_id: UUID) -> Review:
        """Return everything, with what is proposed to be hidden. Raises `NotFound`; each look is audited."""
        request, person = await self._request(request_id)
        self._note("PersonExported", request)
        return await self._reviewed(request, person)

    async def decide(
        self, request_id: UUID, *, more: Collection[str], left_out: Collection[str], version: int
    ) -> Review:
        """Hide these words besides and leave these pieces out; what was released before is so no longer."""
        request, person = await self._request(request_id, version)
        request.reviewed(json.dumps({"more": sorted(more), "left_out": sorted(left_out)}))
        await self.work.session.flush()
        self._note("PersonalCopyReviewed", request, {"words": len(more), "left_out": len(left_out)})
        return await self._reviewed(request, person)

    async def release(self, request_id: UUID, *, version: int) -> None:
        """Say that somebody has looked through the copy, and that it may go out. Raises `CopyNotReleased`."""
        request, _ = await self._request(request_id, version)
        if not await self.found.was_looked_through(request):
            raise CopyNotReleased("copy-not-looked-through")
        request.released(at=self.work.now)
        self._note("PersonalCopyReleased", request)

    async def take(self, request_id: UUID) -> Copy:
        """Return what goes out. Raises `CopyNotReleased`, also when that was too long ago."""
        request, person = await self._request(request_id)
        if request.released_at is None or request.released_at < self.work.now - OPEN_FOR:
            raise CopyNotReleased
        review = await self._reviewed(request, person)
        known = await Privacy(self.work.session).known(person)
        self._note("PersonalCopyTaken", request)
        facts = {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "language": person.language,
            "homes": known["homes"],
            "letters": [
                {
                    "template": one.template.value,
                    "channel": one.channel.value,
                    "status": one.status.value,
                    "at": one.created_at,
                }
                for one in known["letters"]
            ],
        }
        return Copy(
            facts,
            [one for one in review.pieces if not one.is_left_out],
            [(photo, about) for photo, about, is_left_out in review.photos if not is_left_out],
            request.released_at,
        )

    async def _reviewed(self, request: PrivacyRequest, person: Any) -> Review:  # noqa: ANN401  (a person)
        decided = json.loads(request.review or "{}")
        more, left_out = decided.get("more", []), set(decided.get("left_out", []))
        subject = Subject(
            person.name,
            frozenset({person.email.casefold()} if person.email else ()),
            frozenset({national_number(person.phone)} if person.phone else ()),
        )
        redaction = Redaction(subject, await self.found.others(person), more, self.words)
        pieces = [
            Shown(piece, redaction.of(piece.said), piece.key in left_out) for piece in await self.found.pieces(person)
        ]
        photos = [(photo, about, f"photo:{photo.id}" in left_out) for photo, about in await self.found.photos(person)]
        return Review(request, person.name, pieces, photos, more)

    async def _request(self, request_id: UUID, version: int | None = None) -> tuple[PrivacyRequest, Any]:
        self.work.actor.require(Permission.PRIVACY_DSAR, at_least=Scope.ORG)
        request, person = await Privacy(self.work.session).request(request_id)
        if version is not None and request.version != version:
            raise ChangedMeanwhile
        request.must_be(PrivacyRequestKind.ACCESS)
        return request, person

    def _note(self, action: str, request: PrivacyRequest, data: Mapping[str, Any] | None = None) -> None:
        told = {"request_id": str(request.id), **(data or {})}
        self.work.audit(action, subject_id=request.person_id, data=told)
