"""Who did what, when and from where: everybody's doings are kept, and those who may read them can."""

import csv
import io
from datetime import timedelta
from uuid import UUID

import pytest

from maintainuk.domain.audit import AuditLog, network_of, program_of
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import Person
from tests.desk import Desk, desk_of

AUDIT = "/api/v1/audit"
ORGANISATION = "/api/v1/organisation"
GOOD = {"emergencyEmail": "oncall@example.com", "emergencyPhone": None, "isAiOn": True}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def entries(desk: Desk, **params):
    return (await desk.http.get(AUDIT, params=params, headers=desk.headers)).json()["data"]["items"]


async def test_a_change_is_kept_with_who_made_it_and_from_where(desk: Desk):
    ticket = (await desk.report()).json()["data"]

    await desk.http.put(
        f"/api/v1/tickets/{ticket['id']}/priority",
        json={"priority": "P1"},
        headers=desk.headers | {"If-Match": '"v1"', "User-Agent": FIREFOX},
    )

    [changed] = await entries(desk, action="TicketPriorityChanged")
    assert changed["actor"] == {"id": str(desk.staff.id), "name": desk.staff.name}
    assert (changed["subjectId"], changed["network"], changed["program"]) == (
        ticket["id"],
        "127.0.0.0/24",
        "Firefox on Linux",
    )
    assert len(changed["traceId"]) == 32


async def test_what_somebody_looks_for_is_found_by_person_thing_and_time(desk: Desk):
    colleague = await desk.beside()
    first, second = [(await one.report()).json()["data"]["id"] for one in (desk, colleague)]
    before, after = [(desk.world.now + timedelta(hours=hours)).isoformat() for hours in (-1, 1)]

    assert {one["subjectId"] for one in await entries(desk, actorId=str(colleague.staff.id))} == {second}
    assert {one["subjectId"] for one in await entries(desk, subjectId=first)} == {first}
    assert await entries(desk, until=before) == await entries(desk, since=after) == []
    assert len(await entries(desk, since=before, until=after)) == len(await entries(desk))


async def test_pages_follow_each_other_without_a_gap(desk: Desk):
    for _ in range(3):
        await desk.report()
    whole = await entries(desk)

    read, cursor = [], None
    while True:
        page = await desk.http.get(
            AUDIT, params={"limit": 2} | ({"cursor": cursor} if cursor else {}), headers=desk.headers
        )
        read += page.json()["data"]["items"]
        if (cursor := page.json()["data"]["nextCursor"]) is None:
            break

    assert read == whole


async def test_one_entry_has_an_address_of_its_own(desk: Desk):
    await desk.report()
    newest = (await entries(desk))[0]

    answer = await desk.http.get(f"{AUDIT}/{newest['id']}", headers=desk.headers)

    assert answer.json()["data"] == newest | {"values": {}}


async def test_the_log_holds_nothing_of_others(desk: Desk, foreign_desk: Desk):
    await foreign_desk.report()

    assert await entries(desk) == []


async def test_taking_the_log_along_is_in_the_log(desk: Desk):
    await desk.report()

    exported = (await desk.http.get(f"{AUDIT}/export", headers=desk.headers)).json()["data"]

    [taken] = await entries(desk, action="AuditExported")
    assert taken["data"] == {"rows": exported["rows"]}
    assert exported["isComplete"]


async def test_an_exported_cell_never_runs_as_a_formula(desk: Desk):
    evil = '=HYPERLINK("https://evil.example")'
    row = AuditLog(org_id=desk.org_id, at=desk.world.now, actor_id=None, action=evil, program="+cmd|' /C calc'!A0")
    await desk.world.add(desk.org_id, row)

    exported = (await desk.http.get(f"{AUDIT}/export", headers=desk.headers)).json()["data"]["content"]

    [found] = csv.DictReader(io.StringIO(exported.lstrip("\ufeff")))
    assert (found["action"], found["program"]) == (f"'{evil}", "'+cmd|' /C calc'!A0")


async def test_changed_settings_name_what_was_before_and_after_but_no_address(desk: Desk):
    for version, email in enumerate(("oncall@example.com", "night@example.com")):
        seen = {"If-Match": f'"v{version}"'}
        await desk.http.put(
            ORGANISATION,
            json=GOOD | {"emergencyEmail": email, "isAiOn": version == 0},
            headers=desk.headers | seen,
        )

    [last, _] = await entries(desk, action="OrganisationSettingsChanged")
    assert last["data"]["changes"]["is_ai_on"] == [True, False]
    assert "example.com" not in str(last["data"])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("testclient", None),
    ],
)
def test_an_address_is_kept_as_its_network_only(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("curl/8.14", None),
    ],
)
def test_a_program_is_kept_in_a_few_words(agent, program):
    assert program_of(agent) == program


async def test_an_entry_that_never_was_is_not_found(desk: Desk):
    answer = await desk.http.get(f"{AUDIT}/{UUID(int=1)}", headers=desk.headers)

    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "There is no such entry.")


async def test_a_limit_that_was_raised_stands_in_the_log_before_and_after(desk: Desk):
    body = {"company": "Ackroyd Estates Ltd", "approvalLimit": 25_000, "person": {"name": "Beverley Ackroyd"}}
    made = (await desk.http.post("/api/v1/landlords", json=body, headers=desk.headers)).json()["data"]
    raised = {"company": "Ackroyd Estates Ltd", "approvalLimit": 2_500_000, "emergencyLimit": None}

    answer = await desk.http.put(
        f"/api/v1/landlords/{made['id']}", json=raised, headers=desk.headers | {"If-Match": f'"v{made["version"]}"'}
    )

    assert answer.status_code == 200, answer.text
    [entry] = await entries(desk, action="LandlordChanged")
    assert entry["data"]["changes"]["approval_limit"] == [25_000, 2_500_000]


async def rename(desk: Desk) -> dict:
    """Let a tenant marry, and return the entry that tells of it."""
    path = f"/api/v1/people/{desk.home.tenant_id}"
    body = {"name": "Aisha Khan-Doyle", "phone": "07700 900123", "email": "aisha.khan@example.com"}
    answer = await desk.http.put(path, json=body, headers=desk.headers | {"If-Match": '"v1"'})
    assert answer.status_code == 200, answer.text
    [entry] = await entries(desk, action="PersonChanged")
    return entry


async def test_a_name_before_and_after_is_read_by_those_who_may_and_the_log_itself_never_holds_it(desk: Desk):
    entry = await rename(desk)

    detail = (await desk.http.get(f"{AUDIT}/{entry['id']}", headers=desk.headers)).json()["data"]

    assert entry["data"]["changes"]["name"] == [True, True]
    assert detail["values"]["name"] == ["Aisha Khan", "Aisha Khan-Doyle"]
    assert [one["subjectId"] for one in await entries(desk, action="AuditValuesRead")] == [entry["id"]]


async def test_what_a_refused_change_would_have_written_stands_nowhere(desk: Desk):
    await desk.world.add(desk.org_id, Person(org_id=desk.org_id, name="Sam Reid", external_reference="T-9"))
    body = {"name": "Aisha K", "phone": None, "email": None, "externalReference": "T-9"}
    path = f"/api/v1/people/{desk.home.tenant_id}"

    refused = await desk.http.put(path, json=body, headers=desk.headers | {"If-Match": '"v1"'})

    assert refused.status_code == 422
    assert await entries(desk, action="PersonChanged") == []
