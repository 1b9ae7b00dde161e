"""An API process that is frozen in the middle of a request: its row locks are not kept from everybody for ever."""

import asyncio
import signal
import subprocess
import sys

import pytest
from sqlalchemy import select

from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.embedded.configuration import environment_of
from tests.world import World

pytestmark = pytest.mark.faults

HOLDER = """
import asyncio, sys
from uuid import UUID
from maintainuk.bootstrap import Services
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.infrastructure.repositories.tickets import Tickets
from maintainuk.settings import Settings

async def hold(org_id, ticket_id):
    async with Services(Settings()).database.session(org_id) as session:
        await Tickets(session, WHOLE_ORGANISATION).locked(ticket_id)
        print("held", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold(*map(UUID, sys.argv[1:])))
"""


async def test_the_locks_of_a_frozen_api_process_end_with_its_longest_transaction(pristine_settings):
    settings = pristine_settings.model_copy(update={"request_deadline": 5.0, "database_deadline": 4.0})
    world = World(pristine_settings)
    org_id = await world.organisation()
    ticket_id = await world.ticket(org_id)
    frozen = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDER, str(org_id), str(ticket_id)],
        env=environment_of(settings),
        stdout=subprocess.PIPE,
    )
    try:
        assert await asyncio.to_thread(frozen.stdout.readline) == b"held\n"
        frozen.send_signal(signal.SIGSTOP)

        async with asyncio.timeout(90):
            while not await is_free(world, org_id, ticket_id):
                await asyncio.sleep(0.2)
    finally:
        frozen.kill()
        frozen.wait()
        frozen.stdout.close()
        await world.close()


async def is_free(world: World, org_id, ticket_id) -> bool:
    locked = select(MaintenanceTicket.id).where(MaintenanceTicket.id == ticket_id).with_for_update(skip_locked=True)
    async with world.owner.session(org_id) as session:
        return await session.scalar(locked) is not None
