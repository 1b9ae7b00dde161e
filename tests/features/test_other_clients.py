"""Contractors and tenants sign in to clients of their own, and their tokens do what their roles hold."""

import re

import pytest
from sqlalchemy import select

from maintainuk.application.links import LinkService
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.sign_in import Client, Session
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from tests.desk import Desk, desk_of
from tests.features.test_second_factors import requires
from tests.world import PASSWORD, Staff

NEW = "seven otters under the pier"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


@pytest.fixture
async def boss(desk: Desk) -> Staff:
    """Who administers a firm that works for the organisation."""
    firm = Contractor(org_id=desk.org_id, name="Aire Heating")
    await desk.world.add(desk.org_id, firm)
    return await desk.world.staff(desk.org_id, BuiltInRole.CONTRACTOR_ADMIN, "Yusuf Demir", contractor_id=firm.id)


@pytest.fixture
async def tenant(desk: Desk) -> Staff:
    """Who lives in the home."""
    return await desk.world.staff(desk.org_id, BuiltInRole.TENANT, "Aisha Khan", person_id=desk.home.tenant_id)


@pytest.fixture
async def landlord(desk: Desk) -> Staff:
    return await desk.world.staff(desk.org_id, BuiltInRole.LANDLORD, "Penelope Osei")


@pytest.fixture(params=["contractor", "tenant", "staff"])
async def anybody(request, boss, tenant, landlord):
    """Each of them, with the client that is theirs."""
    return {"contractor": boss, "tenant": tenant, "staff": landlord}[request.param], request.param


async def test_a_contractors_administrator_signs_in_and_looks_after_their_own_people_alone(desk, boss, visitor):
    browser = visitor()

    entered = await browser.signs_in(boss, client="contractor")

    assert entered.status_code == 200, entered.text
    me = (await browser.asks_who_they_are()).json()["data"]
    assert (me["user"]["name"], me["user"]["role"]) == ("Yusuf Demir", "ContractorAdmin")
    accounts = (await browser.http.get("/api/v1/users/accounts")).json()["data"]["items"]
    assert [one["name"] for one in accounts] == ["Yusuf Demir"]
    assert (await browser.http.get("/api/v1/organisation/settings")).status_code in {403, 404}
    assert (await browser.http.get("/api/v1/teams")).status_code == 403


async def test_a_tenant_signs_in_and_sees_their_own_home(desk, tenant, visitor):
    browser = visitor()

    await browser.signs_in(tenant, client="tenant")

    homes = (await browser.http.get("/api/v1/properties")).json()["data"]["items"]
    assert [one["id"] for one in homes] == [str(desk.home.property_id)]
    assert (await browser.http.get("/api/v1/users/accounts")).status_code == 403


async def test_everybody_stays_in_sees_where_and_ends_it_with_their_own_client(anybody, visitor):
    somebody, client = anybody
    browser, other = visitor(), visitor()
    await browser.signs_in(somebody, client=client)
    await other.signs_in(somebody, client=client)

    refreshed = await browser.refreshes(client)
    seen = (await browser.http.get("/api/v1/me/security")).json()["data"]
    events = (await browser.http.get("/api/v1/me/sign-ins")).json()["data"]["items"]
    ended = (await browser.http.delete("/api/v1/me/sessions")).json()["data"]

    assert refreshed.status_code == 200
    assert (len(seen["sessions"]), [one["kind"] for one in events]) == (2, ["signed_in", "signed_in"])
    assert ended == {"ended": 1}
    assert (await other.asks_who_they_are()).status_code == 401
    assert (await browser.signs_out(client)).status_code == 200
    assert (await browser.asks_who_they_are()).status_code == 401


async def test_everybody_changes_and_forgets_their_password(anybody, visitor, desk):
    somebody, client = anybody
    browser = visitor()
    await browser.signs_in(somebody, client=client)

    changed = await browser.http.put(
        "/api/v1/me/password", json={"currentPassword": PASSWORD, "newPassword": "a kestrel over the harbour"}
    )
    asked = await browser.http.post("/auth/password-reset", json={"email": somebody.email})
    await browser.services.sign_in.finish()
    used = await browser.http.post(
        "/auth/password-reset/use", json={"token": await reset_token(desk, somebody), "password": NEW}
    )

    assert (changed.status_code, asked.status_code, used.status_code) == (200, 202, 200)
    assert (await visitor().signs_in(somebody, NEW, client=client)).status_code == 200
    assert (await browser.asks_who_they_are()).status_code == 401


async def reset_token(desk: Desk, somebody: Staff) -> str:
    """What the letter shows that the worker would write."""
    async with desk.world.owner.session(desk.org_id) as session:
        wanted = select(Message.user_id).where(Message.template == MessageTemplate.PASSWORD_RESET)
        assert list(await session.scalars(wanted)) == [somebody.id]
    async with desk.world.owner.installation() as session:
        link = LinkService(session, LinkSecrets(desk.world.settings)).make(
            desk.org_id, LinkPurpose.PASSWORD_RESET, somebody.id, desk.world.now
        )
    return link.secret


async def test_who_proves_their_password_at_the_wrong_door_is_told_where_theirs_is(boss, tenant, visitor):
    for somebody, words in ((boss, "still to come"), (tenant, "poster")):
        right = (await visitor().signs_in(somebody)).json()["error"]
        wrong = (await visitor().signs_in(somebody, "not the password at all")).json()["error"]

        assert right["code"] == "signs-in-elsewhere"
        assert words in right["message"]
        assert wrong["code"] == "invalid-credentials"


async def test_a_session_of_one_client_opens_no_other(desk, boss, visitor):
    """A firm's administrator who also works at a desk: their contractor's session must not become the desk's."""
    browser = visitor()
    await browser.signs_in(boss, client="contractor")

    for client in ("staff", "tenant"):
        body = {"organisationId": str(desk.org_id), "client": client}
        assert (await browser.http.post("/auth/switch", json=body)).status_code == 401
        assert (await browser.refreshes(client)).status_code == 401


async def test_the_organisation_asks_only_staff_for_a_second_factor(desk, boss, visitor):
    await requires(desk.world, desk.org_id)
    browser = visitor()

    entered = await browser.signs_in(boss, client="contractor")

    assert "accessToken" in entered.json()["data"]
    assert not (await browser.http.get("/api/v1/me/security")).json()["data"]["isFactorRequired"]


async def test_a_contractor_is_no_administrator_of_the_platform_whatever_their_identity_runs(boss, visitor, world):
    await world.steward(boss)
    browser = visitor()

    entered = (await browser.signs_in(boss, client="contractor")).json()["data"]

    assert not entered["isPlatformAdministrator"]
    assert not (await browser.refreshes("contractor")).json()["data"]["isPlatformAdministrator"]
    assert (await browser.http.get("/api/v1/platform/organisations")).status_code == 403


async def test_tokens_of_the_tests_are_those_of_real_people(desk, boss, tenant):
    """What the matrix proves, it proves of the client that each role signs in to."""
    for somebody, client in ((boss, Client.CONTRACTOR), (tenant, Client.TENANT), (desk.staff, Client.STAFF)):
        headers = await desk.world.headers(somebody)
        claims = desk.world.tokens.verify(re.sub("Bearer ", "", headers["Authorization"]))
        async with desk.world.owner.installation() as session:
            kept = await session.get(Session, claims.session_id)

        assert (claims.client, kept.client) == (client, client)
