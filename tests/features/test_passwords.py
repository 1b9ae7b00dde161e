"""What a password may be, changing it, and getting a new one when it is forgotten."""

import unicodedata

import pytest
from sqlalchemy import select, update

from maintainuk.application.links import LinkService
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.passwords import weakness
from maintainuk.domain.sign_in import Session
from maintainuk.infrastructure.security import breached
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from tests.desk import desk_of
from tests.features.test_invitations import accept, invite, tokens
from tests.features.test_second_factors import begins, requires
from tests.world import PASSWORD

NEW = "seven otters under the pier"


@pytest.fixture
async def nia(world):
    return await world.staff(await world.organisation("Fairweather Lettings"), name="Nia Prosser")


async def rows(world, org_id, query):
    async with world.owner.session(org_id) as session, session.begin():
        return list(await session.scalars(query))


async def letter_link(world, nia):
    """The secret that the letter of a reset carries."""
    async with world.owner.installation() as session:
        links = LinkService(session, LinkSecrets(world.settings))
        return links.make(nia.org_id, LinkPurpose.PASSWORD_RESET, nia.id, world.now).secret


async def changes(browser, new, current=PASSWORD):
    return await browser.http.put("/api/v1/me/password", json={"currentPassword": current, "newPassword": new})


async def resets(browser, token, password):
    return await browser.http.post("/auth/password-reset/use", json={"token": token, "password": password})


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("eleven char", "password-too-short"),
        ("twelve chars", None),
        ("ääääöööüüüßß", None),
        ("私の猫は海を見ている毎朝五時に", None),
        ("            ", None),
        ("x" * 1_024, None),
        ("x" * 1_025, "password-too-long"),
        ("nia.prosser.22", "password-names-you"),
        ("NiaProsser2026!", "password-names-you"),
        ("Fairweather12", "password-names-you"),
        ("MaintainUK-2026", "password-names-you"),
        ("prosser and seven otters", None),
    ],
)
def test_a_password_is_long_and_no_name_and_needs_no_kind_of_character(password, wrong):
    found = weakness(password, about=["Nia Prosser", "nia.prosser", "Fairweather Lettings"])

    assert (found.key if found else None) == wrong


def test_what_thieves_try_first_is_known_whatever_its_case():
    known = ["passwordpassword", "PasswordPassword", "qwertyuiop123", "iloveyou1234", "123456789012"]

    assert [breached.is_breached(one) for one in known] == [True] * 5
    assert not breached.is_breached(NEW)
    assert len(breached.FILE.read_bytes()) // breached.WIDTH == 58_228


async def test_somebody_changes_their_password_and_is_signed_out_everywhere_else(visitor, world, nia):
    here, elsewhere = visitor(), visitor()
    await here.signs_in(nia)
    await elsewhere.signs_in(nia)

    answer = await changes(here, NEW)

    assert answer.status_code == 200
    assert (await here.asks_who_they_are()).status_code == 200
    assert (await elsewhere.asks_who_they_are()).status_code == 401
    assert (await visitor().signs_in(nia)).status_code == 401
    assert (await visitor().signs_in(nia, NEW)).status_code == 200


async def test_a_change_is_written_to_whom_it_concerns_and_into_the_audit_log(visitor, world, nia):
    browser = visitor()
    await browser.signs_in(nia)

    await changes(browser, NEW)

    (letter,) = await rows(world, nia.org_id, select(Message))
    assert (letter.template, letter.user_id) == (MessageTemplate.SECURITY_CHANGED, nia.id)
    assert "send-email" in await world.promised(nia.org_id)
    assert "PasswordChanged" in [one.action for one in await rows(world, nia.org_id, select(AuditLog))]


@pytest.mark.parametrize("new", ["short", "passwordpassword", "nia.prosser.22", None, 7, "x" * 5_000, ["a", "list"]])
async def test_a_password_that_may_not_be_one_changes_nothing(visitor, nia, new):
    browser = visitor()
    await browser.signs_in(nia)

    answer = await changes(browser, new)

    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["newPassword"]
    assert (await visitor().signs_in(nia)).status_code == 200


async def test_whoever_finds_a_browser_open_cannot_change_the_password_nor_guess_it(visitor, nia):
    browser = visitor()
    await browser.signs_in(nia)

    tried = [(await changes(browser, NEW, current=f"guess {number}")).status_code for number in range(11)]

    assert tried == [403] * 10 + [429]
    assert (await visitor().signs_in(nia)).status_code == 200


async def test_the_same_letters_from_another_keyboard_are_the_same_password(visitor, nia):
    browser, typed = visitor(), "Siân a'r llyn yn yr haf"
    await browser.signs_in(nia)

    await changes(browser, unicodedata.normalize("NFD", typed))

    assert (await visitor().signs_in(nia, unicodedata.normalize("NFC", typed))).status_code == 200


async def test_a_forgotten_password_brings_a_letter_and_the_answer_is_the_same_for_nobody(visitor, world, nia):
    browser = visitor()

    known = await browser.http.post("/auth/password-reset", json={"email": nia.email.upper()})
    unknown = await browser.http.post("/auth/password-reset", json={"email": "nobody.at.all@example.com"})
    await browser.services.sign_in.finish()

    assert known.status_code == unknown.status_code == 202
    assert known.json()["data"] == unknown.json()["data"] is None
    (letter,) = await rows(world, nia.org_id, select(Message))
    assert (letter.template, letter.user_id) == (MessageTemplate.PASSWORD_RESET, nia.id)


async def test_a_letter_s_link_gives_a_new_password_once_and_ends_every_session(visitor, world, nia):
    thief = visitor()
    await thief.signs_in(nia)
    token = await letter_link(world, nia)

    first = await resets(visitor(), token, NEW)
    again = await resets(visitor(), token, "another seven otters")

    assert (first.status_code, again.status_code) == (200, 410)
    assert again.json()["error"]["code"] == "link-used"
    assert (await thief.asks_who_they_are()).status_code == 401
    assert (await thief.refreshes()).status_code == 401
    assert (await visitor().signs_in(nia, NEW)).status_code == 200
    hers = select(Session.ended_because).where(Session.user_id == nia.id)
    assert "password_reset" in await rows(world, nia.org_id, hers)


async def test_a_password_that_is_refused_leaves_the_link_good(visitor, world, nia):
    token = await letter_link(world, nia)

    refused = await resets(visitor(), token, "passwordpassword")

    assert refused.status_code == 422
    assert "breach" in refused.json()["error"]["fields"]["password"][0]
    assert (await resets(visitor(), token, NEW)).status_code == 200


async def test_after_half_an_hour_the_link_is_over_and_no_other_link_will_do(visitor, world, nia):
    token = await letter_link(world, nia)
    async with world.owner.installation() as session:
        await session.execute(update(Link).where(Link.subject_id == nia.id).values(expires_at=world.now))
        other = LinkService(session, LinkSecrets(world.settings))
        step = other.make(nia.org_id, LinkPurpose.SIGN_IN_STEP, nia.id, world.now).secret

    assert (await resets(visitor(), token, NEW)).status_code == 410
    assert (await resets(visitor(), step, NEW)).status_code == 404
    assert (await resets(visitor(), "made-up", NEW)).status_code == 404


async def test_somebody_who_left_gets_no_letter_and_no_use_of_an_old_one(visitor, world, nia):
    token = await letter_link(world, nia)
    await world.disable(nia)
    browser = visitor()

    await browser.http.post("/auth/password-reset", json={"email": nia.email})
    await browser.services.sign_in.finish()

    assert await rows(world, nia.org_id, select(Message)) == []
    assert (await resets(visitor(), token, NEW)).status_code == 404


async def test_nobody_is_buried_in_letters(visitor, nia):
    tried = [
        (await visitor().http.post("/auth/password-reset", json={"email": nia.email})).status_code for _ in range(11)
    ]

    assert tried == [202] * 10 + [429]


async def test_a_sign_in_that_a_thief_began_is_over_once_the_password_has_changed(visitor, world, nia):
    await requires(world, nia.org_id)
    own, thief = visitor(), visitor()
    own.http.headers.update(await world.headers(nia))
    stolen = (await begins(thief, nia))["ticket"]

    await changes(own, NEW)

    begun = await thief.http.post("/auth/enrolment", json={"ticket": stolen})
    assert (begun.status_code, begun.json()["error"]["code"]) == (401, "sign-in-step-over")
    anew = {"email": nia.email, "password": NEW, "client": "staff"}
    ticket = (await own.http.post("/auth/login", json=anew)).json()["data"]["ticket"]
    assert (await own.http.post("/auth/enrolment", json={"ticket": ticket})).is_success


async def test_a_reset_ends_what_a_thief_began_at_any_of_the_organisations(visitor, trial, world, nia):
    elsewhere = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    await requires(world, elsewhere.org_id)
    await invite(elsewhere, nia.email)
    await accept(visitor(), (await tokens(elsewhere))[0], PASSWORD)
    body = {"email": nia.email, "password": PASSWORD, "client": "staff", "organisationId": str(elsewhere.org_id)}
    stolen = (await visitor().http.post("/auth/login", json=body)).json()["data"]["ticket"]

    await resets(visitor(), await letter_link(world, nia), NEW)

    begun = await visitor().http.post("/auth/enrolment", json={"ticket": stolen})
    assert begun.json()["error"]["code"] == "sign-in-step-over"
