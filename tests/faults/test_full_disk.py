"""A disk that is really full: people are told, nothing that was saved is lost, and room alone mends it."""

import asyncio
import importlib.util
import os
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded import doctor
from maintainuk.infrastructure.embedded.cluster import PACKAGE, VERSION
from tests.desk import Desk, desk_of
from tests.embedded.conftest import folder
from tests.embedded.copies import copy, settings_said
from tests.trial import trial_of
from tests.world import World

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
assert folder, "a folder that the account of PostgreSQL may enter"

SIZE = "300m"
LONG = "Water comes through the ceiling." * 400
PATIENCE = 90


@pytest.fixture
def disk(folder: Path):
    """A small disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk to fill")
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=711", "tmpfs", str(folder)]
    mounting = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounting.returncode:
        pytest.skip(f"this machine refuses to mount a small disk to fill: {mounting.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@asynccontextmanager
async def at_work(disk: Path):
    """A coordinator at a desk, over services whose state is on that disk."""
    with copy("services", "--state", disk / "state") as started:
        settings = settings_said(started, storage_url=(disk / "state/files").as_uri())
        await asyncio.to_thread(migrate, settings)
        world = World(settings)
        async with trial_of(settings) as trial:
            yield await desk_of(trial, world)
        await world.close()


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return filler


async def report(desk: Desk, saved: set[str]) -> int:
    answer = await desk.report(description=LONG)
    if answer.status_code == 201:
        saved.add(answer.json()["data"]["id"])
    else:
        assert answer.json()["error"]["message"]
    return answer.status_code


async def is_ready(desk: Desk) -> dict[str, str] | None:
    """What readiness says is missing; nothing while the server is not ready at all."""
    answer = await desk.http.get("/health/ready")
    return answer.json()["data"]["degraded"] if answer.status_code == 200 else None


async def until(happens, *wanted) -> None:
    async with asyncio.timeout(PATIENCE):
        while await happens() not in wanted:
            await asyncio.sleep(0.2)


async def test_a_full_disk_is_told_loses_nothing_and_is_mended_by_room_alone(disk):
    saved: set[str] = set()
    async with at_work(disk) as desk:
        assert await report(desk, saved) == 201
        assert await is_ready(desk) == {}

        filler = fill(disk)
        told = [await report(desk, saved) for _ in range(60)]
        told_by = await is_ready(desk)
        findings = {finding.part: finding for finding in await doctor.findings(disk, disk / "state")}

        assert set(told) <= {201, 503}
        assert told[-1] == 503
        assert told_by is None or "full" in told_by["disk"]
        assert not findings["Disk"].is_healthy
        assert "free at least" in findings["Disk"].words

        filler.unlink()
        await until(lambda: report(desk, saved), 201)
        await until(lambda: is_ready(desk), {})
        for each in saved:
            assert (await desk.get(f"/{each}")).json()["data"]["description"] == LONG

    checked = checksums(disk / "state/postgres" / VERSION)
    assert "Bad checksums:  0" in checked, checked


def checksums(data: Path) -> str:
    """What PostgreSQL's own tool says of every block of a stopped database."""
    package = Path(importlib.util.find_spec(PACKAGE).origin).parent
    return subprocess.run(
        [package / "pginstall/bin/pg_checksums", "--check", "--pgdata", data],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
