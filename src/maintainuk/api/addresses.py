"""Looking addresses up over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import AfterValidator

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted_anew
from maintainuk.application.addresses import AddressService, look_up
from maintainuk.bootstrap import Services
from maintainuk.domain.address_books import Silence, SoughtAddress
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.postcodes import postcode
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/addresses", tags=["addresses"])

FEWEST = 3
"""Characters; with fewer, every street would be meant."""


class FoundAddressView(View):
    """An address that may be meant; `propertyId` says that a property is there already."""

    address_line: str
    town: str
    postcode: str
    nation: Nation | None
    uprn: str | None
    property_id: UUID | None


class FoundAddresses(View):
    """What was found. `silence` says why the outside service said nothing: the address is typed in then."""

    items: list[FoundAddressView]
    silence: Silence | None


@router.get("")
async def find_address(
    request: Request,
    opening: Annotated[Opening, permitted_anew(Permission.PROPERTIES_WRITE)],
    q: Annotated[
        str, Query(max_length=200, description="A postcode, or an address as far as it is known."), AfterValidator(line)
    ],
) -> ApiResponse[FoundAddresses]:
    """Look an address up. An outside service is asked only where the installation has one, and told nothing else."""
    services: Services = request.app.state.services
    async with opening() as work:
        within, org_id = AddressService(work).allowed(), work.actor.org_id
    if len(q) < FEWEST:
        return ApiResponse(data=FoundAddresses(items=[], silence=None))
    looked = await look_up(services.address_books, org_id, within, _sought(q))
    items = [FoundAddressView.model_validate(one, from_attributes=True) for one in looked.found]
    return ApiResponse(data=FoundAddresses(items=items, silence=looked.silence))


def _sought(text: str) -> SoughtAddress:
    try:
        return SoughtAddress(postcode=postcode(text))
    except ValueError:
        return SoughtAddress(words=text)
