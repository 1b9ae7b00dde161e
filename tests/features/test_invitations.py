"""Letting people in: an invitation is for one mailbox, one role, one organisation and one use."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from maintainuk.application.joining import Joining
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Identity, Membership
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from tests.desk import Desk, desk_of
from tests.features.test_users import audited, disable, role_id
from tests.world import PASSWORD

DESK = "/api/v1/invitations"
PHRASE = "wholly new and long enough"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


def guest_of(desk: Desk) -> str:
    """Somebody whom nobody has invited before."""
    return f"Zainab.Malik.{desk.org_id.hex[-8:]}@example.com"


async def invite(desk: Desk, email: str | None = None, role: str = "Coordinator", **more):
    body = {"email": guest_of(desk) if email is None else email, "roleId": await role_id(desk, role)} | more
    return await desk.http.post(DESK, json=body, headers=desk.headers)


async def waiting(desk: Desk):
    return (await desk.http.get(DESK, headers=desk.headers)).json()["data"]["items"]


async def tokens(desk: Desk) -> list[str]:
    """What the letters of all invitations showed, oldest first."""
    async with desk.world.owner.installation() as session:
        links = await session.scalars(
            select(Link)
            .where(Link.org_id == desk.org_id, Link.purpose == LinkPurpose.INVITATION)
            .order_by(Link.created_at, Link.id)
        )
        return [LinkSecrets(desk.world.settings).secret(LinkPurpose.INVITATION, link.id) for link in links]


async def accept(browser, token: str, password: str | None = PHRASE, name: str = "Zainab Malik"):
    body = {"token": token, "name": name, "password": password}
    answer = await browser.http.post("/auth/invitation/acceptance", json=body)
    if answer.status_code == 200 and (session := answer.json()["data"]["session"]):
        browser.http.headers["Authorization"] = f"Bearer {session['accessToken']}"
    return answer


async def look(browser, token: str):
    return await browser.http.post("/auth/invitation", json={"token": token})


async def asked_of(database: Database, doing: Awaitable[Any]) -> list[str]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def note(*asked: Any) -> None:
        said.append(asked[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await doing
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    return said


async def places_of(desk: Desk, email: str) -> int:
    async with desk.world.owner.installation() as session:
        identity = (
            select(Identity.id).where(Identity.email_index == desk.trial.services.sign_in.index.of_email(email))
        ).scalar_subquery()
        found = await session.scalars(select(Membership).where(Membership.identity_id == identity))
        return len(found.all())


async def test_inviting_tells_nobody_who_is_known_elsewhere_not_even_by_its_work(desk: Desk, foreign_desk: Desk):
    database = desk.trial.services.database
    await invite(desk, "first." + guest_of(desk))  # what is asked once in a process has been asked

    stranger = await asked_of(database, invite(desk))
    known = await asked_of(database, invite(desk, foreign_desk.staff.email))

    assert known == stranger
    assert any("INSERT INTO app.invitations" in one for one in known)


async def test_a_password_that_the_address_got_a_moment_ago_is_not_passed_by(desk: Desk, visitor, monkeypatch):
    """Known by the provider of another organisation, they had none when they opened the letter."""
    await invite(desk)
    (token,) = await tokens(desk)
    index = desk.trial.services.sign_in.index.of_email(guest_of(desk))
    await desk.world.add(desk.org_id, Identity(email_index=index, password_hash=None, created_at=desk.world.now))
    join = Joining._join

    async def a_moment_later(*asked):
        async with desk.world.owner.installation() as session:
            await session.execute(update(Identity).where(Identity.email_index == index).values(password_hash="theirs"))
        return await join(*asked)

    monkeypatch.setattr(Joining, "_join", a_moment_later)
    refused = await accept(visitor(), token)

    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "changed-meanwhile")
    assert await places_of(desk, guest_of(desk)) == 0


async def test_somebody_is_invited_takes_their_place_and_is_in(desk: Desk, visitor):
    assert (await invite(desk)).status_code == 201
    (one,) = await waiting(desk)
    assert (one["email"], one["role"]["name"], one["state"]) == (guest_of(desk), "Coordinator", "waiting")
    assert await desk.world.promised(desk.org_id) == ["send-email"]
    (token,) = await tokens(desk)
    browser = visitor()

    offer = (await look(browser, token)).json()["data"]
    joined = await accept(browser, token)

    assert (offer["organisation"], offer["role"], offer["hasAccount"]) == ("Fairweather Lettings", "Coordinator", False)
    assert (offer["colour"], offer["logo"]) == (None, None)
    assert joined.status_code == 200
    me = (await browser.asks_who_they_are()).json()["data"]
    assert (me["user"]["name"], me["user"]["email"], me["user"]["role"]) == (
        "Zainab Malik",
        guest_of(desk),
        "Coordinator",
    )
    assert await waiting(desk) == []
    assert (await visitor().signs_in(guest_of(desk).upper(), PHRASE)).status_code == 200
    assert {"PersonInvited", "InvitationAccepted"} <= await audited(desk)


async def test_a_link_works_once_also_for_fifty_at_once(desk: Desk, visitor):
    await invite(desk)
    (token,) = await tokens(desk)
    browsers = [visitor() for _ in range(6)]

    answers = await asyncio.gather(*(accept(browser, token) for browser in browsers))

    assert sorted(answer.status_code for answer in answers)[:2] != [200, 200]
    assert [answer.status_code for answer in answers].count(200) == 1
    used = await accept(visitor(), token)
    assert (used.status_code, used.json()["error"]["code"]) == (410, "link-used")
    assert await places_of(desk, guest_of(desk)) == 1


async def test_after_three_days_it_opens_nothing_and_a_new_letter_does(desk: Desk, visitor):
    await invite(desk)
    (old,) = await tokens(desk)
    long_ago = desk.world.now - timedelta(hours=73)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(Invitation).values(expires_at=long_ago + timedelta(hours=72)))
        await session.execute(
            update(Link).where(Link.org_id == desk.org_id).values(expires_at=long_ago + timedelta(hours=72))
        )

    late = await look(visitor(), old)
    (one,) = await waiting(desk)
    again = await desk.http.post(f"{DESK}/{one['id']}/letters", json={}, headers=desk.headers)

    assert (late.status_code, late.json()["error"]["code"]) == (410, "link-expired")
    assert (one["state"], again.status_code) == ("expired", 201)
    new = (await tokens(desk))[-1]
    assert (await look(visitor(), old)).json()["error"]["code"] == "link-revoked"
    assert (await accept(visitor(), new)).status_code == 200


async def test_a_withdrawn_invitation_opens_nothing(desk: Desk, visitor):
    await invite(desk)
    (token,) = await tokens(desk)
    (one,) = await waiting(desk)

    await desk.http.delete(f"{DESK}/{one['id']}", headers=desk.headers)

    assert (await accept(visitor(), token)).json()["error"]["code"] == "link-revoked"
    assert await waiting(desk) == []
    assert (await desk.http.delete(f"{DESK}/{one['id']}", headers=desk.headers)).status_code == 404


async def test_whoever_is_signed_in_with_another_address_is_refused_and_nothing_is_merged(
    desk: Desk, foreign_desk: Desk, visitor
):
    await invite(desk)
    (token,) = await tokens(desk)
    browser = visitor()
    await browser.signs_in(foreign_desk.staff)

    answer = await accept(browser, token)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "invited-somebody-else")
    assert await places_of(desk, foreign_desk.staff.email) == 1
    assert len(await waiting(desk)) == 1


async def test_whoever_is_signed_in_with_the_invited_address_goes_on_at_once_and_keeps_both_apart(
    desk: Desk, foreign_desk: Desk, visitor
):
    await invite(desk, foreign_desk.staff.email.upper(), "Auditor")
    (token,) = await tokens(desk)
    browser = visitor()
    await browser.signs_in(foreign_desk.staff)

    await accept(browser, token, password=None, name="Nia at the other desk")

    me = (await browser.asks_who_they_are()).json()["data"]
    assert (me["organisation"]["id"], me["user"]["role"]) == (str(desk.org_id), "Auditor")
    back = (await visitor().signs_in(foreign_desk.staff, organisationId=str(foreign_desk.org_id))).json()["data"]
    assert (back["user"]["name"], back["user"]["role"]) == ("Nia Prosser", "Coordinator")


async def test_a_known_address_proves_its_password_and_signs_in_afterwards(desk: Desk, foreign_desk: Desk, visitor):
    await invite(desk, foreign_desk.staff.email)
    (token,) = await tokens(desk)

    assert (await look(visitor(), token)).json()["data"]["hasAccount"]
    wrong = await accept(visitor(), token, PHRASE)
    right = await accept(visitor(), token, PASSWORD)

    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid-credentials")
    assert right.json()["data"]["session"] is None  # whatever else sign-in asks for, it asks for
    entered = await visitor().signs_in(foreign_desk.staff, organisationId=str(desk.org_id))
    assert entered.json()["data"]["organisation"]["id"] == str(desk.org_id)
    assert (await visitor().signs_in(foreign_desk.staff, PHRASE)).status_code == 401


async def test_guesses_at_a_known_address_are_counted(desk: Desk, foreign_desk: Desk, visitor):
    await invite(desk, foreign_desk.staff.email)
    (token,) = await tokens(desk)
    browser = visitor()

    answers = [(await accept(browser, token, f"guess number {number}")).status_code for number in range(11)]

    assert answers == [401] * 10 + [429]


async def test_a_first_password_is_long(desk: Desk, visitor):
    await invite(desk)
    (token,) = await tokens(desk)

    for password in ("short", None, ""):
        assert "password" in (await accept(visitor(), token, password)).json()["error"]["fields"]


async def test_an_address_is_invited_once_and_never_when_it_is_here(desk: Desk):
    await invite(desk)

    again, here = await invite(desk, guest_of(desk).lower()), await invite(desk, desk.staff.email.title())

    for answer in (again, here):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "already-here")
        assert "email" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@example.com, more@example.com"])
async def test_what_is_no_address_is_refused(desk: Desk, email: str):
    assert "email" in (await invite(desk, email)).json()["error"]["fields"]


async def test_nobody_promises_more_than_they_hold(desk: Desk):
    grants = {Permission.USERS_MANAGE: Scope.ORG, Permission.TICKETS_READ: Scope.ORG}
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="People desk", stored_grants=grants))
    clerk = await desk.beside("People desk")

    above, own = await invite(clerk, role="Coordinator"), await invite(clerk, role="People desk")

    assert (above.status_code, above.json()["error"]["code"]) == (403, "not-permitted")
    assert own.status_code == 201


async def test_a_role_that_speaks_for_somebody_says_for_whom(desk: Desk, foreign_desk: Desk, visitor):
    ours, theirs = (
        Contractor(org_id=desk.org_id, name="Aire Heating"),
        Contractor(org_id=foreign_desk.org_id, name="Calder Roofing"),
    )
    await desk.world.add(desk.org_id, ours)
    await desk.world.add(foreign_desk.org_id, theirs)

    nobody = await invite(desk, role="Operative")
    foreign = await invite(desk, role="Operative", subjectId=str(theirs.id))
    staff = await invite(desk, subjectId=str(ours.id))
    good = await invite(desk, role="Operative", subjectId=str(ours.id))

    for answer in (nobody, foreign, staff):
        assert "subjectId" in answer.json()["error"]["fields"]
    assert good.status_code == 201
    (token,) = await tokens(desk)
    assert (await accept(visitor(), token)).json()["data"]["session"]["user"]["role"] == "Operative"
    async with desk.world.owner.session(desk.org_id) as session:
        assert await session.scalar(select(User.contractor_id).where(User.contractor_id.is_not(None))) == ours.id


async def test_a_contractors_administrator_invites_into_their_own_firm(desk: Desk):
    firms = [Contractor(org_id=desk.org_id, name=name) for name in ("Aire Heating", "Calder Roofing")]
    await desk.world.add(desk.org_id, *firms)
    boss = await desk.world.staff(desk.org_id, BuiltInRole.CONTRACTOR_ADMIN, contractor_id=firms[0].id)
    at_work = Desk(desk.trial, desk.world, boss, desk.home, await desk.world.headers(boss))

    fitter = await invite(at_work, "fitter@example.com", "Operative", subjectId=str(firms[1].id))
    staff = await invite(at_work, "desk@example.com", "Auditor")

    assert (fitter.status_code, staff.status_code) == (201, 403)
    async with desk.world.owner.session(desk.org_id) as session:
        assert list(await session.scalars(select(Invitation.contractor_id))) == [firms[0].id]
    await invite(desk)
    assert [one["email"] for one in await waiting(at_work)] == ["fitter@example.com"]


async def test_the_secret_stands_nowhere(desk: Desk):
    await invite(desk)

    (token,) = await tokens(desk)

    async with desk.world.owner.installation() as session:
        (link,) = await session.scalars(select(Link).where(Link.org_id == desk.org_id))
        assert token.encode() not in link.secret_index
        assert link.expires_at == link.created_at + timedelta(hours=72)


async def test_another_kind_of_link_invites_nobody(desk: Desk, visitor):
    assert (await look(visitor(), "7KQ2M-4XPDA")).json()["error"]["code"] == "link-unknown"


async def test_another_organisations_invitation_never_was(desk: Desk, foreign_desk: Desk):
    boss = await foreign_desk.beside(BuiltInRole.ORG_ADMIN)
    await invite(boss)
    (one,) = await waiting(boss)

    assert (await desk.http.delete(f"{DESK}/{one['id']}", headers=desk.headers)).status_code == 404
    assert (await desk.http.post(f"{DESK}/{one['id']}/letters", json={}, headers=desk.headers)).status_code == 404


async def test_of_two_organisations_places_taken_at_once_both_are_the_same_person_s(trial, world, visitor):
    for _ in range(3):
        first, second = [await desk_of(trial, world, BuiltInRole.ORG_ADMIN) for _ in range(2)]
        for desk in (first, second):
            await invite(desk, guest_of(first))
        shown = [(await tokens(desk))[0] for desk in (first, second)]

        answers = await asyncio.gather(*(accept(visitor(), token) for token in shown))

        assert {answer.status_code for answer in answers} <= {200, 401, 409, 412}
        assert 200 in {answer.status_code for answer in answers}
        for token in shown:
            await accept(visitor(), token)
        assert await places_of(first, guest_of(first)) == 2


async def test_nobody_joins_on_the_word_of_somebody_who_was_shut_out(desk: Desk, visitor):
    colleague = await desk.beside(BuiltInRole.ORG_ADMIN)
    await invite(colleague)
    (token,) = await tokens(desk)

    await disable(desk, colleague)

    assert (await accept(visitor(), token)).json()["error"]["code"] == "link-revoked"
    assert await waiting(desk) == []


async def test_a_tenant_is_invited_to_the_home_they_live_in(desk: Desk):
    somebody = Person(org_id=desk.org_id, name="Priya Raman")
    await desk.world.add(desk.org_id, somebody)

    nobody = await invite(desk, role="Tenant")
    homeless = await invite(desk, role="Tenant", subjectId=str(somebody.id))
    tenant = await invite(desk, role="Tenant", subjectId=str(desk.home.tenant_id))

    assert (nobody.status_code, list(nobody.json()["error"]["fields"])) == (422, ["subjectId"])
    assert homeless.status_code == 422
    assert "lives in none of your homes" in homeless.json()["error"]["fields"]["subjectId"][0]
    assert tenant.status_code == 201, tenant.text
