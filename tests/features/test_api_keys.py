"""An organisation's own programs: a key lets them do a part of what its maker may, and shuts at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from maintainuk.domain.api_keys import GRANTABLE, ApiKey
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.roles import Role
from tests.contracts.test_routes import OFFLINE, everything, operations
from tests.desk import Desk, desk_of
from tests.trial import trial_of

KEYS = "/api/v1/api-keys"
TICKETS = "/api/v1/tickets"
READ_AND_REPORT = ["tickets:read", "tickets:create"]


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def make(desk: Desk, *, permissions=READ_AND_REPORT, days=90, **headers):
    body = {"name": "Rota planner", "permissions": permissions, "days": days}
    return await desk.http.post(KEYS, json=body, headers=desk.headers | headers)


async def key_of(desk: Desk, **wanted) -> dict[str, str]:
    """The headers of a program with a new key."""
    return {"Authorization": f"Bearer {(await make(desk, **wanted)).json()['data']['key']}"}


async def listed(desk: Desk):
    return (await desk.http.get(KEYS, headers=desk.headers)).json()["data"]


async def test_a_program_reads_and_reports_with_its_key(desk: Desk):
    program = await key_of(desk)

    reported = await desk.http.post(
        TICKETS,
        json={"title": "No hot water", "description": "Since Sunday.", "propertyId": str(desk.home.property_id)},
        headers=program,
    )

    assert reported.status_code == 201
    read = await desk.http.get(TICKETS, headers=program)
    assert [one["title"] for one in read.json()["data"]["items"]] == ["No hot water"]


async def test_the_log_names_the_key(desk: Desk):
    made = (await make(desk)).json()["data"]
    program = {"Authorization": f"Bearer {made['key']}"}
    body = {"title": "No hot water", "description": "Since Sunday.", "propertyId": str(desk.home.property_id)}
    await desk.http.post(TICKETS, json=body, headers=program)

    log = await desk.http.get("/api/v1/audit", params={"action": "TicketReported"}, headers=desk.headers)

    [entry] = log.json()["data"]["items"]
    assert (entry["keyId"], entry["actor"]) == (made["id"], None)


async def test_a_key_is_told_once_and_kept_as_a_hash(desk: Desk):
    again = {"Idempotency-Key": str(uuid4())}
    made = (await make(desk, **again)).json()["data"]

    repeated = (await make(desk, **again)).json()["data"]

    assert repeated == made | {"key": None}
    [shown] = (await listed(desk))["items"]
    assert made["key"].startswith(shown["shown"])
    assert "secret" not in str(shown)
    async with desk.world.owner.session(desk.org_id) as session:
        kept = await session.get_one(ApiKey, (desk.org_id, shown["id"]))
        assert made["key"].encode() not in kept.secret_hash
        assert len(kept.secret_hash) == 32


async def test_a_key_may_do_what_it_was_given_and_nothing_else(desk: Desk):
    program = await key_of(desk, permissions=["tickets:read"])

    ticket = (await desk.report()).json()["data"]
    answer = await desk.http.post(f"{TICKETS}/{ticket['id']}/comments", json={"body": "Hello."}, headers=program)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")


async def test_a_key_that_reads_properties_reads_each_of_them_and_nobodys_name(desk: Desk):
    program = await key_of(desk, permissions=["properties:read"])
    place = f"/api/v1/properties/{desk.home.property_id}"

    found = [await desk.http.get(path, headers=program) for path in ("/api/v1/properties", place)]

    assert [answer.status_code for answer in found] == [200, 200]
    assert found[1].json()["data"]["id"] == str(desk.home.property_id)
    people = (await desk.http.get("/api/v1/people", headers=desk.headers)).json()["data"]["items"]
    assert people
    assert not any(person["name"] in answer.text for person in people for answer in found)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", KEYS), ("POST", KEYS), ("GET", "/api/v1/me"), ("PUT", "/api/v1/organisation"), ("GET", "/api/v1/users")],
)
async def test_what_is_not_for_programs_is_shut_to_every_key(desk: Desk, method, path):
    program = await key_of(desk, permissions=sorted(GRANTABLE))
    body = {"name": "X", "permissions": ["tickets:read"], "days": 30} if method == "POST" else None
    settings = {"emergencyEmail": None, "emergencyPhone": None, "isAiOn": True} if method == "PUT" else body

    answer = await desk.http.request(method, path, json=settings, headers=program | {"If-Match": '"v0"'})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")


@pytest.mark.parametrize("permission", ["settings:write", "api_keys:manage", "users:manage"])
async def test_no_key_is_given_what_keys_are_not_for(desk: Desk, permission):
    answer = await make(desk, permissions=["tickets:read", permission])

    assert "permissions" in answer.json()["error"]["fields"]


async def test_nobody_gives_a_key_more_than_they_hold(desk: Desk):
    grants = {"api_keys:manage": "org", "tickets:read": "team"}
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="Integrator", stored_grants=grants))
    integrator = await desk.beside("Integrator", name="Owen Baptiste")

    assert (await make(integrator, permissions=["tickets:read"])).status_code == 422
    assert (await make(integrator, permissions=["audit:read"])).status_code == 422
    assert (await listed(integrator))["grantable"] == []


async def test_a_revoked_key_opens_nothing_from_the_next_request_on(desk: Desk):
    made = (await make(desk)).json()["data"]
    program = {"Authorization": f"Bearer {made['key']}"}
    assert (await desk.http.get(TICKETS, headers=program)).status_code == 200

    for _ in range(2):
        assert (await desk.http.post(f"{KEYS}/{made['id']}/revocation", headers=desk.headers)).status_code == 200

    assert (await desk.http.get(TICKETS, headers=program)).status_code == 401
    assert await desk.world.count(desk.org_id, AuditLog) == 2


async def test_a_key_runs_out(desk: Desk):
    program = await key_of(desk)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(ApiKey).values(expires_at=desk.world.now - timedelta(seconds=1)))

    answer = await desk.http.get(TICKETS, headers=program)

    assert (answer.status_code, answer.json()["error"]["message"].split(":")[0]) == (
        401,
        "This API key opens nothing",
    )


async def test_a_suspended_organisations_keys_open_nothing(desk: Desk):
    program = await key_of(desk)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        suspended = update(Organisation).where(Organisation.id == desk.org_id).values(suspended_at=desk.world.now)
        await session.execute(suspended)

    refused = await desk.http.get(TICKETS, headers=program)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "organisation-suspended")


async def test_no_request_of_a_key_waits_for_another_that_has_not_ended(desk: Desk):
    program = await key_of(desk)
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(ApiKey).where(ApiKey.org_id == desk.org_id).values(last_used_at=None))

        answer = await desk.http.get(TICKETS, headers=program)

    assert answer.status_code == 200


async def test_a_key_opens_its_own_organisation_only(desk: Desk, foreign_desk: Desk):
    foreign = (await foreign_desk.report()).json()["data"]
    program = await key_of(desk)

    assert (await desk.http.get(f"{TICKETS}/{foreign['id']}", headers=program)).status_code == 404


@pytest.mark.parametrize("place", [0, 3, 20, 40, 60, 85])
async def test_a_key_with_one_letter_changed_is_unknown(desk: Desk, place):
    key = (await make(desk)).json()["data"]["key"]
    letter = "A" if key[place] != "A" else "B"
    forged = key[:place] + letter + key[place + 1 :]

    answer = await desk.http.get(TICKETS, headers={"Authorization": f"Bearer {forged}"})

    assert answer.status_code == 401


async def test_when_a_key_was_used_is_told(desk: Desk):
    program = await key_of(desk)
    assert (await listed(desk))["items"][0]["lastUsedAt"] is None

    await desk.http.get(TICKETS, headers=program)

    assert (await listed(desk))["items"][0]["lastUsedAt"]


async def test_each_key_has_a_share_of_its_own(settings, world):
    async with trial_of(settings.model_copy(update={"key_requests_per_minute": 2})) as trial:
        minute = uuid4().int % 1_000_000_000 * 60.0
        trial.services.shares._clock = lambda: minute
        desk = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
        busy, quiet = await key_of(desk), await key_of(desk)

        told = [(await desk.http.get(TICKETS, headers=busy)).status_code for _ in range(3)]

        assert told == [200, 200, 429]
        assert (await desk.http.get(TICKETS, headers=quiet)).status_code == 200


def test_what_keys_may_be_given_is_what_operations_ask_of_them():
    from maintainuk.api.app import create_app

    asked = {
        one.call.permission
        for route in operations(create_app(OFFLINE))
        for one in everything(route.dependant)
        if getattr(one.call, "by_keys", False)
    }

    assert asked == GRANTABLE


async def test_a_key_outlives_whoever_made_it_and_says_so(desk: Desk):
    maker = await desk.beside(BuiltInRole.ORG_ADMIN, name="Callum Fraser")
    program = await key_of(maker)

    await desk.world.disable(maker.staff)

    [shown] = (await listed(desk))["items"]
    assert (shown["createdBy"], shown["createdById"], shown["makerHasLeft"]) == (
        "Callum Fraser",
        str(maker.staff.id),
        True,
    )
    assert (await desk.http.get(TICKETS, headers=program)).status_code == 200
