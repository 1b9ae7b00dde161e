"""The people who work here: what they may do, where they are signed in, and who may change that."""

import asyncio

import pytest
from sqlalchemy import select, text, update

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Session
from maintainuk.domain.users import User
from tests.desk import Desk, desk_of

USERS = "/api/v1/users"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def role_id(desk: Desk, name: str) -> str:
    async with desk.world.owner.session(desk.org_id) as session:
        return str((await session.scalars(select(Role.id).where(Role.name == name))).one())


async def audited(desk: Desk) -> set[str]:
    async with desk.world.owner.session(desk.org_id) as session:
        return set(await session.scalars(select(AuditLog.action)))


async def give(desk: Desk, somebody: Desk, role: str):
    body = {"roleId": await role_id(desk, role)}
    return await desk.http.put(f"{USERS}/{somebody.staff.id}/role", json=body, headers=desk.headers)


async def disable(desk: Desk, somebody: Desk):
    return await desk.http.put(f"{USERS}/{somebody.staff.id}/disablement", json={}, headers=desk.headers)


async def test_an_administrator_sees_everybody_with_role_teams_and_state(desk: Desk):
    colleague = await desk.beside(name="Owen Baptiste")
    await disable(desk, colleague)

    found = (await desk.http.get(f"{USERS}/accounts", headers=desk.headers)).json()["data"]["items"]

    assert [(one["name"], one["role"]["name"], one["status"]) for one in found] == [
        ("Nia Prosser", "OrgAdmin", "active"),
        ("Owen Baptiste", "Coordinator", "disabled"),
    ]
    assert [one["lastSignedInAt"] for one in found] == [None, None]


async def test_tenants_who_sign_in_come_in_pages_and_are_found_by_their_address(desk: Desk):
    tenants = [
        await desk.world.staff(
            desk.org_id, BuiltInRole.TENANT, name=name, person_id=(await desk.world.home(desk.org_id)).tenant_id
        )
        for name in ("Aisha Khan", "Gareth Pugh", "Oluwaseun Ade")
    ]

    async def names(**wanted):
        answer = (await desk.http.get(f"{USERS}/accounts", params=wanted, headers=desk.headers)).json()["data"]
        return [one["name"] for one in answer["items"]], answer["nextCursor"]

    first, further = await names(tenants=True, limit=2)

    assert first == ["Oluwaseun Ade", "Gareth Pugh"]
    assert await names(tenants=True, limit=2, cursor=further) == (["Aisha Khan"], None)
    assert await names(tenants=True, q=f" {tenants[1].email.upper()}") == (["Gareth Pugh"], None)
    assert await names(tenants=True, q="nobody@example.com") == ([], None)
    assert await names() == (["Nia Prosser"], None)


async def test_whoever_looks_at_somebody_waits_for_nobody_who_changes_them(desk: Desk):
    colleague = await desk.beside(name="Owen Baptiste")
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(User).where(User.id == colleague.staff.id).values(last_signed_in_at=None))
        await session.execute(update(Session).where(Session.user_id == colleague.staff.id).values(browser=None))

        seen = await desk.http.get(f"{USERS}/{colleague.staff.id}/account", headers=desk.headers)
        browsers = await desk.http.get(f"{USERS}/{colleague.staff.id}/sessions", headers=desk.headers)

    assert (seen.status_code, browsers.status_code) == (200, 200)


async def test_a_sign_in_is_remembered_as_the_last_one(desk: Desk, visitor):
    await visitor().signs_in(desk.staff)

    mine = await desk.http.get(f"{USERS}/{desk.staff.id}/account", headers=desk.headers)

    assert mine.json()["data"]["lastSignedInAt"] is not None


async def test_another_role_counts_on_the_next_request(desk: Desk):
    colleague = await desk.beside(BuiltInRole.AUDITOR)
    assert (await colleague.report()).status_code == 403

    answer = await give(desk, colleague, "Coordinator")

    assert answer.json()["data"]["role"]["name"] == "Coordinator"
    assert (await colleague.report()).status_code == 201
    assert "UserRoleChanged" in await audited(desk)


async def test_who_is_disabled_is_out_at_once_and_stays_out_until_let_in_again(desk: Desk, visitor):
    colleague = await desk.beside()
    browser = visitor()
    await browser.signs_in(colleague.staff)

    assert (await disable(desk, colleague)).json()["data"]["status"] == "disabled"

    assert (await colleague.get()).status_code == 401
    assert (await browser.refreshes()).status_code == 401
    assert (await visitor().signs_in(colleague.staff)).status_code == 401
    await desk.http.delete(f"{USERS}/{colleague.staff.id}/disablement", headers=desk.headers)
    assert (await colleague.get()).status_code == 401  # the old session is over for good
    assert (await visitor().signs_in(colleague.staff)).status_code == 200
    assert {"UserDisabled", "UserEnabled"} <= await audited(desk)


async def test_one_browser_is_signed_out_and_the_others_stay(desk: Desk, visitor):
    colleague = await desk.beside()
    one, other = visitor(), visitor()
    await one.signs_in(colleague.staff)
    await other.signs_in(colleague.staff)
    address = f"{USERS}/{colleague.staff.id}/sessions"
    living = (await desk.http.get(address, headers=desk.headers)).json()["data"]["items"]
    assert len(living) == 3  # the two, and the colleague's desk

    await desk.http.delete(f"{address}/{living[0]['id']}", headers=desk.headers)

    answers = [(await browser.asks_who_they_are()).status_code for browser in (one, other)]
    assert answers == [200, 401]
    assert (await desk.http.delete(f"{address}/{living[0]['id']}", headers=desk.headers)).status_code == 404


async def test_everywhere_is_every_browser(desk: Desk, visitor):
    colleague = await desk.beside()
    browser = visitor()
    await browser.signs_in(colleague.staff)

    await desk.http.delete(f"{USERS}/{colleague.staff.id}/sessions", headers=desk.headers)

    assert (await browser.asks_who_they_are()).status_code == 401
    assert (await colleague.get()).status_code == 401
    assert {"SessionsEnded"} <= await audited(desk)


async def test_the_last_administrator_cannot_shut_the_door_behind_themselves(desk: Desk):
    await desk.beside(BuiltInRole.MANAGER)

    disabled, demoted = await disable(desk, desk), await give(desk, desk, "Coordinator")

    for answer in (disabled, demoted):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last-administrator")
    assert (await desk.get()).status_code == 200


async def test_a_disabled_administrator_is_none(desk: Desk):
    colleague = await desk.beside(BuiltInRole.ORG_ADMIN)
    await disable(desk, colleague)

    assert (await disable(desk, desk)).json()["error"]["code"] == "last-administrator"


async def test_of_two_administrators_who_leave_at_once_one_stays(trial, world):
    for _ in range(5):
        desk = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
        colleague = await desk.beside(BuiltInRole.ORG_ADMIN)

        answers = await asyncio.gather(give(desk, colleague, "Auditor"), give(colleague, desk, "Auditor"))

        assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])


async def test_nobody_gives_or_takes_more_than_they_hold(desk: Desk):
    grants = {Permission.USERS_MANAGE: Scope.ORG, Permission.TICKETS_READ: Scope.ORG}
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="People desk", stored_grants=grants))
    clerk, colleague = await desk.beside("People desk"), await desk.beside(BuiltInRole.COORDINATOR)
    newcomer = await desk.beside("People desk")

    raised, disabled = await give(clerk, newcomer, "OrgAdmin"), await disable(clerk, colleague)

    for answer in (raised, disabled, await give(clerk, clerk, "OrgAdmin")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
    assert (await disable(clerk, newcomer)).status_code == 200


async def test_whoever_manages_roles_makes_others_administrators_in_the_open_and_never_themselves(desk: Desk):
    grants = {Permission.USERS_MANAGE: Scope.ORG, Permission.ROLES_MANAGE: Scope.ORG}
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="Roles desk", stored_grants=grants))
    clerk, colleague = await desk.beside("Roles desk"), await desk.beside(BuiltInRole.COORDINATOR)

    own, others = await give(clerk, clerk, "OrgAdmin"), await give(clerk, colleague, "OrgAdmin")

    assert (own.status_code, own.json()["error"]["code"]) == (403, "not-permitted")
    assert others.status_code == 200
    async with desk.world.owner.session(desk.org_id) as session:
        letters = set(
            await session.scalars(
                select(Message.user_id).where(Message.template == MessageTemplate.ADMINISTRATION_CHANGED)
            )
        )
    assert desk.staff.id in letters


async def test_a_role_of_another_side_is_refused(desk: Desk):
    colleague = await desk.beside()

    for role in ("Landlord", "Operative", "Tenant"):
        answer = await give(desk, colleague, role)
        assert "roleId" in answer.json()["error"]["fields"]


async def test_a_contractors_administrator_manages_their_own_firm_and_nobody_else(desk: Desk):
    firms = [Contractor(org_id=desk.org_id, name=name) for name in ("Aire Heating", "Calder Roofing")]
    await desk.world.add(desk.org_id, *firms)
    boss, fitter, other = [
        await desk.world.staff(desk.org_id, role, name=name, contractor_id=firm.id)
        for role, name, firm in (
            (BuiltInRole.CONTRACTOR_ADMIN, "Rukhsana Malik", firms[0]),
            (BuiltInRole.OPERATIVE, "Piotr Nowicki", firms[0]),
            (BuiltInRole.OPERATIVE, "Dylan Pugh", firms[1]),
        )
    ]
    headers = await desk.world.headers(boss)

    found = (await desk.http.get(f"{USERS}/accounts", headers=headers)).json()["data"]["items"]

    assert [one["name"] for one in found] == ["Piotr Nowicki", "Rukhsana Malik"]
    answers = [
        (await desk.http.put(f"{USERS}/{who.id}/disablement", json={}, headers=headers)).status_code
        for who in (fitter, other, desk.staff)
    ]
    assert answers == [200, 404, 404]


async def test_another_organisations_people_never_were(desk: Desk, foreign_desk: Desk):
    for method, path in (("PUT", "disablement"), ("GET", "account"), ("GET", "sessions"), ("DELETE", "sessions")):
        body = {"json": {}} if method == "PUT" else {}
        answer = await desk.http.request(
            method, f"{USERS}/{foreign_desk.staff.id}/{path}", headers=desk.headers, **body
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


async def test_a_permission_check_costs_no_question_once_the_role_is_known(trial, desk: Desk):
    asked: list[str] = []
    from sqlalchemy import event

    engine = trial.services.database.engine.sync_engine
    await desk.http.get("/api/v1/me", headers=desk.headers)

    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    await desk.http.put(f"{USERS}/{desk.staff.id}/role", json={"roleId": str(desk.org_id)}, headers={})
    nobody = len(asked)
    await desk.http.get("/api/v1/organisation", headers=desk.headers)
    allowed = asked[nobody:]
    del asked[:]
    await desk.http.post("/api/v1/tickets/1/approval", json={}, headers=desk.headers)

    assert nobody == 0
    assert [statement for statement in allowed if "open_request" in statement] == allowed[:1]
    assert not [statement for statement in allowed if "roles" in statement or "team_members" in statement]


def test_the_count_would_see_a_question():
    assert "roles" in str(text("SELECT grants FROM app.roles"))
