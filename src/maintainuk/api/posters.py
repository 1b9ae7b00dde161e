"""The poster in a hallway over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.picker import EmergencyNumberView
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.links import PORTAL, path_of
from maintainuk.application.posters import HomePoster, PosterService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.images.qr_code import qr_code
from maintainuk.infrastructure.reference.dangers import gas_emergency
from maintainuk.infrastructure.security.link_secrets import as_printed

router = Router(prefix="/api/v1/links/homes", tags=["links"])


class QrCodeView(View):
    """A code for a phone's camera: the dark squares as the path of an SVG on a board of `size` by `size`."""

    path: str
    size: int


class PosterOrganisation(View):
    """Who looks after the home."""

    name: str
    phone: str | None


class Poster(View):
    """What the poster in a hallway says; nobody's name."""

    code: str = Field(description="Ten characters in two groups, for typing.")
    url: str = Field(description="What the QR code says.")
    portal: str = Field(description="Where the code is typed by whoever has no camera.")
    qr_code: QrCodeView
    address: str
    organisation: PosterOrganisation
    gas_emergency: EmergencyNumberView


@router.get("/{home_id}")
async def poster(
    home_id: UUID, request: Request, work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)]
) -> ApiResponse[Poster]:
    """Return what the poster of one home says; the first time its code is made."""
    services: Services = request.app.state.services
    return _shown(await PosterService(work, services.link_secrets).read(home_id), services)


@router.post("/{home_id}/replacement", status_code=201)
async def replace_poster(
    home_id: UUID, request: Request, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_TRIAGE)]
) -> ApiResponse[None]:
    """Switch the code of a home off and make a new one: old posters stop working; reports already sent go on."""
    services: Services = request.app.state.services
    await PosterService(work, services.link_secrets).replace(home_id)
    # Not the new code: answers to a POST are kept for a day, and a code is written down nowhere.
    return ApiResponse(data=None)


def _shown(found: HomePoster, services: Services) -> ApiResponse[Poster]:
    code, address, organisation = as_printed(found.code), services.settings.address, found.landlord.organisation
    url = f"{address}{path_of(LinkPurpose.HOME, code)}"
    drawn = qr_code(url)
    return ApiResponse(
        data=Poster(
            code=code,
            url=url,
            portal=f"{address}{PORTAL}",
            qr_code=QrCodeView(path=drawn.path, size=drawn.size),
            address=found.place.line,
            organisation=PosterOrganisation(name=organisation.name, phone=organisation.phone),
            gas_emergency=EmergencyNumberView.model_validate(
                gas_emergency(found.place.home.nation), from_attributes=True
            ),
        )
    )
