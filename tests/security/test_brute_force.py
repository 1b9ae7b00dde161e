"""Guessing passwords: ten wrong ones in five minutes for an account and for an address (scoreboard row 17)."""

import asyncio
import re
from threading import Event
from unittest.mock import AsyncMock
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from maintainuk.application.links import AT_ONCE, MOST_WAITING, Entry
from maintainuk.domain.errors import Busy, TooManyAttempts
from maintainuk.domain.ports import Hints
from maintainuk.infrastructure.cache.redis import Circuit, redis_of
from maintainuk.infrastructure.security import guesses as counting
from maintainuk.infrastructure.security.guesses import GUESSES, WINDOW, Guesses, neighbourhood
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.infrastructure.security.passwords import THREADS, WAITING, Passwords
from tests.visitor import visitors_of
from tests.world import PASSWORD

WRONG = "not the password"


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture(params=["with Redis", "without Redis"])
async def visitor(request, settings):
    changes = {} if request.param == "with Redis" else {"redis_url": None}
    async with visitors_of(settings.model_copy(update=changes)) as visitor:
        yield visitor


@pytest.fixture
def hashed(monkeypatch):
    """Counts how often a password was really checked."""
    counted = []
    genuine = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: counted.append(1) or genuine(*given))
    return counted


async def statuses(attempts):
    return [(await attempt).status_code for attempt in attempts]


async def test_the_eleventh_guess_at_an_account_waits_and_costs_nothing(visitor, nia, hashed):
    tried = await statuses(visitor().signs_in(nia, f"{WRONG} {number}") for number in range(GUESSES))
    eleventh = await visitor().signs_in(nia, WRONG)

    assert tried == [401] * 10
    assert (eleventh.status_code, eleventh.json()["error"]["code"]) == (429, "too-many-attempts")
    assert 0 < int(eleventh.headers["retry-after"]) <= WINDOW
    assert "try again" in eleventh.json()["error"]["message"]
    assert len(hashed) == GUESSES


async def test_while_guessing_is_stopped_even_the_right_password_from_a_strange_browser_waits(visitor, nia):
    await statuses(visitor().signs_in(nia, WRONG) for _ in range(GUESSES))

    assert (await visitor().signs_in(nia)).status_code == 429


async def test_a_stranger_s_guesses_do_not_lock_out_the_browser_its_owner_always_uses(visitor, nia):
    own = visitor()
    await own.signs_in(nia)
    await own.signs_out()
    await statuses(visitor().signs_in(nia, WRONG) for _ in range(GUESSES + 1))

    assert (await own.signs_in(nia)).status_code == 200


async def test_a_known_browser_has_no_more_guesses_than_another(visitor, nia):
    own = visitor()
    await own.signs_in(nia)

    tried = await statuses(own.signs_in(nia, WRONG) for _ in range(GUESSES + 2))

    assert tried == [401] * GUESSES + [429] * 2


async def test_a_browser_known_for_one_account_is_a_stranger_to_another(visitor, world, nia):
    colleague = await world.staff(nia.org_id, name="Owen Price")
    thief = visitor()
    await thief.signs_in(colleague)

    tried = await statuses(thief.signs_in(nia, WRONG) for _ in range(GUESSES + 1))
    elsewhere = await visitor().signs_in(nia, WRONG)

    assert tried[-1] == elsewhere.status_code == 429


async def test_fifty_guesses_at_once_are_at_most_ten_guesses(visitor, nia, hashed):
    answers = await asyncio.gather(*(visitor().signs_in(nia, WRONG) for _ in range(50)))

    # Redis and this process may count the fifty in different orders, and each refuses those beyond its own tenth.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} <= {401, 429}
    assert len(refused) >= 40
    assert len(hashed) == 50 - len(refused)


async def test_one_guess_at_each_of_five_hundred_accounts_is_stopped_by_the_address(visitor, hashed):
    sprayer = visitor()

    tried = await statuses(sprayer.signs_in(f"person.{number}@example.com", "Summer2026!") for number in range(500))

    assert tried == [401] * GUESSES + [429] * 490
    assert len(hashed) == GUESSES


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP"])
async def test_an_address_cannot_be_made_up(visitor, header):
    sprayer = visitor()
    value = "for=198.51.100.{}" if header == "Forwarded" else "198.51.100.{}"

    tried = await statuses(
        sprayer.signs_in(f"{header}.{number}@example.com", WRONG, headers={header: value.format(number)})
        for number in range(20)
    )

    assert tried == [401] * GUESSES + [429] * 10


async def test_a_household_s_ipv6_addresses_count_as_one(visitor):
    tried = await statuses(
        visitor(address=f"2001:db8:7:{id(visitor) & 0xFFFF:x}::{number:x}").signs_in(f"six.{number}@example.com", WRONG)
        for number in range(GUESSES + 1)
    )

    assert tried == [401] * GUESSES + [429]


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_counts_as_one_address(address, counts_as):
    assert neighbourhood(address) == counts_as


SPELLINGS = [
    str.upper,
    str.title,
    str.swapcase,
    lambda email: f" {email}",
    lambda email: f"{email}\u00a0",
    lambda email: f"{email}.",
    lambda email: f"{email}...",
    lambda email: email.replace("n", "\uff4e"),
    lambda email: email.replace(".", "\uff0e"),
    lambda email: email.replace("@", "\uff20"),
    lambda email: email.replace("i", "\u2170"),
]


async def test_no_spelling_of_an_e_mail_gives_more_guesses(visitor, nia):
    tried = await statuses(visitor().signs_in(spelling(nia.email), WRONG) for spelling in SPELLINGS)

    assert tried == [401] * GUESSES + [429]


async def test_signing_in_forgets_the_account_s_wrong_guesses(visitor, nia):
    for _ in range(3):
        assert await statuses(visitor().signs_in(nia, WRONG) for _ in range(GUESSES - 1)) == [401] * 9
        assert (await visitor().signs_in(nia)).status_code == 200


async def test_an_office_behind_one_address_may_all_sign_in_on_a_monday_morning(visitor, world, nia):
    people = [await world.staff(nia.org_id, name=f"Person {letter}") for letter in "ABCDEFGHIJKLMNO"]

    tried = await statuses(visitor(address="203.0.113.9").signs_in(person) for person in people)

    assert tried == [200] * 15


async def test_one_s_own_account_does_not_reset_the_address(visitor, world, nia):
    attacker, own = visitor(), await world.staff(nia.org_id, name="Own Account")
    tried = []
    for number in range(3):
        tried += await statuses(attacker.signs_in(f"victim.{number}.{i}@example.com", WRONG) for i in range(5))
        attacker.http.cookies.clear()
        await attacker.signs_in(own)
        attacker.http.cookies.clear()

    assert tried == [401] * GUESSES + [429] * 5


async def test_guesses_are_forgotten_one_by_one_as_they_grow_old(settings, monkeypatch):
    counters = [Guesses(Circuit(redis_of(settings))), Guesses(Circuit(None))]
    moment = 1_800_000_000.0
    for counter in counters:
        name = f"account:{id(counter)}"
        monkeypatch.setattr(counting.time, "time", lambda: moment)
        for number in range(GUESSES):
            monkeypatch.setattr(counting.time, "time", lambda number=number: moment + number)
            await counter.take(name)
        with pytest.raises(TooManyAttempts) as refusal:
            await counter.take(name)
        assert refusal.value.retry_after == WINDOW - (GUESSES - 1)

        monkeypatch.setattr(counting.time, "time", lambda: moment + WINDOW + 0.5)
        await counter.take(name)
        with pytest.raises(TooManyAttempts):
            await counter.take(name)
    await counters[0]._circuit.redis.aclose()


async def test_redis_dying_in_the_middle_gives_nobody_more_guesses(settings):
    circuit = Circuit(redis_of(settings))
    guesses = Guesses(circuit)
    account, address = f"account:{uuid4()}", f"address:{uuid4()}"
    for _ in range(GUESSES - 1):
        await guesses.take(account, address)

    await circuit.redis.aclose()
    circuit.redis = None

    await guesses.take(account, address)
    with pytest.raises(TooManyAttempts):
        await guesses.take(f"account:{uuid4()}", address)


async def test_two_api_processes_count_together(settings):
    circuits = [Circuit(redis_of(settings)) for _ in range(2)]
    first, second = (Guesses(circuit) for circuit in circuits)
    name = f"account:{uuid4()}"
    for _ in range(GUESSES // 2):
        await first.take(name)
        await second.take(name)

    for guesses in (first, second):
        with pytest.raises(TooManyAttempts):
            await guesses.take(name)
    for circuit in circuits:
        await circuit.redis.aclose()


async def test_a_flood_of_sign_ins_is_told_to_come_back(monkeypatch):
    may_end = Event()
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: may_end.wait(60))
    passwords = Passwords()
    places = THREADS + WAITING

    waiting = [asyncio.create_task(passwords.check(PASSWORD, None)) for _ in range(places)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await passwords.check(PASSWORD, None)
    may_end.set()
    await asyncio.gather(*waiting)

    assert not (await passwords.check(PASSWORD, None)).is_right
    passwords.close()


async def test_sign_ins_are_counted_by_what_came_of_them(visitor, nia):
    browser = visitor(address="127.0.0.1")
    await browser.signs_in(nia)
    await browser.refreshes()
    await statuses(visitor().signs_in(nia, WRONG) for _ in range(GUESSES + 2))

    figures = (await browser.http.get("/metrics")).text
    counted = dict(re.findall(r'maintainuk_sign_ins_total\{client="staff",outcome="(\w+)"\} (\S+)', figures))
    assert counted == {"signed_in": "1.0", "renewed": "1.0", "refused": "10.0", "limited": "2.0"}


async def test_a_storm_of_requests_for_a_way_in_searches_two_at_a_time_and_then_says_so(settings, world):
    searching, most = 0, 0
    goes_on = asyncio.Event()

    class Slow(Entry):
        async def _search(self, *_: object) -> None:
            nonlocal searching, most
            searching += 1
            most = max(most, searching)
            await goes_on.wait()
            searching -= 1

    entry = Slow(world.owner, LinkSecrets(settings), AsyncMock(spec=Hints))
    for number in range(MOST_WAITING):
        entry.ask(f"tenant{number}@example.com", world.now)
        await asyncio.sleep(0)
    with pytest.raises(Busy):
        entry.ask("one.more@example.com", world.now)
    goes_on.set()
    await entry.close()

    assert most == AT_ONCE
    entry.ask("now.again@example.com", world.now)
    await entry.close()
