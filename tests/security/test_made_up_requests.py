"""Every operation, asked what Schemathesis makes up: it answers as docs/openapi.json says, whoever asks.

25 requests for each operation, roles taking turns. `./maintainuk test --fast -- tests/security/test_made_up_requests.py
--examples 500 --each-role` asks each operation 500 times as each role: a million requests in an hour or two.
"""

from collections import Counter

import pytest

from maintainuk.api.app import create_app
from maintainuk.domain.built_in_roles import BuiltInRole
from tests.contracts.test_routes import OFFLINE
from tests.security.asking import Asking, loaded
from tests.security.matrix import NEVER_ENDS, OPENED_BY
from tests.security.stage import playing, staged
from tests.world import World

SEEN: Counter[int] = Counter()
REQUESTS = loaded(create_app(OFFLINE).openapi())


@pytest.fixture(scope="module")
async def stage(settings):
    world = World(settings)
    async with playing(settings) as (services, http):
        yield await staged(world, services, http)
    await world.close()


def pytest_generate_tests(metafunc):
    if "asker" in metafunc.fixturenames:
        is_each = metafunc.config.getoption("each_role")
        metafunc.parametrize("asker", ["each"] if is_each else ["in turn"])


async def askers(stage, name, asker):
    """The headers of each who asks this operation: roles, in turn with an administrator who may nearly everything."""
    if name in OPENED_BY:
        return [await stage.by_link(purpose) for purpose in sorted(OPENED_BY[name])]
    if asker == "each":
        return [await stage.as_(role) for role in BuiltInRole]
    return [await stage.as_(role) for other in BuiltInRole for role in (BuiltInRole.ORG_ADMIN, other)]


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", sorted(REQUESTS.keys() - NEVER_ENDS))
async def test_an_operation_answers_as_it_says(request, stage, name, asker):
    asking = Asking(stage, await askers(stage, name, asker), as_each=asker == "each")

    await asking.ask(name, REQUESTS[name], request.config.getoption("examples"))

    assert asking.wrong == []
    assert asking.answers.total() >= 25
    SEEN.update(asking.answers)


def test_many_of_them_get_beyond_the_reading():
    """More than a quarter is done; requests that are refused at the door would prove little."""
    assert sum(number for status, number in SEEN.items() if status < 300) * 4 > SEEN.total(), SEEN
