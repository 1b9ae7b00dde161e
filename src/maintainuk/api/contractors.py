"""Contractors over HTTP: who they are, what they show, and who comes for them."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from maintainuk.api.contact import Name, Note, Reference
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.landlords import Pence
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.people import PersonInput, Spoken
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.properties import Named
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.api.wording import mistake
from maintainuk.application.contractors import AccreditationFacts, ContractorFacts, ContractorService
from maintainuk.application.people import PersonFacts
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.contractors import ContractorStatus, Scheme
from maintainuk.domain.errors import Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.postcodes import area, postcode
from maintainuk.domain.taxonomy import Trade
from maintainuk.domain.values import line
from maintainuk.infrastructure.repositories.contractors import ContractorFilter

router = Router(prefix="/api/v1/contractors", tags=["contractors"])

LIST_CURSORS: Cursors[tuple[str, UUID]] = Cursors(tuple[str, UUID])
MOST_AREAS = 300
Reading = Annotated[UnitOfWork, permitted(Permission.CONTRACTORS_READ)]
Managing = Annotated[UnitOfWork, permitted(Permission.CONTRACTORS_MANAGE)]


def _place(text: str) -> str:
    """Return a whole postcode, or the district or area of one, in one way of writing."""
    if not text.strip():
        return ""
    try:
        return postcode(text)
    except ValueError:
        return _area(text)


def _area(text: str) -> str:
    try:
        return area(text)
    except ValueError:
        raise mistake(Reason("area-unknown")) from None


class ContractorRow(View):
    """A firm as lists show it; the counts are of what it shows: run out, running out within 30 days, unchecked."""

    id: UUID
    name: str
    trades: list[Trade]
    areas: list[str]
    status: ContractorStatus
    external_reference: str | None
    expired: int
    expiring: int
    unapproved: int


class ContractorList(View):
    """A page of contractors, by name; `nextCursor` asks for what follows."""

    items: list[ContractorRow]
    next_cursor: str | None


class ContactView(View):
    """Whom to ring at a firm."""

    id: UUID
    name: str
    email: str | None
    phone: Spoken


class AccreditationView(View):
    """What a firm shows; it counts (`isGood`) once somebody has approved it, until it runs out. `cover` in pence."""

    id: UUID
    scheme: Scheme
    number: str
    expires_on: date
    cover: int | None
    approved_at: datetime | None
    is_good: bool
    version: int


class OperativeView(View):
    """Somebody who comes for a firm."""

    id: UUID
    person: Named
    card: str | None
    left_on: date | None


class ContractorView(ContractorRow):
    """All that is known of a firm."""

    suspension: str | None
    account_since: datetime | None = Field(description="Since when somebody of the firm administers its account here.")
    contact: ContactView | None
    accreditations: list[AccreditationView]
    operatives: list[OperativeView]
    version: int


class ContractorInput(Input):
    """What is known of a firm; `areas` are postcode areas or districts (`LS`, `BD3`), none: everywhere."""

    name: Name
    trades: Annotated[list[Trade], Field(max_length=len(Trade))]
    areas: Annotated[list[Annotated[str, AfterValidator(_area)]], Field(max_length=MOST_AREAS)]
    contact: PersonInput | None = Field(None, description="Whom to ring from now on; left out, nothing changes.")
    external_reference: Reference = None


class ContractorStatusInput(Input):
    """Whether a firm is given work; a suspension has a reason."""

    status: ContractorStatus
    reason: Note = None


class AccreditationInput(Input):
    """What a firm shows; insurance names the sum insured in pence."""

    scheme: Scheme
    number: Name
    expires_on: Day
    cover: Pence = None


class OperativeInput(Input):
    """Somebody who comes for a firm, and the number on their card."""

    person: PersonInput
    card: Reference = None


Near = Annotated[
    str, AfterValidator(_place), Query(max_length=20, description="A postcode or a part of one: who comes there.")
]


@router.get("")
async def list_contractors(  # noqa: PLR0913  (one parameter for each filter)
    work: Reading,
    *,
    q: Annotated[
        str, Query(max_length=200, description="Part of the name, or your reference."), AfterValidator(line)
    ] = "",
    trade: Trade | None = None,
    status: ContractorStatus | None = None,
    near: Near = "",
    on: Annotated[
        date | None,
        Query(description="Who may be given work that day: active, insured, and Gas Safe where the trade is gas."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[ContractorList]:
    """List contractors by name."""
    wanted = ContractorFilter(words=q, trade=trade, status=status, near=near, on=on)
    found = await ContractorService(work).page(wanted, after=LIST_CURSORS.read(cursor, "name"), limit=limit + 1)
    return ApiResponse(
        data=ContractorList(
            items=[ContractorRow.model_validate(one) for one in found[:limit]],
            next_cursor=LIST_CURSORS.next("name", [(one["name"], one["id"]) for one in found], limit),
        )
    )


@router.post("", status_code=201)
async def add_contractor(new: ContractorInput, response: Response, work: Managing) -> ApiResponse[ContractorView]:
    """Add a firm."""
    service = ContractorService(work)
    contractor_id = await service.add(_facts(new))
    response.headers["Location"] = f"{router.prefix}/{contractor_id}"
    return await _shown(service, contractor_id, response)


@router.get("/{contractor_id}")
async def read_contractor(contractor_id: UUID, response: Response, work: Reading) -> ApiResponse[ContractorView]:
    """Read all that is known of a firm."""
    return await _shown(ContractorService(work), contractor_id, response)


@router.put("/{contractor_id}")
async def change_contractor(
    contractor_id: UUID, new: ContractorInput, version: IfMatch, response: Response, work: Managing
) -> ApiResponse[ContractorView]:
    """Put a firm right."""
    service = ContractorService(work)
    async with showing(partial(_current, service, contractor_id)):
        await service.change(contractor_id, _facts(new), version=version)
    return await _shown(service, contractor_id, response)


@router.put("/{contractor_id}/status")
async def change_contractor_status(
    contractor_id: UUID, new: ContractorStatusInput, version: IfMatch, response: Response, work: Managing
) -> ApiResponse[ContractorView]:
    """Give a firm no more work, for a reason, or give it work again."""
    service = ContractorService(work)
    async with showing(partial(_current, service, contractor_id)):
        await service.suspend(contractor_id, new.status, new.reason, version=version)
    return await _shown(service, contractor_id, response)


@router.post("/{contractor_id}/accreditations", status_code=201)
async def add_accreditation(
    contractor_id: UUID, new: AccreditationInput, response: Response, work: Managing
) -> ApiResponse[ContractorView]:
    """Write down what a firm shows; it counts once somebody has approved it."""
    service = ContractorService(work)
    await service.add_accreditation(contractor_id, AccreditationFacts(**dict(new)))
    return await _shown(service, contractor_id, response)


@router.put("/{contractor_id}/accreditations/{accreditation_id}")
async def change_accreditation(  # noqa: PLR0913, PLR0917  (the parts of one request)
    contractor_id: UUID,
    accreditation_id: UUID,
    new: AccreditationInput,
    version: IfMatch,
    response: Response,
    work: Managing,
) -> ApiResponse[ContractorView]:
    """Write down what it says now; it has to be approved again."""
    service = ContractorService(work)
    facts = AccreditationFacts(**dict(new))
    async with showing(partial(_current, service, contractor_id)):
        await service.change_accreditation(contractor_id, accreditation_id, facts, version=version)
    return await _shown(service, contractor_id, response)


@router.put("/{contractor_id}/accreditations/{accreditation_id}/approval")
async def approve_accreditation(
    contractor_id: UUID,
    accreditation_id: UUID,
    version: IfMatch,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.CONTRACTORS_APPROVE_ACCREDITATION)],
) -> ApiResponse[ContractorView]:
    """Note that you have found it in its register."""
    service = ContractorService(work)
    async with showing(partial(_current, service, contractor_id)):
        await service.approve_accreditation(contractor_id, accreditation_id, version=version)
    return await _shown(service, contractor_id, response)


@router.post("/{contractor_id}/operatives", status_code=201)
async def add_operative(
    contractor_id: UUID, new: OperativeInput, response: Response, work: Managing
) -> ApiResponse[ContractorView]:
    """Write down who comes for a firm."""
    service = ContractorService(work)
    await service.add_operative(contractor_id, PersonFacts(**dict(new.person)), new.card)
    return await _shown(service, contractor_id, response)


@router.put("/{contractor_id}/operatives/{operative_id}/end")
async def end_operative(
    contractor_id: UUID, operative_id: UUID, response: Response, work: Managing
) -> ApiResponse[ContractorView]:
    """Note that somebody no longer comes for a firm."""
    service = ContractorService(work)
    await service.end_operative(contractor_id, operative_id)
    return await _shown(service, contractor_id, response)


def _facts(new: ContractorInput) -> ContractorFacts:
    return ContractorFacts(
        name=new.name,
        trades=list(dict.fromkeys(new.trades)),
        areas=list(dict.fromkeys(new.areas)),
        contact=PersonFacts(**dict(new.contact)) if new.contact else None,
        external_reference=new.external_reference,
    )


async def _current(service: ContractorService, contractor_id: UUID) -> ContractorView:
    return ContractorView.model_validate(await service.read(contractor_id))


async def _shown(service: ContractorService, contractor_id: UUID, response: Response) -> ApiResponse[ContractorView]:
    shown = await _current(service, contractor_id)
    response.headers["ETag"] = name_version(shown.version)
    return ApiResponse(data=shown)
