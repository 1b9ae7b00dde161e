"""Workers that are killed and frozen in mid-work: nothing is lost, nothing happens twice."""

import asyncio

import pytest

from bench._crew import Effects, crew
from bench._promises import promise_messages

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


@pytest.fixture
def kept(pristine_settings, tmp_path):
    """Settings of a database of our own, and files that outlive a process."""
    quick = {"worker_lease": 2.0, "database_deadline": 2.5}
    return pristine_settings.model_copy(update={"storage_url": f"file://{tmp_path}/files", **quick})


async def test_killed_workers_lose_nothing_and_repeat_nothing(kept, tmp_path):
    org_id = await promise_messages(kept, 300)
    orphans = 0

    async with crew(kept, tmp_path / "log") as workers:
        await workers.hire("--slow", "0.4")
        for left in (225, 120):
            await workers.hire("--slow", "0.4")
            await workers.until(left=left)
            victim = workers.hands[-2]
            held = await workers.catch(victim)
            orphans += len(held)
            victim.kill()
            await workers.until_picked_up(held)
        await workers.until()

        assert orphans
        assert await Effects.of(workers, org_id) == Effects(
            completed=300, in_mailbox=300, told=300, told_twice=0, audited_twice=0
        )


async def test_a_worker_that_wakes_after_its_lease_writes_nothing(kept, tmp_path):
    org_id = await promise_messages(kept, 80)

    async with crew(kept, tmp_path / "log") as workers:
        sleeper = await workers.hire("--slow", "0.5")
        await workers.until(left=75)
        held = await workers.catch(sleeper)
        await workers.hire()
        await workers.until_picked_up(held)
        await workers.until()
        sleeper.thaw()
        await asyncio.sleep(1)

        assert held
        assert await Effects.of(workers, org_id) == Effects(
            completed=80, in_mailbox=80, told=80, told_twice=0, audited_twice=0
        )


async def test_a_stopped_worker_finishes_and_leaves(kept, tmp_path):
    org_id = await promise_messages(kept, 60)

    async with crew(kept, tmp_path / "log") as workers:
        worker = await workers.hire("--slow", "0.2")
        await workers.until(left=50)

        assert worker.stop() == 0
        assert await workers.held_by(worker) == {}
        assert await workers.living() == []
        effects = await Effects.of(workers, org_id)
        assert effects.completed == effects.in_mailbox == effects.told
