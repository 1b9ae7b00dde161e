"""Whether somebody has an account must not show in how long the answer takes (scoreboard row 17).

What takes the time is counted: each refusal asks the database the same and hashes as much. `./maintainuk bench sign_in`
measures what comes of it.
"""

from dataclasses import dataclass, field

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import event, update

from maintainuk.domain.sign_in import Identity
from maintainuk.infrastructure.security.guesses import Guesses
from maintainuk.infrastructure.security.passwords import ARGON2ID, _hash_of_nothing


@dataclass
class Work:
    """What stands between a question and its answer."""

    asked: list[str] = field(default_factory=list)
    """Statements the database was sent."""
    hashed: list[object] = field(default_factory=list)
    """The parameters of each hash that was computed."""
    counted: int = 0
    """Names whose guesses were counted."""


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture
def work_of(monkeypatch, visitor):
    """Has a wrong password typed for an e-mail; returns the work until the answer."""
    browser, genuine, take = visitor(), PasswordHasher.verify, Guesses.take
    sign_in = browser.services.sign_in
    monkeypatch.setattr(sign_in, "aside", lambda later: later.close())  # what follows the answer keeps nobody waiting

    async def typed(email: str) -> Work:
        work = Work()

        def verify(hasher, stored, password):
            work.hashed.append(extract_parameters(stored))
            return genuine(hasher, stored, password)

        async def counted(guesses, *names):
            work.counted += len(names)
            return await take(guesses, *names)

        def asked(_connection, _cursor, statement, *_):
            work.asked.append(statement)

        engine = browser.services.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", asked)
        with monkeypatch.context() as patch:
            patch.setattr(PasswordHasher, "verify", verify)
            patch.setattr(Guesses, "take", counted)
            answer = await browser.signs_in(email, "not the password")
        event.remove(engine, "before_cursor_execute", asked)
        assert answer.status_code == 401
        return work

    return typed


@pytest.fixture
async def nobodys_work(work_of):
    """The work for an e-mail that nobody has."""
    await work_of("somebody.before@example.com")  # the first question on a connection asks more
    return await work_of("nobody@example.com")


async def test_a_stranger_costs_one_question_and_one_hash_of_today_s_parameters(nobodys_work):
    assert nobodys_work.asked
    assert nobodys_work.hashed == [extract_parameters(ARGON2ID.hash("something"))]
    assert nobodys_work.counted == 2


async def test_an_account_holder_costs_the_same(nobodys_work, work_of, nia):
    assert await work_of(nia.email) == nobodys_work


async def test_somebody_who_left_costs_the_same(nobodys_work, work_of, world, nia):
    await world.disable(nia)

    assert await work_of(nia.email) == nobodys_work


async def test_an_account_without_a_password_costs_the_same(nobodys_work, work_of, world, nia):
    async with world.owner.session(nia.org_id) as session, session.begin():
        await session.execute(update(Identity).where(Identity.id == nia.identity_id).values(password_hash=None))

    assert await work_of(nia.email) == nobodys_work


def test_the_hash_of_nothing_has_today_s_parameters_and_no_password():
    nothing = _hash_of_nothing()

    assert not ARGON2ID.check_needs_rehash(nothing)
    assert nothing.split("$")[3] == ARGON2ID.hash("something").split("$")[3] == "m=19456,t=2,p=1"
    assert _hash_of_nothing() != nothing


async def test_asking_for_a_new_password_costs_the_same_for_everybody(monkeypatch, visitor, world, nia):
    """The search begins after the answer: until then the database is asked nothing, whoever it is."""
    browser, asked = visitor(), []
    monkeypatch.setattr(browser.services.sign_in, "aside", lambda later: later.close())
    event.listen(
        browser.services.database.engine.sync_engine, "before_cursor_execute", lambda *sent: asked.append(sent)
    )

    answers = [
        await browser.http.post("/auth/password-reset", json={"email": email})
        for email in (nia.email, "nobody@example.com")
    ]

    assert asked == []
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() | {"traceId": ""} == answers[1].json() | {"traceId": ""}
