"""The demo's front door, and that live mode has none."""

import re

import pytest
from sqlalchemy import update

from maintainuk.application.front_door import DemoInLiveMode
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS
from maintainuk.domain.organisations import Organisation, OrganisationKind
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.demo.people import BRIGHTWELL, CALDER_VALE, DEMO_PASSWORD, DEMO_PEOPLE
from maintainuk.infrastructure.embedded.doctor import findings
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.passwords import ARGON2ID
from maintainuk.settings import Mode
from tests.visitor import visitors_of
from tests.world import World

PRIYA = DEMO_PEOPLE[0]


@pytest.fixture
async def demo(pristine_settings):
    """The demo's organisations and people, without their homes and tickets: those take longer to load."""
    world = World(pristine_settings)
    hashed = ARGON2ID.hash(DEMO_PASSWORD)
    for invented in (BRIGHTWELL, CALDER_VALE):
        people = [person for person in DEMO_PEOPLE if person.organisation is invented]
        roles = {
            name: Role(org_id=invented.id, name=name, stored_grants=dict(grants))
            for name, grants in BUILT_IN_GRANTS.items()
        }
        async with world.owner.session(invented.id) as session, session.begin():
            session.add(Organisation(id=invented.id, name=invented.name, kind=invented.kind, nation=invented.nation))
            session.add_all(roles.values())
            await session.flush()
            for person in people:
                identity = Identity(
                    email_index=BlindIndex(pristine_settings).of_email(person.email),
                    password_hash=hashed,
                    created_at=world.now,
                )
                user = User(
                    org_id=invented.id,
                    id=person.id,
                    name=person.name,
                    email=person.email,
                    role_id=roles[person.role].id,
                )
                session.add_all((identity, user))
                await session.flush()
                session.add(
                    Membership(identity_id=identity.id, org_id=invented.id, user_id=person.id, client=Client.STAFF)
                )
    yield world
    await world.close()


@pytest.fixture
async def demo_visitor(pristine_settings, demo):
    async with visitors_of(pristine_settings) as visitor:
        yield visitor


async def test_the_front_door_names_everybody_one_can_be(demo_visitor):
    page = (await demo_visitor().http.get("/")).text

    assert re.findall(r'class="name">([^<]+)', page) == [person.name for person in DEMO_PEOPLE]
    for words in (BRIGHTWELL.name, "Letting agent", CALDER_VALE.name, "Housing association", PRIYA.about):
        assert words in page
    for words in (DEMO_PASSWORD, PRIYA.email, '"/mailbox/"', '"/app/"'):
        assert words in page


async def test_no_link_on_the_page_leads_nowhere(demo_visitor):
    visitor = demo_visitor()
    page = (await visitor.http.get("/")).text

    for address in re.findall(r'href="([^"]+)"', page):
        answer = await visitor.http.get(address, headers={"Accept": "text/html"})
        assert answer.status_code != 404 or address == "/app/icon.svg", address  # the icon comes with the built client


async def test_the_page_needs_no_script_and_allows_none(demo_visitor):
    browser = demo_visitor()

    page = await browser.http.get("/")
    style = await browser.http.get("/front-door.css")

    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:", page.text)
    assert style.headers["content-type"].startswith("text/css")


async def test_one_click_signs_in_as_a_real_sign_in_would(demo_visitor):
    browser = demo_visitor()

    answer = await browser.http.post(
        f"/demo/sign-in?person={PRIYA.id}", headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/app/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert (await browser.refreshes()).json()["data"]["user"]["name"] == PRIYA.name
    assert (await browser.asks_who_they_are()).json()["data"]["organisation"]["name"] == BRIGHTWELL.name


async def test_each_invented_person_can_also_type_the_password(demo_visitor):
    for person in DEMO_PEOPLE:
        answer = await demo_visitor().signs_in(person.email, DEMO_PASSWORD)
        assert answer.json()["data"]["user"]["role"] == person.role


async def test_another_site_cannot_push_anybody_through_the_door(demo_visitor):
    answer = await demo_visitor().http.post(
        f"/demo/sign-in?person={PRIYA.id}", headers={"Origin": "https://evil.example.net"}
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_real_person_has_no_button(demo_visitor, demo):
    org_id = await demo.organisation("Real Homes")
    real = await demo.staff(org_id)

    answer = await demo_visitor().http.post(f"/demo/sign-in?person={real.id}")

    assert answer.status_code == 404
    assert "Real Homes" not in (await demo_visitor().http.get("/")).text


async def test_who_was_disabled_has_no_button_and_no_way_in(demo_visitor, demo):
    async with demo.owner.session(BRIGHTWELL.id) as session, session.begin():
        await session.execute(update(User).where(User.id == PRIYA.id).values(status=UserStatus.DISABLED))

    assert PRIYA.name not in (await demo_visitor().http.get("/")).text
    assert (await demo_visitor().http.post(f"/demo/sign-in?person={PRIYA.id}")).status_code == 404


async def test_before_the_demo_is_loaded_the_page_says_how(pristine_settings):
    async with visitors_of(pristine_settings) as visitor:
        assert "./maintainuk demo" in (await visitor().http.get("/")).text


async def test_live_mode_has_no_such_door(pristine_settings):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE})
    async with visitors_of(live) as visitor:
        browser = visitor()
        front = await browser.http.get("/")
        posted = await browser.http.post(f"/demo/sign-in?person={PRIYA.id}")
        never = await browser.http.post(f"/demo/sign-on?person={PRIYA.id}")

    assert (front.status_code, front.headers["location"]) == (307, "/app/")
    assert (posted.status_code, posted.json()["error"]) == (404, never.json()["error"])


async def test_live_mode_does_not_start_on_a_database_with_the_demo(pristine_settings, demo):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE})

    with pytest.raises(DemoInLiveMode, match=r"Brightwell Lettings.*MAINTAINUK_DATABASE_URL"):
        async with visitors_of(live):
            pass


async def test_doctor_says_what_to_do_about_it(pristine_settings, demo, monkeypatch, tmp_path):
    monkeypatch.setenv("MAINTAINUK_MODE", "live")
    monkeypatch.setenv("MAINTAINUK_SECRET_KEY", pristine_settings.secret_key.get_secret_value())
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", pristine_settings.owner_dsn)

    (mode,) = [finding for finding in await findings(tmp_path, tmp_path / "none") if finding.part == "Mode"]

    assert not mode.is_healthy
    assert "Brightwell Lettings" in mode.words
    assert "MAINTAINUK_DATABASE_URL" in mode.words


async def test_a_demo_that_is_loaded_later_still_lets_nobody_into_live_mode(pristine_settings):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE})
    async with visitors_of(live) as visitor:
        world = World(pristine_settings)
        await world.add(
            BRIGHTWELL.id,
            Organisation(
                id=BRIGHTWELL.id, name=BRIGHTWELL.name, kind=OrganisationKind.LETTING_AGENT, nation=BRIGHTWELL.nation
            ),
            *(Role(org_id=BRIGHTWELL.id, name=name, stored_grants={}) for name in BUILT_IN_GRANTS),
        )
        priya = await world.staff(BRIGHTWELL.id, email=PRIYA.email)
        answer = await visitor().signs_in(priya)
        await world.close()

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid-credentials")
