"""Two installations on one PostgreSQL server, whose roles they share."""

import asyncio

import asyncpg
import pytest
from pydantic import SecretStr

from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.infrastructure.problems import CannotStart
from tests.database import settings_for


@pytest.fixture
def server():
    """A server of the test's own: roles are everybody's on it."""
    with scratch_services() as environment:
        yield environment


def another(settings):
    return settings.model_copy(update={"secret_key": SecretStr("the secret of a second installation here")})


async def signs_in(address: str) -> bool:
    try:
        await (await asyncpg.connect(address)).close()
    except asyncpg.InvalidPasswordError:
        return False
    return True


async def test_a_second_installation_leaves_the_first_its_passwords(server):
    first = settings_for(server)
    await asyncio.to_thread(migrate, first)
    await asyncio.to_thread(migrate, first)

    with pytest.raises(CannotStart, match=r"MAINTAINUK_APP_DATABASE_URL.*--set-role-passwords"):
        await asyncio.to_thread(migrate, another(settings_for(server)))

    assert await signs_in(first.app_dsn)
    assert await signs_in(first.worker_dsn)


async def test_after_a_changed_key_the_roles_get_new_passwords_when_asked(server):
    first, changed = settings_for(server), another(settings_for(server))
    await asyncio.to_thread(migrate, first)

    await asyncio.to_thread(migrate, changed, set_role_passwords=True)

    assert await signs_in(changed.app_dsn)
    assert not await signs_in(first.app_dsn)
