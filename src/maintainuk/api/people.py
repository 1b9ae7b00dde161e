"""People over HTTP: how to reach them, where they live, and what a visit has to heed."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field

from maintainuk.api.contact import Email, Name, NeededNote, Note, Reference, Telephone
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.people import NeedFacts, PersonFacts, PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.people import ConsentChannel, NeedKind
from maintainuk.domain.permissions import Permission
from maintainuk.domain.tenancies import TenancyRole
from maintainuk.domain.values import line, spoken_number

router = Router(prefix="/api/v1/people", tags=["people"])

LIST_CURSORS: Cursors[tuple[UUID]] = Cursors(tuple[UUID])
Spoken = Annotated[str | None, AfterValidator(lambda number: number and spoken_number(number))]
"""A phone number as people in the United Kingdom write it."""
Reading = Annotated[UnitOfWork, permitted(Permission.PEOPLE_READ)]
Writing = Annotated[UnitOfWork, permitted(Permission.PEOPLE_WRITE)]


class PersonHome(View):
    """A home where somebody lives, or lived until a day."""

    tenancy_id: UUID
    unit_id: UUID
    unit_label: str
    property_id: UUID
    address: str
    postcode: str
    role: TenancyRole
    since: date
    until: date | None


class PersonView(View):
    """Somebody an organisation deals with."""

    id: UUID
    name: str
    email: str | None
    phone: Spoken
    language: str
    external_reference: str | None
    homes: list[PersonHome]
    version: int


class PersonList(View):
    """A page of people, the newest first; `nextCursor` asks for what follows."""

    items: list[PersonView]
    next_cursor: str | None


class PersonInput(Input):
    """How to reach somebody; phone numbers may be written in any usual way."""

    name: Name
    email: Email = None
    phone: Telephone = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})?$")] = "en"
    external_reference: Reference = None


class NeedView(View):
    """A need that somebody agreed to have written down. Contractors are told `instruction`, and nothing else of it."""

    id: UUID
    kind: NeedKind
    note: str | None
    instruction: str | None
    consented_on: date
    consent_channel: ConsentChannel
    consent_wording: str
    recorded_at: datetime
    ended_on: date | None
    version: int


class NeedList(View):
    """What somebody agreed to have written down, the newest first."""

    items: list[NeedView]


class NeedInput(Input):
    """A need, what follows from it for a visit, and how its owner agreed: when, on which way, to which words."""

    kind: NeedKind
    note: Note = None
    instruction: Note = None
    consented_on: Day
    consent_channel: ConsentChannel
    consent_wording: NeededNote


@router.get("")
async def list_people(
    work: Reading,
    *,
    q: Annotated[
        str, Query(max_length=200, description="Words of their name or of their address."), AfterValidator(line)
    ] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[PersonList]:
    """List people, the newest first, each with where they live."""
    place = LIST_CURSORS.read(cursor, "newest")
    found = await PersonService(work).page(q, after=place[0] if place else None, limit=limit + 1)
    return ApiResponse(
        data=PersonList(
            items=[PersonView.model_validate(person) for person in found[:limit]],
            next_cursor=LIST_CURSORS.next("newest", [(person["id"],) for person in found], limit),
        )
    )


@router.post("", status_code=201)
async def add_person(new: PersonInput, response: Response, work: Writing) -> ApiResponse[PersonView]:
    """Add somebody."""
    service = PersonService(work)
    person_id = await service.add(PersonFacts(**dict(new)))
    response.headers["Location"] = f"{router.prefix}/{person_id}"
    return await _shown(service, person_id, response)


@router.get("/{person_id}")
async def read_person(person_id: UUID, response: Response, work: Reading) -> ApiResponse[PersonView]:
    """Read how to reach somebody, where they live and where they lived."""
    return await _shown(PersonService(work), person_id, response)


@router.put("/{person_id}")
async def change_person(
    person_id: UUID, new: PersonInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[PersonView]:
    """Put somebody's details right."""
    service = PersonService(work)
    async with showing(partial(_current, service, person_id)):
        await service.change(person_id, PersonFacts(**dict(new)), version=version)
    return await _shown(service, person_id, response)


@router.get("/{person_id}/needs")
async def list_needs(
    person_id: UUID, work: Annotated[UnitOfWork, permitted(Permission.PEOPLE_SENSITIVE)]
) -> ApiResponse[NeedList]:
    """Read what somebody agreed to have written down. Each reading is written to the audit log."""
    needs = await PersonService(work).needs(person_id)
    return ApiResponse(data=NeedList(items=[_need(need) for need in needs]))


@router.post("/{person_id}/needs", status_code=201)
async def add_need(person_id: UUID, new: NeedInput, work: Writing) -> ApiResponse[NeedView]:
    """Write down a need that somebody agreed to have written down."""
    return ApiResponse(data=_need(await PersonService(work).add_need(person_id, NeedFacts(**dict(new)))))


@router.put("/{person_id}/needs/{need_id}/end")
async def end_need(person_id: UUID, need_id: UUID, version: IfMatch, work: Writing) -> ApiResponse[NeedView]:
    """Note that a need is over, or that its owner has withdrawn their consent."""
    return ApiResponse(data=_need(await PersonService(work).end_need(person_id, need_id, version=version)))


def _need(need: object) -> NeedView:
    return NeedView.model_validate(need, from_attributes=True)


async def _current(service: PersonService, person_id: UUID) -> PersonView:
    return PersonView.model_validate(await service.read(person_id))


async def _shown(service: PersonService, person_id: UUID, response: Response) -> ApiResponse[PersonView]:
    shown = await _current(service, person_id)
    response.headers["ETag"] = name_version(shown.version)
    return ApiResponse(data=shown)
