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

Because = Annotated[str, Field(max_length=2_000), AfterValidator(prose), Field(min_length=1)]
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
