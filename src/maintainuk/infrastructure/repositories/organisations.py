"""Finding organisations, before or beside the work of any one of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.organisations import Organisation


class Organisations:
    """All organisations of the installation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ids(self) -> Sequence[UUID]:
        """Return every organisation's id."""
        return (await self.session.scalars(select(Organisation.id))).all()

    async def active(self) -> Sequence[UUID]:
        """Return the ids of those that are not suspended."""
        return (await self.session.scalars(select(Organisation.id).where(Organisation.suspended_at.is_(None)))).all()
