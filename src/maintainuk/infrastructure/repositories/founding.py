"""Whether anybody was here before."""

from datetime import datetime

from sqlalchemy import exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.organisations import Organisation
from maintainuk.infrastructure.repositories.organisations import CONFIRMED

ONE_AT_A_TIME = 727_005


class Foundation:
    """The installation before it has an organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def is_first(self) -> bool:
        """Say whether there is no organisation yet; of two who ask at once, one waits until the other is done."""
        await self.session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
        return not await self.has_begun()

    async def has_begun(self) -> bool:
        """Say whether anybody looks after an organisation here."""
        return bool(await self.session.scalar(select(exists(select(Organisation.id).where(CONFIRMED)))))

    async def waiting(self, now: datetime) -> int:
        """Return how many organisations wait for somebody to confirm them; one counts after the other."""
        await self.session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
        query = select(func.count()).select_from(Organisation).where(Organisation.waits_until > now)
        return (await self.session.scalar(query)) or 0

    async def waiting_for(self, address: bytes, now: datetime) -> int:
        """Return how many of them wait for one mailbox, by its blind index."""
        query = (
            select(func.count())
            .select_from(Organisation)
            .where(Organisation.waits_for == address, Organisation.waits_until > now)
        )
        return (await self.session.scalar(query)) or 0
