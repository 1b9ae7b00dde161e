"""Assets over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query

from maintainuk.api.contact import Reference, Telephone
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.people import Spoken
from maintainuk.api.preconditions import IfMatch, showing
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.assets import AssetFacts, AssetService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.permissions import Permission

router = Router(prefix="/api/v1/assets", tags=["assets"])
Writing = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]


class AssetView(View):
    """One thing in a building, or in one home of it; until `warrantyUntil`, its maker mends it."""

    id: UUID
    property_id: UUID
    unit_id: UUID | None
    kind: AssetKind
    make: str | None
    model: str | None
    serial_number: str | None
    installed_on: date | None
    warranty_until: date | None
    warranty_with: str | None
    warranty_phone: Spoken
    external_reference: str | None
    removed_on: date | None
    version: int


class AssetList(View):
    """The assets of a building, those that are still there first."""

    items: list[AssetView]


class AssetInput(Input):
    """What is known of an asset; `removedOn` says that it is gone."""

    kind: AssetKind
    make: Reference = None
    model: Reference = None
    serial_number: Reference = None
    installed_on: Day | None = None
    warranty_until: Day | None = None
    warranty_with: Reference = None
    warranty_phone: Telephone = None
    external_reference: Reference = None
    removed_on: Day | None = None


class NewAsset(AssetInput):
    """An asset of a building, or of one home in it."""

    property_id: UUID
    unit_id: UUID | None = None


@router.get("")
async def list_assets(
    work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)],
    property_id: Annotated[UUID, Query(alias="property", description="The building whose assets are wanted.")],
) -> ApiResponse[AssetList]:
    """List the assets of a building."""
    return ApiResponse(data=AssetList(items=[_shown(asset) for asset in await AssetService(work).of(property_id)]))


@router.post("", status_code=201)
async def add_asset(new: NewAsset, work: Writing) -> ApiResponse[AssetView]:
    """Write down what stands in a building."""
    return ApiResponse(data=_shown(await AssetService(work).add(new.property_id, new.unit_id, _facts(new))))


@router.put("/{asset_id}")
async def change_asset(asset_id: UUID, new: AssetInput, version: IfMatch, work: Writing) -> ApiResponse[AssetView]:
    """Put an asset right, or note that it is gone."""
    service = AssetService(work)
    async with showing(partial(_current, service, asset_id)):
        asset = await service.change(asset_id, _facts(new), version=version)
    return ApiResponse(data=_shown(asset))


def _facts(new: AssetInput) -> AssetFacts:
    return AssetFacts(**{name: getattr(new, name) for name in AssetInput.model_fields})


async def _current(service: AssetService, asset_id: UUID) -> AssetView:
    return _shown(await service.one(asset_id))


def _shown(asset: Asset) -> AssetView:
    return AssetView.model_validate(asset, from_attributes=True)
