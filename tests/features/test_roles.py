"""Roles of an organisation's own: copies that are changed, in force at once."""

import asyncio

import pytest
from sqlalchemy import select, text, update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import ADMINISTERS, Role
from tests.desk import Desk, desk_of
from tests.features.test_users import audited, give, role_id

ROLES = "/api/v1/roles"
WAITING = text("SELECT true FROM pg_locks WHERE NOT granted LIMIT 1")
"""Whether anybody waits for anybody."""
READS = {"permission": "tickets:read", "scope": "org"}
REPORTS = {"permission": "tickets:create", "scope": "org"}


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def make(desk: Desk, *grants, name="Night desk", like="Coordinator"):
    body = {"name": name, "like": await role_id(desk, like), "grants": list(grants)}
    return await desk.http.post(ROLES, json=body, headers=desk.headers)


async def change(desk: Desk, role: dict, *grants, **changes):
    body = {"name": role["name"], "grants": list(grants)} | changes
    seen = {"If-Match": f'"v{role["version"]}"'}
    return await desk.http.put(f"{ROLES}/{role['id']}", json=body, headers=desk.headers | seen)


async def letters(desk: Desk):
    """To whom it was written that administration has changed."""
    query = select(Message.user_id).where(Message.template == MessageTemplate.ADMINISTRATION_CHANGED)
    async with desk.world.owner.session(desk.org_id) as session:
        return sorted(await session.scalars(query))


async def delete(desk: Desk, role: dict):
    seen = {"If-Match": f'"v{role["version"]}"'}
    return await desk.http.delete(f"{ROLES}/{role['id']}", headers=desk.headers | seen)


async def test_every_organisation_begins_with_the_nine_and_may_add_its_own(desk: Desk):
    made = await make(desk, READS)

    assert (made.status_code, made.headers["ETag"]) == (201, '"v1"')
    roles = (await desk.http.get(ROLES, headers=desk.headers)).json()["data"]["items"]
    assert [role["isBuiltIn"] for role in roles] == [True] * 9 + [False]
    assert roles[-1] == made.json()["data"]
    assert roles[-1]["grants"] == [READS]


async def test_a_changed_role_counts_at_once_for_everybody_who_holds_it(desk: Desk):
    role = (await make(desk, READS)).json()["data"]
    colleagues = [await desk.beside("Night desk"), await desk.beside("Night desk")]
    assert [(await one.report()).status_code for one in colleagues] == [403, 403]

    answer = await change(desk, role, READS, REPORTS)

    assert answer.json()["data"]["version"] == 2
    assert [(await one.report()).status_code for one in colleagues] == [201, 201]
    await change(desk, answer.json()["data"])
    assert [(await one.get()).status_code for one in colleagues] == [403, 403]
    assert {"RoleCreated", "RoleChanged"} <= await audited(desk)


async def test_of_two_changes_at_once_the_second_is_told_to_look_again(desk: Desk):
    role = (await make(desk, READS)).json()["data"]

    answers = await asyncio.gather(change(desk, role, READS, REPORTS), change(desk, role))

    done, late = sorted(answers, key=lambda answer: answer.status_code)
    assert (done.status_code, late.status_code) == (200, 412)
    assert late.json()["error"]["current"]["version"] == 2


async def test_the_last_administrator_does_not_leave_through_a_role_that_loses_its_power_meanwhile(desk: Desk):
    grants = {str(permission): str(Scope.ORG) for permission in ADMINISTERS}
    deputy = Role(org_id=desk.org_id, name="Deputy", stored_grants=grants)
    await desk.world.add(desk.org_id, deputy)

    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        less = {str(Permission.TICKETS_READ): str(Scope.ORG)}
        await session.execute(update(Role).where(Role.id == deputy.id).values(stored_grants=less, version=2))
        asked = asyncio.create_task(give(desk, desk, "Deputy"))
        while not await session.scalar(WAITING):
            await asyncio.sleep(0.02)

    answer = await asked
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last-administrator")


async def test_a_contractors_administrator_sees_the_roles_of_contractors_and_who_of_their_own_firm_holds_them(
    desk: Desk,
):
    firms = [Contractor(org_id=desk.org_id, name=name) for name in ("Aire Heating", "Calder Roofing")]
    await desk.world.add(desk.org_id, *firms)
    boss, *_ = [
        await desk.world.staff(desk.org_id, role, name=name, contractor_id=firm.id)
        for role, name, firm in (
            (BuiltInRole.CONTRACTOR_ADMIN, "Rukhsana Malik", firms[0]),
            (BuiltInRole.OPERATIVE, "Dylan Pugh", firms[1]),
        )
    ]
    headers = await desk.world.headers(boss)

    found = (await desk.http.get(ROLES, headers=headers)).json()["data"]["items"]
    office = await desk.http.get(f"{ROLES}/{await role_id(desk, 'OrgAdmin')}", headers=headers)

    assert {role["name"]: role["holders"] for role in found} == {"ContractorAdmin": 1, "Operative": 0}
    assert office.status_code == 404


async def test_a_role_that_every_organisation_has_is_copied_not_changed(desk: Desk):
    roles = (await desk.http.get(ROLES, headers=desk.headers)).json()["data"]["items"]

    for answer in (await change(desk, roles[0], READS), await delete(desk, roles[0])):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")


async def test_a_role_in_use_stays(desk: Desk):
    role = (await make(desk, READS)).json()["data"]
    colleague = await desk.beside("Night desk")

    in_use = await delete(desk, role)
    await give(desk, colleague, "Auditor")

    assert (in_use.status_code, in_use.json()["error"]["code"]) == (409, "in-use")
    assert "1 people" in in_use.json()["error"]["message"]
    assert (await delete(desk, role)).status_code == 200
    assert (await desk.http.get(f"{ROLES}/{role['id']}", headers=desk.headers)).status_code == 404


async def test_a_promised_role_stays_until_nobody_waits_for_it(desk: Desk):
    role = (await make(desk, READS)).json()["data"]
    guest = {"email": "zainab.malik@example.com", "roleId": role["id"]}
    await desk.http.post("/api/v1/invitations", json=guest, headers=desk.headers)

    assert (await delete(desk, role)).json()["error"]["code"] == "in-use"
    (waiting,) = (await desk.http.get("/api/v1/invitations", headers=desk.headers)).json()["data"]["items"]
    await desk.http.delete(f"/api/v1/invitations/{waiting['id']}", headers=desk.headers)
    assert (await delete(desk, role)).status_code == 200


@pytest.mark.parametrize("name", ["night DESK", "orgadmin"])
async def test_a_name_stands_for_one_role(desk: Desk, name: str):
    await make(desk, READS)

    assert "name" in (await make(desk, READS, name=name)).json()["error"]["fields"]


@pytest.mark.parametrize("like", ["Coordinator", "Landlord", "Operative", "Tenant"])
async def test_a_role_reaches_as_far_as_it_says_and_no_further(desk: Desk, like: str):
    pattern = (await desk.http.get(f"{ROLES}/{await role_id(desk, like)}", headers=desk.headers)).json()["data"]
    beside = [{"permission": "people:read", "scope": "portfolio"}] if like == "Landlord" else []

    answers = {}
    for scope in Scope:
        reads = {"permission": "tickets:read", "scope": scope}
        answers[scope] = await make(desk, reads, *beside, like=like, name=f"{scope} only")

    assert [scope for scope, answer in answers.items() if answer.status_code == 201] == pattern["scopes"]
    refused = [answer for answer in answers.values() if answer.status_code != 201]
    assert refused
    assert all("grants" in answer.json()["error"]["fields"] for answer in refused)


async def test_a_landlords_role_stays_one(desk: Desk):
    role = (await make(desk, {"permission": "tickets:read", "scope": "portfolio"}, like="Landlord")).json()["data"]

    answers = [
        await change(desk, role, READS),
        await change(desk, role, {"permission": "tickets:read", "scope": "own"}),
        await change(desk, role),
    ]

    assert [(answer.status_code, *answer.json()["error"]["fields"]) for answer in answers] == [(422, "grants")] * 3


async def test_the_last_administrators_own_role_cannot_lose_its_keys(desk: Desk):
    keys = [{"permission": name, "scope": "org"} for name in ("users:manage", "roles:manage")]
    role = (await make(desk, *keys, name="Owner")).json()["data"]
    owner = await desk.beside("Owner")
    await give(owner, desk, "Coordinator")

    answer = await change(owner, role, READS)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last-administrator")


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role is not BuiltInRole.ORG_ADMIN])
async def test_only_who_manages_roles_makes_them(desk: Desk, role: BuiltInRole):
    assert (await make(await desk.beside(role), READS)).status_code == 403


async def test_another_organisations_role_is_no_pattern(desk: Desk, foreign_desk: Desk):
    body = {"name": "Copy", "like": await role_id(foreign_desk, "Auditor"), "grants": [READS]}

    assert (await desk.http.post(ROLES, json=body, headers=desk.headers)).status_code == 404


async def test_the_administrators_hear_of_a_role_that_may_do_more_than_whoever_made_it(desk: Desk):
    colleague = await desk.beside(BuiltInRole.ORG_ADMIN)
    await make(desk, READS)
    assert await letters(desk) == []

    await make(desk, {"permission": "hazards:downgrade", "scope": "org"}, name="Lowers hazards")

    assert await letters(desk) == sorted([desk.staff.id, colleague.staff.id])
