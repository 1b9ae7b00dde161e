"""Landlords and their portfolios over HTTP."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from maintainuk.api.contact import LARGEST_SUM, Name, Reference
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.people import PersonInput, Spoken
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.landlords import LandlordFacts, LandlordService, PortfolioFacts
from maintainuk.application.people import PersonFacts
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/landlords", tags=["landlords"])

LIST_CURSORS: Cursors[tuple[UUID]] = Cursors(tuple[UUID])
Pence = Annotated[int | None, Field(ge=0, le=LARGEST_SUM, description="Pence; null: always ask.")]
Reading = Annotated[UnitOfWork, permitted(Permission.PEOPLE_READ)]
Writing = Annotated[UnitOfWork, permitted(Permission.PEOPLE_WRITE)]


class PortfolioView(View):
    """Homes of one landlord that are treated alike; its own sums (pence) come before the landlord's."""

    id: UUID
    name: str
    approval_limit: int | None
    emergency_limit: int | None
    properties: int
    version: int


class LandlordRow(View):
    """An owner of homes: a company with a person to speak to, or a person."""

    id: UUID
    name: str
    company: str | None
    person_id: UUID
    person_name: str
    portfolios: list[PortfolioView]


class OwnerList(View):
    """A page of landlords, the newest first; `nextCursor` asks for what follows."""

    items: list[LandlordRow]
    next_cursor: str | None


class OwnerView(LandlordRow):
    """All that is known of a landlord; sums in pence, null: always ask."""

    email: str | None
    phone: Spoken
    approval_limit: int | None
    emergency_limit: int | None
    external_reference: str | None
    version: int


class LandlordInput(Input):
    """What is known of a landlord, and up to what sum is decided for them."""

    company: Reference = None
    approval_limit: Pence = None
    emergency_limit: Pence = None
    external_reference: Reference = None


class NewLandlord(LandlordInput):
    """A new landlord: somebody whom the organisation knows (`personId`), or somebody new (`person`)."""

    person_id: UUID | None = None
    person: PersonInput | None = None


class PortfolioInput(Input):
    """Homes that are treated alike."""

    name: Name
    approval_limit: Pence = None
    emergency_limit: Pence = None


@router.get("")
async def list_landlords(
    work: Reading,
    *,
    q: Annotated[
        str, Query(max_length=200, description="Words of a company or a name, or your reference."), AfterValidator(line)
    ] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[OwnerList]:
    """List landlords, the newest first, each with their portfolios."""
    place = LIST_CURSORS.read(cursor, "newest")
    found = await LandlordService(work).page(q, after=place[0] if place else None, limit=limit + 1)
    return ApiResponse(
        data=OwnerList(
            items=[LandlordRow.model_validate(one) for one in found[:limit]],
            next_cursor=LIST_CURSORS.next("newest", [(one["id"],) for one in found], limit),
        )
    )


@router.post("", status_code=201)
async def add_landlord(new: NewLandlord, response: Response, work: Writing) -> ApiResponse[OwnerView]:
    """Add a landlord."""
    service = LandlordService(work)
    person = PersonFacts(**dict(new.person)) if new.person else None
    landlord_id = await service.add(_facts(new), person_id=new.person_id, person=person)
    response.headers["Location"] = f"{router.prefix}/{landlord_id}"
    return await _shown(service, landlord_id, response)


@router.get("/{landlord_id}")
async def read_landlord(landlord_id: UUID, response: Response, work: Reading) -> ApiResponse[OwnerView]:
    """Read a landlord with their portfolios."""
    return await _shown(LandlordService(work), landlord_id, response)


@router.put("/{landlord_id}")
async def change_landlord(
    landlord_id: UUID, new: LandlordInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[OwnerView]:
    """Put a landlord right."""
    service = LandlordService(work)
    async with showing(partial(_current, service, landlord_id)):
        await service.change(landlord_id, _facts(new), version=version)
    return await _shown(service, landlord_id, response)


@router.post("/{landlord_id}/portfolios", status_code=201)
async def add_portfolio(
    landlord_id: UUID, new: PortfolioInput, response: Response, work: Writing
) -> ApiResponse[OwnerView]:
    """Give a landlord one more portfolio."""
    service = LandlordService(work)
    await service.add_portfolio(landlord_id, PortfolioFacts(**dict(new)))
    return await _shown(service, landlord_id, response)


@router.put("/{landlord_id}/portfolios/{portfolio_id}")
async def change_portfolio(  # noqa: PLR0913, PLR0917  (the parts of one request)
    landlord_id: UUID, portfolio_id: UUID, new: PortfolioInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[OwnerView]:
    """Put a portfolio right, and return its landlord."""
    service = LandlordService(work)
    async with showing(partial(_current, service, landlord_id)):
        await service.change_portfolio(landlord_id, portfolio_id, PortfolioFacts(**dict(new)), version=version)
    return await _shown(service, landlord_id, response)


def _facts(new: LandlordInput) -> LandlordFacts:
    return LandlordFacts(**{name: getattr(new, name) for name in LandlordInput.model_fields})


async def _current(service: LandlordService, landlord_id: UUID) -> OwnerView:
    return OwnerView.model_validate(await service.read(landlord_id))


async def _shown(service: LandlordService, landlord_id: UUID, response: Response) -> ApiResponse[OwnerView]:
    shown = await _current(service, landlord_id)
    response.headers["ETag"] = name_version(shown.version)
    return ApiResponse(data=shown)
