"""Refresh tokens: exchanged at each use, and whoever shows an old one ends the session (scoreboard row 16)."""

import asyncio
import string
from datetime import timedelta

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.sign_in import (
    FORGIVEN_FOR,
    LONGEST_SESSION,
    REFRESH_LIFETIME,
    Client,
    Renewal,
    Session,
    SessionEnding,
)
from maintainuk.infrastructure.security.refresh_tokens import RefreshTokens

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


@pytest.fixture
async def browser(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)
    return browser


async def session_of(world, nia):
    async with world.owner.session(nia.org_id) as session, session.begin():
        return (await session.scalars(select(Session).where(Session.user_id == nia.id))).one()


async def actions(world, nia):
    async with world.owner.session(nia.org_id) as session, session.begin():
        return [row.action for row in await session.scalars(select(AuditLog).order_by(AuditLog.id))]


async def long_ago(world, nia):
    """The last exchange was more than a few seconds ago."""
    async with world.owner.session(nia.org_id) as session, session.begin():
        kept = (await session.scalars(select(Session).where(Session.user_id == nia.id))).one()
        kept.rotated_at -= FORGIVEN_FOR + timedelta(seconds=1)


def copy_of(browser, visitor, token, **how):
    """Somebody else who shows that token, from the same program unless said otherwise."""
    other = visitor(**how)
    other.holds(token)
    return other


async def test_each_refresh_exchanges_the_token(browser):
    shown = [browser.refresh_token]
    for _ in range(5):
        assert (await browser.refreshes()).status_code == 200
        shown.append(browser.refresh_token)

    assert len(set(shown)) == 6
    assert (await browser.asks_who_they_are()).status_code == 200


async def test_fifty_refreshes_at_once_leave_one_live_child(browser, visitor, world, nia):
    token = browser.refresh_token
    tabs = [copy_of(browser, visitor, token) for _ in range(50)]

    answers = await asyncio.gather(*(tab.refreshes() for tab in tabs))

    assert {answer.status_code for answer in answers} == {200}
    [child] = {tab.refresh_token for tab in tabs}
    assert child != token
    kept = RefreshTokens(world.settings).read(child)
    assert (await session_of(world, nia)).token_hash == kept.hash
    assert {(await tab.asks_who_they_are()).status_code for tab in tabs[:5]} == {200}


async def test_a_browser_whose_answer_got_lost_asks_again_and_stays_signed_in(browser, visitor, world, nia):
    token = browser.refresh_token
    await browser.refreshes()
    lost = browser.refresh_token
    browser.holds(token)

    again = await browser.refreshes()

    assert (again.status_code, browser.refresh_token) == (200, lost)
    await long_ago(world, nia)
    assert (await browser.refreshes()).status_code == 200
    assert await actions(world, nia) == ["SignedIn"]


async def test_who_is_disabled_and_enabled_again_is_no_thief(browser, world, nia):
    await world.disable(nia)
    assert (await browser.refreshes()).status_code == 401
    await long_ago(world, nia)

    await world.enable(nia)

    assert (await browser.refreshes()).status_code == 200
    assert await actions(world, nia) == ["SignedIn"]


async def test_the_token_before_from_another_device_ends_the_session(browser, visitor, world, nia):
    token = browser.refresh_token
    await browser.refreshes()
    thief = copy_of(browser, visitor, token, user_agent=CHROME)

    answer = await thief.refreshes()

    assert answer.json()["error"]["code"] == "session-ended"
    assert (await browser.asks_who_they_are()).json()["error"]["code"] == "session-ended"
    assert (await browser.refreshes()).json()["error"]["code"] == "session-ended"
    assert (await session_of(world, nia)).ended_because == SessionEnding.REUSE
    assert await actions(world, nia) == ["SignedIn", "RefreshTokenReused"]


async def test_the_token_before_after_a_while_ends_the_session(browser, visitor, world, nia):
    token = browser.refresh_token
    await browser.refreshes()
    await long_ago(world, nia)

    assert (await copy_of(browser, visitor, token).refreshes()).status_code == 401
    assert (await browser.asks_who_they_are()).status_code == 401


@pytest.mark.parametrize("generations", [2, 3, 7])
async def test_a_token_from_long_before_ends_the_session_however_quick(browser, visitor, generations):
    token = browser.refresh_token
    for _ in range(generations):
        await browser.refreshes()

    assert (await copy_of(browser, visitor, token).refreshes()).status_code == 401
    assert (await browser.asks_who_they_are()).status_code == 401


async def test_a_stolen_token_that_the_thief_uses_first_is_no_use_to_either(browser, visitor, world, nia):
    thief = copy_of(browser, visitor, browser.refresh_token, user_agent=CHROME)
    assert (await thief.refreshes()).status_code == 200

    assert (await browser.refreshes()).status_code == 401
    assert (await thief.refreshes()).status_code == 401
    assert (await thief.asks_who_they_are()).status_code == 401


SPELLED = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
"""What a token is written in, by value."""


@pytest.mark.parametrize(
    "invent",
    [
        lambda _: "",
        lambda _: "A" * 107,
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "E"),
        lambda token: token[:-1] + SPELLED[SPELLED.index(token[-1]) ^ 1],  # the same bits, spelled otherwise
        lambda token: ("B" if token[0] != "B" else "C") + token[1:],
        lambda token: token[:60] + token[61:] + "A",
        lambda token: token + "=",
        lambda token: token.swapcase(),
        lambda token: token * 40,
        lambda _: "\u00e9" * 107,
    ],
)
async def test_an_invented_token_neither_gets_in_nor_ends_anything(browser, visitor, invent):
    guesser = visitor()

    answer = await guesser.http.post(
        "/auth/refresh",
        json={"client": "staff"},
        headers=[(b"cookie", b"mu_staff_8300=" + invent(browser.refresh_token).encode("latin-1"))],
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session-ended")
    assert (await browser.refreshes()).status_code == 200


async def test_a_token_with_another_session_s_id_ends_nothing(browser, visitor, world, nia, settings):
    colleague = await world.staff(nia.org_id, name="Owen Price")
    forged = RefreshTokens(settings.model_copy(update={"secret_key": settings.secret_key})).issue(
        nia.org_id, await world.session(colleague)
    )
    spliced = browser.refresh_token[:21] + forged.text[21:43] + browser.refresh_token[43:]

    assert (await copy_of(browser, visitor, spliced).refreshes()).status_code == 401
    assert (await browser.refreshes()).status_code == 200


def begun(now):
    return Session(
        identity_id=None,
        org_id=None,
        user_id=None,
        client=Client.STAFF,
        token_hash=b"1",
        device_hash=b"device",
        created_at=now,
        rotated_at=now,
        expires_at=now + REFRESH_LIFETIME,
    )


def test_a_browser_that_stays_away_for_a_week_signs_in_again(world):
    session = begun(world.now)

    late = world.now + REFRESH_LIFETIME
    assert session.renew(b"1", replacement=b"2", device_hash=b"device", at=late) is Renewal.OVER


def test_refreshing_alone_keeps_nobody_signed_in_for_ever(world):
    session, at, token = begun(world.now), world.now, 1

    while (
        session.renew(b"%d" % token, replacement=b"%d" % (token + 1), device_hash=b"device", at=at) is Renewal.RENEWED
    ):
        at += timedelta(days=1)
        token += 1

    assert at == world.now + LONGEST_SESSION


def test_forgiveness_ends_after_its_seconds(world):
    just_in_time, too_late = begun(world.now), begun(world.now)
    for session in (just_in_time, too_late):
        session.renew(b"1", replacement=b"2", device_hash=b"device", at=world.now)

    again = {"replacement": b"3", "device_hash": b"device"}
    assert just_in_time.renew(b"1", at=world.now + FORGIVEN_FOR, **again) is Renewal.FORGIVEN
    assert too_late.renew(b"1", at=world.now + FORGIVEN_FOR + timedelta(seconds=1), **again) is Renewal.REUSED
