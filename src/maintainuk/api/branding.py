"""An organisation's colour and logo over HTTP."""

from tempfile import TemporaryFile
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.photos import RUNS_NOTHING
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew, public
from maintainuk.application.branding import BrandingService, Look, name_of
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.branding import LARGEST_LOGO, logo_file
from maintainuk.domain.errors import Invalid, NotFound, Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.photos import PhotoRefusal

router = Router(prefix="/api/v1/organisation/branding", tags=["organisation"])
pages = Router()

A_YEAR = 31_536_000
RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: JPEG, PNG or WebP, at most 1 MB. It is drawn anew on white.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class BrandingView(View):
    """How the organisation looks to its tenants; null where ours is shown."""

    colour: str | None
    logo: str | None


class ColourInput(Input):
    """A colour on which white words can be read, such as #1f6f5c; none: ours again."""

    colour: Annotated[str | None, Field(max_length=20)]


Deciding = Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]


@router.get("")
async def read_branding(work: Deciding) -> ApiResponse[BrandingView]:
    """Read how your organisation looks to its tenants."""
    return _shown(await BrandingService(work).read())


@router.put("/colour")
async def choose_colour(new: ColourInput, work: Deciding) -> ApiResponse[BrandingView]:
    """Choose the colour of your portal and letters; where white words can't be read, one near it is proposed."""
    service = BrandingService(work)
    await service.colour(new.colour)
    return _shown(await service.read())


@router.put("/logo", openapi_extra=RAW)
async def send_logo(
    request: Request, opening: Annotated[Opening, permitted_anew(Permission.SETTINGS_WRITE)]
) -> ApiResponse[BrandingView]:
    """Send the logo of your portal and letters. Nobody is shown the file itself, only what we draw of it."""
    services: Services = request.app.state.services
    async with opening() as work:
        BrandingService(work)
    sent = await request.body()
    if not sent:
        raise Invalid(fields={"logo": Reason("logo-missing")})
    if len(sent) > LARGEST_LOGO:
        raise Invalid(fields={"logo": Reason("logo-too-large")})
    picture = await _drawn(services, sent)
    name = name_of(picture)
    async with opening() as work:
        await services.files.put(logo_file(work.actor.org_id, name), picture)
        service = BrandingService(work)
        before = await service.logo(name)
        look = await service.read()
    if before is not None:
        await services.files.delete(logo_file(work.actor.org_id, before))
    return _shown(look)


@router.delete("/logo")
async def remove_logo(work: Deciding) -> ApiResponse[BrandingView]:
    """Show no logo of your own any more."""
    service = BrandingService(work)
    await service.logo(None)
    return _shown(await service.read())


@pages.get("/logos/{organisation_id}/{name}.jpg", include_in_schema=False)
@public("an organisation's logo, which its tenants see on each page and in each letter")
async def show_logo(
    organisation_id: UUID, name: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], request: Request
) -> Response:
    """Show an organisation's logo."""
    services: Services = request.app.state.services
    try:
        picture = await services.files.get(logo_file(organisation_id, name))
    except FileNotFoundError:
        raise NotFound from None
    headers = {
        "Cache-Control": f"public, max-age={A_YEAR}, immutable",
        "Content-Security-Policy": RUNS_NOTHING,
        "Cross-Origin-Resource-Policy": "cross-origin",  # a letter is read on somebody else's page
    }
    return Response(picture, media_type="image/jpeg", headers=headers)


async def _drawn(services: Services, sent: bytes) -> bytes:
    """Have the picture drawn anew by the bounded process. Raises `Invalid` for what is none that can be shown."""
    with TemporaryFile() as file:
        file.write(sent)
        file.flush()
        drawn = await services.drawing.draw(file)
    if isinstance(drawn, PhotoRefusal):
        raise Invalid(fields={"logo": Reason("logo-unreadable")})
    return drawn.thumbnail


def _shown(look: Look) -> ApiResponse[BrandingView]:
    return ApiResponse(data=BrandingView(colour=look.colour, logo=look.logo))
