"""What the worker does beside its jobs goes on, whatever goes wrong in one organisation."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import text

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.audit import AuditHead, AuditLog
from maintainuk.settings import Settings
from maintainuk.worker.audit import seal_all
from maintainuk.worker.rounds import again_and_again, in_each_organisation
from tests.world import World


@pytest.fixture
async def machinery(settings: Settings):
    machinery = WorkerServices(settings)
    yield machinery
    await machinery.close()


async def test_an_organisation_whose_keys_are_lost_keeps_no_other_log_from_being_sealed(
    world: World, machinery: WorkerServices
):
    three = [await world.organisation(name) for name in ("Fairweather Lettings", "Moorside Homes", "Tyne Bridge Lets")]
    for org_id in three:
        await world.staff(org_id)
        await world.add(org_id, AuditLog(org_id=org_id, at=world.now, actor_id=None, action="TicketCommented"))
    async with world.owner.session(three[0]) as session, session.begin():
        await session.execute(text("UPDATE app.org_keys SET master_version = 99"))

    await seal_all(machinery)

    assert [await world.count(org_id, AuditHead) for org_id in three[1:]] == [1, 1]


async def test_a_round_that_fails_is_followed_by_the_next():
    rounds = []

    async def fail() -> None:
        rounds.append("begun")
        message = "a file was cut short"
        raise ValueError(message)

    going = asyncio.create_task(again_and_again(fail, name="test", every=0.0))
    while len(rounds) < 3:
        await asyncio.sleep(0)
    going.cancel()

    with suppress(asyncio.CancelledError):
        await going
    assert len(rounds) >= 3


async def test_what_was_done_elsewhere_counts_though_one_organisation_failed(world: World, machinery: WorkerServices):
    broken, sound = await world.organisation(), await world.organisation("Moorside Homes")

    async def visit(org_id: UUID) -> int:
        if org_id == broken:
            raise TimeoutError
        return int(org_id == sound)

    assert await in_each_organisation(machinery, visit, name="test") == 1
