"""Assets, by building."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.assets import Asset
from maintainuk.domain.errors import NotFound
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.infrastructure.repositories import reach

A = Asset.__table__.c


class Assets:
    """What stands in the buildings within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def of(self, property_id: UUID) -> Sequence[Asset]:
        """Return all assets of a building, those that are still there first."""
        query = self._within().where(Asset.property_id == property_id)
        query = query.order_by(Asset.removed_on.is_not(None), Asset.id)
        return (await self.session.scalars(query, self._who())).all()

    async def under_warranty(self, property_id: UUID, unit_id: UUID | None, on: date) -> Sequence[Asset]:
        """Return what its maker still answers for on a day, in a building as a whole and in one home of it."""
        query = self._within() if self.within.scope in {Scope.OWN, Scope.PORTFOLIO} else select(Asset)
        query = query.where(
            Asset.property_id == property_id,
            or_(Asset.unit_id.is_(None), Asset.unit_id == unit_id),
            Asset.warranty_until >= on,
            Asset.removed_on.is_(None),
        )
        return (await self.session.scalars(query.order_by(Asset.id), self._who())).all()

    async def locked(self, asset_id: UUID) -> Asset:
        """Return an asset, held until the transaction ends. Raises `NotFound`."""
        found: Asset | None = await self.session.scalar(
            self._within().where(Asset.id == asset_id).with_for_update(), self._who()
        )
        if found is None:
            raise NotFound("no-such-asset")
        return found

    def _within(self) -> Any:  # noqa: ANN401  (a statement)
        return select(Asset).where(reach.places(self.within.scope, A.property_id, A.unit_id))

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
