"""Hints over HTTP, and what is told about the place of a ticket."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field

from maintainuk.api.assets import AssetView
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.preconditions import IfMatch, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.hints import HintFacts, HintService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.hints import LONGEST_HINT, Hint, HintKind
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import prose

router = Router(prefix="/api/v1", tags=["hints"])


class HintView(View):
    """Something to know about a building, or about one home in it; an alert says that somebody may come to harm."""

    id: UUID
    property_id: UUID
    unit_id: UUID | None
    kind: HintKind
    text: str
    starts_on: date
    ends_on: date | None
    is_alert: bool
    version: int


class HintList(View):
    """The hints of a building, those that still hold first."""

    items: list[HintView]


class HintInput(Input):
    """What is to be known; nothing about a person belongs here, because contractors read it too."""

    kind: HintKind
    text: Annotated[str, Field(max_length=LONGEST_HINT), AfterValidator(prose)] = ""
    starts_on: Day
    ends_on: Day | None = None


class NewHint(HintInput):
    """A hint for a building, or for one home in it."""

    property_id: UUID
    unit_id: UUID | None = None


class SiteView(View):
    """What whoever deals with a ticket must know of its place.

    `instructions` say what a visit has to heed because of who lives there, and never why; they are empty for readers
    who may not know them. `warranties` are what its maker still answers for.
    """

    hints: list[HintView]
    instructions: list[str]
    warranties: list[AssetView]


@router.get("/hints")
async def list_hints(
    work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)],
    property_id: Annotated[UUID, Query(alias="property", description="The building whose hints are wanted.")],
) -> ApiResponse[HintList]:
    """List the hints of a building."""
    return ApiResponse(data=HintList(items=[_shown(hint) for hint in await HintService(work).of(property_id)]))


@router.post("/hints", status_code=201)
async def add_hint(
    new: NewHint, work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]
) -> ApiResponse[HintView]:
    """Write down what is to be known of a building."""
    return ApiResponse(data=_shown(await HintService(work).add(new.property_id, new.unit_id, _facts(new))))


@router.put("/hints/{hint_id}")
async def change_hint(
    hint_id: UUID, new: HintInput, version: IfMatch, work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]
) -> ApiResponse[HintView]:
    """Put a hint right, or end it."""
    service = HintService(work)
    async with showing(partial(_current, service, hint_id)):
        hint = await service.change(hint_id, _facts(new), version=version)
    return ApiResponse(data=_shown(hint))


@router.get("/tickets/{ticket_id}/site")
async def read_site(
    ticket_id: UUID, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]
) -> ApiResponse[SiteView]:
    """Read what is to be known of a ticket's place today: hints, what a visit has to heed, and warranties."""
    site = await HintService(work).site(ticket_id)
    return ApiResponse(
        data=SiteView(
            hints=[_shown(hint) for hint in site.hints],
            instructions=list(site.instructions),
            warranties=[AssetView.model_validate(asset, from_attributes=True) for asset in site.warranties],
        )
    )


def _facts(new: HintInput) -> HintFacts:
    return HintFacts(kind=new.kind, text=new.text, starts_on=new.starts_on, ends_on=new.ends_on)


async def _current(service: HintService, hint_id: UUID) -> HintView:
    return _shown(await service.one(hint_id))


def _shown(hint: Hint) -> HintView:
    return HintView.model_validate(
        {name: getattr(hint, name) for name in HintView.model_fields if name != "is_alert"}
        | {"is_alert": hint.kind.is_alert}
    )
