"""Support: the platform looks at one organisation's tickets for an hour at most, for a reason, and is seen doing it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.messaging import Message, MessageTemplate
from maintainuk.domain.platform import PlatformAdministrator
from maintainuk.domain.support import SupportAccess
from maintainuk.domain.users import User
from tests.desk import Desk, desk_of

PLATFORM = "/api/v1/platform/organisations"
TICKETS = "/api/v1/tickets"
INCIDENT = {
    "basis": "incident",
    "incident": "INC-2041",
    "reason": "Photos of ticket T-10001 never become ready.",
    "minutes": 30,
}
CONSENT = {"basis": "consent", "reason": "You asked us why the list of tickets is empty.", "minutes": 60}
NOBODY = "a943a0b4-1f6e-4eec-978d-765449f33c73"


@pytest.fixture
async def steward(trial, world) -> Desk:
    """Somebody who runs the installation and signs in through an organisation of their own."""
    desk = await desk_of(trial, world, BuiltInRole.AUDITOR)
    await world.steward(desk.staff)
    return desk


@pytest.fixture
async def agency(trial, world) -> Desk:
    """An administrator's desk in another organisation, with a ticket on it."""
    desk = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    assert (await desk.report()).status_code == 201
    return desk


async def begin(steward: Desk, agency: Desk, **changes):
    path = f"{PLATFORM}/{agency.org_id}/accesses"
    return await steward.http.post(path, json=INCIDENT | changes, headers=steward.headers)


async def pass_of(steward: Desk, agency: Desk, **changes) -> dict[str, str]:
    """The headers of somebody of the platform who has begun to look."""
    begun = await begin(steward, agency, **changes)
    assert begun.status_code == 201, begun.text
    return steward.headers | {"X-Support-Access": begun.json()["data"]["pass"]}


async def seen(agency: Desk):
    return (await agency.http.get("/api/v1/support/current", headers=agency.headers)).json()["data"]["items"]


async def consent(agency: Desk, hours=4):
    return await agency.http.put("/api/v1/support/consent", json={"hours": hours}, headers=agency.headers)


async def test_support_reads_tickets_and_the_log_names_each_reading(steward, agency, world):
    door = await pass_of(steward, agency)

    tickets = await steward.http.get(TICKETS, headers=door)
    [ticket] = tickets.json()["data"]["items"]
    one = await steward.http.get(f"{TICKETS}/{ticket['id']}", headers=door)
    story = await steward.http.get(f"{TICKETS}/{ticket['id']}/timeline", headers=door)

    assert [answer.status_code for answer in (tickets, one, story)] == [200, 200, 200]
    async with world.owner.session(agency.org_id) as session:
        rows = (
            await session.execute(
                select(AuditLog.actor_id, AuditLog.subject_id, AuditLog.data)
                .where(AuditLog.action == "SupportRead")
                .order_by(AuditLog.at, AuditLog.id)
            )
        ).all()
    assert {actor for actor, _, _ in rows} == {steward.staff.identity_id}
    read = [(data["operation"], str(subject) if subject else None) for _, subject, data in rows]
    assert read == [("listTickets", None), ("readTicket", ticket["id"]), ("readTimeline", ticket["id"])]


async def test_everybody_there_sees_who_looks_and_why_and_administrators_get_a_letter(steward, agency, world):
    await pass_of(steward, agency)

    colleague = await agency.beside(BuiltInRole.COORDINATOR)
    [shown] = await seen(colleague)

    assert (shown["who"], shown["reason"], shown["incident"]) == (
        steward.staff.name,
        INCIDENT["reason"],
        "INC-2041",
    )
    async with world.owner.session(agency.org_id) as session:
        letters = select(User.id).join(Message, Message.user_id == User.id)
        told = list(await session.scalars(letters.where(Message.template == MessageTemplate.SUPPORT_BEGAN)))
    assert told == [agency.staff.id]


async def test_an_open_screen_hears_of_it(steward, agency, world):
    await pass_of(steward, agency)

    async with world.owner.session(agency.org_id) as session:
        events = await session.scalars(select(LiveEvent).where(LiveEvent.ticket_id.is_(None)))
        assert [event.kind for event in events] == ["support_changed"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", TICKETS),
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/support/current"),
        ("GET", "/api/v1/people"),
        ("GET", "/api/v1/audit"),
        ("GET", "/api/v1/live"),
        ("PUT", "/api/v1/support/consent"),
    ],
)
async def test_it_opens_nothing_else(steward, agency, method, path):
    door = await pass_of(steward, agency)

    answer = await steward.http.request(method, path, headers=door, json={"hours": 4} if method == "PUT" else None)

    assert answer.status_code == 403


async def test_it_writes_nothing_whatever_is_asked(steward, agency):
    door = await pass_of(steward, agency) | {"If-Match": '"v1"'}
    ticket = (await steward.http.get(TICKETS, headers=door)).json()["data"]["items"][0]

    answers = [
        await steward.http.put(f"{TICKETS}/{ticket['id']}/priority", json={"priority": "P1"}, headers=door),
        await steward.http.post(f"{TICKETS}/{ticket['id']}/comments", json={"body": "Hello."}, headers=door),
        await steward.http.post(f"{TICKETS}/{ticket['id']}/danger", json={}, headers=door),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404, 405}


async def test_after_its_time_it_opens_nothing(steward, agency, world):
    door = await pass_of(steward, agency)
    async with world.owner.session(agency.org_id) as session, session.begin():
        over = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(SupportAccess).values(began_at=over - timedelta(minutes=59), ends_at=over))

    answer = await steward.http.get(TICKETS, headers=door)

    assert (answer.status_code, await seen(agency)) == (404, [])


async def test_no_access_is_longer_than_an_hour(steward, agency, world):
    assert (await begin(steward, agency, minutes=90)).status_code == 422
    await pass_of(steward, agency, minutes=60)

    with pytest.raises(Exception, match="an_hour_at_most"):
        async with world.owner.session(agency.org_id) as session, session.begin():
            await session.execute(update(SupportAccess).values(ends_at=datetime.now(UTC) + timedelta(minutes=61)))


async def test_it_opens_one_organisation(trial, world, steward, agency):
    other = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    access = (await pass_of(steward, agency))["X-Support-Access"].partition(".")[2]

    answer = await steward.http.get(TICKETS, headers=steward.headers | {"X-Support-Access": f"{other.org_id}.{access}"})

    assert answer.status_code == 404


async def test_it_opens_for_nobody_else(trial, world, steward, agency):
    door = (await pass_of(steward, agency))["X-Support-Access"]
    colleague = await desk_of(trial, world, BuiltInRole.ORG_ADMIN)
    other = await desk_of(trial, world, BuiltInRole.AUDITOR)
    await world.steward(other.staff)

    for desk in (colleague, other):
        answer = await desk.http.get(TICKETS, headers=desk.headers | {"X-Support-Access": door})
        assert answer.status_code == 404
    assert (await trial.http.get(TICKETS, headers={"X-Support-Access": door})).status_code == 401


@pytest.mark.parametrize("door", ["", "x", ".", NOBODY, f"{NOBODY}.", f"{NOBODY}.{NOBODY}"])
async def test_a_made_up_pass_opens_nothing(steward, door):
    answer = await steward.http.get(TICKETS, headers=steward.headers | {"X-Support-Access": door})

    assert answer.status_code == 404


async def test_whoever_no_longer_runs_the_installation_is_shut_out(steward, agency, world):
    door = await pass_of(steward, agency)
    async with world.owner.session(agency.org_id) as session, session.begin():
        row = await session.get_one(PlatformAdministrator, steward.staff.identity_id)
        await session.delete(row)

    assert (await steward.http.get(TICKETS, headers=door)).status_code == 404


async def test_either_side_ends_it_at_once(steward, agency):
    path = f"{PLATFORM}/{agency.org_id}/accesses"
    first = await pass_of(steward, agency)
    access = first["X-Support-Access"].partition(".")[2]
    await agency.http.delete(f"/api/v1/support/accesses/{access}", headers=agency.headers)
    second = await pass_of(steward, agency, incident="INC-2042", reason="The letters of Tuesday went out twice.")
    await steward.http.delete(f"{path}/{second['X-Support-Access'].partition('.')[2]}", headers=steward.headers)

    after = [(await steward.http.get(TICKETS, headers=door)).status_code for door in (first, second)]

    assert after == [404, 404]
    log = (await agency.http.get("/api/v1/support", headers=agency.headers)).json()["data"]["items"]
    assert sorted(one["endedBy"] for one in log) == ["organisation", "support"]


async def test_with_consent_no_incident_is_needed_and_without_it_one_is(steward, agency):
    refused = await begin(steward, agency, **CONSENT)
    unnamed = await begin(steward, agency, incident=None)
    await consent(agency)
    let_in = await begin(steward, agency, **CONSENT)

    assert (refused.status_code, unnamed.status_code, let_in.status_code) == (403, 422, 201)
    assert let_in.json()["data"]["incident"] is None


async def test_what_the_organisation_has_shut_is_not_opened_again_for_the_same(steward, agency):
    door = (await pass_of(steward, agency))["X-Support-Access"].partition(".")[2]
    await consent(agency)
    await agency.http.delete(f"/api/v1/support/accesses/{door}", headers=agency.headers)

    again = await begin(steward, agency, incident=" inc-2041", reason=f"{INCIDENT['reason']}!")
    reworded = await begin(steward, agency, reason="The same photos still never become ready.")
    without = await begin(steward, agency, **CONSENT | {"reason": INCIDENT["reason"]})
    other = await begin(steward, agency, incident="INC-2042", reason="The letters of Tuesday went out twice.")

    assert sorted(again.json()["error"]["fields"]) == ["incident", "reason"]
    assert list(reworded.json()["error"]["fields"]) == ["incident"]
    assert list(without.json()["error"]["fields"]) == ["reason"]
    assert other.status_code == 201


async def test_a_consent_given_since_lets_in_whoever_was_shut_out(steward, agency):
    await consent(agency)
    await pass_of(steward, agency, **CONSENT)
    await agency.http.delete("/api/v1/support/consent", headers=agency.headers)
    agency.world.now += timedelta(minutes=1)
    await consent(agency)

    assert (await begin(steward, agency, **CONSENT)).status_code == 201


async def test_what_support_has_ended_itself_it_may_begin_again(steward, agency):
    door = (await pass_of(steward, agency))["X-Support-Access"].partition(".")[2]
    path = f"{PLATFORM}/{agency.org_id}/accesses/{door}"
    assert (await steward.http.delete(path, headers=steward.headers)).status_code == 200

    assert (await begin(steward, agency)).status_code == 201


async def test_a_consent_taken_back_ends_what_rests_on_it(steward, agency):
    await consent(agency)
    door = await pass_of(steward, agency, **CONSENT)

    await agency.http.delete("/api/v1/support/consent", headers=agency.headers)

    assert (await steward.http.get(TICKETS, headers=door)).status_code == 404
    assert (await begin(steward, agency, **CONSENT)).status_code == 403


@pytest.mark.parametrize("reason", ["", "because", "x" * 19, "  short          \n   "])
async def test_a_reason_says_something(steward, agency, reason):
    answer = await begin(steward, agency, reason=reason)

    assert answer.status_code == 422
    assert "reason" in answer.json()["error"]["fields"]


async def test_one_access_at_a_time(steward, agency):
    await pass_of(steward, agency)

    assert (await begin(steward, agency)).status_code == 409


@pytest.mark.parametrize("role", [BuiltInRole.COORDINATOR, BuiltInRole.FINANCE, BuiltInRole.MANAGER])
async def test_only_administrators_decide_about_it(agency, role):
    desk = await agency.beside(role)

    assert (await consent(desk)).status_code == 403


async def test_a_suspended_organisation_may_still_be_looked_at(steward, agency):
    await steward.http.put(
        f"{PLATFORM}/{agency.org_id}/suspension", json={"reason": "Unpaid since March."}, headers=steward.headers
    )

    door = await pass_of(steward, agency)

    assert (await steward.http.get(TICKETS, headers=door)).status_code == 200
