"""Where somebody is signed in, and what has happened to their way in."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.infrastructure.security.browsers import in_words, network_of
from tests.desk import desk_of
from tests.features.test_invitations import accept, invite, tokens
from tests.world import PASSWORD

ME = "/api/v1/me"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
)


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation("Harbour View Lettings"))


async def test_somebody_sees_where_they_are_signed_in(visitor, nia):
    here, other = visitor(address="203.0.113.9"), visitor(address="203.0.113.77", user_agent=EDGE)
    await other.signs_in(nia)
    await here.signs_in(nia)

    security = (await here.http.get(f"{ME}/security")).json()["data"]

    shown = [(one["browser"], one["network"], one["isHere"], one["isSameNetwork"]) for one in security["sessions"]]
    assert shown == [
        ("Firefox on Linux", "203.0.113.0/24", True, True),
        ("Edge on Windows", "203.0.113.0/24", False, True),
    ]
    assert {one["organisation"] for one in security["sessions"]} == {"Harbour View Lettings"}
    assert (security["factors"], security["hasPassword"], security["isFactorRequired"]) == ([], True, False)


async def test_one_browser_is_signed_out_at_once(visitor, nia):
    here, other = visitor(), visitor()
    await other.signs_in(nia)
    await here.signs_in(nia)
    sessions = (await here.http.get(f"{ME}/security")).json()["data"]["sessions"]
    theirs = next(one["id"] for one in sessions if not one["isHere"])

    answer = await here.http.delete(f"{ME}/sessions/{theirs}")

    assert answer.status_code == 200
    assert (await other.asks_who_they_are()).status_code == 401
    assert (await here.asks_who_they_are()).status_code == 200
    assert (await here.http.delete(f"{ME}/sessions/{theirs}")).status_code == 404


async def test_all_other_browsers_are_signed_out_at_once(visitor, nia):
    here, *others = (visitor() for _ in range(4))
    for each in (*others, here):
        await each.signs_in(nia)

    answer = await here.http.delete(f"{ME}/sessions")

    assert answer.json()["data"] == {"ended": 3}
    assert [(await each.asks_who_they_are()).status_code for each in others] == [401] * 3
    assert (await here.asks_who_they_are()).status_code == 200


async def test_nobody_ends_another_s_session(visitor, world, nia):
    colleague = await world.staff(nia.org_id, name="Owen Price")
    hers, his = visitor(), visitor()
    await hers.signs_in(nia)
    await his.signs_in(colleague)
    session = (await hers.http.get(f"{ME}/security")).json()["data"]["sessions"][0]["id"]

    answer = await his.http.delete(f"{ME}/sessions/{session}")
    nothing = await his.http.delete(f"{ME}/sessions/{uuid4()}")

    assert answer.status_code == nothing.status_code == 404
    assert (await hers.asks_who_they_are()).status_code == 200


async def test_the_history_tells_what_worked_and_what_was_refused(visitor, nia):
    browser = visitor(address="198.51.100.7")
    await visitor(address="192.0.2.1", user_agent=EDGE).signs_in(nia, "not the password")
    await browser.services.sign_in.finish()
    await browser.signs_in(nia)

    items = (await browser.http.get(f"{ME}/sign-ins")).json()["data"]["items"]

    assert [(one["kind"], one["browser"], one["network"]) for one in items] == [
        ("signed_in", "Firefox on Linux", "198.51.100.0/24"),
        ("refused", "Edge on Windows", "192.0.2.0/24"),
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (EDGE, "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_by_its_kind(said, words):
    assert in_words(said) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:7:1::5", "2001:db8:7::/48"),
        ("127.0.0.1", "loopback"),
        ("made up", ""),
    ],
)
def test_of_an_address_is_kept_what_an_office_shares(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize("how", ["ends", "changes the password"])
async def test_each_organisation_hears_of_its_own_sessions_that_somebody_ended_from_another(
    visitor, trial, world, nia, how
):
    elsewhere = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await invite(elsewhere, nia.email)
    await accept(visitor(), (await tokens(elsewhere))[0], PASSWORD)
    here, there = visitor(), visitor()
    await here.signs_in(nia, organisationId=str(nia.org_id))
    await there.signs_in(nia, organisationId=str(elsewhere.org_id))
    new = {"currentPassword": PASSWORD, "newPassword": "seven otters under the pier"}

    if how == "ends":
        await here.http.delete(f"{ME}/sessions")
    else:
        await here.http.put(f"{ME}/password", json=new)
    await here.services.sign_in.finish()

    assert (await there.asks_who_they_are()).status_code == 401
    async with world.owner.session(elsewhere.org_id) as session:
        (row,) = await session.scalars(select(AuditLog).where(AuditLog.action == "SessionEnded"))
    assert row.data == {"because": "ended_by_owner" if how == "ends" else "password_changed"}
    assert row.network is None
