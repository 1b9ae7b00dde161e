"""What another secret key ends, and what it must leave alone."""

import pytest
from pydantic import SecretStr

from tests.visitor import visitors_of

ANOTHER_KEY = SecretStr("another secret of this installation, long enough")


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture
def changed(settings):
    """The same installation after its secret key was changed as SECURITY.md says."""
    return settings.model_copy(
        update={
            "secret_key": ANOTHER_KEY,
            "index_key": settings.secret_key,
            "app_database_url": SecretStr(settings.app_dsn),
        }
    )


async def test_people_are_still_known_by_their_email_and_password(changed, nia):
    async with visitors_of(changed) as visitor:
        assert (await visitor().signs_in(nia)).status_code == 200


async def test_whatever_was_given_out_before_is_worth_nothing(changed, visitor, nia):
    before = visitor()
    await before.signs_in(nia)

    async with visitors_of(changed) as visitor_after:
        after = visitor_after(user_agent=before.http.headers["User-Agent"])
        after.holds(before.refresh_token)
        after.http.headers["Authorization"] = before.http.headers["Authorization"]
        assert (await after.asks_who_they_are()).status_code == 401
        assert (await after.refreshes()).status_code == 401
