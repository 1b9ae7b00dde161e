"""Hints, by building."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.hints import Hint
from maintainuk.domain.permissions import Reach
from maintainuk.infrastructure.repositories import reach


class Hints:
    """What is to be known of the buildings within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def of(self, property_id: UUID) -> Sequence[Hint]:
        """Return all hints of a building, those that still hold first."""
        query = self._within().where(Hint.property_id == property_id)
        query = query.order_by(Hint.ends_on.is_not(None), Hint.ends_on.desc(), Hint.id)
        return (await self.session.scalars(query, self._who())).all()

    async def at(self, property_id: UUID, unit_id: UUID | None, on: date) -> Sequence[Hint]:
        """Return what holds on a day for a building as a whole, and for one home of it; alerts first."""
        query = select(Hint).where(
            Hint.property_id == property_id,
            or_(Hint.unit_id.is_(None), Hint.unit_id == unit_id),
            Hint.starts_on <= on,
            or_(Hint.ends_on.is_(None), Hint.ends_on >= on),
        )
        found = (await self.session.scalars(query.order_by(Hint.id))).all()
        return sorted(found, key=lambda hint: not hint.kind.is_alert)

    async def locked(self, hint_id: UUID) -> Hint:
        """Return a hint, held until the transaction ends. Raises `NotFound`."""
        found: Hint | None = await self.session.scalar(
            self._within().where(Hint.id == hint_id).with_for_update(), self._who()
        )
        if found is None:
            raise NotFound("no-such-hint")
        return found

    def _within(self) -> Any:  # noqa: ANN401  (a statement)
        return select(Hint).where(reach.properties(self.within.scope, Hint.__table__.c.property_id))

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
