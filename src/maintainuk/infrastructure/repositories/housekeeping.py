"""Removing what has served its time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import OwnedByOrganisation
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.sign_in import Session
from maintainuk.infrastructure.database.engine import Database

BROOM = 727004
PORTION = 5_000
"""Rows of one statement: each stays well below the deadline, however long nobody has swept."""


@asynccontextmanager
async def the_only_sweeper(database: Database) -> AsyncIterator[bool]:
    """Yield whether we may sweep: one worker does at a time."""
    async with database.connection() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        got = bool(await alone.scalar(text("SELECT pg_try_advisory_lock(:broom)"), {"broom": BROOM}))
        try:
            yield got
        finally:
            if got:
                await alone.execute(text("SELECT pg_advisory_unlock(:broom)"), {"broom": BROOM})


class Leftovers:
    """What one organisation no longer needs."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def live_events(self, *, before: datetime) -> int:
        """Remove hints that no sleeping screen will ask for."""
        return await self._portion(LiveEvent, LiveEvent.at < before)

    async def idempotent_answers(self, *, before: datetime) -> int:
        """Remove answers that nobody will repeat their question for."""
        return await self._portion(IdempotentAnswer, IdempotentAnswer.created_at < before)

    async def _portion(self, entity: type[OwnedByOrganisation], old: ColumnElement[bool]) -> int:
        key: Any = tuple_(entity.org_id, entity.id)
        portion = select(entity.org_id, entity.id).where(old).limit(PORTION)
        gone = delete(entity).where(key.in_(portion)).returning(entity.id)
        return len((await self.session.scalars(gone, execution_options={"synchronize_session": False})).all())


async def remove_ended_sessions(session: AsyncSession, *, before: datetime) -> int:
    """Remove sessions that ended or ran out before then; the table is installation-wide."""
    portion = select(Session.id).where(or_(Session.ended_at < before, Session.expires_at < before)).limit(PORTION)
    gone = delete(Session).where(Session.id.in_(portion)).returning(Session.id)
    return len((await session.scalars(gone, execution_options={"synchronize_session": False})).all())
