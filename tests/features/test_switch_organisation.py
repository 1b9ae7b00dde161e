"""Somebody who works for several organisations goes from one to the other without signing in again."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.sign_in import Session, SessionEnding
from tests.desk import desk_of
from tests.features.test_invitations import accept, invite, tokens
from tests.features.test_second_factors import adds_app, requires


@pytest.fixture
async def both(trial, world, visitor):
    """Somebody's browser, signed in at the first of two organisations, and the desks of both."""
    first, second = await desk_of(trial, world), await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await invite(second, first.staff.email, "Auditor")
    browser = visitor()
    await browser.signs_in(first.staff)
    await accept(browser, (await tokens(second))[0], password=None)
    return browser, first, second


async def switch(browser, org_id):
    answer = await browser.http.post("/auth/switch", json={"organisationId": str(org_id), "client": "staff"})
    if answer.status_code == 200:
        browser.http.headers["Authorization"] = f"Bearer {answer.json()['data']['accessToken']}"
    return answer


async def why_it_ended(desk):
    """Why the sessions at an organisation ended, those that did."""
    query = select(Session.ended_because).where(Session.org_id == desk.org_id, Session.ended_at.is_not(None))
    async with desk.world.owner.installation() as session:
        return list(await session.scalars(query))


async def test_a_switch_is_a_new_session_there_and_the_old_one_is_over(both):
    browser, first, second = both
    before = browser.http.headers["Authorization"]

    entered = (await switch(browser, first.org_id)).json()["data"]

    assert (entered["organisation"]["id"], entered["user"]["role"]) == (str(first.org_id), "Coordinator")
    assert [one["id"] for one in entered["organisations"]] == [str(second.org_id)]
    assert (await browser.asks_who_they_are()).json()["data"]["organisation"]["id"] == str(first.org_id)
    old = await browser.http.get("/api/v1/me", headers={"Authorization": before})
    assert old.status_code == 401
    assert (await browser.refreshes()).json()["data"]["organisation"]["id"] == str(first.org_id)
    assert await why_it_ended(second) == [SessionEnding.SWITCHED]


async def test_of_two_organisations_that_are_called_the_same_each_says_since_when_it_is(both, world):
    browser, first, second = both

    async def called(name: str) -> list[dict[str, str]]:
        async with world.owner.installation() as session:
            await session.execute(update(Organisation).where(Organisation.id == first.org_id).values(name=name))
            await session.commit()
        return (await browser.refreshes()).json()["data"]["organisations"]

    async with world.owner.installation() as session:
        name = await session.scalar(select(Organisation.name).where(Organisation.id == second.org_id))
        made = await session.scalar(select(Organisation.created_at).where(Organisation.id == first.org_id))
    (alone,) = await called("Anchor Homes")
    (other,) = await called(f" {name.upper()}.")

    assert alone["since"] is None
    assert datetime.fromisoformat(other["since"]) == made


async def test_a_session_that_never_showed_a_factor_switches_to_no_place_that_asks_for_one(both, world, visitor):
    browser, first, _ = both
    elsewhere = visitor()
    await elsewhere.signs_in(first.staff)
    await adds_app(elsewhere)
    await requires(world, first.org_id)

    answer = await switch(browser, first.org_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    assert "second factor" in answer.json()["error"]["message"]


async def test_a_session_that_showed_a_factor_goes_on_where_one_is_asked_for(both, world):
    browser, first, second = both
    await adds_app(browser)
    await requires(world, first.org_id)
    await requires(world, second.org_id)

    there, back = await switch(browser, first.org_id), await switch(browser, second.org_id)

    assert (there.status_code, back.status_code) == (200, 200)


async def test_where_somebody_has_no_place_never_was(both, foreign_desk):
    browser, _, second = both

    answer = await switch(browser, foreign_desk.org_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")
    assert (await browser.asks_who_they_are()).json()["data"]["organisation"]["id"] == str(second.org_id)


async def test_who_is_disabled_there_stays_here(both, world):
    browser, first, _ = both
    await world.disable(first.staff)

    assert (await switch(browser, first.org_id)).status_code == 404
    assert (await browser.asks_who_they_are()).status_code == 200


async def test_nobody_switches_without_a_session_that_lives(both, visitor):
    browser, first, _ = both
    assert (await switch(visitor(), first.org_id)).status_code == 401

    await browser.signs_out()

    assert (await switch(browser, first.org_id)).json()["error"]["code"] == "session-ended"


async def test_whom_one_organisations_provider_vouched_for_is_not_let_into_another(both, world):
    browser, first, second = both
    async with world.owner.session(second.org_id) as session, session.begin():
        await session.execute(update(Session).where(Session.org_id == second.org_id).values(is_vouched=True))

    answer = await switch(browser, first.org_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    assert (await browser.asks_who_they_are()).json()["data"]["organisation"]["id"] == str(second.org_id)
