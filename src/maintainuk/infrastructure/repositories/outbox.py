"""Promises in the transaction of their effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.outbox import OutboxMessage, OutboxStatus, ProviderCall
from maintainuk.domain.ports import ClaimedJob


class LeaseLost(Exception):
    """Somebody else has the job now: whatever this transaction did must not be."""


class Outbox:
    """The promises of the session's organisation, as the worker that claimed them sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def hold(self, job: ClaimedJob) -> None:
        """Make sure that the job is still ours, and keep it so until the transaction ends. Raises `LeaseLost`."""
        ours = select(OutboxMessage.id).where(*_fence(job)).with_for_update(key_share=True)
        if await self.session.scalar(ours) is None:
            raise LeaseLost

    async def end(self, job: ClaimedJob, status: OutboxStatus, *, at: datetime, error: str | None = None) -> None:
        """Write how the promise ended, together with everything else this transaction does. Raises `LeaseLost`."""
        ended = (
            update(OutboxMessage)
            .where(*_fence(job))
            .values(status=status, completed_at=at, last_error=error, locked_by=None, lease_until=None)
            .returning(OutboxMessage.id)
            .execution_options(synchronize_session=False)
        )
        if await self.session.scalar(ended) is None:
            raise LeaseLost

    async def calls(self, key: str) -> Sequence[ProviderCall]:
        """Return the calls made under this key, oldest first."""
        query = select(ProviderCall).where(ProviderCall.key == key).order_by(ProviderCall.attempt)
        return (await self.session.scalars(query)).all()


def _fence(job: ClaimedJob) -> tuple[ColumnElement[Any], ...]:
    return (
        OutboxMessage.id == job.id,
        OutboxMessage.status == OutboxStatus.DISPATCHED,
        OutboxMessage.locked_by == job.locked_by,
        OutboxMessage.attempts == job.attempts,
    )
