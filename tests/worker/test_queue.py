"""What every transport of the `JobQueue` port must keep; today there is one."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg

from maintainuk.infrastructure.queue.backlog import backlog
from maintainuk.infrastructure.queue.presence import living_workers


async def statuses(office) -> list[tuple[str, int]]:
    return [(row["status"], row["attempts"]) for row in await office.all("outbox_messages")]


async def test_four_dispatchers_claim_each_job_once(office):
    await office.promise(200)
    queues = [office.queue() for _ in range(4)]

    async def claim_all(queue) -> list[UUID]:
        claimed = []
        while jobs := await queue.claim(7):
            claimed += [job.id for job in jobs]
        return claimed

    claimed = [job for jobs in await asyncio.gather(*map(claim_all, queues)) for job in jobs]

    assert len(claimed) == 200
    assert len(set(claimed)) == 200


async def test_an_attempt_is_counted_before_it_begins(office):
    await office.promise()

    await office.queue().claim(1)

    assert await statuses(office) == [("dispatched", 1)]


async def test_the_highest_priority_comes_first_then_the_oldest(office):
    await office.promise(2, priority=5)
    await office.promise(1, priority=0)

    jobs = await office.queue().claim(3)

    oldest_first = [row["id"] for row in await office.watch.fetch("SELECT id FROM app.outbox_messages ORDER BY seq")]
    assert [job.id for job in jobs] == [oldest_first[2], oldest_first[0], oldest_first[1]]


async def test_a_job_nobody_here_knows_waits_for_a_newer_worker(office):
    await office.promise(job="from-the-future")

    assert await office.queue().claim(1) == []


async def test_jobs_of_a_dead_worker_are_freed_at_once(office):
    await office.promise(3)
    dying, living = office.queue(), office.queue()
    await dying.claim(3)
    await dying.close()

    assert await living.tend() == 3
    assert len(await living.claim(3)) == 3


async def test_jobs_of_a_living_worker_are_left_alone(office):
    await office.promise(3)
    busy, other = office.queue(), office.queue()
    await busy.claim(3)

    assert await other.tend() == 0


async def test_jobs_of_a_frozen_worker_are_freed_when_their_lease_ends(office):
    await office.promise(1)
    frozen, other = office.queue(lease=timedelta(milliseconds=50)), office.queue()
    await frozen.claim(1)
    await asyncio.sleep(0.1)

    assert await other.tend() == 1


async def test_a_worker_that_tends_keeps_its_jobs_beyond_the_first_lease(office):
    await office.promise(1)
    slow, other = office.queue(), office.queue()
    await slow.claim(1)
    (first,) = await office.all("outbox_messages", "id, lease_until")
    await slow.tend()

    (renewed,) = await office.all("outbox_messages", "id, lease_until")
    assert renewed["lease_until"] > first["lease_until"]
    assert await other.tend() == 0


async def test_whoever_lost_a_job_can_write_nothing_about_it(office):
    await office.promise(1)
    frozen, other = office.queue(lease=timedelta(0)), office.queue()
    (lost,) = await frozen.claim(1)
    await other.tend()
    (taken,) = await other.claim(1)

    assert await frozen.complete([lost]) == 0
    await frozen.bury(lost, error="late")
    await frozen.retry(lost, after=timedelta(), error="late")
    await frozen.give_back([lost])

    assert await statuses(office) == [("dispatched", 2)]
    assert await other.complete([taken]) == 1


async def test_a_claim_whose_answer_was_lost_is_handed_out_again(office):
    await office.promise(1)
    queue = office.queue()
    (job,) = await queue.claim(1)
    queue.let_go(job)

    assert await queue.tend() == 1
    assert [job.attempts for job in await queue.claim(1)] == [2]


async def test_a_job_given_back_never_started(office):
    await office.promise(1)
    queue = office.queue()

    await queue.give_back(await queue.claim(1))

    assert await statuses(office) == [("pending", 0)]


async def test_what_crashes_workers_again_and_again_waits_a_while_each_time(office):
    await office.promise(20, attempts=3)
    dying, other = office.queue(), office.queue()
    await dying.claim(20)
    await dying.close()
    await other.tend()

    assert 0 < len(await office.watch.fetch("SELECT 1 FROM app.outbox_messages WHERE available_at > now()")) <= 20


async def test_a_worker_is_known_to_live_until_it_hangs_up(office):
    queue = office.queue()
    await queue.claim(1)

    async def living() -> list[int]:
        async with office.services.database.connection() as connection:
            return await living_workers(connection)

    assert await living() == [queue.number]
    await queue.close()
    assert await living() == []


async def test_a_broken_line_is_made_anew_under_the_same_number(office):
    await office.promise(2)
    queue = office.queue()
    await queue.claim(1)
    number = queue.number
    await office.cut_all_connections()
    async with asyncio.timeout(30):
        while not queue._line.is_closed():
            await asyncio.sleep(0.01)

    jobs = await queue.claim(1)

    assert len(jobs) == 1
    assert queue.number == number


async def test_what_waits_and_what_lies_dead_is_counted_while_a_claim_holds_the_line(office):
    await office.promise(3)
    queue = office.queue()
    (dead,) = await queue.claim(1)
    await queue.bury(dead, error="refused")

    async with queue._one_at_a_time, office.services.database.connection() as connection:
        counted = await backlog(connection)

    assert {(part.type, part.status, part.count) for part in counted} == {
        ("no-operation", "pending", 2),
        ("no-operation", "failed", 1),
    }


async def test_a_hint_that_stumbles_over_a_dying_database_is_not_the_last(office, monkeypatch):
    heard, stumbles = asyncio.Event(), [asyncpg.InternalClientError(), ConnectionResetError()]
    await office.watch.add_listener("maintainuk_outbox", lambda *_: heard.set())
    connect = asyncpg.connect

    async def stumbling(*address, **options):
        if stumbles:
            raise stumbles.pop()
        return await connect(*address, **options)

    monkeypatch.setattr(asyncpg, "connect", stumbling)
    await office.services.hints.open()

    async with asyncio.timeout(10):
        while not heard.is_set():
            office.services.hints.jobs_waiting()
            await asyncio.sleep(0.05)
    await office.services.hints.close()

    assert stumbles == []


async def test_a_hint_wakes_a_worker(office):
    queue = office.queue()
    await queue.claim(1)
    waiting = asyncio.create_task(queue.work_waiting(within=60))
    await asyncio.sleep(0)
    await office.watch.execute("NOTIFY maintainuk_outbox")

    async with asyncio.timeout(10):
        await waiting


async def test_whoever_asks_for_a_thousand_things_keeps_no_other_organisation_waiting(office):
    await office.promise(40)
    queue = office.queue()
    await queue.claim(5)
    other = await office.world.organisation("Moorside Homes")
    await office.promise(2, org_id=other)

    jobs = await queue.claim(10)

    assert [job.org_id for job in jobs] == [other] * 2 + [office.org_id] * 8


async def test_two_organisations_with_much_to_do_take_turns(office):
    other = await office.world.organisation("Moorside Homes")
    await office.promise(12)
    await office.promise(12, org_id=other)
    queue = office.queue()

    turns = [{job.org_id for job in await queue.claim(4)} for _ in range(6)]

    assert turns == [{office.org_id}, {other}] * 3


async def test_a_higher_priority_comes_before_anybody_s_turn(office):
    other = await office.world.organisation("Moorside Homes")
    await office.promise(4, priority=5)
    queue = office.queue()
    await queue.claim(2)
    await office.promise(1, priority=6, org_id=other)

    assert [job.org_id for job in await queue.claim(3)] == [office.org_id, office.org_id, other]
