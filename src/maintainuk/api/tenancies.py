"""Tenancies over HTTP: letting a home, moving in and out, and the end."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from maintainuk.api.contact import Reference
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.people import PersonInput
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.properties import Occupant
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.people import PersonFacts
from maintainuk.application.tenancies import NewMember, TenancyFacts, TenancyService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.domain.tenancies import TenancyKind, TenancyRole

router = Router(prefix="/api/v1/tenancies", tags=["tenancies"])

LIST_CURSORS: Cursors[tuple[date, UUID]] = Cursors(tuple[date, UUID])
MOST_MEMBERS = 20
Reading = Annotated[UnitOfWork, permitted(Permission.TENANCIES_READ)]
Writing = Annotated[UnitOfWork, permitted(Permission.TENANCIES_WRITE)]


class MemberView(View):
    """Somebody's part in a tenancy."""

    id: UUID
    person: Occupant
    role: TenancyRole
    moved_out_on: date | None


class TenancyView(View):
    """Who rents a home, and since when; `endedOn` is there once it has really ended."""

    id: UUID
    unit_id: UUID
    kind: TenancyKind | None
    started_on: date
    ended_on: date | None
    external_reference: str | None
    members: list[MemberView]
    version: int


class TenancyList(View):
    """The tenancies of a home, the newest first; `nextCursor` asks for what follows."""

    items: list[TenancyView]
    next_cursor: str | None


class TenancyInput(Input):
    """What is known of a tenancy."""

    started_on: date
    kind: TenancyKind | None = None
    external_reference: Reference = None


class MemberInput(Input):
    """Somebody who moves in: one whom the organisation knows (`personId`), or somebody new (`person`)."""

    role: TenancyRole
    person_id: UUID | None = None
    person: PersonInput | None = None


class NewTenancy(TenancyInput):
    """A home is let to these people; one of them is the lead tenant."""

    unit_id: UUID
    members: Annotated[list[MemberInput], Field(min_length=1, max_length=MOST_MEMBERS)]


class TenancyEnd(Input):
    """The day the home was given back; null takes an end back that was noted by mistake."""

    ended_on: date | None


class MemberEnd(Input):
    """The day somebody left while others stayed."""

    moved_out_on: date


@router.get("")
async def list_tenancies(
    work: Reading,
    unit: Annotated[UUID, Query(description="The home whose tenancies are wanted.")],
    *,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[TenancyList]:
    """List the tenancies of a home, the newest first."""
    order = f"unit {unit}"
    found = await TenancyService(work).page(unit, after=LIST_CURSORS.read(cursor, order), limit=limit + 1)
    return ApiResponse(
        data=TenancyList(
            items=[TenancyView.model_validate(tenancy) for tenancy in found[:limit]],
            next_cursor=LIST_CURSORS.next(order, [(one["started_on"], one["id"]) for one in found], limit),
        )
    )


@router.post("", status_code=201)
async def begin_tenancy(new: NewTenancy, response: Response, work: Writing) -> ApiResponse[TenancyView]:
    """Let a home. Where another tenancy is in the way, the refusal names it."""
    service = TenancyService(work)
    tenancy_id = await service.let(new.unit_id, _facts(new), [_member(member) for member in new.members])
    response.headers["Location"] = f"{router.prefix}/{tenancy_id}"
    return await _shown(service, tenancy_id, response)


@router.get("/{tenancy_id}")
async def read_tenancy(tenancy_id: UUID, response: Response, work: Reading) -> ApiResponse[TenancyView]:
    """Read a tenancy with everybody who is or was part of it."""
    return await _shown(TenancyService(work), tenancy_id, response)


@router.put("/{tenancy_id}")
async def change_tenancy(
    tenancy_id: UUID, new: TenancyInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[TenancyView]:
    """Put a tenancy right."""
    service = TenancyService(work)
    async with showing(partial(_current, service, tenancy_id)):
        await service.change(tenancy_id, _facts(new), version=version)
    return await _shown(service, tenancy_id, response)


@router.put("/{tenancy_id}/end")
async def end_tenancy(
    tenancy_id: UUID, end: TenancyEnd, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[TenancyView]:
    """Note that a tenancy has ended, or put its end right. A day to come is refused: notice may be withdrawn."""
    service = TenancyService(work)
    async with showing(partial(_current, service, tenancy_id)):
        await service.end(tenancy_id, end.ended_on, version=version)
    return await _shown(service, tenancy_id, response)


@router.post("/{tenancy_id}/members", status_code=201)
async def move_in(tenancy_id: UUID, new: MemberInput, response: Response, work: Writing) -> ApiResponse[TenancyView]:
    """Add somebody to a tenancy; a new lead takes the place of the one before."""
    service = TenancyService(work)
    await service.move_in(tenancy_id, _member(new))
    return await _shown(service, tenancy_id, response)


@router.put("/{tenancy_id}/members/{member_id}/end")
async def move_out(
    tenancy_id: UUID, member_id: UUID, end: MemberEnd, response: Response, work: Writing
) -> ApiResponse[TenancyView]:
    """Note that somebody has left while others stay; the lead's place goes to another who holds the tenancy."""
    service = TenancyService(work)
    await service.move_out(tenancy_id, member_id, end.moved_out_on)
    return await _shown(service, tenancy_id, response)


def _facts(new: TenancyInput) -> TenancyFacts:
    return TenancyFacts(started_on=new.started_on, kind=new.kind, external_reference=new.external_reference)


def _member(new: MemberInput) -> NewMember:
    return NewMember(
        role=new.role,
        person_id=new.person_id,
        person=PersonFacts(**dict(new.person)) if new.person else None,
    )


async def _current(service: TenancyService, tenancy_id: UUID) -> TenancyView:
    return TenancyView.model_validate(await service.read(tenancy_id))


async def _shown(service: TenancyService, tenancy_id: UUID, response: Response) -> ApiResponse[TenancyView]:
    shown = await _current(service, tenancy_id)
    response.headers["ETag"] = name_version(shown.version)
    return ApiResponse(data=shown)
