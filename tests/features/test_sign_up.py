"""Signing up: anybody begins an organisation by way of their mailbox, and nothing is left when nobody confirms it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain import founding
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Identity
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.settings import Mode
from maintainuk.worker.housekeeping import sweep
from maintainuk.worker.rounds import in_each_organisation
from tests.desk import Desk, desk_of
from tests.features.test_invitations import PHRASE, accept, asked_of, look
from tests.visitor import Visitor, visitors_of
from tests.world import PASSWORD

CLOSED = {"sign_up": False}


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An organisation that is here already, so that the installation has been set up."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


@pytest.fixture
def email() -> str:
    """A mailbox of which nobody has heard."""
    return f"moira.grant.{uuid4().hex[:8]}@example.com"


async def signs_up(browser: Visitor, address: str, **changes):
    body = {"name": "Harbourside Lettings", "kind": "letting_agent", "nation": "SCT", "email": address} | changes
    return await browser.http.post("/auth/sign-up", json=body)


async def begun(world, email: str) -> list[UUID]:
    """The organisations that wait for this mailbox, oldest first."""
    async with world.owner.installation() as session:
        query = select(Organisation.id).where(Organisation.waits_for == BlindIndex(world.settings).of_email(email))
        return list(await session.scalars(query.order_by(Organisation.created_at)))


async def names_of(world, email: str) -> list[str]:
    ids = await begun(world, email)
    async with world.owner.installation() as session:
        return list(await session.scalars(select(Organisation.name).where(Organisation.id.in_(ids))))


async def token_of(world, org_id: UUID) -> str:
    """What the letter showed."""
    async with world.owner.installation() as session:
        link = await session.scalar(select(Link).where(Link.org_id == org_id, Link.purpose == LinkPurpose.INVITATION))
    return LinkSecrets(world.settings).secret(LinkPurpose.INVITATION, link.id)


async def statements_of(browser: Visitor, email: str) -> list[str]:
    """What the database is asked while somebody signs up."""
    return await asked_of(browser.services.database, signs_up(browser, email))


async def rows_of(world, org_id: UUID) -> dict[str, int]:
    """How many rows of each table are the organisation's, where there are any."""
    async with world.owner.session(org_id) as session:
        tables = await session.scalars(
            text(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = 'app' AND column_name = 'org_id'"
            )
        )
        counts = {
            table: await session.scalar(text(f"SELECT count(*) FROM app.{table} WHERE org_id = :org"), {"org": org_id})
            for table in list(tables)
        }
    return {table: count for table, count in counts.items() if count}


async def logged(world, org_id: UUID) -> list[str]:
    async with world.owner.session(org_id) as session:
        return list(await session.scalars(select(AuditLog.action).order_by(AuditLog.at, AuditLog.id)))


async def later(world, org_id: UUID, hours: int) -> None:
    """Let that many hours pass for one sign-up."""
    ago = timedelta(hours=hours)
    async with world.owner.session(org_id) as session, session.begin():
        await session.execute(text("ALTER TABLE app.organisations DISABLE TRIGGER confirmed_for_good"))
        await session.execute(
            update(Organisation).where(Organisation.id == org_id).values(waits_until=Organisation.waits_until - ago)
        )
        await session.execute(text("ALTER TABLE app.organisations ENABLE TRIGGER confirmed_for_good"))
        await session.execute(update(Invitation).values(expires_at=Invitation.expires_at - ago))
        await session.execute(update(Link).where(Link.org_id == org_id).values(expires_at=Link.expires_at - ago))


@pytest.fixture
async def worker(settings):
    services = WorkerServices(settings)
    yield services
    await services.close()


async def test_somebody_begins_an_organisation_confirms_it_by_letter_and_looks_after_it(
    desk: Desk, visitor: Callable[..., Visitor], email: str
):
    browser = visitor()

    asked = await signs_up(browser, email)

    assert (asked.status_code, asked.json()["data"]) == (202, None)
    (org_id,) = await begun(desk.world, email)
    token = await token_of(desk.world, org_id)
    offer = (await look(browser, token)).json()["data"]
    assert (offer["organisation"], offer["role"], offer["email"]) == ("Harbourside Lettings", "OrgAdmin", email)
    joined = (await accept(browser, token, name="Moira Grant")).json()["data"]["session"]
    assert (joined["organisation"]["name"], joined["user"]["role"]) == ("Harbourside Lettings", "OrgAdmin")
    assert await begun(desk.world, email) == []
    profile = (await browser.http.get("/api/v1/organisation")).json()["data"]
    assert profile["nation"] == "SCT"
    assert (await visitor().signs_in(email.upper(), PHRASE)).status_code == 200


async def test_it_has_no_log_until_somebody_confirms_it_and_the_log_begins_with_that(
    desk: Desk, visitor: Callable[..., Visitor], email: str
):
    await signs_up(visitor(), email)
    (org_id,) = await begun(desk.world, email)

    assert await logged(desk.world, org_id) == []
    await accept(visitor(), await token_of(desk.world, org_id))

    assert (await logged(desk.world, org_id))[:2] == ["OrganisationSignedUp", "InvitationAccepted"]


async def test_nothing_of_it_is_left_when_nobody_confirms_it_in_three_days(
    desk: Desk, visitor: Callable[..., Visitor], email: str, worker: WorkerServices
):
    await signs_up(visitor(), email)
    (org_id,) = await begun(desk.world, email)
    token = await token_of(desk.world, org_id)
    assert await rows_of(desk.world, org_id) != {}

    assert "unconfirmed" not in await sweep(worker)
    await later(desk.world, org_id, hours=74)
    assert (await look(visitor(), token)).json()["error"]["code"] == "link-expired"
    assert (await sweep(worker))["unconfirmed"] == 1

    assert await rows_of(desk.world, org_id) == {}
    assert await begun(desk.world, email) == []
    assert (await look(visitor(), token)).json()["error"]["code"] == "link-unknown"


async def test_what_somebody_has_confirmed_stays(
    desk: Desk, visitor: Callable[..., Visitor], email: str, worker: WorkerServices
):
    await signs_up(visitor(), email)
    (org_id,) = await begun(desk.world, email)
    await accept(visitor(), await token_of(desk.world, org_id))

    assert "unconfirmed" not in await sweep(worker)

    assert await desk.world.count(org_id, Role) == len(BuiltInRole)


async def test_the_database_itself_lets_nothing_wait_again(desk: Desk, worker: WorkerServices):
    async with worker.database.installation() as session:
        with pytest.raises(DBAPIError, match="permission denied"):
            await session.execute(update(Organisation).where(Organisation.id == desk.org_id).values(name="Gone"))
    async with desk.world.owner.session(desk.org_id) as session:
        with pytest.raises(DBAPIError, match="confirmed for good"):
            await session.execute(update(Organisation).values(waits_until=func.now()))


async def test_the_worker_goes_round_nothing_that_nobody_has_confirmed(
    desk: Desk, visitor: Callable[..., Visitor], email: str, worker: WorkerServices
):
    await signs_up(visitor(), email)
    (org_id,) = await begun(desk.world, email)
    seen: list[UUID] = []

    async def visit(one: UUID) -> int:
        seen.append(one)
        return 0

    await in_each_organisation(worker, visit, name="trial")

    assert desk.org_id in seen
    assert org_id not in seen


async def test_whoever_is_known_already_is_answered_alike_and_keeps_their_organisations_apart(
    desk: Desk, visitor: Callable[..., Visitor], email: str
):
    known, stranger = await signs_up(visitor(), desk.staff.email), await signs_up(visitor(), email)

    assert (known.status_code, known.json()["data"]) == (stranger.status_code, stranger.json()["data"])
    assert known.headers.keys() == stranger.headers.keys()
    (org_id,) = await begun(desk.world, desk.staff.email)
    assert (await accept(visitor(), await token_of(desk.world, org_id), PASSWORD)).json()["data"]["session"] is None
    entered = await visitor().signs_in(desk.staff, organisationId=str(org_id))
    assert entered.json()["data"]["organisation"]["id"] == str(org_id)
    assert str(desk.org_id) in {one["id"] for one in entered.json()["data"]["organisations"]}


async def test_the_same_work_is_done_whoever_asks(desk: Desk, visitor: Callable[..., Visitor], email: str):
    known = await statements_of(visitor(), desk.staff.email)
    stranger = await statements_of(visitor(), email)

    assert known == stranger
    assert any("INSERT INTO app.organisations" in one for one in known)


async def test_signing_up_makes_nobody_an_identity(desk: Desk, visitor: Callable[..., Visitor], email: str):
    await signs_up(visitor(), email)

    async with desk.world.owner.installation() as session:
        index = BlindIndex(desk.world.settings).of_email(email)
        assert await session.scalar(select(Identity.id).where(Identity.email_index == index)) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "\x00\x07\u200b\u202e"),
        ("name", "H" * 10_000),
        ("name", "<script>alert(1)</script>"),
        ("name", "＜b＞Harbourside"),  # noqa: RUF001
        ("name", "Claim at https://prize.example"),
        ("name", "www.prize.example"),
        ("name", "Harbourside.lettings.com"),
        ("name", "приз.рф"),
        ("name", "harbourside。com"),
        ("name", "write to me@prize"),
        ("kind", "bank"),
        ("nation", "FRA"),
        ("email", "nobody"),
        ("email", "nobody@"),
        ("email", "@example.com"),
        ("email", "nobody@localhost"),
        ("email", f"{'n' * 10_000}@example.com"),
        ("email", ""),
        ("email", "two@example.com, more@example.com"),
    ],
)
async def test_what_is_not_right_is_said_at_its_field(visitor: Callable[..., Visitor], desk, email, field, value):
    refused = await signs_up(visitor(), email, **{field: value})

    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == [field]


async def test_an_address_is_one_mailbox_whatever_its_case_width_and_unseen_signs(
    visitor: Callable[..., Visitor], desk, email
):
    spellings = (email, email.upper(), email.replace("example", "ｅｘａｍｐｌｅ"), f"\u200b{email}")  # noqa: RUF001

    answers = [await signs_up(visitor(), one) for one in spellings]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]


async def test_signs_that_nobody_sees_are_no_part_of_a_name(visitor: Callable[..., Visitor], desk, world, email):
    assert (await signs_up(visitor(), email, name="Har\x07bour\u202eside\tHomes ")).status_code == 202

    assert await names_of(world, email) == ["Harbourside Homes"]


async def test_where_no_letter_leaves_nobody_waits_for_one(pristine_settings, email):
    live = pristine_settings.model_copy(update={"mode": Mode.LIVE, "sign_up": True})
    async with visitors_of(live) as visitor:
        browser = visitor()
        shown = await browser.http.get("/auth/sign-up")
        refused = [
            await signs_up(browser, email),
            await browser.http.post("/auth/password-reset", json={"email": email}),
            await browser.http.post("/api/v1/links/entry", json={"email": email}),
        ]

    assert shown.json()["data"] == {"isOpen": False}
    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [(409, "no-letters")] * 3
    assert all("sends no letters yet" in one.json()["error"]["message"] for one in refused)


@pytest.mark.parametrize("name", ["St. Mary's Homes Ltd.", "Penrose & Daughters", "H.M.R. Lettings", "Tai Cymru 3.0"])
async def test_a_name_with_a_full_stop_is_a_name(visitor: Callable[..., Visitor], desk, email, name):
    assert (await signs_up(visitor(), email, name=name)).status_code == 202


async def test_no_mailbox_gets_many_letters(desk: Desk, visitor: Callable[..., Visitor], email: str):
    answers = [(await signs_up(visitor(), email)).status_code for _ in range(4)]
    refused = (await signs_up(visitor(), email)).json()["error"]

    assert answers == [202, 202, 202, 429]
    assert refused["code"] == "too-many-sign-ups"
    assert "3 letters" in refused["message"]
    assert len(await begun(desk.world, email)) == founding.MOST_LETTERS


async def test_no_neighbourhood_signs_up_without_end(desk: Desk, visitor: Callable[..., Visitor]):
    browser = visitor()

    answers = [await signs_up(browser, f"{uuid4().hex}@example.com") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    assert answers[-1].json()["error"]["code"] == "too-many-sign-ups"
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_only_so_many_wait_altogether_also_when_all_come_at_once(
    desk: Desk, visitor: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
):
    async with desk.world.owner.installation() as session:
        waiting = await session.scalar(select(func.count()).where(Organisation.waits_until > func.now()))
    monkeypatch.setattr("maintainuk.application.sign_up.MOST_WAITING", waiting + 2)

    answers = await asyncio.gather(*(signs_up(visitor(), f"{uuid4().hex}@example.com") for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [202, 202, 429, 429, 429]


async def test_where_it_is_turned_off_nobody_begins_anything_and_hears_whom_to_ask(settings, world, email):
    await world.organisation()
    async with visitors_of(settings.model_copy(update=CLOSED)) as visitor:
        shown = await visitor().http.get("/auth/sign-up")
        refused = await signs_up(visitor(), email)

    assert shown.json()["data"] == {"isOpen": False}
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "not-found")
    assert "Ask whoever runs this installation" in refused.json()["error"]["message"]
    assert await begun(world, email) == []


async def test_the_sign_in_page_learns_that_it_is_open(visitor: Callable[..., Visitor]):
    assert (await visitor().http.get("/auth/sign-up")).json()["data"] == {"isOpen": True}


async def test_before_the_installation_is_set_up_nobody_comes_first(pristine_settings, email):
    async with visitors_of(pristine_settings) as visitor:
        assert (await signs_up(visitor(), email)).status_code == 404


async def test_another_page_signs_nobody_up(visitor: Callable[..., Visitor], desk, email):
    browser = visitor()
    browser.http.headers["Sec-Fetch-Site"] = "cross-site"

    assert (await signs_up(browser, email)).status_code == 403


async def test_what_waits_has_no_page_and_the_platform_can_neither_suspend_nor_enter_it(
    desk: Desk, visitor: Callable[..., Visitor], email: str
):
    await desk.world.steward(desk.staff)
    await signs_up(visitor(), email)
    (org_id,) = await begun(desk.world, email)
    platform = f"/api/v1/platform/organisations/{org_id}"

    shown = (await desk.http.get(platform, headers=desk.headers)).json()["data"]
    why = {"reason": "Nobody knows who they are, and nobody answers."}
    suspended = await desk.http.put(f"{platform}/suspension", json=why, headers=desk.headers)
    looked = await desk.http.post(
        f"{platform}/support",
        json={
            "basis": "incident",
            "incident": "INC-4711",
            "reason": "To see what is in there, if anything.",
            "minutes": 10,
        },
        headers=desk.headers,
    )

    assert (shown["name"], shown["users"], shown["waitsUntil"] is not None) == ("Harbourside Lettings", 0, True)
    assert (suspended.status_code, looked.status_code) == (404, 404)
    assert (await visitor().http.get(f"/notices/{org_id}")).status_code == 404
    assert await logged(desk.world, org_id) == []
