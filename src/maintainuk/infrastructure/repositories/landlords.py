"""Landlords, their portfolios, and how much is in each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Reach
from maintainuk.domain.properties import Property
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.searching import searched
from maintainuk.infrastructure.repositories.ticket_rows import Facts


class Landlords:
    """Those landlords of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def page(self, words: str, *, after: UUID | None, limit: int) -> list[Facts]:
        """Return landlords, the newest first, beginning behind `after`."""
        query = select(Landlord).where(reach.landlords(self.within.scope)).order_by(Landlord.id.desc()).limit(limit)
        if after:
            query = query.where(Landlord.id < after)
        if words:
            names = (await searched(self.session, words))["names"]
            named = select(Person.id).where(Person.name_tokens.op("@>")(cast(names, ARRAY(BigInteger()))))
            ways = [
                func.lower(Landlord.company).contains(words.lower(), autoescape=True),
                Landlord.external_reference == words,
                *([Landlord.person_id.in_(named)] if names else []),
            ]
            query = query.where(or_(*ways))
        return await self._shown((await self.session.scalars(query, self._who())).all())

    async def one(self, landlord_id: UUID) -> Facts:
        """Return a landlord with their portfolios. Raises `NotFound`."""
        (facts,) = await self._shown([await self._landlord(landlord_id)])
        person = await self.session.get_one(Person, (self.session.info["org_id"], facts["person_id"]))
        return facts | {"email": person.email, "phone": person.phone}

    async def locked(self, landlord_id: UUID) -> Landlord:
        """Return a landlord, held until the transaction ends. Raises `NotFound`."""
        return await self._landlord(landlord_id, is_held=True)

    async def portfolio(self, landlord_id: UUID, portfolio_id: UUID) -> Portfolio:
        """Return one portfolio of a landlord, held until the transaction ends. Raises `NotFound`."""
        query = select(Portfolio).where(Portfolio.landlord_id == landlord_id, Portfolio.id == portfolio_id)
        if (found := await self.session.scalar(query.with_for_update())) is None:
            raise NotFound("no-such-portfolio")
        return found

    async def _landlord(self, landlord_id: UUID, *, is_held: bool = False) -> Landlord:
        query = select(Landlord).where(Landlord.id == landlord_id, reach.landlords(self.within.scope))
        found = await self.session.scalar(query.with_for_update() if is_held else query, self._who())
        if found is None:
            raise NotFound("no-such-landlord")
        return found

    async def _shown(self, landlords: Sequence[Landlord]) -> list[Facts]:
        ids = [landlord.id for landlord in landlords]
        names = await People(self.session, self.within).names({landlord.person_id for landlord in landlords})
        portfolios = (
            await self.session.execute(
                select(Portfolio, func.count(Property.id))
                .outerjoin(Property, (Property.org_id == Portfolio.org_id) & (Property.portfolio_id == Portfolio.id))
                .where(Portfolio.landlord_id.in_(ids))
                .group_by(Portfolio.org_id, Portfolio.id)
                .order_by(Portfolio.name)
            )
        ).all()
        return [
            {
                "id": landlord.id,
                "name": landlord.company or names.get(landlord.person_id, ""),
                "company": landlord.company,
                "person_id": landlord.person_id,
                "person_name": names.get(landlord.person_id, ""),
                "approval_limit": landlord.approval_limit,
                "emergency_limit": landlord.emergency_limit,
                "external_reference": landlord.external_reference,
                "version": landlord.version,
                "portfolios": [
                    {
                        "id": portfolio.id,
                        "name": portfolio.name,
                        "approval_limit": portfolio.approval_limit,
                        "emergency_limit": portfolio.emergency_limit,
                        "properties": count,
                        "version": portfolio.version,
                    }
                    for portfolio, count in portfolios
                    if portfolio.landlord_id == landlord.id
                ],
            }
            for landlord in landlords
        ]

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
