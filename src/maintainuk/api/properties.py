"""Properties and homes over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, Field, TypeAdapter

from maintainuk.api.contact import Postcode, Reference, Uprn
from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.preconditions import IfMatch, name_version, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.properties import HomeService, PropertyFacts, PropertyService, UnitFacts
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import Reason
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.properties import LONGEST_ADDRESS, LONGEST_LABEL, LONGEST_TOWN, PropertyKind, Tenure
from maintainuk.domain.values import line, one_width
from maintainuk.infrastructure.repositories.buildings import PropertyFilter

router = Router(prefix="/api/v1/properties", tags=["properties"])


MOST_HOMES_OF_A_BLOCK = 500


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


class Named(View):
    """Something else that has a name."""

    id: UUID
    name: str


class PropertyRow(View):
    """A building as lists show it: how many homes, how many of them let, and what is going on there."""

    id: UUID
    kind: PropertyKind
    address_line: str
    town: str
    postcode: str
    nation: Nation
    uprn: str | None
    external_reference: str | None
    homes: int
    let: int
    open_tickets: int
    alerts: int


class PropertyList(View):
    """A page of properties, as people walk; `nextCursor` asks for what follows."""

    items: list[PropertyRow]
    next_cursor: str | None


class UnitTenancy(View):
    """The present tenancy of a home, the lead tenant first."""

    id: UUID
    started_on: date
    people: list[Occupant]


class UnitView(View):
    """One home of a property; without a `tenure` it has the property's."""

    id: UUID
    label: str
    uprn: str | None
    external_reference: str | None
    tenure: Tenure | None
    tenancy: UnitTenancy | None
    version: int


class PropertyView(PropertyRow):
    """All that is known of a property."""

    tenure: Tenure | None
    team: Named | None
    portfolio: Named | None
    landlord: Named | None
    parent: Named | None = Field(description="The estate that this building is part of.")
    parts: list[PropertyRow]
    units: list[UnitView]
    version: int


class PropertyInput(Input):
    """What is known of a building; without `nation`, the postcode says which it is in, except near a border."""

    address_line: Annotated[
        str,
        typed(
            one_width,
            LONGEST_ADDRESS,
            empty=Reason("address-empty"),
            long=Reason("address-too-long", longest=LONGEST_ADDRESS),
        ),
    ]
    town: Annotated[
        str,
        typed(one_width, LONGEST_TOWN, empty=Reason("town-empty"), long=Reason("town-too-long", longest=LONGEST_TOWN)),
    ]
    postcode: Postcode
    nation: Nation | None = None
    uprn: Uprn = None
    external_reference: Reference = None
    tenure: Tenure | None = None
    portfolio_id: UUID | None = None
    parent_id: UUID | None = None
    is_another: bool = Field(
        default=False, description="Whether it is really another building at an address where one is known already."
    )


Label = Annotated[
    str,
    typed(one_width, LONGEST_LABEL, empty=Reason("label-empty"), long=Reason("label-too-long", longest=LONGEST_LABEL)),
]


class NewProperty(PropertyInput):
    """A new building: a house is one home, of a block `homes` says what each is called."""

    kind: PropertyKind
    homes: Annotated[list[Label], Field(max_length=MOST_HOMES_OF_A_BLOCK, default_factory=list)]


class UnitInput(Input):
    """What is known of a home; the home of a house has no label of its own."""

    label: Annotated[str, Field(max_length=LONGEST_LABEL), AfterValidator(one_width)] = ""
    uprn: Uprn = None
    external_reference: Reference = None
    tenure: Tenure | None = None


HOMES = TypeAdapter(list[HomeView])


LIST_CURSORS: Cursors[tuple[str, UUID]] = Cursors(tuple[str, UUID])
Reading = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ, by_keys=True)]
Writing = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]


@router.get("/homes")
async def list_homes(
    work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ, remembered=True, by_keys=True)],
    q: Annotated[
        str, Query(max_length=200, description="Words of an address, a postcode or a name."), AfterValidator(line)
    ] = "",
) -> ApiResponse[HomeList]:
    """Find the home that a repair is in."""
    return ApiResponse(data=HomeList(items=HOMES.validate_python(await HomeService(work).homes(q))))


@router.get("")
async def list_properties(  # noqa: PLR0913  (one parameter for each filter)
    work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ, remembered=True, by_keys=True)],
    *,
    q: Annotated[
        str, Query(max_length=200, description="Words of an address, a UPRN or your reference."), AfterValidator(line)
    ] = "",
    kind: PropertyKind | None = None,
    nation: Nation | None = None,
    landlord: Annotated[UUID | None, Query(description="Only those in the portfolios of this landlord.")] = None,
    vacant: Annotated[bool, Query(description="Only those with a home that nobody rents.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[PropertyList]:
    """List properties as people walk: by town, street and number."""
    wanted = PropertyFilter(words=q, kind=kind, nation=nation, landlord_id=landlord, is_vacant=vacant)
    found = await PropertyService(work).page(wanted, after=LIST_CURSORS.read(cursor, "walk"), limit=limit + 1)
    return ApiResponse(
        data=PropertyList(
            items=[PropertyRow.model_validate(row) for row in found[:limit]],
            next_cursor=LIST_CURSORS.next("walk", [(row["walk"], row["id"]) for row in found], limit),
        )
    )


@router.post("", status_code=201)
async def add_property(new: NewProperty, response: Response, work: Writing) -> ApiResponse[PropertyView]:
    """Add a building with its homes. Where one is known at the address, 409 names it until `isAnother` is said."""
    service = PropertyService(work)
    property_id = await service.add(new.kind, _facts(new), new.homes)
    response.headers["Location"] = f"{router.prefix}/{property_id}"
    return await _shown(service, property_id, response)


@router.get("/{property_id}")
async def read_property(property_id: UUID, response: Response, work: Reading) -> ApiResponse[PropertyView]:
    """Read a property: its homes, who lives in them, its parts and its landlord."""
    return await _shown(PropertyService(work), property_id, response)


@router.put("/{property_id}")
async def change_property(
    property_id: UUID, new: PropertyInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[PropertyView]:
    """Put a property right."""
    service = PropertyService(work)
    async with showing(partial(_current, service, property_id)):
        await service.change(property_id, _facts(new), version=version)
    return await _shown(service, property_id, response)


@router.post("/{property_id}/units", status_code=201)
async def add_unit(property_id: UUID, new: UnitInput, response: Response, work: Writing) -> ApiResponse[PropertyView]:
    """Add a home to a block."""
    service = PropertyService(work)
    await service.add_unit(property_id, UnitFacts(**dict(new)))
    return await _shown(service, property_id, response)


@router.put("/units/{unit_id}")
async def change_unit(
    unit_id: UUID, new: UnitInput, version: IfMatch, response: Response, work: Writing
) -> ApiResponse[PropertyView]:
    """Put a home right, and return its property."""
    service = PropertyService(work)
    property_id = await service.property_of(unit_id)
    async with showing(partial(_current, service, property_id)):
        await service.change_unit(unit_id, UnitFacts(**dict(new)), version=version)
    return await _shown(service, property_id, response)


def _facts(new: PropertyInput) -> PropertyFacts:
    return PropertyFacts(**{name: getattr(new, name) for name in PropertyInput.model_fields})


async def _current(service: PropertyService, property_id: UUID) -> PropertyView:
    return PropertyView.model_validate(await service.read(property_id))


async def _shown(service: PropertyService, property_id: UUID, response: Response) -> ApiResponse[PropertyView]:
    shown = await _current(service, property_id)
    response.headers["ETag"] = name_version(shown.version)
    return ApiResponse(data=shown)
