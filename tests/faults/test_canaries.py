"""Ten thousand canaries through the API: not one is heard in the database."""

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.settings import Settings
from tests.canaries import Flock, heard, in_database
from tests.desk import desk_of
from tests.trial import trial_of
from tests.world import World

MANY = 10_000
NO_LIMITS = {"requests_per_minute": 1_000_000, "organisation_requests_per_minute": 1_000_000}


@pytest.mark.drill
@pytest.mark.timeout(1_800)
async def test_ten_thousand_canaries_are_not_heard(
    settings: Settings, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    log = ""

    async with trial_of(settings.model_copy(update=NO_LIMITS)) as trial:
        flock = Flock(await desk_of(trial, world, BuiltInRole.ORG_ADMIN))
        while len(flock.sung) < MANY:
            person_id = await flock.person()
            log += capfd.readouterr().out
        await flock.everything_else(person_id)

    words = set(flock.sung)
    told = await in_database(world.owner, flock.desk.org_id) + log + capfd.readouterr().out
    assert list(heard(words, told)) == []
