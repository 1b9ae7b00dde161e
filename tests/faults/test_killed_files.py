"""A worker that is killed while it writes what comes in or goes out by file: done once, and nothing half is left."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bench import export, portfolio_import
from bench._crew import Crew, Hand, crew
from bench._promises import organisation
from bench._served import desk, served
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.exports import exports_of
from maintainuk.domain.import_files import files_of
from maintainuk.domain.photos import Photo, PhotoSize, PhotoStatus, copy_of
from maintainuk.infrastructure.exports.verify import verify
from maintainuk.worker.housekeeping import sweep
from tests.exporting import Unpacked
from tests.world import World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PHOTOS, OF_A_PHOTO, HOMES = 60, 1_000_000, 3_000
IMPORTED = ("properties", "units", "tenancies", "tenancy_members", "people", "landlords", "portfolios")


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """Where the processes that are started put what is temporary."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def kept(pristine_settings, tmp_path):
    """Settings of a database of our own, and files that outlive a process."""
    return pristine_settings.model_copy(update={"storage_url": f"file://{tmp_path}/files"})


async def killed(workers: Crew, hand: Hand, is_in_the_middle: Callable[[], Awaitable[bool]]) -> None:
    """Kill a worker in the middle of something, and have another."""
    while True:
        hand.freeze()
        if await is_in_the_middle():
            break
        hand.thaw()
        await asyncio.sleep(0.005)
    hand.kill()
    await workers.hire()


async def photos(world: World, services: WorkerServices, org_id: Any) -> None:
    """Files enough for an export that takes its time."""
    ticket_id = await world.ticket(org_id)
    for _ in range(PHOTOS):
        told = {"org_id": org_id, "ticket_id": ticket_id, "upload_key": uuid4(), "received_at": world.now}
        photo = Photo(**told, bytes_received=OF_A_PHOTO, status=PhotoStatus.READY)
        await world.add(org_id, photo)
        await services.files.put(copy_of(org_id, photo.id, PhotoSize.DISPLAY), os.urandom(OF_A_PHOTO))


async def swept(services: WorkerServices, *, after: timedelta) -> None:
    """What a worker sweeps away later."""
    later = datetime.now(UTC) + after
    services.clock = lambda: later
    await sweep(services)


async def test_an_export_whose_worker_is_killed_is_made_once_and_whole(kept, tmp_path, temporary):
    world, services = World(kept), WorkerServices(kept)
    async with served(kept, tmp_path / "api.log") as api, crew(kept, tmp_path / "log") as workers:
        org_id = await organisation(kept)
        await photos(world, services, org_id)
        other = await desk(kept, api.http)
        staff = await export.administrator(kept, org_id, other)
        folder = tmp_path / "files" / exports_of(org_id)

        async def is_half_written() -> bool:
            with suppress(FileNotFoundError):
                return any("#" in file.name and file.stat().st_size for file in folder.iterdir())
            return False

        taking = asyncio.create_task(export.taken_along(staff))
        await killed(workers, await workers.hire(), is_half_written)
        _, _, told = await taking
        await export.fetched(staff, told, tmp_path / "everything.zip")
        await workers.until()

        await workers.look_at(org_id)
        happened = await workers.watch.fetch("SELECT action FROM app.audit_log WHERE action LIKE 'ExportMa%'")
        calls = await workers.watch.fetch("SELECT status FROM app.provider_calls WHERE provider = 'packer' ORDER BY id")
    assert [row["action"] for row in happened] == ["ExportMade"]
    assert [row["status"] for row in calls] == ["unknown", "accepted"]
    assert verify(tmp_path / "everything.zip").findings == []
    assert len(Unpacked((tmp_path / "everything.zip").read_bytes()).table("photos")) == PHOTOS
    assert len(list(folder.iterdir())) == 2, "the half of one that the dead worker left, and the whole one"
    await swept(services, after=timedelta(hours=2))
    assert [file.stat().st_size > told["size"] for file in folder.iterdir()] == [True]
    await swept(services, after=timedelta(hours=26))
    assert list(folder.iterdir()) == []
    assert list(temporary.iterdir()) == []
    await services.close()
    await world.close()


@pytest.mark.parametrize("doing", ["checking", "running"])
async def test_an_import_whose_worker_is_killed_brings_each_row_in_once(kept, tmp_path, temporary, doing):
    services = WorkerServices(kept)
    async with served(kept, tmp_path / "api.log") as api, crew(kept, tmp_path / "log") as workers:
        staff = await desk(kept, api.http)
        await workers.look_at(staff.org_id)

        async def is_half_in() -> bool:
            half = "SELECT id FROM app.import_runs WHERE status = $1 AND done BETWEEN 1 AND $2"
            return await workers.watch.fetchval(half, doing, HOMES - 1) is not None

        coming = asyncio.create_task(portfolio_import.bring_in(staff, portfolio_import.table(HOMES)))
        await killed(workers, await workers.hire(), is_half_in)
        *_, run = await coming
        await workers.until()

        found = {
            table: await workers.watch.fetchval(f"SELECT count(*) FROM app.{table} WHERE org_id = $1", staff.org_id)
            for table in IMPORTED
        }
        happened = await workers.watch.fetch("SELECT action FROM app.audit_log WHERE action LIKE 'Import%' ORDER BY id")
    assert (run["created"], run["updated"], run["alreadyThere"], run["bad"]) == (HOMES, 0, 0, 0)
    assert found == {
        "properties": HOMES // 2 + HOMES // 20,
        "units": HOMES,
        "tenancies": HOMES * 4 // 5,
        "tenancy_members": HOMES * 4 // 5 + HOMES * 4 // 15,
        "people": HOMES * 4 // 5 + HOMES * 4 // 15 + HOMES // 40,
        "landlords": HOMES // 40,
        "portfolios": HOMES // 40,
    }
    assert [row["action"] for row in happened].count("ImportEnded") == 1
    await swept(services, after=timedelta(hours=25))
    assert [file async for file in services.files.below(files_of(staff.org_id))] == []
    assert list(temporary.iterdir()) == []
    await services.close()
