"""An organisation's settings over HTTP."""

from re import compile as pattern
from typing import Annotated, Any

from fastapi import Response
from pydantic import AfterValidator

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.preconditions import IfMatch, name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted, signed_in
from maintainuk.api.wording import mistake
from maintainuk.application.organisations import NewSettings, OrganisationService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Reason
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/organisation", tags=["organisation"])

LONGEST_EMAIL = 254
EMAIL = pattern(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
PHONE = pattern(r"\+?[\d\s().-]{6,24}")
FEWEST_DIGITS = 3
"""999 is a number; an extension alone is not."""


def _email(text: str | None) -> str | None:
    if not (text := line(text or "")):
        return None
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise mistake(Reason("email-unreadable"))
    return text


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

    emergency_email: Annotated[str | None, AfterValidator(_email)]
    emergency_phone: Annotated[str | None, AfterValidator(_phone)]
    is_ai_on: bool


@router.get("")
async def read_organisation(
    response: Response,
    work: Annotated[UnitOfWork, signed_in("everybody who works there must know whom a danger reaches")],
) -> ApiResponse[SettingsView]:
    """Read your organisation's settings."""
    return _shown(await OrganisationService(work).read(), response)


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


def _shown(facts: dict[str, Any], response: Response) -> ApiResponse[SettingsView]:
    settings = SettingsView.model_validate(facts)
    response.headers["ETag"] = name_version(settings.version)
    return ApiResponse(data=settings)
