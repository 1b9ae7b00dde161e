"""Those who run the installation: they make and suspend organisations, and see nothing of what is in them."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from maintainuk.api.app import create_app
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Session
from tests.contracts.test_routes import OFFLINE
from tests.desk import Desk, desk_of
from tests.world import PASSWORD

PLATFORM = "/api/v1/platform/organisations"
NEW = {"name": "Harbourside Lettings", "kind": "letting_agent", "nation": "SCT", "email": "moira.grant@example.com"}
WHY = {"reason": "The contract ended on Friday and nobody answers."}


@pytest.fixture
async def steward(trial, world) -> Desk:
    """Somebody who runs the installation and signs in through an organisation of their own."""
    desk = await desk_of(trial, world, BuiltInRole.AUDITOR)
    await world.steward(desk.staff)
    return desk


@pytest.fixture
async def agency(trial, world) -> Desk:
    """An administrator's desk in another organisation."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def listed(steward: Desk):
    items = (await steward.http.get(PLATFORM, headers=steward.headers)).json()["data"]["items"]
    return {one["id"]: one for one in items}


async def suspend(steward: Desk, agency: Desk):
    answer = await steward.http.put(f"{PLATFORM}/{agency.org_id}/suspension", json=WHY, headers=steward.headers)
    assert answer.status_code == 200, answer.text


async def lift(steward: Desk, agency: Desk):
    answer = await steward.http.delete(f"{PLATFORM}/{agency.org_id}/suspension", headers=steward.headers)
    assert answer.status_code == 200, answer.text


async def get_as(desk: Desk, headers, path):
    return await desk.http.get(path, headers=headers)


async def actions(world, org_id):
    async with world.owner.session(org_id) as session:
        return list(await session.scalars(select(AuditLog.action).order_by(AuditLog.at, AuditLog.id)))


def of_the_platform():
    return [
        (method.upper(), path)
        for path, methods in create_app(OFFLINE).openapi()["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == [{"platform": []}]
    ]


async def test_the_list_has_numbers_and_nothing_of_what_is_in_them(steward, agency, world):
    await world.home(agency.org_id, address="3 Quarry Lane", tenant="Aisha Khan")

    found = (await listed(steward))[str(agency.org_id)]

    assert (found["homes"], found["users"], found["isYours"]) == (2, 1, False)
    assert set(found) == {
        *("id", "name", "kind", "nation", "homes", "users", "createdAt"),
        *("suspendedAt", "suspendedBecause", "waitsUntil", "isYours"),
    }


async def test_a_new_organisation_has_its_roles_and_its_administrator_is_invited(steward, world):
    answer = await steward.http.post(PLATFORM, json=NEW, headers=steward.headers)

    made = answer.json()["data"]
    assert answer.status_code == 201, answer.text
    assert (made["name"], made["nation"], made["homes"], made["users"]) == ("Harbourside Lettings", "SCT", 0, 0)
    async with world.owner.session(made["id"]) as session:
        assert set(await session.scalars(select(Role.name))) == set(BuiltInRole)
        assert [one.template for one in await session.scalars(select(Message))] == [MessageTemplate.INVITATION]
        invented = await session.scalar(select(Organisation.is_invented).where(Organisation.id == UUID(made["id"])))
        assert invented == world.settings.is_demo
    assert "OrganisationCreated" in await actions(world, made["id"])


async def test_a_request_that_is_sent_again_makes_one_organisation(steward):
    again = steward.headers | {"Idempotency-Key": str(uuid4())}

    made = [(await steward.http.post(PLATFORM, json=NEW, headers=again)).json()["data"] for _ in range(2)]

    assert made[0] == made[1]


async def test_whom_an_organisation_suspends_is_told_so_at_once_and_works_on_afterwards(steward, agency):
    before = await agency.get()
    await suspend(steward, agency)
    refused = await agency.get()
    await lift(steward, agency)
    after = await agency.get()

    assert (before.status_code, refused.status_code, after.status_code) == (200, 403, 200)
    assert refused.json()["error"]["code"] == "organisation-suspended"
    assert "999" in refused.json()["error"]["message"]
    assert (await listed(steward))[str(agency.org_id)]["suspendedBecause"] is None


async def test_programs_and_links_are_told_so_too(steward, agency, world):
    wanted = {"name": "Rota", "permissions": ["tickets:read"], "days": 30}
    made = (await agency.http.post("/api/v1/api-keys", json=wanted, headers=agency.headers)).json()["data"]
    poster = await agency.http.get(f"/api/v1/links/homes/{agency.home.unit_id}", headers=agency.headers)
    code = poster.json()["data"]["code"]

    await suspend(steward, agency)

    program = await get_as(agency, {"Authorization": f"Bearer {made['key']}"}, "/api/v1/tickets")
    tenant = await get_as(agency, {"Authorization": f"Link {code}"}, "/api/v1/reports/home")
    for answer in (program, tenant):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "organisation-suspended")


async def test_a_revoked_key_of_a_suspended_organisation_learns_nothing(steward, agency):
    wanted = {"name": "Rota", "permissions": ["tickets:read"], "days": 30}
    made = (await agency.http.post("/api/v1/api-keys", json=wanted, headers=agency.headers)).json()["data"]
    await agency.http.post(f"/api/v1/api-keys/{made['id']}/revocation", headers=agency.headers)

    await suspend(steward, agency)

    answer = await get_as(agency, {"Authorization": f"Bearer {made['key']}"}, "/api/v1/tickets")
    assert answer.status_code == 401


async def test_only_whoever_proves_their_password_hears_of_the_suspension(steward, agency):
    await suspend(steward, agency)

    async def signs_in(password):
        body = {"email": agency.staff.email, "password": password, "client": "staff"}
        return await agency.http.post("/auth/login", json=body, headers={"Origin": "http://localhost"})

    right, wrong = await signs_in(PASSWORD), await signs_in("seven otters under the pier")

    assert (right.status_code, right.json()["error"]["code"]) == (403, "organisation-suspended")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid-credentials")


async def test_nobody_suspends_the_organisation_they_signed_in_through(steward):
    answer = await steward.http.put(f"{PLATFORM}/{steward.org_id}/suspension", json=WHY, headers=steward.headers)

    assert answer.status_code == 403
    assert (await steward.get()).status_code == 200


async def test_what_the_platform_does_stands_in_the_organisations_own_log(steward, agency, world):
    await suspend(steward, agency)
    await lift(steward, agency)

    async with world.owner.session(agency.org_id) as session:
        rows = await session.execute(
            select(AuditLog.action, AuditLog.actor_id).where(AuditLog.action.like("Organisation%"))
        )
        assert set(rows.all()) == {
            ("OrganisationSuspended", steward.staff.identity_id),
            ("OrganisationRestored", steward.staff.identity_id),
        }


@pytest.mark.parametrize("operation", of_the_platform(), ids=str)
@pytest.mark.parametrize("role", [*BuiltInRole, None], ids=str)
async def test_nobody_of_an_organisation_may(trial, world, operation, role):
    method, path = operation
    path = path.format(organisation_id=uuid4(), access_id=uuid4())
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, role)) if role else {}
    bodies = {
        "POST": NEW if path == PLATFORM else {"basis": "incident", "reason": "r" * 30, "minutes": 15},
        "PUT": WHY,
    }

    answer = await trial.http.request(method, path, headers=headers, json=bodies.get(method))

    assert answer.status_code == (403 if role else 401)


async def test_a_session_that_a_provider_vouched_for_proves_nothing_here(steward, world):
    async with world.owner.session(steward.org_id) as session, session.begin():
        await session.execute(update(Session).where(Session.user_id == steward.staff.id).values(is_vouched=True))

    assert (await steward.http.get(PLATFORM, headers=steward.headers)).status_code == 403
