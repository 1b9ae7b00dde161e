"""Promises in the transaction of their effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.outbox import OutboxMessage, OutboxStatus, ProviderCall, ProviderCallStatus
from maintainuk.domain.ports import ClaimedJob
from maintainuk.infrastructure.database.reading import rows

M, C = OutboxMessage.__table__.c, ProviderCall.__table__.c
FENCE: Final = (
    M.org_id == bindparam("org"),
    M.id == bindparam("job"),
    M.status == OutboxStatus.DISPATCHED,
    M.locked_by == bindparam("worker"),
    M.attempts == bindparam("attempt"),
)
# Column statements, built once: every job of every kind runs them.
HOLD: Final = select(M.id).where(*FENCE).with_for_update(key_share=True)
END: Final = (
    update(OutboxMessage)
    .where(*FENCE)
    .values(
        status=bindparam("ended"),
        completed_at=bindparam("at"),
        last_error=bindparam("error"),
        locked_by=None,
        lease_until=None,
    )
    .returning(M.id)
)
CALLED: Final = (
    update(ProviderCall)
    .where(C.org_id == bindparam("org"), C.id == bindparam("call"))
    .values(
        status=bindparam("ended"),
        finished_at=bindparam("at"),
        reference=bindparam("said"),
        error=bindparam("problem"),
    )
    .returning(C.id)
)


class LeaseLost(Exception):
    """Somebody else has the job now: whatever this transaction did must not be."""


class Outbox:
    """The promises of the session's organisation, as the worker that claimed them sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def hold(self, job: ClaimedJob) -> None:
        """Make sure that the job is still ours, and keep it so until the transaction ends. Raises `LeaseLost`."""
        if not await rows(self.session, HOLD, **_claim(job)):
            raise LeaseLost

    async def end(self, job: ClaimedJob, status: OutboxStatus, *, at: datetime, error: str | None = None) -> None:
        """Write how the promise ended, together with everything else this transaction does. Raises `LeaseLost`."""
        if not await rows(self.session, END, **_claim(job), ended=status, at=at, error=error):
            raise LeaseLost

    async def calls(self, key: str) -> Sequence[ProviderCall]:
        """Return the calls made under this key, oldest first."""
        query = select(ProviderCall).where(ProviderCall.key == key).order_by(ProviderCall.attempt)
        return (await self.session.scalars(query)).all()

    async def called(
        self,
        call_id: UUID,
        status: ProviderCallStatus,
        *,
        at: datetime,
        reference: str | None = None,
        error: str | None = None,
    ) -> None:
        """Write what became of a call. Raises `LeaseLost` when nothing is known of it."""
        if not await rows(self.session, CALLED, call=call_id, ended=status, at=at, said=reference, problem=error):
            raise LeaseLost


def _claim(job: ClaimedJob) -> dict[str, Any]:
    return {"job": job.id, "worker": job.locked_by, "attempt": job.attempts}
