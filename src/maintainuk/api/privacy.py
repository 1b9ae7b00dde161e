"""Requests about people's own data over HTTP."""

from datetime import date, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.preconditions import IfMatch, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.privacy import PrivacyService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.domain.privacy import PrivacyRequestKind, PrivacyRequestStatus
from maintainuk.domain.values import prose

router = Router(prefix="/api/v1/privacy", tags=["privacy"])

Because = Annotated[str, AfterValidator(prose), Field(min_length=1, max_length=2_000)]
Reading = Annotated[UnitOfWork, permitted(Permission.PRIVACY_READ)]
Answering = Annotated[UnitOfWork, permitted(Permission.PRIVACY_DSAR)]


class PrivacyRequestView(View):
    """What somebody asked about their own data, and by when it must be answered. An erased person has no name."""

    id: UUID
    person_id: UUID
    person_name: str
    kind: PrivacyRequestKind
    status: PrivacyRequestStatus
    received_on: date
    due_on: date
    extended_because: str | None
    refused_because: str | None
    closed_at: datetime | None
    is_held: bool
    """Whether a legal hold keeps what is known of them: nobody is forgotten then."""
    version: int


class PrivacyRequestList(View):
    """Open requests first, the most urgent on top."""

    items: list[PrivacyRequestView]


class NewPrivacyRequest(Input):
    """Who asks for what; the clock runs from the day they did."""

    person_id: UUID
    kind: PrivacyRequestKind
    received_on: date


class PrivacyReason(Input):
    """Words that the person is told."""

    because: Because


class CopiedHome(View):
    """A home where the person lives or lived."""

    label: str
    address_line: str
    town: str
    postcode: str
    started_on: date
    ended_on: date | None


class CopiedNeed(View):
    """A need that the person agreed to have written down, and how they did."""

    kind: str
    note: str | None
    instruction: str | None
    consented_on: date
    consent_channel: str
    consent_wording: str
    ended_on: date | None


class CopiedLine(View):
    """Something said between the person and the organisation."""

    at: datetime
    kind: str
    text: str | None


class CopiedTicket(View):
    """A repair the person reported."""

    reference: str
    title: str
    description: str
    status: str
    reported_at: datetime
    access_notes: str | None
    lines: list[CopiedLine]


class CopiedLetter(View):
    """A letter that was written to the person."""

    template: str
    channel: str
    status: str
    created_at: datetime


class PersonCopy(View):
    """All that is known of one person: nothing of others, and nothing that staff said among themselves."""

    name: str
    email: str | None
    phone: str | None
    language: str
    homes: list[CopiedHome]
    needs: list[CopiedNeed]
    tickets: list[CopiedTicket]
    letters: list[CopiedLetter]


async def _listed(work: UnitOfWork) -> PrivacyRequestList:
    await work.session.flush()
    found = await PrivacyService(work).requests()
    items = [
        PrivacyRequestView(
            id=one.id,
            person_id=one.person_id,
            person_name=name,
            kind=one.kind,
            status=one.status,
            received_on=one.received_on,
            due_on=one.due_on,
            extended_because=one.extended_because,
            refused_because=one.refused_because,
            closed_at=one.closed_at,
            is_held=is_held,
            version=one.version,
        )
        for one, name, is_held in found
    ]
    return PrivacyRequestList(items=items)


async def _shown(work: UnitOfWork) -> ApiResponse[PrivacyRequestList]:
    return ApiResponse(data=await _listed(work))


@router.get("/requests")
async def list_privacy_requests(work: Reading) -> ApiResponse[PrivacyRequestList]:
    """List what people have asked about their own data."""
    return await _shown(work)


@router.post("/requests", status_code=201)
async def receive_privacy_request(work: Answering, new: NewPrivacyRequest) -> ApiResponse[PrivacyRequestList]:
    """Write down that somebody has asked."""
    await PrivacyService(work).receive(new.person_id, new.kind, new.received_on)
    return await _shown(work)


@router.put("/requests/{request_id}/extension")
async def extend_privacy_request(
    work: Answering, request_id: UUID, version: IfMatch, why: PrivacyReason
) -> ApiResponse[PrivacyRequestList]:
    """Take two more months for what is complex."""
    async with showing(partial(_listed, work)):
        await PrivacyService(work).extend(request_id, why.because, version=version)
    return await _shown(work)


@router.put("/requests/{request_id}/refusal")
async def refuse_privacy_request(
    work: Answering, request_id: UUID, version: IfMatch, why: PrivacyReason
) -> ApiResponse[PrivacyRequestList]:
    """Refuse what was asked."""
    async with showing(partial(_listed, work)):
        await PrivacyService(work).refuse(request_id, why.because, version=version)
    return await _shown(work)


@router.put("/requests/{request_id}/answer")
async def answer_privacy_request(
    work: Answering, request_id: UUID, version: IfMatch
) -> ApiResponse[PrivacyRequestList]:
    """Close a request: the copy has gone out, or the person is forgotten now, for ever."""
    async with showing(partial(_listed, work)):
        await PrivacyService(work).answer(request_id, version=version)
    return await _shown(work)


@router.get("/requests/{request_id}/copy")
async def copy_person(work: Answering, request_id: UUID) -> ApiResponse[PersonCopy]:
    """Return all that is known of whoever asked, to be looked through before it goes out."""
    known = await PrivacyService(work).copy(request_id)
    person = known["person"]
    return ApiResponse(
        data=PersonCopy(
            name=person.name,
            email=person.email,
            phone=person.phone,
            language=person.language,
            homes=[CopiedHome(**home) for home in known["homes"]],
            needs=[CopiedNeed.model_validate(need, from_attributes=True) for need in known["needs"]],
            tickets=[
                CopiedTicket(
                    reference=ticket.reference,
                    title=ticket.title,
                    description=ticket.description,
                    status=ticket.status,
                    reported_at=ticket.reported_at,
                    access_notes=notes,
                    lines=[
                        CopiedLine(at=one.occurred_at, kind=one.kind, text=one.body or one.private) for one in lines
                    ],
                )
                for ticket, notes, lines in known["tickets"]
            ],
            letters=[CopiedLetter.model_validate(letter, from_attributes=True) for letter in known["letters"]],
        )
    )
