"""What the doctor asks of keys, clock and organisations: each can go wrong, and says what to do."""

import base64

import pytest
from pydantic import SecretStr

from maintainuk.infrastructure.embedded import examination
from maintainuk.infrastructure.problems import MindThis, NeedsDoing
from maintainuk.settings import Mode


def changed(settings, **values):
    """The same installation under other settings."""
    return settings.model_validate(settings.model_dump(exclude_unset=True) | values)


@pytest.fixture
async def people(world):
    """Two organisations with somebody in each."""
    return [await world.staff(await world.organisation(name)) for name in ("Fairweather Lettings", "Moorside Homes")]


async def test_keys_that_open_what_is_stored_are_fine(people, settings):
    assert "open what is stored" in await examination.keys(settings)


async def test_another_master_key_is_told_before_anybody_signs_in(people, settings):
    other = changed(settings, secret_key="another secret of forty characters, by chance")
    other = changed(other, database_url=settings.database_url)

    with pytest.raises(NeedsDoing, match="MASTER_KEYS"):
        await examination.keys(other)


async def test_another_index_key_is_told_too(people, settings):
    kept = base64.b64encode(settings.master_key_ring[0]).decode()
    other = changed(settings, index_key="another index key of forty characters, too", master_keys=f"0:{kept}")

    with pytest.raises(NeedsDoing, match="INDEX_KEY"):
        await examination.keys(other)


async def test_the_clock_of_this_machine_agrees(settings):
    assert "agrees" in await examination.clock(settings)


async def test_a_clock_that_is_off_is_told(settings, monkeypatch):
    monkeypatch.setattr(examination.time, "time", lambda: 0.0)

    with pytest.raises(NeedsDoing, match="time server"):
        await examination.clock(settings)


async def test_who_is_suspended_is_told(people, world, settings):
    steward = people[0]
    await world.steward(steward)
    async with world.owner.session(people[1].org_id) as session, session.begin():
        await session.execute(
            examination.text("UPDATE app.organisations SET suspended_at = now() WHERE id = :id"),
            {"id": people[1].org_id},
        )

    with pytest.raises(MindThis, match=r"suspended: .*Moorside Homes"):
        await examination.organisations(settings)


async def test_an_address_without_https_is_minded_in_live_mode(settings):
    live = settings.model_copy(update={"mode": Mode.LIVE, "public_url": "http://repairs.example.com"})

    with pytest.raises(MindThis, match="PUBLIC_URL"):
        await examination.addresses(live)
    assert await examination.addresses(live.model_copy(update={"public_url": "https://repairs.example.com"}))


async def test_an_empty_live_installation_says_where_to_set_it_up(pristine_settings):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE, "secret_key": SecretStr("k" * 40)})

    with pytest.raises(MindThis, match="/app/set-up#"):
        await examination.organisations(live)
