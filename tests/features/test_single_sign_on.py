"""Signing in with an organisation's own accounts, against a provider that speaks the real wire format."""

import asyncio
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey

from maintainuk.application import single_sign_on
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.sign_in_policy import SignInPolicy
from maintainuk.infrastructure.providers import openid, outward
from maintainuk.infrastructure.providers.outward import NotOutside, OutsideOnly
from tests.desk import desk_of
from tests.features.test_invitations import accept, invite, tokens
from tests.providers.openid_fake import CLIENT_ID, SECRET, OpenIdFake
from tests.visitor import visitors_of
from tests.world import PASSWORD


@pytest.fixture
def provider():
    fake = OpenIdFake()
    yield fake
    fake.close()


@pytest.fixture
async def nia(world, provider):
    org_id = await world.organisation("Fairweather Lettings")
    nia = await world.staff(org_id)
    provider.email = nia.email
    policy = SignInPolicy(
        org_id=org_id, issuer=provider.issuer, client_id=CLIENT_ID, client_secret=SECRET, updated_at=world.now
    )
    await world.add(org_id, policy)
    return nia


async def sets_out(browser, org_id):
    return await browser.http.get(f"/auth/single-sign-on/{org_id}/begin")


async def comes_back(browser, state, code="code-1"):
    return await browser.http.get("/auth/single-sign-on/back", params={"state": state, "code": code})


async def signs_in(browser, provider, org_id):
    left = await sets_out(browser, org_id)
    state, code = provider.signs_in(left.headers["location"])
    return await comes_back(browser, state, code)


async def test_somebody_signs_in_with_their_organisation_s_account(visitor, provider, nia):
    browser = visitor()

    left = await sets_out(browser, nia.org_id)
    state, code = provider.signs_in(left.headers["location"])
    back = await comes_back(browser, state, code)

    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert {"openid", "email"} <= set(asked["scope"][0].split())
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    cookie = next(line for line in left.headers.get_list("set-cookie") if "mu_journey" in line)
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert (back.status_code, back.headers["location"]) == (303, "/app/")
    assert (await browser.refreshes()).json()["data"]["user"]["id"] == str(nia.id)


async def test_the_address_is_the_same_however_the_provider_spells_it(visitor, provider, nia):
    provider.email = nia.email.upper()

    assert (await signs_in(visitor(), provider, nia.org_id)).headers["location"] == "/app/"


async def test_entra_s_own_claim_of_a_verified_address_counts(visitor, provider, nia):
    provider.changes = {"email_verified": None, "xms_edov": True}

    assert (await signs_in(visitor(), provider, nia.org_id)).headers["location"] == "/app/"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example.com"},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else", "maintainuk-at-fairweather"], "azp": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - 3_600},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"email": None},
        {"email": "nobody.we.know@example.com"},
        {"email": ["nia@example.com"]},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "maybe"},
        {"email_verified": ["true"]},
        {"email_verified": {"is": True}},
        {"at_hash": "wrong"},
    ],
    ids=", ".join,
)
async def test_a_token_that_does_not_say_all_it_must_lets_nobody_in(visitor, provider, nia, changes):
    provider.changes = changes

    await refused(visitor(), provider, nia.org_id)


async def refused(browser, provider, org_id):
    answer = await signs_in(browser, provider, org_id)

    assert (answer.status_code, answer.headers["location"]) == (303, "/app/sign-in?ended=not-vouched")
    assert browser.refresh_token is None


async def test_an_unsigned_token_lets_nobody_in(visitor, provider, nia):
    provider.algorithm = "none"

    await refused(visitor(), provider, nia.org_id)


async def test_a_stranger_s_signature_lets_nobody_in(visitor, provider, nia):
    provider.signs_with = provider.stranger

    await refused(visitor(), provider, nia.org_id)


@pytest.mark.parametrize("secret", ["our own", "their public key"])
async def test_a_signature_that_anybody_could_have_made_lets_nobody_in(visitor, provider, nia, secret):
    provider.algorithm = "HS256"
    known = SECRET.encode() * 2 if secret == "our own" else json.dumps(provider.key.as_dict(private=False)).encode()
    provider.signs_with = OctKey.import_key(known)

    await refused(visitor(), provider, nia.org_id)


async def test_what_came_back_belongs_to_the_browser_that_set_out(visitor, provider, nia):
    thief, victim = visitor(), visitor()
    left = await sets_out(thief, nia.org_id)
    state, code = provider.signs_in(left.headers["location"])

    without_a_journey = await comes_back(victim, state, code)
    await sets_out(victim, nia.org_id)
    on_another_journey = await comes_back(victim, state, code)

    assert without_a_journey.headers["location"] == "/app/sign-in?ended=not-vouched"
    assert on_another_journey.headers["location"] == "/app/sign-in?ended=not-vouched"


async def test_a_code_that_comes_back_with_another_state_lets_nobody_in(visitor, provider, nia):
    browser = visitor()
    left = await sets_out(browser, nia.org_id)
    _, code = provider.signs_in(left.headers["location"])

    answer = await comes_back(browser, "of-another-journey", code)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"
    assert browser.refresh_token is None


async def test_a_provider_speaks_for_its_own_organisation_alone(visitor, world, provider, nia):
    elsewhere = await world.staff(await world.organisation("Moorside Homes"), name="Gareth Pugh")
    provider.email = elsewhere.email

    await refused(visitor(), provider, nia.org_id)


async def test_an_address_that_has_passed_to_somebody_else_does_not_let_them_in(visitor, world, provider, nia):
    await signs_in(visitor(), provider, nia.org_id)
    provider.changes = {"sub": "of-the-new-starter"}

    await refused(visitor(), provider, nia.org_id)

    provider.changes = {}
    assert (await signs_in(visitor(), provider, nia.org_id)).headers["location"] == "/app/"


async def test_one_account_is_one_person_whatever_address_it_gets(visitor, world, provider, nia):
    await signs_in(visitor(), provider, nia.org_id)
    provider.email = (await world.staff(nia.org_id, BuiltInRole.ORG_ADMIN, name="Owen Price")).email

    await refused(visitor(), provider, nia.org_id)


async def test_who_is_let_in_again_may_come_with_a_new_account(visitor, world, trial, provider, nia):
    await signs_in(visitor(), provider, nia.org_id)
    headers = await world.headers(await world.staff(nia.org_id, BuiltInRole.ORG_ADMIN, name="Owen Price"))
    path = f"/api/v1/users/{nia.id}/disablement"
    await trial.http.put(path, json={}, headers=headers)
    await trial.http.delete(path, headers=headers)
    provider.changes = {"sub": "made-anew"}

    assert (await signs_in(visitor(), provider, nia.org_id)).headers["location"] == "/app/"


async def test_a_provider_that_never_ends_is_not_waited_for(visitor, provider, nia, monkeypatch):
    monkeypatch.setattr(openid, "LONGEST", 0.5)
    provider.drips = True

    answer = await sets_out(visitor(), nia.org_id)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"


@pytest.mark.parametrize("how", ["long", "packed"])
async def test_an_answer_that_fills_the_memory_is_not_read(visitor, provider, nia, how):
    provider.padding, provider.packs = 2 * outward.LONGEST_ANSWER, how == "packed"

    answer = await sets_out(visitor(), nia.org_id)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"


async def test_few_wait_for_one_organisation_s_provider_at_once(visitor, provider, nia, monkeypatch):
    monkeypatch.setattr(single_sign_on, "MOST_WAITING", 2)
    provider.pause = 0.5

    left = await asyncio.gather(*(sets_out(visitor(), nia.org_id) for _ in range(4)))

    refused_ones = [answer for answer in left if answer.headers["location"] == "/app/sign-in?ended=not-vouched"]
    assert len(refused_ones) == 2
    assert (await signs_in(visitor(), provider, nia.org_id)).headers["location"] == "/app/"


async def test_the_session_a_browser_had_before_ends_though_its_cookie_stays_at_home(visitor, provider, nia):
    browser = visitor()
    await browser.signs_in(nia)
    before = browser.http.headers["Authorization"]
    left = await sets_out(browser, nia.org_id)
    state, code = provider.signs_in(left.headers["location"])
    name = next(name for name in browser.http.cookies if "mu_staff" in name)
    browser.http.cookies.delete(name)  # Strict: another site leads back here

    await comes_back(browser, state, code)

    assert (await browser.http.get("/api/v1/me", headers={"Authorization": before})).status_code == 401


async def test_somebody_who_left_is_not_let_in(visitor, world, provider, nia):
    await world.disable(nia)

    await refused(visitor(), provider, nia.org_id)


async def test_a_provider_that_says_it_is_another_is_not_asked_further(visitor, provider, nia):
    provider.says_it_is = "https://login.example.com"

    answer = await sets_out(visitor(), nia.org_id)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"


async def test_an_organisation_without_a_provider_leads_nowhere(visitor, world):
    org_id = await world.organisation()

    answer = await sets_out(visitor(), org_id)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"


async def test_in_live_mode_nothing_on_our_own_network_is_asked(settings, provider, nia):
    key = "Zq3vJ8sT5xWc1nLr7yBd0gKm4hPf9aUe"
    live = {"mode": "live", "public_url": "https://repairs.example.org", "secret_key": type(settings.secret_key)(key)}
    async with visitors_of(settings.model_copy(update=live)) as visitor:
        provider.seen.clear()
        answer = await sets_out(visitor(), nia.org_id)

    assert answer.headers["location"] == "/app/sign-in?ended=not-vouched"
    assert provider.seen == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "0.0.0.0", "::1", "::"),
        *("::ffff:127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "fe80::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
        *("fc00::1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "2001:db8::1", "no-such-name.invalid"),
    ],
)
async def test_what_leads_into_our_own_network_is_not_connected_to(host):
    with pytest.raises(NotOutside):
        await OutsideOnly().connect_tcp(host, 443, timeout=1)


@pytest.fixture
async def vouched(visitor, world, trial, provider, nia):
    """Nia works for a second organisation, too; the first one's provider lets a browser in as her."""
    second = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await invite(second, nia.email)
    own = visitor()
    await own.signs_in(nia)
    await accept(own, (await tokens(second))[0], password=None)
    browser = visitor()
    await signs_in(browser, provider, nia.org_id)
    return browser, own, second


async def test_a_session_that_a_provider_vouched_for_knows_of_no_other_organisation(vouched):
    browser, own, _ = vouched

    refreshed = (await browser.refreshes()).json()["data"]
    security = (await browser.http.get("/api/v1/me/security")).json()["data"]
    history = (await browser.http.get("/api/v1/me/sign-ins")).json()["data"]["items"]
    ended = (await browser.http.delete("/api/v1/me/sessions")).json()["data"]["ended"]

    assert refreshed["organisations"] == history == security["factors"] == []
    assert [one["isHere"] for one in security["sessions"]] == [True]
    assert ended == 0
    assert (await own.asks_who_they_are()).status_code == 200


async def test_nobody_joins_with_a_session_that_another_organisation_s_provider_vouched_for(
    visitor, world, trial, provider, nia
):
    third = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await invite(third, nia.email)
    (token,) = await tokens(third)
    browser = visitor()
    await signs_in(browser, provider, nia.org_id)
    await browser.refreshes()

    without = await accept(browser, token, password=None)
    proved = await accept(browser, token, password=PASSWORD)

    assert (without.status_code, without.json()["error"]["code"]) == (401, "invalid-credentials")
    assert (proved.status_code, proved.json()["data"]["session"]) == (200, None)
