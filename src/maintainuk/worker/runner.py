"""One job from claim to end, and what each kind of failure means."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from random import uniform
from traceback import extract_tb

import structlog
from pydantic import ValidationError

from maintainuk.application.jobs import Job
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Busy, ClaimedJob, JobQueue, QueueUnavailable, Unclear, Undeliverable
from maintainuk.infrastructure.repositories.outbox import LeaseLost
from maintainuk.worker import metrics
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import Chore, Delivery, Handling

CHORE_DEADLINE = 20.0
log = structlog.get_logger("maintainuk.worker")


class Outcome(StrEnum):
    """How one attempt ended, for logs and metrics."""

    DONE = "done"
    COMPLETED = "completed"
    SETTLED = "settled"
    WAITING = "waiting"
    RETRIED = "retried"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LOST = "lost"


class Runner:
    """Runs claimed jobs; whatever a job does, it never stops another."""

    def __init__(
        self,
        queue: JobQueue,
        deliveries: Deliveries,
        handlings: Mapping[str, Handling],
        services: WorkerServices,
    ) -> None:
        self._queue = queue
        self._deliveries = deliveries
        self._handlings = handlings
        self._handlers = {name: handling.handler(services.providers) for name, handling in handlings.items()}
        self._clock = services.clock

    async def run(self, claimed: ClaimedJob) -> Outcome:
        """Run one attempt. `DONE` leaves the row to the caller, who marks many at once; any other end is written."""
        started = time.perf_counter()
        metrics.WAIT.labels(claimed.type).observe(max(0.0, (self._clock() - claimed.available_at).total_seconds()))
        try:
            outcome = await self._attempt(claimed)
        except LeaseLost:
            outcome = Outcome.LOST
        except QueueUnavailable as error:  # its lease ends with our hold on it, and it is handed out again
            _log(claimed).warning("The database went away under a job", error=str(error))
            outcome = Outcome.LOST
        finally:
            metrics.RUN.labels(claimed.type).observe(time.perf_counter() - started)
        if outcome is not Outcome.DONE:
            self._queue.let_go(claimed)
        metrics.OUTCOMES.labels(claimed.type, outcome).inc()
        level = log.info if outcome in {Outcome.COMPLETED, Outcome.SETTLED} else log.debug
        level("Job ended", **_ids(claimed), outcome=outcome)
        return outcome

    async def _attempt(self, claimed: ClaimedJob) -> Outcome:
        handling, handler = self._handlings[claimed.type], self._handlers[claimed.type]
        try:
            job = handling.job.model_validate(claimed.payload)
        except ValidationError:
            return await self._bury(claimed, "invalid-payload")
        try:
            return await self._do(handler, job, claimed)
        except (LeaseLost, QueueUnavailable):
            raise
        except Busy as busy:
            wait = busy.retry_after + timedelta(seconds=uniform(0, 1))
            await self._queue.retry(claimed, after=wait, error="busy", counted=False)
            return Outcome.WAITING
        except Undeliverable as refusal:
            return await self._give_up(handler, job, claimed, str(refusal))
        except Unclear:
            return await self._give_up(handler, job, claimed, "unclear", OutboxStatus.UNKNOWN)
        except Exception as error:  # noqa: BLE001  (a bug in one handler must not stop the others)
            return await self._failed(handler, job, claimed, error)

    async def _do(self, handler: Delivery | Chore, job: Job, claimed: ClaimedJob) -> Outcome:
        if claimed.attempts > self._handlings[claimed.type].retries.attempts:  # a worker's crash was an attempt, too
            return await self._give_up(handler, job, claimed, "attempts-used-up")
        if isinstance(handler, Chore):
            async with asyncio.timeout(CHORE_DEADLINE):
                await handler.run(job)
            return Outcome.DONE
        ended = await self._deliveries.deliver(handler, job, claimed)
        return Outcome.COMPLETED if ended is OutboxStatus.COMPLETED else Outcome.SETTLED

    async def _failed(self, handler: Delivery | Chore, job: Job, claimed: ClaimedJob, error: Exception) -> Outcome:
        reason, wait = type(error).__name__, self._handlings[claimed.type].retries.after(claimed.attempts)
        _log(claimed).warning("Job failed", error=reason, where=_where(error), again_in=wait and wait.total_seconds())
        if wait is None:
            return await self._give_up(handler, job, claimed, reason)
        await self._queue.retry(claimed, after=wait, error=reason)
        return Outcome.RETRIED

    async def _give_up(
        self,
        handler: Delivery | Chore,
        job: Job,
        claimed: ClaimedJob,
        reason: str,
        status: OutboxStatus = OutboxStatus.FAILED,
    ) -> Outcome:
        if isinstance(handler, Chore):
            return await self._bury(claimed, reason)
        try:
            await self._deliveries.give_up(handler, job, claimed, reason, status)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  (else it would come back for ever)
            _log(claimed).error("Giving up failed, too", error=type(error).__name__, where=_where(error))
            return await self._bury(claimed, reason)
        _log(claimed).error("Job given up", reason=reason, status=status)
        return Outcome.FAILED if status is OutboxStatus.FAILED else Outcome.UNKNOWN

    async def _bury(self, claimed: ClaimedJob, reason: str) -> Outcome:
        await self._queue.bury(claimed, error=reason)
        _log(claimed).error("Job given up", reason=reason, status=OutboxStatus.FAILED)
        return Outcome.FAILED


def _ids(claimed: ClaimedJob) -> dict[str, object]:
    trace_id = claimed.trace_parent.split("-")[1] if claimed.trace_parent else None
    ids: dict[str, object] = {
        "orgId": str(claimed.org_id),
        "jobId": str(claimed.id),
        "job": claimed.type,
        "attempt": claimed.attempts,
    }
    return {"traceId": trace_id, **ids} if trace_id else ids


def _log(claimed: ClaimedJob) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = log.bind(**_ids(claimed))
    return bound


def _where(error: Exception) -> list[str]:
    """Return the lines an error came through, without its message, which may hold what people wrote."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)
    ]
