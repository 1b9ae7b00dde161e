"""The three steps of a delivery: prepare, send, complete. A crash between any two loses nothing and repeats nothing.

The call to the provider is written down before it is made. When it broke off and the provider doesn't drop repeated
keys itself, what became of it is looked up before anything is sent again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maintainuk.application.jobs import Job
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.outbox import OutboxStatus, ProviderCall, ProviderCallStatus
from maintainuk.domain.permissions import Actor
from maintainuk.domain.ports import Busy, ClaimedJob, Receipt, Unclear, Undeliverable
from maintainuk.infrastructure.repositories.outbox import Outbox
from maintainuk.infrastructure.telemetry import trail
from maintainuk.worker.handlers import SEND_DEADLINE, Delivery, Settled
from maintainuk.worker.retries import Breaker

LOOK_UP_AFTER = timedelta(seconds=60)
"""How long a provider may take until a message it took can be found."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be sent, and the row that says that it is."""

    what: Any
    call_id: UUID
    is_in_doubt: bool


class Deliveries:
    """Takes jobs with an effect outside through their steps."""

    def __init__(self, services: WorkerServices) -> None:
        self._services = services
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)

    async def deliver(
        self, handler: Delivery, job: Job, claimed: ClaimedJob, *, deadline: float = SEND_DEADLINE
    ) -> OutboxStatus:
        """Bring the promise to its end and return which; the call may take `deadline` seconds.

        Raises:
            Busy: not now; no attempt is used up.
            Undeliverable, Unclear: never.
            LeaseLost: somebody else has the job.
            Exception: anything else is worth another attempt.

        """
        self._breakers[handler.provider.name].admit()
        prepared = await self._prepare(handler, job, claimed)
        if isinstance(prepared, Settled):
            return prepared.status
        try:
            receipt = await self._send(handler, prepared, claimed, deadline)
        except (Busy, Undeliverable) as refusal:
            await self._note(claimed, prepared.call_id, ProviderCallStatus.REFUSED, str(refusal))
            raise
        except Exception as error:
            await self._note(claimed, prepared.call_id, ProviderCallStatus.UNKNOWN, type(error).__name__)
            raise
        await self._complete(handler, job, claimed, prepared.call_id, receipt)
        return OutboxStatus.COMPLETED

    async def give_up(
        self, handler: Delivery, job: Job, claimed: ClaimedJob, reason: str, status: OutboxStatus | None
    ) -> OutboxStatus:
        """Write that nothing more is tried, together with the row that becomes a dead letter, and return which.

        Without a `status` the calls tell: one that broke off may have worked, unless the provider drops repeated keys.
        """
        async with self._work(claimed) as work:
            outbox = Outbox(work.session)
            await outbox.hold(claimed)
            doubtful = _in_doubt(await outbox.calls(key_of(claimed)), work.now)
            if status is None:
                is_unknown = doubtful and not handler.provider.is_idempotent
                status = OutboxStatus.UNKNOWN if is_unknown else OutboxStatus.FAILED
            await outbox.end(claimed, status, at=work.now, error=reason)
            await handler.gave_up(job, status, reason, work)
        return status

    async def _prepare(self, handler: Delivery, job: Job, claimed: ClaimedJob) -> Prepared | Settled:
        wait = timedelta()
        async with self._work(claimed) as work:
            outbox = Outbox(work.session)
            await outbox.hold(claimed)
            what = await handler.prepare(job, work)
            if isinstance(what, Settled):
                await outbox.end(claimed, what.status, at=work.now, error=what.reason)
                return what
            earlier = await outbox.calls(key_of(claimed))
            broken_off = _in_doubt(earlier, work.now)
            doubtful = [] if handler.provider.is_idempotent else broken_off
            if doubtful:
                wait = max(call.started_at for call in doubtful) + LOOK_UP_AFTER - work.now
            call = ProviderCall(
                org_id=claimed.org_id,
                outbox_id=claimed.id,
                key=key_of(claimed),
                attempt=len(earlier) + 1,
                provider=handler.provider.name,
                started_at=work.now,
            )
            if wait <= timedelta():
                work.session.add(call)
        if wait > timedelta():
            raise Busy(wait)
        return Prepared(what, call.id, is_in_doubt=bool(doubtful))

    async def _send(self, handler: Delivery, prepared: Prepared, claimed: ClaimedJob, deadline: float) -> Receipt:
        provider, breaker = handler.provider, self._breakers[handler.provider.name]
        try:
            async with asyncio.timeout(deadline):
                receipt = await provider.look_up(claimed.org_id, key_of(claimed)) if prepared.is_in_doubt else None
                receipt = receipt or await handler.send(prepared.what, key=key_of(claimed))
        except Busy as busy:
            breaker.asked_to_wait(busy.retry_after)
            raise
        except (Undeliverable, Unclear):
            breaker.worked()
            raise
        except Exception:
            breaker.failed()
            raise
        breaker.worked()
        return receipt

    async def _complete(
        self, handler: Delivery, job: Job, claimed: ClaimedJob, call_id: UUID, receipt: Receipt
    ) -> None:
        async with self._work(claimed) as work:
            outbox = Outbox(work.session)
            await outbox.end(claimed, OutboxStatus.COMPLETED, at=work.now)
            await outbox.called(call_id, ProviderCallStatus.ACCEPTED, at=work.now, reference=receipt.reference)
            await handler.complete(job, receipt, work)

    async def _note(self, claimed: ClaimedJob, call_id: UUID, status: ProviderCallStatus, error: str) -> None:
        async with self._work(claimed) as work:
            outbox = Outbox(work.session)
            await outbox.hold(claimed)
            await outbox.called(call_id, status, at=work.now, error=error)

    @asynccontextmanager
    async def _work(self, claimed: ClaimedJob) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work of the organisation that the row belongs to, whatever its payload says."""
        step = trail.current()
        async with (
            asyncio.timeout(self._services.settings.database_deadline),
            unit_of_work(
                self._services.database.session(claimed.org_id),
                Actor.system(claimed.org_id),
                self._services.clock(),
                trace_parent=step.parent if step else None,
                hints=self._services.hints,
            ) as work,
        ):
            yield work


def key_of(claimed: ClaimedJob) -> str:
    """Return what providers know the promise by: the same at every attempt."""
    return str(claimed.id)


def _in_doubt(calls: Sequence[ProviderCall], now: datetime) -> list[ProviderCall]:
    """Return the calls of which nobody knows what became, those among them that a worker died in the middle of."""
    for call in calls:
        if call.status is ProviderCallStatus.SENDING:
            call.status, call.finished_at, call.error = ProviderCallStatus.UNKNOWN, now, "broke-off"
    return [call for call in calls if call.status is ProviderCallStatus.UNKNOWN]
