"""An organisation's settings over HTTP."""

from datetime import datetime
from re import compile as pattern
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import AfterValidator
from starlette.responses import Response as HtmlResponse

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.html_pages import page
from maintainuk.api.preconditions import IfMatch, name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted, public, signed_in
from maintainuk.api.wording import mistake
from maintainuk.application.organisations import (
    NewNotices,
    NewProfile,
    NewSettings,
    OrganisationService,
    public_notices,
)
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import ChangedMeanwhile, NotFound, Reason
from maintainuk.domain.organisations import LONGEST_NOTICE, LONGEST_ORGANISATION_NAME, Nation, OrganisationKind
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line, prose, visible

router = Router(prefix="/api/v1/organisation", tags=["organisation"])
pages = Router()

LONGEST_EMAIL = 254
EMAIL = pattern(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
PHONE = pattern(r"\+?[\d\s().-]{6,24}")
FEWEST_DIGITS = 3
"""999 is a number; an extension alone is not."""


def email_address(text: str | None) -> str | None:
    """Return an address that a letter can go to, or nothing for nothing."""
    if not (text := visible(text or "")):
        return None
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise mistake(Reason("email-unreadable"))
    return text


def mailbox(text: str) -> str:
    """Return the one address that a letter shall go to."""
    if (found := email_address(text)) is None:
        raise mistake(Reason("email-unreadable"))
    return found


def _phone(text: str | None) -> str | None:
    if not (text := line(text or "")):
        return None
    if not PHONE.fullmatch(text) or sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        raise mistake(Reason("phone-unreadable"))
    return text


class SettingsView(View):
    """An organisation and what it has decided; `hasEmergencyContact` says whether anybody hears of a danger by post."""

    name: str
    kind: OrganisationKind
    nation: Nation
    phone: str | None
    emergency_email: str | None
    emergency_phone: str | None
    has_emergency_contact: bool
    is_ai_on: bool
    version: int


class NewSettingsInput(Input):
    """Whom to tell of a danger at any hour, and whether advisors may be shown redacted reports; empty means none."""

    emergency_email: Annotated[str | None, AfterValidator(email_address)]
    emergency_phone: Annotated[str | None, AfterValidator(_phone)]
    is_ai_on: bool


class NewProfileInput(Input):
    """How the organisation appears to tenants."""

    name: Annotated[
        str,
        typed(
            line,
            LONGEST_ORGANISATION_NAME,
            empty=Reason("organisation-name-empty"),
            long=Reason("organisation-name-too-long", longest=LONGEST_ORGANISATION_NAME),
        ),
    ]
    phone: Annotated[str | None, AfterValidator(_phone)]
    nation: Nation


def _notice(text: str | None) -> str | None:
    if not (text := prose(text or "")):
        return None
    if len(text) > LONGEST_NOTICE:
        raise mistake(Reason("notice-too-long", longest=LONGEST_NOTICE))
    return text


class NewNoticesInput(Input):
    """The organisation's own words, in paragraphs with an empty line between them; none: ours are shown."""

    privacy_notice: Annotated[str | None, AfterValidator(_notice)]
    accessibility_statement: Annotated[str | None, AfterValidator(_notice)]


class NoticesView(View):
    """The organisation's own words, null while ours are shown; everybody reads them at `address`."""

    privacy_notice: str | None
    accessibility_statement: str | None
    address: str
    version: int


class SettingsChange(View):
    """One change of the settings: by field, what was before and after; of a long text only its length."""

    id: UUID
    at: datetime
    who: str | None
    changes: dict[str, tuple[Any, Any]]


class SettingsHistory(View):
    """Who changed the settings when, newest first."""

    items: list[SettingsChange]


def address_of_notices(org_id: UUID) -> str:
    """Return where everybody reads an organisation's notices."""
    return f"/notices/{org_id}"


@router.get("")
async def read_organisation(
    response: Response,
    work: Annotated[UnitOfWork, signed_in("everybody who works there must know whom a danger reaches")],
) -> ApiResponse[SettingsView]:
    """Read your organisation's settings."""
    settings = await OrganisationService(work).read()
    if not work.actor.is_staff:  # on call is somebody at home
        settings |= {"emergency_email": None, "emergency_phone": None}
    return _shown(settings, response)


@router.put("")
async def change_settings(
    new: NewSettingsInput,
    version: IfMatch,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)],
) -> ApiResponse[SettingsView]:
    """Change your organisation's settings."""
    service = OrganisationService(work)
    try:
        await service.change(NewSettings(**dict(new)), version=version)
    except ChangedMeanwhile as too_late:
        too_late.current = SettingsView.model_validate(await service.read())
        raise
    return _shown(await service.read(), response)


@router.put("/profile")
async def change_profile(
    new: NewProfileInput,
    version: IfMatch,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)],
) -> ApiResponse[SettingsView]:
    """Change what your organisation is called, the number tenants ring, and the nation offered first."""
    service = OrganisationService(work)
    await service.present_itself(NewProfile(**dict(new)), version=version)
    return _shown(await service.read(), response)


@router.get("/notices")
async def read_notices(
    response: Response, work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]
) -> ApiResponse[NoticesView]:
    """Read your organisation's own words about privacy and accessibility."""
    return _noticed(await OrganisationService(work).notices(), work, response)


@router.put("/notices")
async def change_notices(
    new: NewNoticesInput,
    version: IfMatch,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)],
) -> ApiResponse[NoticesView]:
    """Change what everybody may read about privacy and accessibility."""
    service = OrganisationService(work)
    await service.give_notice(NewNotices(**dict(new)), version=version)
    return _noticed(await service.notices(), work, response)


@router.get("/history")
async def read_settings_history(
    work: Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)],
) -> ApiResponse[SettingsHistory]:
    """List who changed the settings when, newest first: the last fifty times."""
    items = [SettingsChange.model_validate(one) for one in await OrganisationService(work).history()]
    return ApiResponse(data=SettingsHistory(items=items))


@pages.get("/notices/{organisation_id}", include_in_schema=False)
@public("what an organisation owes everybody to say: its privacy notice and accessibility statement")
async def show_notices(organisation_id: UUID, request: Request) -> HtmlResponse:
    """Show an organisation's notices as a page, in its own words or ours."""
    services: Services = request.app.state.services
    async with services.database.session(organisation_id) as session:
        found = await public_notices(session)
    if found is None:
        raise NotFound
    return page(
        "notices.html",
        organisation=found["name"],
        phone=found["phone"],
        colour=found["colour"],
        logo=found["logo"],
        privacy=_paragraphs(found["privacy_notice"]),
        accessibility=_paragraphs(found["accessibility_statement"]),
    )


def _paragraphs(text: str | None) -> list[str]:
    return [part for part in (text or "").split("\n\n") if part.strip()]


def _noticed(facts: dict[str, Any], work: UnitOfWork, response: Response) -> ApiResponse[NoticesView]:
    notices = NoticesView.model_validate(facts | {"address": address_of_notices(work.actor.org_id)})
    response.headers["ETag"] = name_version(notices.version)
    return ApiResponse(data=notices)


def _shown(facts: dict[str, Any], response: Response) -> ApiResponse[SettingsView]:
    settings = SettingsView.model_validate(facts)
    response.headers["ETag"] = name_version(settings.version)
    return ApiResponse(data=settings)
