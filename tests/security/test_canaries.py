"""Nothing personal stands anywhere in clear but where it must: not in the database, a log, a file's name or Valkey.

`pytest -m faults tests/faults/test_canaries.py` sends ten thousand of them.
"""

from uuid import UUID

import pytest

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.infrastructure.database.engine import Database
from tests.canaries import Flock, heard, in_database
from tests.desk import desk_of
from tests.trial import Trial
from tests.world import World


async def in_valkey(trial: Trial) -> str:
    redis = trial.services.circuit.redis
    assert redis is not None
    keys = [key async for key in redis.scan_iter()]
    dumps = [await redis.dump(key) for key in keys]
    return repr(keys) + repr(dumps)


async def test_no_canary_is_heard_anywhere(trial: Trial, world: World, capfd: pytest.CaptureFixture[str]) -> None:
    desk = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    flock = Flock(desk)

    for _ in range(3):
        person_id = await flock.person()
    await flock.everything_else(person_id)

    assert len(flock.sung) > 40
    out = capfd.readouterr()
    places = {
        "database": await in_database(world.owner, desk.org_id),
        "log": out.out + out.err,
        "files": " ".join([file.path async for file in trial.services.files.below("")]),
        "valkey": await in_valkey(trial),
    }
    assert "answered" in places["log"]
    assert {place: list(heard(flock.sung, told)) for place, told in places.items()} == {place: [] for place in places}


@pytest.mark.parametrize("leak", ["in clear", "as hex"])
async def test_a_leak_is_heard(world: World, database: Database, leak: str) -> None:
    org_id: UUID = await world.organisation()
    canary = "Jfbcdaeacfbbda"
    told = canary if leak == "in clear" else canary.encode().hex()
    await world.add(
        org_id, AuditLog(org_id=org_id, at=world.now, actor_id=None, action="PersonAdded", data={"name": told})
    )

    assert list(heard([canary], await in_database(world.owner, org_id))) == [canary]
