"""Signing in, staying signed in, signing out."""

from uuid import uuid4

import bcrypt
import pytest
from sqlalchemy import select, update

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, BuiltInRole
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership, Session
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.security.passwords import Passwords
from tests.world import PASSWORD


@pytest.fixture
async def org_id(world):
    return await world.organisation("Harbour View Lettings")


@pytest.fixture
async def nia(world, org_id):
    return await world.staff(org_id, BuiltInRole.COORDINATOR)


async def audited(world, org_id):
    async with world.owner.session(org_id) as session, session.begin():
        return list(await session.scalars(select(AuditLog).order_by(AuditLog.id)))


async def change(world, org_id, statement):
    async with world.owner.session(org_id) as session, session.begin():
        await session.execute(statement)


async def test_somebody_signs_in_and_learns_who_they_are(visitor, nia, org_id):
    browser = visitor()

    answer = await browser.signs_in(nia)

    data = answer.json()["data"]
    assert answer.status_code == 200
    assert data["expiresIn"] == 900
    assert data["user"] == {
        "id": str(nia.id),
        "name": "Nia Prosser",
        "email": nia.email,
        "role": "Coordinator",
        "permissions": sorted(BUILT_IN_GRANTS[BuiltInRole.COORDINATOR]),
        "lists": ["properties", "units", "homes", "tenancies", "people", "contractors"],
    }
    assert data["organisation"] == {
        "id": str(org_id),
        "name": "Harbour View Lettings",
        "kind": "letting_agent",
        "nation": "ENG",
    }
    assert data["organisations"] == []
    assert (await browser.asks_who_they_are()).json()["data"] == {
        "user": data["user"],
        "organisation": data["organisation"],
    }


async def test_the_refresh_token_is_in_a_cookie_that_scripts_and_other_sites_cannot_use(visitor, nia):
    answer = await visitor().signs_in(nia)

    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("mu_staff"))
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=604800"} <= set(cookie.split("; "))
    assert cookie.split("=")[1].split(";")[0] not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_on_https_the_cookie_is_bound_to_the_host(settings, world, nia):
    from tests.visitor import visitors_of

    async with visitors_of(settings.model_copy(update={"public_url": "https://repairs.example.com"})) as visitor:
        browser = visitor()
        answer = await browser.signs_in(nia)

        cookie = next(line for line in answer.headers.get_list("set-cookie") if "mu_staff" in line)
        assert cookie.startswith("__Host-mu_staff=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert (await browser.refreshes()).status_code == 200


@pytest.mark.parametrize(
    "spelling",
    [
        str.upper,
        str.title,
        lambda email: f"  {email} ",
        lambda email: email.replace("n", "\uff4e"),
        lambda e: e + ".",
        lambda e: e + "\u200b",
    ],
)
async def test_an_e_mail_is_the_same_however_it_is_typed(visitor, nia, spelling):
    assert (await visitor().signs_in(spelling(nia.email))).status_code == 200


@pytest.mark.parametrize(
    "password",
    ["wrong", "", PASSWORD + " ", PASSWORD.upper(), "x" * 100_000, "\x00", None, 7, True, [], {"$ne": ""}, [PASSWORD]],
    ids=lambda password: repr(password)[:20],
)
async def test_what_is_not_the_password_gets_one_answer(visitor, nia, password):
    answer = await visitor().signs_in(nia, password)
    stranger = await visitor().signs_in(f"nobody.{uuid4()}@example.com", password)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid-credentials")
    assert answer.json()["error"] == stranger.json()["error"]
    assert answer.headers.get_list("set-cookie") == []


async def test_half_a_character_is_no_password(visitor, nia):
    answer = await visitor().http.post(
        "/auth/login",
        content=b'{"email": "%s", "password": "\\ud800", "client": "staff"}' % nia.email.encode(),
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code in {400, 401}


async def test_somebody_in_several_organisations_comes_to_the_first_and_may_choose(visitor, world, nia):
    second = await world.organisation("Anchor Homes")
    elsewhere = await world.staff(second, BuiltInRole.MANAGER)
    await change(
        world,
        second,
        update(Membership).where(Membership.user_id == elsewhere.id).values(identity_id=nia.identity_id),
    )
    browser = visitor()

    first = (await browser.signs_in(nia)).json()["data"]
    chosen = (await browser.signs_in(nia, organisationId=str(nia.org_id))).json()["data"]
    refreshed = (await browser.refreshes()).json()["data"]

    assert first["organisation"]["name"] == "Anchor Homes"
    assert first["organisations"] == [{"id": str(nia.org_id), "name": "Harbour View Lettings", "since": None}]
    assert chosen["organisation"]["name"] == refreshed["organisation"]["name"] == "Harbour View Lettings"
    there = [{"id": str(second), "name": "Anchor Homes", "since": None}]
    assert refreshed["organisations"] == chosen["organisations"] == there


async def test_nobody_chooses_an_organisation_they_do_not_belong_to(visitor, world, nia):
    foreign = await world.organisation("Somebody Else's")

    answer = await visitor().signs_in(nia, organisationId=str(foreign))

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid-credentials")


async def test_a_membership_opens_its_own_client_only_and_says_so_to_whoever_proves_their_password(visitor, nia):
    right = await visitor().signs_in(nia, client="contractor")
    wrong = await visitor().signs_in(nia, "not the password at all", client="contractor")

    assert (right.status_code, right.json()["error"]["code"]) == (403, "signs-in-elsewhere")
    assert "Sign in at /app/" in right.json()["error"]["message"]
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid-credentials")


async def test_a_cookie_of_one_client_does_not_serve_another(visitor, world, nia):
    await change(
        world,
        nia.org_id,
        update(Membership).where(Membership.user_id == nia.id).values(client=Client.TENANT),
    )
    browser = visitor()
    await browser.signs_in(nia, client="tenant")
    token = next(value for name, value in browser.http.cookies.items() if "mu_tenant" in name)
    browser.holds(token)

    assert (await browser.refreshes("staff")).status_code == 401
    assert (await browser.refreshes("tenant")).status_code == 200


async def test_signing_out_counts_at_once_and_twice_is_fine(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)
    token = browser.refresh_token

    first = await browser.signs_out()
    again = await browser.signs_out()

    assert (first.status_code, again.status_code) == (200, 200)
    assert browser.refresh_token is None
    assert (await browser.asks_who_they_are()).json()["error"]["code"] == "session-ended"
    browser.holds(token)
    assert (await browser.refreshes()).json()["error"]["code"] == "session-ended"


async def test_signing_in_again_ends_what_the_browser_had_before(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)
    before = browser.http.headers["Authorization"]

    await browser.signs_in(nia)

    assert (await browser.asks_who_they_are()).status_code == 200
    old = await browser.http.get("/api/v1/me", headers={"Authorization": before})
    assert old.json()["error"]["code"] == "session-ended"


async def test_a_planted_cookie_is_never_signed_in(visitor, nia, world):
    thief, victim = visitor(), visitor()
    await thief.signs_in(nia)
    planted = thief.refresh_token
    victim.holds(planted)

    await victim.signs_in(nia)

    assert victim.refresh_token != planted
    assert (await thief.refreshes()).status_code == 401


async def test_who_is_disabled_is_out_on_the_next_request(visitor, world, nia):
    browser = visitor()
    await browser.signs_in(nia)

    await world.disable(nia)

    assert (await browser.asks_who_they_are()).json()["error"]["code"] == "session-ended"
    assert (await browser.refreshes()).json()["error"]["code"] == "session-ended"
    assert (await visitor().signs_in(nia)).json()["error"]["code"] == "invalid-credentials"


async def test_a_suspended_organisation_lets_nobody_in(visitor, world, nia):
    browser = visitor()
    await browser.signs_in(nia)

    await change(
        world, nia.org_id, update(Organisation).where(Organisation.id == nia.org_id).values(suspended_at=world.now)
    )

    assert (await browser.asks_who_they_are()).json()["error"]["code"] == "organisation-suspended"
    assert (await browser.refreshes()).json()["error"]["code"] == "session-ended"
    assert (await visitor().signs_in(nia)).json()["error"]["code"] == "organisation-suspended"


async def test_a_changed_role_counts_on_the_next_request(visitor, world, nia):
    browser = visitor()
    await browser.signs_in(nia)

    async with world.owner.session(nia.org_id) as session, session.begin():
        role = (await session.scalars(select(Role).where(Role.name == BuiltInRole.COORDINATOR))).one()
        role.regrant({Permission.TICKETS_READ: Scope.TEAM})
    narrowed = await browser.asks_who_they_are()
    async with world.owner.session(nia.org_id) as session, session.begin():
        manager = (await session.scalars(select(Role.id).where(Role.name == BuiltInRole.MANAGER))).one()
        await session.execute(update(User).where(User.id == nia.id).values(role_id=manager))
    promoted = await browser.asks_who_they_are()

    assert narrowed.json()["data"]["user"]["permissions"] == ["tickets:read"]
    assert promoted.json()["data"]["user"]["role"] == "Manager"


async def test_an_imported_password_is_taken_and_kept_better_from_then_on(visitor, world, nia):
    imported = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    await change(
        world, nia.org_id, update(Identity).where(Identity.id == nia.identity_id).values(password_hash=imported)
    )

    wrong = await visitor().signs_in(nia, "wrong")
    right = await visitor().signs_in(nia)

    async with world.owner.session(nia.org_id) as session, session.begin():
        stored = await session.scalar(select(Identity.password_hash).where(Identity.id == nia.identity_id))
    assert (wrong.status_code, right.status_code) == (401, 200)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await visitor().signs_in(nia)).status_code == 200


@pytest.mark.parametrize("is_imported", [False, True])
async def test_a_password_that_was_changed_while_it_was_looked_at_lets_nobody_in(
    visitor, world, nia, monkeypatch, is_imported
):
    async def becomes(password_hash):
        await change(
            world,
            nia.org_id,
            update(Identity).where(Identity.id == nia.identity_id).values(password_hash=password_hash),
        )

    async def check(self, typed, stored):
        verdict = await looked_at(self, typed, stored)
        await becomes("hash of another password")
        return verdict

    if is_imported:
        await becomes(bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode())
    looked_at = Passwords.check
    monkeypatch.setattr(Passwords, "check", check)

    refused = await visitor().signs_in(nia)

    assert refused.status_code == 401
    async with world.owner.session(nia.org_id) as session:
        kept = await session.scalar(select(Identity.password_hash).where(Identity.id == nia.identity_id))
    assert kept == "hash of another password"


async def test_an_imported_password_longer_than_bcrypt_reads_is_whole_afterwards(visitor, world, nia):
    long = "é" * 40 + " and a tail that bcrypt never saw"
    imported = bcrypt.hashpw(long.encode()[:72], bcrypt.gensalt(4)).decode()
    await change(
        world, nia.org_id, update(Identity).where(Identity.id == nia.identity_id).values(password_hash=imported)
    )

    assert (await visitor().signs_in(nia, long)).status_code == 200
    assert (await visitor().signs_in(nia, "é" * 40)).status_code == 401
    assert (await visitor().signs_in(nia, long)).status_code == 200


@pytest.mark.parametrize("stored", [None, "", "plain text", "$2b$nonsense", "$argon2id$v=19$m=1", "!"])
async def test_an_unusable_stored_hash_lets_nobody_in(visitor, world, nia, stored):
    await change(world, nia.org_id, update(Identity).where(Identity.id == nia.identity_id).values(password_hash=stored))

    answer = await visitor().signs_in(nia)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid-credentials")


async def test_the_organisation_s_audit_log_tells_the_story_without_the_e_mail(visitor, world, nia):
    browser = visitor()
    refused = await visitor().signs_in(nia, "wrong")
    await browser.services.sign_in.finish()
    entered = await browser.signs_in(nia)
    await browser.signs_out()

    told = await audited(world, nia.org_id)
    assert [row.action for row in told] == ["SignInRefused", "SignedIn", "SignedOut"]
    assert [row.actor_id for row in told] == [None, nia.id, nia.id]
    assert told[1].trace_id == entered.json()["traceId"]
    assert told[0].trace_id == refused.json()["traceId"]
    assert nia.email not in str([row.data for row in told])


async def test_tokens_and_addresses_are_kept_as_hashes_only(visitor, world, nia):
    browser = visitor()
    await browser.signs_in(nia)

    async with world.owner.session(nia.org_id) as session, session.begin():
        kept = (await session.scalars(select(Session).where(Session.user_id == nia.id))).one()
        identity = await session.get_one(Identity, nia.identity_id)
    assert len(kept.token_hash) == len(identity.email_index) == 32
    assert browser.refresh_token.encode() not in kept.token_hash


@pytest.mark.parametrize("path", ["/auth/login", "/auth/refresh", "/auth/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.net"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:8300"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_another_site_s_pages_can_neither_sign_in_nor_refresh_nor_sign_out(visitor, nia, path, headers):
    browser = visitor()
    await browser.signs_in(nia)

    answer = await browser.http.post(
        path,
        json={"client": "staff"} | ({"email": nia.email, "password": PASSWORD} if "login" in path else {}),
        headers=headers,
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    assert (await browser.asks_who_they_are()).status_code == 200


async def test_our_own_pages_may(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia, headers={"Origin": "http://localhost:8300"})

    assert (await browser.refreshes(Origin="http://localhost:8300")).status_code == 200
    assert (await browser.signs_out(**{"Sec-Fetch-Site": "same-origin"})).status_code == 200


async def test_an_unknown_client_is_named_as_the_problem(visitor, nia):
    answer = await visitor().signs_in(nia, client="robot")

    assert answer.status_code == 422
    assert "client" in answer.json()["error"]["fields"]
    assert PASSWORD not in answer.text


def test_a_status_that_is_new_does_not_sign_in_by_accident():
    assert [status for status in UserStatus if status is not UserStatus.ACTIVE] == [UserStatus.DISABLED]
