"""The job engine: how soon a job starts, how many run in a second, and what kill -9 costs.

./maintainuk bench jobs [--database URL --secret-key KEY] [--short]
"""

import asyncio
import os
import random
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import asyncpg
from pydantic import SecretStr

from bench._crew import Effects, crew
from bench._promises import organisation, promise_messages
from bench._worker import Tick
from maintainuk.application.unit_of_work import unit_of_work
from maintainuk.bootstrap import Services
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.settings import Settings


@contextmanager
def settings_of(chosen: Namespace, folder: Path) -> Iterator[Settings]:
    """The given database, or services of our own that go when we end."""
    storage = f"file://{folder}/files"
    if chosen.database:
        yield Settings(
            secret_key=SecretStr(chosen.secret_key), database_url=SecretStr(chosen.database), storage_url=storage
        )
        return
    with scratch_services() as given:
        yield Settings(
            secret_key=SecretStr(given["secret_key"]),
            database_url=SecretStr(given["database_url"]),
            redis_url=SecretStr(given["redis_url"]),
            storage_url=storage,
        )


async def start_delay(settings: Settings, folder: Path, *, rate: int, seconds: int) -> None:
    """From commit to start, at a steady rate, through the API's own unit of work and hints."""
    services, log = Services(settings), folder / "ticks"
    org_id = await organisation(settings)
    await services.open()
    committed: dict[int, float] = {}

    async def promise(number: int) -> None:
        session = services.database.session(org_id)
        async with unit_of_work(session, Actor.system(org_id), services.clock(), hints=services.hints) as work:
            work.promise(Tick(number=number))
            await work.session.commit()  # timed here: the hint follows it
            committed[number] = time.time()

    async with crew(settings, folder / "log") as workers:
        await workers.hire("--log", str(log))
        async with asyncio.TaskGroup() as group:
            begun = time.monotonic()
            for number in range(-rate, rate * seconds):  # one second to warm up
                group.create_task(promise(number))
                await asyncio.sleep(max(0.0, begun + (number + rate + 1) / rate - time.monotonic()))
        await workers.until()
    started = {int(number): float(at) for number, at in map(str.split, log.read_text().splitlines())}
    waits = sorted((started[number] - at) * 1000 for number, at in committed.items() if number >= 0)
    cuts = quantiles(waits, n=100)
    print(f"Commit to start, {rate} msg/s for {seconds} s, one worker, hint by NOTIFY after the commit:")
    print(f"  p50 {cuts[49]:.1f} ms (at most 15)   p99 {cuts[98]:.1f} ms (at most 150)   max {waits[-1]:.1f} ms")
    await services.close()


async def throughput(settings: Settings, folder: Path, *, count: int) -> None:
    """Jobs that do nothing, through one worker process."""
    org_id = await organisation(settings)
    async with crew(settings, folder / "log") as workers:
        await workers.look_at(org_id)
        await workers.watch.execute(
            "INSERT INTO app.outbox_messages"
            " (org_id, id, type, payload, status, priority, attempts, created_at, available_at)"
            " SELECT $1, gen_random_uuid(), 'no-operation', '{}', 'pending', 9, 0, now(), now()"
            " FROM generate_series(1, $2)",
            org_id,
            count,
        )
        hand = await workers.hire()
        await workers.until(within=120)
        processor = Path(f"/proc/{hand.process.pid}/stat").read_text().rpartition(")")[2].split()
        spent = (int(processor[11]) + int(processor[12])) / os.sysconf("SC_CLK_TCK")
        rate = await workers.watch.fetchval(
            "WITH done AS (SELECT completed_at, min(completed_at) OVER () AS first FROM app.outbox_messages"
            "              WHERE org_id = $1 AND status = 'completed')"
            " SELECT count(*) FILTER (WHERE completed_at > first)"
            "        / extract(epoch FROM max(completed_at) - min(first))::float8 FROM done",
            org_id,
        )
    print(f"No-op jobs, {count:,} of them, one worker process, from the first completed batch to the last:")
    print(f"  {rate:,.0f} jobs/s (at least 3,000)   {spent:.1f} s of CPU in the worker, its start included")


async def kills(settings: Settings, folder: Path, *, count: int, times: int, workers: int = 2) -> None:
    """E-mails through workers that are killed in the middle of it."""
    org_id = await promise_messages(settings, count)
    chance, slowest, orphaned = random.Random(7), 0.0, 0
    async with crew(settings, folder / "log") as members:
        begun = time.monotonic()
        for _ in range(workers):
            await members.hire()
        for kill in range(1, times + 1):
            await members.until(left=count - count * kill // (times + 1), within=120)
            victim = chance.choice([hand for hand in members.hands if hand.process.poll() is None])
            held = await members.catch(victim)
            orphaned += len(held)
            victim.kill()
            slowest = max(slowest, await members.until_picked_up(held))
            await members.hire()
        await members.until(within=120)
        took = time.monotonic() - begun
        effects = await Effects.of(members, org_id)
    lost = count - min(effects.completed, effects.in_mailbox, effects.told)
    duplicates = effects.told_twice + effects.audited_twice + max(0, effects.in_mailbox - count)
    print(f"{count:,} e-mails to the embedded mailbox, {workers} workers, {times} x kill -9 in mid-work, {took:.0f} s:")
    print(f"  lost {lost} (0)   duplicate effects {duplicates} (0)")
    print(f"  {orphaned} orphans, the last of them started again after {slowest:.2f} s (at most 30)")


async def prepare_database(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.owner_dsn)
    print((await connection.fetchval("SELECT version()")).partition(" on ")[0], end=", ")
    print(f"fsync {await connection.fetchval('SHOW fsync')}, {os.cpu_count()} cores\n")
    await connection.close()


def main() -> None:
    arguments = ArgumentParser(prog="maintainuk bench jobs", description=__doc__)
    arguments.add_argument("--database", help="PostgreSQL as the owner; without it, one of our own for the run.")
    arguments.add_argument("--secret-key", default="")
    arguments.add_argument("--short", action="store_true", help="A tenth of everything.")
    arguments.add_argument("--only", choices=["delay", "throughput", "kills"])
    chosen = arguments.parse_args()
    part = 10 if chosen.short else 1
    with tempfile.TemporaryDirectory(prefix="maintainuk-bench-") as name, settings_of(chosen, Path(name)) as settings:
        folder = Path(name)
        migrate(settings)
        asyncio.run(prepare_database(settings))
        if chosen.only in {None, "delay"}:
            asyncio.run(start_delay(settings, folder, rate=50, seconds=20 // part))
        if chosen.only in {None, "throughput"}:
            asyncio.run(throughput(settings, folder, count=30_000 // part))
        if chosen.only in {None, "kills"}:
            asyncio.run(kills(settings, folder, count=2_000 // part, times=5 if part == 1 else 2))


if __name__ == "__main__":
    main()
