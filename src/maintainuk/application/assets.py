"""What people write down about what stands in a building."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, NotFound, Reason
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.assets import Assets
from maintainuk.infrastructure.repositories.buildings import Buildings
from maintainuk.infrastructure.repositories.taken import refusing

TAKEN: Final = {"uq_assets_external": {"external_reference": Reason("reference-taken")}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFacts:
    """What is written down about an asset."""

    kind: AssetKind
    make: str | None = None
    model: str | None = None
    serial_number: str | None = None
    installed_on: date | None = None
    warranty_until: date | None = None
    warranty_with: str | None = None
    warranty_phone: str | None = None
    external_reference: str | None = None
    removed_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse what ended before it began. Raises `Invalid`."""
        if self.installed_on is None:
            return
        ends = {"warranty_until": self.warranty_until, "removed_on": self.removed_on}
        if wrong := [name for name, day in ends.items() if day is not None and day < self.installed_on]:
            raise Invalid(fields={name: Reason("before-installed") for name in wrong})


class AssetService:
    """What stands in a building."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def of(self, property_id: UUID) -> Sequence[Asset]:
        """Return the assets of a building. Raises `NotFound`."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        if not await Buildings(self.work.session, within).has(property_id):
            raise NotFound("no-such-property")
        return await Assets(self.work.session, within).of(property_id)

    async def add(self, property_id: UUID, unit_id: UUID | None, new: AssetFacts) -> Asset:
        """Write down what stands in a building, or in one home of it."""
        within = self.work.actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        await Buildings(self.work.session, within).require(property_id, unit_id)
        asset = Asset(org_id=self.work.actor.org_id, property_id=property_id, unit_id=unit_id, **asdict(new))
        async with refusing(self.work.session, TAKEN):
            self.work.session.add(asset)
        self._tell("AssetAdded", asset)
        return asset

    async def one(self, asset_id: UUID) -> Asset:
        """Return an asset that may be changed, held until the transaction ends. Raises `NotFound`."""
        within = self.work.actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        return await Assets(self.work.session, within).locked(asset_id)

    async def change(self, asset_id: UUID, new: AssetFacts, *, version: int) -> Asset:
        """Put an asset right, or note that it is gone, having seen it as it was at `version`."""
        asset = await self.one(asset_id)
        if asset.version != version:
            raise ChangedMeanwhile
        async with refusing(self.work.session, TAKEN):
            for name, value in asdict(new).items():
                setattr(asset, name, value)
        self._tell("AssetChanged", asset)
        return asset

    def _tell(self, action: str, asset: Asset) -> None:
        self.work.audit(action, subject_id=asset.property_id, data={"asset_id": str(asset.id)})
        self.work.has_changed = True
