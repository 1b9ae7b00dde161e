"""A worker process from the inside: many jobs at once, poison among them, and a stop in the middle."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from maintainuk.application.jobs import NoOperation
from maintainuk.worker.dispatcher import Dispatcher
from maintainuk.worker.handlers import Handling
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.retries import FIVE_FROM_FIVE_SECONDS, Retries

ONE_ATTEMPT = Retries(())


class Numbered(NoOperation):
    """The job that does nothing, with a number to tell it by."""

    number: int


def doing(what: Callable[[int], Awaitable[None]], retries: Retries = ONE_ATTEMPT) -> dict[str, Handling]:
    class Handler:
        async def run(self, job: Numbered) -> None:
            await what(job.number)

    return {"no-operation": Handling(Numbered, lambda _: Handler(), retries)}


@pytest.fixture
def dispatcher_of(office):
    def make(handlings: dict[str, Handling], **changes) -> Dispatcher:
        queue = office.queue(types=list(handlings))
        return Dispatcher(queue, office.runner(queue, handlings).run, JobMetrics(), concurrency=4, **changes)

    return make


async def promised(office, count: int) -> None:
    for number in range(count):
        await office.promise(payload=f'{{"number": {number}}}')


async def ended(office, count: int) -> dict[str, int]:
    """How the jobs ended, once that many have."""
    async with asyncio.timeout(60):
        while True:
            rows = await office.watch.fetch("SELECT status, count(*) FROM app.outbox_messages GROUP BY status")
            found = {row["status"]: row["count"] for row in rows if row["status"] not in {"pending", "dispatched"}}
            if sum(found.values()) >= count:
                return found
            await asyncio.sleep(0.02)


async def test_poison_stops_nobody_else(office, dispatcher_of):
    async def work(number: int) -> None:
        if number % 10 == 0:
            raise RuntimeError(number)

    await promised(office, 100)
    dispatcher = dispatcher_of(doing(work))
    working = asyncio.create_task(dispatcher.work())

    assert await ended(office, 100) == {"completed": 90, "failed": 10}
    dispatcher.stop()
    await working


async def test_no_more_jobs_run_at_once_than_there_are_hands(office, dispatcher_of):
    running, most = 0, 0
    all_hands = asyncio.Barrier(4)

    async def work(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await all_hands.wait()
        running -= 1

    await promised(office, 32)
    dispatcher = dispatcher_of(doing(work))
    working = asyncio.create_task(dispatcher.work())

    await ended(office, 32)
    assert most == 4
    dispatcher.stop()
    await working


async def test_a_stop_finishes_what_runs_and_gives_the_rest_back(office, dispatcher_of):
    go_on, all_hands = asyncio.Event(), asyncio.Barrier(5)

    async def work(_: int) -> None:
        await all_hands.wait()
        await go_on.wait()

    await promised(office, 10)
    dispatcher = dispatcher_of(doing(work))
    dispatcher._pace = 0.001  # it believes that jobs are short, and claims ahead
    working = asyncio.create_task(dispatcher.work())
    await all_hands.wait()
    dispatcher.stop()
    await asyncio.sleep(0.05)
    go_on.set()
    await working

    rows = await office.all("outbox_messages", "id, status, attempts")
    assert sorted((row["status"], row["attempts"]) for row in rows) == [("completed", 1)] * 4 + [("pending", 0)] * 6


async def test_a_job_that_outlasts_the_patience_is_put_back_and_no_attempt_is_used_up(office, dispatcher_of):
    begun = asyncio.Event()

    async def work(_: int) -> None:
        begun.set()
        await asyncio.sleep(60)

    await promised(office, 1)
    dispatcher = dispatcher_of(doing(work), patience=0.05)
    working = asyncio.create_task(dispatcher.work())
    await begun.wait()
    dispatcher.stop()
    await working

    (row,) = await office.all("outbox_messages")
    assert (row["status"], row["attempts"], row["last_error"]) == ("pending", 0, "stopped")


async def test_a_worker_whose_connections_are_cut_goes_on_by_itself(office, dispatcher_of):
    async def work(_: int) -> None:
        await asyncio.sleep(0.005)

    await promised(office, 60)
    dispatcher = dispatcher_of(doing(work, FIVE_FROM_FIVE_SECONDS))
    working = asyncio.create_task(dispatcher.work())
    await ended(office, 10)
    await office.cut_all_connections()

    assert await ended(office, 60) == {"completed": 60}
    dispatcher.stop()
    await working
