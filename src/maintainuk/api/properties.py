"""Properties and homes over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, TypeAdapter

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.properties import HomeService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/properties", tags=["properties"])


class HomeProperty(View):
    """The building a home is in."""

    id: UUID
    address: str
    postcode: str
    nation: Nation


class Occupant(View):
    """Somebody who lives in a home."""

    id: UUID
    name: str


class HomeTenancy(View):
    """The present tenancy of a home; the lead tenant comes first."""

    id: UUID
    people: list[Occupant]


class HomeView(View):
    """One home, and who lives in it."""

    unit_id: UUID
    unit_label: str
    property: HomeProperty
    tenancy: HomeTenancy | None


class HomeList(View):
    """Homes, by address."""

    items: list[HomeView]


HOMES = TypeAdapter(list[HomeView])


@router.get("/homes")
async def list_homes(
    work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ, remembered=True)],
    q: Annotated[
        str, AfterValidator(line), Query(max_length=200, description="Words of an address, a postcode or a name.")
    ] = "",
) -> ApiResponse[HomeList]:
    """Find the home that a repair is in."""
    return ApiResponse(data=HomeList(items=HOMES.validate_python(await HomeService(work).homes(q))))
