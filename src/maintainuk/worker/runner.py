"""One job from claim to end, and what each kind of failure means."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from random import uniform

import structlog
from pydantic import ValidationError

from maintainuk.application.jobs import Job
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Busy, ClaimedJob, JobQueue, QueueUnavailable, Unclear, Undeliverable
from maintainuk.infrastructure.repositories.outbox import LeaseLost
from maintainuk.infrastructure.telemetry import trail
from maintainuk.infrastructure.telemetry.spans import tell_outcome
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import Chore, Delivery, Handling
from maintainuk.worker.metrics import JobMetrics

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
        metrics: JobMetrics,
    ) -> None:
        self._queue = queue
        self._deliveries = deliveries
        self._handlings = handlings
        self._handlers = {name: handling.handler(services.providers) for name, handling in handlings.items()}
        self._clock = services.clock
        self._spans = services.spans
        self._metrics = metrics

    async def run(self, claimed: ClaimedJob) -> Outcome:
        """Run one attempt. `DONE` leaves the row to the caller, who marks many at once; any other end is written."""
        with self._spans.of_job(claimed) as span:
            outcome = await self._attempted(claimed)
            tell_outcome(span, outcome, is_good=outcome not in {Outcome.RETRIED, Outcome.FAILED, Outcome.UNKNOWN})
        return outcome

    async def _attempted(self, claimed: ClaimedJob) -> Outcome:
        started = time.perf_counter()
        trail.set_out(claimed.trace_parent).org_id = claimed.org_id
        waited = (self._clock() - claimed.available_at).total_seconds()
        self._metrics.wait.labels(claimed.type).observe(max(0.0, waited))
        try:
            outcome = await self._attempt(claimed)
        except LeaseLost:
            outcome = Outcome.LOST
        except QueueUnavailable as error:  # our hold on it ends here, so it is handed out again
            _log(claimed).warning("The database went away under a job", error=str(error))
            outcome = Outcome.LOST
        finally:
            self._metrics.run.labels(claimed.type).observe(time.perf_counter() - started)
        if outcome is not Outcome.DONE:
            self._queue.let_go(claimed)
            _log(claimed).info("Job ended", outcome=outcome)
        self._metrics.outcomes.labels(claimed.type, outcome).inc()
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
            return await self._give_up(handler, job, claimed, str(refusal), OutboxStatus.FAILED)
        except Unclear:
            return await self._give_up(handler, job, claimed, "unclear", OutboxStatus.UNKNOWN)
        except Exception as error:  # noqa: BLE001  (a bug in one handler must not stop the others)
            return await self._failed(handler, job, claimed, error)

    async def _do(self, handler: Delivery | Chore, job: Job, claimed: ClaimedJob) -> Outcome:
        handling = self._handlings[claimed.type]
        if claimed.attempts > handling.retries.attempts:  # a worker's crash was an attempt, too
            return await self._give_up(handler, job, claimed, "attempts-used-up")
        if isinstance(handler, Chore):
            async with asyncio.timeout(CHORE_DEADLINE):
                await handler.run(job)
            return Outcome.DONE
        ended = await self._deliveries.deliver(handler, job, claimed, deadline=handling.deadline)
        return Outcome.COMPLETED if ended is OutboxStatus.COMPLETED else Outcome.SETTLED

    async def _failed(self, handler: Delivery | Chore, job: Job, claimed: ClaimedJob, error: Exception) -> Outcome:
        reason, wait = type(error).__name__, self._handlings[claimed.type].retries.after(claimed.attempts)
        _log(claimed).warning("Job failed", error=reason, exc_info=error)
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
        status: OutboxStatus | None = None,
    ) -> Outcome:
        if isinstance(handler, Chore):
            return await self._bury(claimed, reason)
        try:
            ended = await self._deliveries.give_up(handler, job, claimed, reason, status)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  (else it would come back for ever)
            _log(claimed).error("Giving up failed, too", error=type(error).__name__, exc_info=error)
            return await self._bury(claimed, reason)
        _log(claimed).error("Job given up", reason=reason, outcome=ended)
        return Outcome.FAILED if ended is OutboxStatus.FAILED else Outcome.UNKNOWN

    async def _bury(self, claimed: ClaimedJob, reason: str) -> Outcome:
        await self._queue.bury(claimed, error=reason)
        _log(claimed).error("Job given up", reason=reason, outcome=OutboxStatus.FAILED)
        return Outcome.FAILED


def _log(claimed: ClaimedJob) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = log.bind(job=claimed.type, outbox_id=claimed.id, attempts=claimed.attempts)
    return bound
