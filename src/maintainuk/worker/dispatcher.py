"""Claims jobs, keeps a bounded number of hands busy with them, and stops without dropping any."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from random import uniform
from typing import Any
from uuid import UUID

import structlog

from maintainuk.domain.ports import ClaimedJob, JobQueue, QueueUnavailable
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.runner import Outcome

POLL = 1.0
TEND = 1.0
LONGEST_PAUSE = 5.0
AHEAD = 0.25
"""Seconds of work claimed ahead. Long jobs are claimed one by one, so that an idle worker elsewhere can have them."""
MOST_AHEAD = 200
SLOWEST_PACE = 1.0
"""Seconds between the ends of two jobs that count at most: to have been idle is not to be slow."""

log = structlog.get_logger("maintainuk.worker")


class Dispatcher:
    """One worker process at work."""

    def __init__(
        self,
        queue: JobQueue,
        run: Callable[[ClaimedJob], Awaitable[Outcome]],
        metrics: JobMetrics,
        *,
        concurrency: int,
        patience: float = 20.0,
    ) -> None:
        """Run at most `concurrency` jobs at a time; at the end wait `patience` seconds for those that run."""
        self._queue = queue
        self._run = run
        self._metrics = metrics
        self._concurrency = concurrency
        self._patience = patience
        self._waiting: asyncio.Queue[ClaimedJob] = asyncio.Queue()
        self._running: dict[UUID, ClaimedJob] = {}
        self._done: list[ClaimedJob] = []
        self._finished = asyncio.Event()
        self._bookkeeping = asyncio.Lock()  # held while a keeper writes, so that none is stopped in mid-sentence
        self._pace = SLOWEST_PACE
        self._ended = -SLOWEST_PACE
        self._stopping = asyncio.Event()
        self._room = asyncio.Event()

    def stop(self) -> None:
        """Claim nothing more, finish what runs and return."""
        self._stopping.set()
        self._room.set()

    async def work(self) -> None:
        """Work until stopped."""
        async with asyncio.TaskGroup() as group:
            hands = [group.create_task(self._hand()) for _ in range(self._concurrency)]
            keepers = [group.create_task(self._tend()), group.create_task(self._complete())]
            await self._claim()
            await self._finish(hands)
            async with self._bookkeeping:
                for keeper in keepers:
                    keeper.cancel()
        await self._hand_in()
        await self._queue.close()

    async def _claim(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            wanted = self._wanted()
            if not wanted:
                self._room.clear()
                await self._room.wait()
                continue
            try:
                jobs = await self._queue.claim(wanted)
            except QueueUnavailable as error:
                failures += 1
                log.warning("Jobs can't be claimed; trying again", error=str(error), count=failures)
                await self._unless_stopped(asyncio.sleep(min(2**failures * 0.1, LONGEST_PAUSE) * uniform(0.5, 1)))
                continue
            failures = 0
            for job in jobs:
                self._waiting.put_nowait(job)
            if len(jobs) < wanted:
                await self._unless_stopped(self._queue.work_waiting(within=POLL))

    def _wanted(self) -> int:
        """Return how many jobs to claim now: none until what waits is half used up, so that claims stay few."""
        ahead = min(int(AHEAD / max(self._pace, 1e-6)), MOST_AHEAD)
        in_hand = self._waiting.qsize() + len(self._running)
        room = self._concurrency + ahead - in_hand
        return room if self._waiting.qsize() <= ahead // 2 else 0

    async def _hand(self) -> None:
        while True:
            claimed = await self._waiting.get()
            self._running[claimed.id] = claimed
            self._metrics.in_flight.inc()
            try:
                outcome = await self._run(claimed)
                if outcome is Outcome.DONE:
                    self._done.append(claimed)
                    self._finished.set()
                del self._running[claimed.id]
            finally:
                self._metrics.in_flight.dec()
            self._keep_pace()
            self._room.set()

    def _keep_pace(self) -> None:
        # From one end to the next, and not from start to end: ten that share the processor take ten times as long each.
        now = time.perf_counter()
        self._pace += 0.05 * (min(now - self._ended, SLOWEST_PACE) - self._pace)
        self._ended = now

    async def _complete(self) -> None:
        """Mark what was done, all that gathered while the last batch was on its way."""
        while await self._finished.wait():
            self._finished.clear()
            async with self._bookkeeping:
                await self._hand_in()

    async def _hand_in(self) -> None:
        batch, self._done = self._done, []
        if batch:
            with suppress(QueueUnavailable):  # they are handed out again: such jobs may run twice
                await self._queue.complete(batch)

    async def _tend(self) -> None:
        while True:
            with suppress(QueueUnavailable):
                async with self._bookkeeping:
                    freed = await self._queue.tend()
                if freed:
                    self._metrics.freed.inc(freed)
                    log.warning("Took jobs back from workers that are gone", count=freed)
            await asyncio.sleep(TEND)

    async def _finish(self, hands: list[asyncio.Task[None]]) -> None:
        unstarted = [self._waiting.get_nowait() for _ in range(self._waiting.qsize())]
        if unstarted:
            with suppress(QueueUnavailable):
                await self._queue.give_back(unstarted)
        until = time.monotonic() + self._patience
        while self._running and time.monotonic() < until:
            self._room.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._room.wait(), max(0.0, until - time.monotonic()))
        for hand in hands:
            hand.cancel()
        await asyncio.gather(*hands, return_exceptions=True)
        for claimed in self._running.values():
            log.warning("A job took too long to finish before the stop", job=claimed.type, outbox_id=claimed.id)
            with suppress(QueueUnavailable):
                await self._queue.retry(claimed, after=timedelta(), error="stopped", counted=False)

    async def _unless_stopped(self, awaitable: Awaitable[Any]) -> None:
        waits = [asyncio.ensure_future(awaitable), asyncio.ensure_future(self._stopping.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
