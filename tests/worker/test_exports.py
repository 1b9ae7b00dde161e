"""Writing everything into one file, whatever happens to the worker meanwhile: whole, or begun anew, or told."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from maintainuk.domain.exports import ExportStatus
from maintainuk.domain.outbox import OutboxMessage, OutboxStatus
from maintainuk.domain.ports import StorageUnavailable
from maintainuk.infrastructure.exports import packer
from maintainuk.worker.retries import Breaker
from tests.exporting import Exporting, exporting_at
from tests.trial import Trial
from tests.world import World


@pytest.fixture
async def exporting(trial: Trial, world: World) -> AsyncIterator[Exporting]:
    async with exporting_at(trial, world) as exporting:
        yield exporting


async def test_one_that_is_stopped_while_it_is_made_leaves_nothing(exporting, monkeypatch):
    export = await exporting.asked()
    monkeypatch.setattr(packer, "TELL_EVERY", 0.0)
    write_table = packer.Making._write_table

    async def and_somebody_stops_it(self, connection, table, columns):
        if table.name == "people":
            await exporting.call("POST", f"/{export['id']}/cancel", {})
        await write_table(self, connection, table, columns)

    monkeypatch.setattr(packer.Making, "_write_table", and_somebody_stops_it)

    await exporting.world.home(exporting.org_id)
    await exporting.work()

    assert (await exporting.row()).status is ExportStatus.CANCELLED
    assert await exporting.files() == []


async def test_a_worker_that_dies_leaves_no_half_file_and_another_begins_anew(exporting, monkeypatch):
    await exporting.asked()
    write_files = packer.Making._write_files
    monkeypatch.setattr(packer.Making, "_write_files", lambda _: asyncio.Event().wait())
    (job,) = [
        one for one in await exporting.queue.claim(10) if (one.type, one.org_id) == ("pack-export", exporting.org_id)
    ]
    dying = asyncio.create_task(exporting.runner.run(job))
    while (first := (await exporting.row()).file_id) is None or not (await exporting.row()).total:
        await asyncio.sleep(0.01)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    monkeypatch.setattr(packer.Making, "_write_files", write_files)

    assert await exporting.files() == []
    exporting.queue.let_go(job)
    await exporting.queue.tend()
    await exporting.work()

    row = await exporting.row()
    assert row.status is ExportStatus.READY
    assert row.file_id != first
    assert len(await exporting.files()) == 1


async def test_a_worker_that_lost_its_turn_stops_by_itself(exporting, monkeypatch):
    monkeypatch.setattr(packer, "TELL_EVERY", 0.0)
    await exporting.asked()
    row = await exporting.row()
    place = (exporting.org_id, row.id, uuid4(), "a" * 43 + "=")

    told = await exporting.services.providers.packer.pack(*place)

    assert told.is_stopped
    assert await exporting.files() == []


async def test_a_store_that_fails_is_tried_again_and_then_told(exporting, monkeypatch):
    async def full(*_, **__):
        raise StorageUnavailable("The disk that keeps the files is full.")

    export = await exporting.asked()
    monkeypatch.setattr(exporting.trial.services.files, "put_stream", full)
    monkeypatch.setattr(Breaker, "FAILURES", 100)  # other tests' jobs fail beside it
    for _ in range(6):
        await exporting.at_once()
        await exporting.work()

    told = (await exporting.call("GET", f"/{export['id']}")).json()["data"]
    assert (told["status"], told["failure"]) == ("failed", "gave-up")
    assert (await exporting.asked())["id"] != export["id"]


@pytest.mark.parametrize("known", ["when it is prepared", "when it begins"])
async def test_the_worker_writes_one_at_a_time(exporting, monkeypatch, known):
    await exporting.asked()
    exporting.services.providers.packer._is_busy = True
    if known == "when it begins":  # another was asked for in the same moment
        monkeypatch.setattr(packer.Packer, "is_busy", False)

    await exporting.work()

    async with exporting.world.owner.session(exporting.org_id) as session:
        job = (await session.scalars(select(OutboxMessage).where(OutboxMessage.type == "pack-export"))).one()
    assert (job.status, job.attempts) == (OutboxStatus.PENDING, 0)
    assert (await exporting.row()).status is ExportStatus.MAKING
