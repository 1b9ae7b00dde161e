"""PostgreSQL is killed under a working worker: it waits, comes back by itself and has lost nothing."""

import asyncio

import psutil
import pytest

from bench._crew import Effects, crew
from bench._promises import promise_messages
from maintainuk.infrastructure.database.migrate import migrate
from tests.embedded.conftest import folder
from tests.embedded.copies import copy, settings_said

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
assert folder, "a folder that the account of PostgreSQL may enter"


async def test_a_killed_database_costs_no_message_and_doubles_none(folder):
    with copy("services", "--state", folder / "state") as started:
        settings = settings_said(started, storage_url=f"file://{folder}/files", worker_lease=5.0)
        await asyncio.to_thread(migrate, settings)
        org_id = await promise_messages(settings, 150)

        async with crew(settings, folder / "log") as workers:
            worker = await workers.hire("--slow", "0.05")
            await workers.until(left=110)
            next(child for child in psutil.Process(started.pid).children() if child.name() == "postgres").kill()
            started.until("is back")
            await workers.look_again()
            await workers.until()

            assert worker.process.poll() is None
            assert await Effects.of(workers, org_id) == Effects(
                completed=150, in_mailbox=150, told=150, told_twice=0, audited_twice=0
            )
