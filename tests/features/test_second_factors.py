"""Proving who one is with more than a password: apps, passkeys, recovery codes."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.second_factors import RecoveryCode, SecondFactor
from maintainuk.domain.sign_in_policy import SignInPolicy
from tests.desk import desk_of
from tests.features.test_invitations import PHRASE, accept, invite, tokens
from tests.passkey import Passkey
from tests.world import PASSWORD

ME = "/api/v1/me"


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation())


def later(browser, steps):
    """Half minutes pass for the server."""
    clock = browser.services.clock
    browser.services.clock = lambda: clock() + timedelta(seconds=30 * steps)


def code_of(browser, seed, *, ahead=0):
    """What the app shows, on a phone whose clock is so many half minutes ahead."""
    return pyotp.TOTP(seed).at(browser.services.clock() + timedelta(seconds=30 * ahead))


async def adds_app(browser):
    """Add an app, and return its seed and the recovery codes."""
    begun = (await browser.http.put(f"{ME}/authenticator", json={"password": PASSWORD})).json()["data"]
    code = code_of(browser, begun["seed"])
    answer = await browser.http.put(f"{ME}/authenticator/{begun['id']}/confirmation", json={"code": code})
    assert answer.status_code == 200, answer.text
    return begun["seed"], answer.json()["data"]["recoveryCodes"]


async def adds_passkey(browser, key):
    offer = (await browser.http.put(f"{ME}/passkey-offer", json={"password": PASSWORD})).json()["data"]
    body = {"ticket": offer["ticket"], "name": "Work laptop", "credential": key.creates(offer["options"])}
    return await browser.http.post(f"{ME}/passkeys", json=body)


async def begins(browser, who):
    """Type the password, and return what is left to prove."""
    answer = await browser.http.post("/auth/login", json={"email": who.email, "password": PASSWORD, "client": "staff"})
    assert answer.status_code == 200
    return answer.json()["data"]


async def shows(browser, ticket, code):
    answer = await browser.http.post("/auth/second-factor", json={"ticket": ticket, "code": code})
    return browser._with_token(answer)


async def requires(world, org_id):
    await world.add(org_id, SignInPolicy(org_id=org_id, is_second_factor_required=True, updated_at=world.now))


@pytest.fixture
async def at_work(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)
    return browser


async def test_with_an_app_a_password_is_only_half_of_a_sign_in(visitor, at_work, nia):
    seed, codes = await adds_app(at_work)
    browser = visitor()

    step = await begins(browser, nia)
    before = await browser.asks_who_they_are()
    answer = await shows(browser, step["ticket"], code_of(browser, seed, ahead=1))

    assert (step["ways"], step["passkeyOptions"]) == (["totp"], None)
    assert before.status_code == 401
    assert browser.refresh_token is not None
    assert answer.json()["data"]["user"]["id"] == str(nia.id)
    assert (await browser.asks_who_they_are()).status_code == 200
    assert len(codes) == len(set(codes)) == 10


async def test_no_code_is_taken_twice_nor_one_older_than_the_last(visitor, at_work, nia):
    seed, _ = await adds_app(at_work)
    first_code, code = code_of(at_work, seed), code_of(at_work, seed, ahead=1)
    one, other, third = visitor(), visitor(), visitor()

    taken = await shows(one, (await begins(one, nia))["ticket"], code)
    replayed = await shows(other, (await begins(other, nia))["ticket"], code)
    older = await shows(third, (await begins(third, nia))["ticket"], first_code)

    assert taken.status_code == 200
    assert [(one.status_code, one.json()["error"]["code"]) for one in (replayed, older)] == [(403, "wrong-code")] * 2


async def test_a_ticket_is_good_for_one_success_and_ten_minutes(visitor, at_work, nia):
    seed, codes = await adds_app(at_work)
    browser = visitor()
    ticket = (await begins(browser, nia))["ticket"]

    assert (await shows(browser, ticket, codes[0])).status_code == 200
    assert (await shows(visitor(), ticket, codes[1])).json()["error"]["code"] == "sign-in-step-over"

    late = (await begins(browser, nia))["ticket"]
    later(browser, 21)
    assert (await shows(visitor(), late, code_of(browser, seed))).json()["error"]["code"] == "sign-in-step-over"
    assert (await shows(visitor(), "made up", "123456")).status_code == 401


async def test_guessing_codes_is_stopped_after_ten_however_many_sign_ins_are_begun(visitor, at_work, nia):
    await adds_app(at_work)

    tried = []
    for number in range(11):
        browser = visitor()
        ticket = (await begins(browser, nia))["ticket"]
        tried.append((await shows(browser, ticket, f"{number:06}")).status_code)

    assert tried == [403] * 10 + [429]


async def test_a_recovery_code_works_once_however_it_is_typed(visitor, at_work, nia, world):
    _, codes = await adds_app(at_work)
    browser, again = visitor(), visitor()

    first = await shows(browser, (await begins(browser, nia))["ticket"], f" {codes[3].lower().replace('-', ' ')} ")
    second = await shows(again, (await begins(again, nia))["ticket"], codes[3])

    assert (first.status_code, second.status_code) == (200, 403)
    security = (await browser.http.get(f"{ME}/security")).json()["data"]
    assert security["recoveryCodesLeft"] == 9


async def test_what_is_stored_opens_nothing(at_work, world, nia):
    seed, codes = await adds_app(at_work)

    async with world.owner.installation() as session:
        (factor,) = await session.scalars(select(SecondFactor).where(SecondFactor.identity_id == nia.identity_id))
        kept = await session.scalars(select(RecoveryCode).where(RecoveryCode.identity_id == nia.identity_id))
        stored = factor.sealed_seed + b"".join(code.code_hash for code in kept)

    assert seed.encode() not in stored
    assert not any(code.encode() in stored for code in codes)


async def test_a_passkey_finishes_a_sign_in_and_its_answer_works_once(visitor, at_work, nia):
    key = Passkey(origin=at_work.services.settings.address)
    assert len((await adds_passkey(at_work, key)).json()["data"]["recoveryCodes"]) == 10
    browser = visitor()

    step = await begins(browser, nia)
    credential = key.signs(step["passkeyOptions"])
    body = {"ticket": step["ticket"], "credential": credential}
    first = await browser.http.post("/auth/second-factor/passkey", json=body)
    again = await visitor().http.post("/auth/second-factor/passkey", json=body)

    assert step["ways"] == ["passkey"]
    assert first.status_code == 200
    assert again.json()["error"]["code"] == "sign-in-step-over"


@pytest.mark.parametrize("wrong", ["another key", "another site", "another page", "an old counter", "rubbish"])
async def test_a_passkey_s_answer_is_refused(visitor, at_work, nia, wrong):
    address = at_work.services.settings.address
    key = Passkey(origin=address)
    key.counter = 5
    await adds_passkey(at_work, key)
    browser = visitor()
    step = await begins(browser, nia)

    match wrong:
        case "another key":
            thief = Passkey(origin=address)
            thief.id = key.id
            credential = thief.signs(step["passkeyOptions"])
        case "another site":
            key.site = "evil.example.com"
            credential = key.signs(step["passkeyOptions"])
        case "another page":
            key.origin = "https://evil.example.com"
            credential = key.signs(step["passkeyOptions"])
        case "an old counter":
            key.counter = 1
            credential = key.signs(step["passkeyOptions"])
        case _:
            credential = {"rawId": "%%", "response": {"a": [1]}}
    answer = await browser.http.post(
        "/auth/second-factor/passkey", json={"ticket": step["ticket"], "credential": credential}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong-code")


async def test_each_change_of_factors_asks_for_the_password_again(at_work):
    _, _ = await adds_app(at_work)
    factor = (await at_work.http.get(f"{ME}/security")).json()["data"]["factors"][0]
    wrong = {"password": "not the password"}

    asked = [
        await at_work.http.put(f"{ME}/authenticator", json=wrong),
        await at_work.http.put(f"{ME}/passkey-offer", json=wrong),
        await at_work.http.put(f"{ME}/recovery-codes", json=wrong),
        await at_work.http.put(f"{ME}/factors/{factor['id']}/removal", json=wrong),
    ]

    assert [(one.status_code, one.json()["error"]["code"]) for one in asked] == [(403, "wrong-password")] * 4


async def test_new_recovery_codes_replace_the_old_ones(visitor, at_work, nia):
    _, old = await adds_app(at_work)

    new = (await at_work.http.put(f"{ME}/recovery-codes", json={"password": PASSWORD})).json()["data"]["recoveryCodes"]

    one, other = visitor(), visitor()
    assert (await shows(one, (await begins(one, nia))["ticket"], old[0])).status_code == 403
    assert (await shows(other, (await begins(other, nia))["ticket"], new[0])).status_code == 200


async def test_a_factor_is_removed_and_the_password_is_enough_again(visitor, at_work, nia):
    await adds_app(at_work)
    factor = (await at_work.http.get(f"{ME}/security")).json()["data"]["factors"][0]

    answer = await at_work.http.put(f"{ME}/factors/{factor['id']}/removal", json={"password": PASSWORD})

    assert answer.status_code == 200
    assert (await visitor().signs_in(nia)).status_code == 200


async def test_nobody_removes_another_s_factor(visitor, world, at_work, nia):
    await adds_app(at_work)
    factor = (await at_work.http.get(f"{ME}/security")).json()["data"]["factors"][0]
    colleague = await world.staff(nia.org_id, BuiltInRole.ORG_ADMIN, name="Owen Price")
    other = visitor()
    await other.signs_in(colleague)

    answer = await other.http.put(f"{ME}/factors/{factor['id']}/removal", json={"password": PASSWORD})

    assert answer.status_code == 404


async def test_where_a_factor_is_asked_for_the_next_sign_in_adds_one(visitor, world, nia):
    working = visitor()
    await working.signs_in(nia)
    await requires(world, nia.org_id)
    browser = visitor()

    step = await begins(browser, nia)
    begun = (await browser.http.post("/auth/enrolment", json={"ticket": step["ticket"]})).json()["data"]
    wrong = await browser.http.post(
        "/auth/enrolment/confirmation", json={"ticket": step["ticket"], "factorId": begun["id"], "code": "000000"}
    )
    body = {"ticket": step["ticket"], "factorId": begun["id"], "code": code_of(browser, begun["seed"])}
    right = await browser.http.post("/auth/enrolment/confirmation", json=body)

    assert (await working.asks_who_they_are()).status_code == 200
    assert step["ways"] == []
    assert wrong.status_code == 403
    assert right.json()["data"]["session"]["user"]["id"] == str(nia.id)
    assert len(right.json()["data"]["recoveryCodes"]) == 10
    assert (await begins(visitor(), nia))["ways"] == ["totp"]


async def test_a_stolen_password_cannot_add_a_second_app_where_there_is_one(visitor, at_work, nia):
    await adds_app(at_work)
    thief = visitor()
    ticket = (await begins(thief, nia))["ticket"]

    answer = await thief.http.post("/auth/enrolment", json={"ticket": ticket})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "has-second-factor")


async def test_the_last_factor_stays_where_one_is_asked_for(world, at_work, nia):
    await adds_app(at_work)
    await requires(world, nia.org_id)
    factor = (await at_work.http.get(f"{ME}/security")).json()["data"]["factors"][0]

    answer = await at_work.http.put(f"{ME}/factors/{factor['id']}/removal", json={"password": PASSWORD})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "second-factor-required")


async def test_a_passkey_that_somebody_else_has_is_refused_like_one_that_was_never_made(visitor, world, at_work, nia):
    key = Passkey(origin=at_work.services.settings.address)
    await adds_passkey(at_work, key)
    other = visitor()
    await other.signs_in(await world.staff(nia.org_id, name="Owen Price"))

    answer = await adds_passkey(other, key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong-code")


async def test_a_ticket_is_good_for_the_client_that_the_sign_in_began_with(visitor, world, trial, at_work, nia):
    seed, _ = await adds_app(at_work)
    elsewhere = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    firm = Contractor(org_id=elsewhere.org_id, name="Aire Heating")
    await world.add(elsewhere.org_id, firm)
    await invite(elsewhere, nia.email, "Operative", subjectId=str(firm.id))
    await accept(visitor(), (await tokens(elsewhere))[0], PASSWORD)
    browser = visitor()
    body = {"email": nia.email, "password": PASSWORD, "client": "contractor"}
    ticket = (await browser.http.post("/auth/login", json=body)).json()["data"]["ticket"]
    shown = {"ticket": ticket, "code": code_of(browser, seed, ahead=1)}

    as_staff = await browser.http.post("/auth/second-factor", json=shown)
    as_contractor = await browser.http.post("/auth/second-factor", json=shown | {"client": "contractor"})

    assert as_staff.json()["error"]["code"] == "sign-in-step-over"
    assert as_contractor.json()["data"]["organisation"]["id"] == str(elsewhere.org_id)
    assert "mu_contractor" in as_contractor.headers["set-cookie"]


async def test_who_joins_where_a_second_factor_is_asked_for_adds_one_before_anything_else(visitor, trial, world):
    desk = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await requires(world, desk.org_id)
    email = f"zainab.malik.{desk.org_id}@example.com"
    await invite(desk, email)
    browser = visitor()

    joined = await accept(browser, (await tokens(desk))[0])

    assert joined.json()["data"]["session"] is None
    assert (await browser.asks_who_they_are()).status_code == 401
    body = {"email": email, "password": PHRASE, "client": "staff"}
    step = (await visitor().http.post("/auth/login", json=body)).json()["data"]
    assert (step["ways"], "ticket" in step) == ([], True)
