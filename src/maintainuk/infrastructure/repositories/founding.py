"""Whether anybody was here before."""

from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.organisations import Organisation

ONE_AT_A_TIME = 727_005


class Foundation:
    """The installation before it has an organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def is_first(self) -> bool:
        """Say whether there is no organisation yet; of two who ask at once, one waits until the other is done."""
        await self.session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
        return not await self.session.scalar(select(exists(select(Organisation.id))))
