"""Finding what has happened to somebody's way in."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.sign_in_history import SignInEvent


class SignInHistory:
    """What happened to one identity's way in."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def newest(self, identity_id: UUID, *, limit: int) -> Sequence[SignInEvent]:
        """Return the newest events first."""
        query = (
            select(SignInEvent)
            .where(SignInEvent.identity_id == identity_id)
            .order_by(SignInEvent.at.desc(), SignInEvent.id.desc())
            .limit(limit)
        )
        return (await self.session.scalars(query)).all()
