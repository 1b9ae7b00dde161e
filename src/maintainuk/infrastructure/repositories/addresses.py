"""Addresses of properties that are known."""

from typing import Any

from sqlalchemy import all_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.address_books import FoundAddress, SoughtAddress
from maintainuk.domain.permissions import Reach
from maintainuk.domain.properties import Property
from maintainuk.infrastructure.repositories import reach

MOST = 30


class KnownAddresses:
    """The addresses of the properties within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def like(self, sought: SoughtAddress) -> list[FoundAddress]:
        """Return the properties at a postcode, or those whose address has all the words, as people walk."""
        where = (
            Property.postcode == sought.postcode
            if sought.postcode
            else Property.search_text.like(all_(func.app.like_patterns(literal(sought.words))))
        )
        query = select(Property).where(where, reach.properties(self.within.scope)).order_by(Property.walk).limit(MOST)
        return [
            FoundAddress(
                address_line=one.address_line,
                town=one.town,
                postcode=one.postcode,
                nation=one.nation,
                uprn=one.uprn,
                property_id=one.id,
            )
            for one in await self.session.scalars(query, self._who())
        ]

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
