"""Hints, by building."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.hints import FOR_WHO_COMES, Hint
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.infrastructure.repositories import reach

H = Hint.__table__.c


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
        """Return what holds on a day for a building as a whole, and for one home of it; alerts first.

        Those at the desk who see a report of the place are told, whoever's team looks after it.
        """
        query = self._narrowed(select(Hint)) if self._is_outside else select(Hint)
        query = query.where(
            Hint.property_id == property_id,
            or_(Hint.unit_id.is_(None), Hint.unit_id == unit_id),
            Hint.starts_on <= on,
            or_(Hint.ends_on.is_(None), Hint.ends_on >= on),
        )
        found = (await self.session.scalars(query.order_by(Hint.id), self._who())).all()
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
        return self._narrowed(select(Hint))

    @property
    def _is_outside(self) -> bool:
        return self.within.scope in {Scope.OWN, Scope.PORTFOLIO}

    def _narrowed(self, query: Any) -> Any:  # noqa: ANN401  (a statement)
        query = query.where(reach.places(self.within.scope, H.property_id, H.unit_id))
        return query.where(Hint.kind.not_in(FOR_WHO_COMES)) if self._is_outside else query

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
