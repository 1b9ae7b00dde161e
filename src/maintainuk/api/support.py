"""Support over HTTP: how the platform looks at one organisation, and how that organisation sees and ends it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.platform import ONE, AtTheDesk
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted, signed_in
from maintainuk.api.wording import mistake
from maintainuk.application.support import NewSupport, SupportDesk, SupportService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.platform import LONGEST_REASON
from maintainuk.domain.support import (
    LONGEST_INCIDENT,
    SHORTEST_REASON,
    SupportAccess,
    SupportBasis,
    SupportConsent,
    SupportEnding,
)
from maintainuk.domain.values import line, prose

router = Router(prefix="/api/v1", tags=["support"])

OF_PLATFORM = "/platform" + ONE + "/accesses"


def _long_enough(text: str) -> str:
    if len(text) < SHORTEST_REASON:
        raise mistake(Reason("reason-too-short", shortest=SHORTEST_REASON))
    return text


def _incident(text: str | None) -> str | None:
    return line(text or "")[:LONGEST_INCIDENT] or None


class OpenSupport(View):
    """Somebody of the platform who looks at the organisation's tickets now."""

    id: UUID
    who: str
    basis: SupportBasis
    incident: str | None
    reason: str
    began_at: datetime
    ends_at: datetime


class OpenSupports(View):
    """Who of the platform looks now; mostly nobody."""

    items: list[OpenSupport]


class SupportView(OpenSupport):
    """Somebody of the platform who looks, or has looked, at the organisation's tickets."""

    ended_at: datetime | None
    ended_by: SupportEnding | None
    is_open: bool


class SupportLog(View):
    """Until when the organisation lets support in, if it does, and every access there was, the newest first."""

    consent_until: datetime | None
    items: list[SupportView]


class SupportConsentInput(Input):
    """For how many hours support may look."""

    hours: Literal[1, 4, 24, 72]


class NewSupportInput(Input):
    """Why somebody of the platform wants to look, on what basis, and for how many minutes."""

    basis: SupportBasis
    incident: Annotated[str | None, Field(max_length=LONGEST_INCIDENT), AfterValidator(_incident)] = None
    reason: Annotated[
        str,
        typed(
            prose,
            LONGEST_REASON,
            empty=Reason("reason-too-short", shortest=SHORTEST_REASON),
            long=Reason("reason-too-long", longest=LONGEST_REASON),
        ),
        AfterValidator(_long_enough),
    ]
    minutes: Literal[15, 30, 60]


class BegunSupport(OpenSupport):
    """An access that has begun; `pass` goes into the header X-Support-Access of each request that reads by it."""

    pass_: str = Field(alias="pass")


@router.get("/support/current")
async def read_open_support(
    work: Annotated[UnitOfWork, signed_in("everybody may know who looks at their organisation's records")],
) -> ApiResponse[OpenSupports]:
    """Say who of the platform looks at your organisation's tickets now."""
    items = [OpenSupport(**_facts(one)) for one in await SupportService(work).open()]
    return ApiResponse(data=OpenSupports(items=items))


@router.get("/support")
async def list_support(work: Annotated[UnitOfWork, permitted(Permission.AUDIT_READ)]) -> ApiResponse[SupportLog]:
    """List how the platform has looked at your organisation's tickets, and whether it may now."""
    consent, found = await SupportService(work).all()
    return ApiResponse(data=SupportLog(consent_until=_until(consent), items=[_seen(one, work.now) for one in found]))


@router.put("/support/consent")
async def let_support_in(
    wanted: SupportConsentInput, work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]
) -> ApiResponse[None]:
    """Let support look at your organisation's tickets for so many hours, an hour at a time."""
    await SupportService(work).consent(wanted.hours)
    return ApiResponse(data=None)


@router.delete("/support/consent")
async def keep_support_out(work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]) -> ApiResponse[None]:
    """Take the consent back; whoever looks because of it stops at once."""
    await SupportService(work).withdraw()
    return ApiResponse(data=None)


@router.delete("/support/accesses/{access_id}")
async def shut_support(
    access_id: UUID, work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]
) -> ApiResponse[None]:
    """End an access at once, whatever it rests on."""
    await SupportService(work).shut(access_id)
    return ApiResponse(data=None)


@router.get(OF_PLATFORM)
async def see_support(organisation_id: UUID, desk: AtTheDesk) -> ApiResponse[SupportLog]:
    """Say whether an organisation lets support in now, and how the platform has looked at it before."""
    consent, found = await SupportDesk(desk).seen(organisation_id)
    items = [_seen(one, desk.own.now) for one in found]
    return ApiResponse(data=SupportLog(consent_until=_until(consent), items=items))


@router.post(OF_PLATFORM, status_code=201)
async def begin_support(organisation_id: UUID, new: NewSupportInput, desk: AtTheDesk) -> ApiResponse[BegunSupport]:
    """Look at one organisation's tickets for a while. It is told who, why and until when, and its log each reading."""
    wanted = NewSupport(basis=new.basis, incident=new.incident, reason=new.reason, minutes=new.minutes)
    access = await SupportDesk(desk).look(organisation_id, wanted)
    return ApiResponse(data=BegunSupport(**_facts(access), **{"pass": f"{organisation_id}.{access.id}"}))


@router.delete(OF_PLATFORM + "/{access_id}")
async def end_support(organisation_id: UUID, access_id: UUID, desk: AtTheDesk) -> ApiResponse[None]:
    """Stop looking before the time is over."""
    await SupportDesk(desk).end(organisation_id, access_id)
    return ApiResponse(data=None)


def _facts(access: SupportAccess) -> dict[str, object]:
    names = ("id", "basis", "incident", "reason", "began_at", "ends_at")
    return {name: getattr(access, name) for name in names} | {"who": access.supporter}


def _seen(access: SupportAccess, now: datetime) -> SupportView:
    return SupportView(
        **_facts(access), ended_at=access.ended_at, ended_by=access.ended_by, is_open=access.is_open(now)
    )


def _until(consent: SupportConsent | None) -> datetime | None:
    return consent.until if consent else None
