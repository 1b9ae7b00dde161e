"""Ten thousand canaries through the API: not one is heard in the database."""

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.canaries import Flock, heard, in_database
from tests.desk import desk_of
from tests.trial import Trial
from tests.world import World

MANY = 10_000


@pytest.mark.drill
@pytest.mark.timeout(1_800)
async def test_ten_thousand_canaries_are_not_heard(
    trial: Trial, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    flock = Flock(await desk_of(trial, world, BuiltInRole.ORG_ADMIN))
    log = ""

    while len(flock.sung) < MANY:
        person_id = await flock.person()
        log += capfd.readouterr().out
    await flock.everything_else(person_id)

    words = set(flock.sung)
    told = await in_database(world.owner, flock.desk.org_id) + log + capfd.readouterr().out
    assert list(heard(words, told)) == []
