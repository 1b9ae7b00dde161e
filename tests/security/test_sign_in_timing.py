"""Whether somebody has an account must not show in how long the answer takes (scoreboard row 17).

Compared are the two kinds of answer with each other, in turns and by their medians; never with a clock.
"""

import time
from statistics import median

import pytest
from sqlalchemy import update

from maintainuk.domain.sign_in import Identity
from maintainuk.infrastructure.security.guesses import Guesses
from maintainuk.infrastructure.security.passwords import ARGON2ID, _hash_of_nothing

ROUNDS = 40
GENEROUS = 1.35
"""A missing dummy hash makes the ratio about ten; a busy machine makes it a few hundredths."""


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture
def unlimited(monkeypatch):
    async def take(self, *names):
        return None

    monkeypatch.setattr(Guesses, "take", take)


async def spent(browser, email):
    began = time.perf_counter()
    answer = await browser.signs_in(email, "not the password")
    took = time.perf_counter() - began
    assert answer.status_code == 401
    await browser.services.sign_in.finish()
    return took


async def ratio(browser, known):
    took = {True: [], False: []}
    for number in range(ROUNDS):
        for is_known in (True, False) if number % 2 else (False, True):
            took[is_known].append(await spent(browser, known if is_known else f"nobody.{number}@example.com"))
    return median(took[True]) / median(took[False])


async def test_a_stranger_and_an_account_holder_wait_equally_long(visitor, nia, unlimited):
    browser = visitor()
    await spent(browser, nia.email)

    assert 1 / GENEROUS < await ratio(browser, nia.email) < GENEROUS


async def test_an_account_without_a_password_waits_as_long(visitor, world, nia, unlimited):
    async with world.owner.session(nia.org_id) as session, session.begin():
        await session.execute(update(Identity).where(Identity.id == nia.identity_id).values(password_hash=None))
    browser = visitor()
    await spent(browser, nia.email)

    assert 1 / GENEROUS < await ratio(browser, nia.email) < GENEROUS


def test_the_hash_of_nothing_has_today_s_parameters_and_no_password():
    nothing = _hash_of_nothing()

    assert not ARGON2ID.check_needs_rehash(nothing)
    assert nothing.split("$")[3] == ARGON2ID.hash("something").split("$")[3] == "m=19456,t=2,p=1"
    assert _hash_of_nothing() != nothing
