"""What another secret key ends, and what it must leave alone."""

import pytest
from pydantic import SecretStr

from maintainuk.application.links import LinkService
from maintainuk.domain.base import new_id
from maintainuk.domain.links import LinkPurpose
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
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


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [
        (LinkPurpose.HOME, True),
        (LinkPurpose.STATUS, True),
        (LinkPurpose.ENTRY, False),
        (LinkPurpose.VISIT, False),
    ],
)
async def test_posters_and_letters_outlive_a_changed_key_and_ways_in_do_not(settings, changed, purpose, lasts):
    link_id = new_id()

    before, after = (LinkSecrets(one).secret(purpose, link_id) for one in (settings, changed))

    assert (before == after) == lasts


async def test_whoever_asked_for_a_way_in_before_the_key_changed_is_sent_one_that_opens(settings, changed, world, nia):
    async with world.owner.installation() as session:
        LinkService(session, LinkSecrets(settings)).make(nia.org_id, LinkPurpose.ENTRY, nia.id, world.now)

    async with world.owner.installation() as session:
        links = LinkService(session, LinkSecrets(changed))
        secret = await links.secret_for(nia.org_id, LinkPurpose.ENTRY, nia.id, world.now)
        assert (await links.open(secret, world.now)).subject_id == nia.id
