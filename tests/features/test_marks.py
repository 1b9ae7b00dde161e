"""What waits shows in the list: alarms that nobody has looked at, and suggestions that somebody can decide about."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from maintainuk.domain.ai import AiJobStatus, SuggestionMark
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.taxonomy import HazardClass, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.infrastructure.repositories.tickets import Tickets
from tests.desk import Desk
from tests.worker.conftest import SUGGESTION

MARKS = "maintainuk.infrastructure.migrations.versions.2026_11_22_0007_marks"
ACCEPTANCE = "/api/v1/ai-jobs/batch/acceptance"
EMERGENCY = SUGGESTION | {"hazard_class": {"value": "potential_emergency", "reason": "Says “sparks”"}}
URGENT = SUGGESTION | {"priority": {"value": "P1", "reason": "Water is coming through the ceiling"}}


async def suggested(desk: Desk, output: dict[str, Any] = SUGGESTION, **changes: Any) -> UUID:
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, **{"suggestion": SuggestionMark.READY} | changes)
    answer = {"status": AiJobStatus.SUCCEEDED, "output": output, "started_at": desk.world.now - timedelta(minutes=1)}
    await desk.world.ai_job(desk.org_id, ticket_id, **answer)
    return ticket_id


async def confirm(desk: Desk, *ticket_ids: UUID, version: int = 1) -> dict[str, Any]:
    seen = {"tickets": [{"id": str(ticket_id), "version": version} for ticket_id in ticket_ids]}
    answer = await desk.http.post(ACCEPTANCE, json=seen, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def refusals(outcome: dict[str, Any]) -> dict[str, str]:
    return {one["ticketId"]: one["refusal"]["code"] for one in outcome["items"] if one["refusal"]}


async def test_what_waits_is_counted_marked_and_can_be_asked_for(desk: Desk, foreign_desk: Desk):
    alarm = await desk.world.ticket(desk.org_id, desk.home, danger=Danger.FIRE)
    ready = await suggested(desk)
    await desk.world.ticket(desk.org_id, desk.home, suggestion=SuggestionMark.READY, status=TicketStatus.APPROVED)
    await desk.world.ticket(desk.org_id, desk.home)
    await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home, danger=Danger.FIRE)

    counts = (await desk.get("/counts")).json()["data"]
    alarms = (await desk.get(mark="alarm")).json()["data"]["items"]
    suggestions = (await desk.get(mark="suggestion")).json()["data"]["items"]

    assert (counts["alarms"], counts["suggestions"]) == (1, 1)
    assert [(row["id"], row["hasAlarm"]) for row in alarms] == [(str(alarm), True)]
    assert [(row["id"], row["suggestion"]) for row in suggestions] == [(str(ready), "ready")]


async def test_what_an_advisor_suggests_is_for_those_who_triage(desk: Desk):
    ready = await suggested(desk)
    finance = await desk.beside(BuiltInRole.FINANCE)

    (row,) = (await finance.get()).json()["data"]["items"]
    one = (await finance.get(f"/{ready}")).json()["data"]
    counts = (await finance.get("/counts")).json()["data"]
    asked = (await finance.get(mark="suggestion")).json()["data"]["items"]
    counted = (await finance.get("/counts", mark="suggestion")).json()["data"]["open"]

    assert (row["id"], row["suggestion"]) == (str(ready), None)
    assert one["suggestion"] is None
    assert counts["suggestions"] == 0
    assert (asked, counted) == ([], 0)


async def test_alarms_come_first_and_each_page_goes_on_where_the_last_one_ended(desk: Desk):
    plain = [await desk.world.ticket(desk.org_id, desk.home) for _ in range(3)]
    alarms = [await desk.world.ticket(desk.org_id, desk.home, danger=Danger.FIRE) for _ in range(2)]

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await desk.get(sort="alarm", limit=2, **cursor)).json()["data"]
        seen += [row["id"] for row in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}

    assert seen == [str(one) for one in (*reversed(alarms), *reversed(plain))]


@pytest.mark.parametrize("act", ["triage", "classification", "danger/acknowledgement"])
async def test_an_alarm_that_the_product_raised_waits_until_a_person_acts(desk: Desk, act: str):
    ticket_id = await desk.world.ticket(
        desk.org_id, desk.home, hazard_class=HazardClass.POTENTIAL_EMERGENCY, has_alarm=True
    )
    body = {
        "category": "gas",
        "trade": None,
        "priority": "P1",
        "hazardClass": "potential_emergency",
        "responsibility": "landlord",
    }
    before = (await desk.get("/dangers")).json()["data"]

    after = await desk.put(f"/{ticket_id}/{act}", body if act == "classification" else {}, version=1)

    assert (before["items"], before["hazards"]) == ([], 1)
    assert after.json()["data"]["hasAlarm"] is False
    assert (await desk.get("/dangers")).json()["data"]["hazards"] == 0


async def test_classifying_a_danger_does_not_silence_it(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, danger=Danger.GAS_SMELL)

    looked_at = await desk.put(f"/{ticket_id}/triage", {}, version=1)

    assert looked_at.json()["data"]["hasAlarm"] is True
    assert (await desk.get("/dangers")).json()["data"]["waiting"] == 1


async def test_an_acknowledgement_can_be_taken_back_and_both_stand_in_the_story(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, danger=Danger.GAS_SMELL)
    address = f"/api/v1/tickets/{ticket_id}/danger/acknowledgement"
    await desk.http.put(address, headers=desk.headers)

    back = await desk.http.delete(address, headers=desk.headers)
    again = await desk.http.delete(address, headers=desk.headers)

    assert (back.status_code, back.json()["data"]["dangerAcknowledgedAt"], back.json()["data"]["hasAlarm"]) == (
        200,
        None,
        True,
    )
    assert again.json()["data"] == back.json()["data"]
    assert [alarm["id"] for alarm in (await desk.get("/dangers")).json()["data"]["items"]] == [str(ticket_id)]
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["danger_released", "danger_acknowledged"]
    assert await desk.world.promised(desk.org_id) == []
    async with desk.world.work(desk.org_id) as work:
        written = list(await work.session.scalars(select(AuditLog.action).order_by(AuditLog.at)))
    assert [action for action in written if action.startswith("Danger")] == ["DangerAcknowledged", "DangerReleased"]


async def test_no_alarm_is_made_where_none_was(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    same = await desk.http.delete(f"/api/v1/tickets/{ticket_id}/danger/acknowledgement", headers=desk.headers)

    assert (same.json()["data"]["hasAlarm"], same.json()["data"]["version"]) == (False, 1)


async def test_unedited_suggestions_are_confirmed_in_one_go_and_each_is_recorded_as_a_persons_decision(desk: Desk):
    tickets = [await suggested(desk) for _ in range(3)]

    outcome = await confirm(desk, *tickets)

    assert (outcome["done"], refusals(outcome)) == (3, {})
    for ticket_id in tickets:
        ticket = (await desk.get(f"/{ticket_id}")).json()["data"]
        assert (ticket["category"], ticket["priority"], ticket["status"]) == ("heating_hot_water", "P2", "triage")
        assert (ticket["responsibility"], ticket["suggestion"]) == ("unknown", None)
        answer = await desk.http.get(f"/api/v1/tickets/{ticket_id}/ai-job", headers=desk.headers)
        job = answer.json()["data"]["job"]
        assert (job["status"], job["decidedBy"]) == ("accepted", desk.staff.name)
        assert {line["kind"] for line in await desk.story(ticket_id)} == {"classified", "advice_decided"}
    assert (await desk.get("/counts")).json()["data"]["suggestions"] == 0


@pytest.mark.parametrize("output", [EMERGENCY, URGENT])
async def test_what_may_be_an_emergency_is_never_confirmed_among_others(desk: Desk, output: dict[str, Any]):
    grave = await suggested(desk, output, suggestion=SuggestionMark.ALARM)
    raised = await suggested(desk, has_alarm=True)
    plain = await suggested(desk)

    outcome = await confirm(desk, grave, raised, plain)

    assert outcome["done"] == 1
    assert refusals(outcome) == {str(grave): "must-be-opened", str(raised): "must-be-opened"}
    assert (await desk.get(f"/{grave}")).json()["data"]["priority"] == Priority.P3


async def test_what_changed_or_has_nothing_to_confirm_is_named_and_keeps_none_back(desk: Desk, foreign_desk: Desk):
    changed = await suggested(desk, priority=Priority.P4)
    await desk.prioritise(changed, "P3", 1)
    bare = await desk.world.ticket(desk.org_id, desk.home)
    over = await suggested(desk, status=TicketStatus.APPROVED)
    theirs = await suggested(foreign_desk)
    plain = await suggested(desk)

    outcome = await confirm(desk, changed, bare, over, theirs, plain)

    assert outcome["done"] == 1
    assert refusals(outcome) == {
        str(changed): "changed-meanwhile",
        str(bare): "already-decided",
        str(over): "illegal-transition",
        str(theirs): "not-found",
    }


async def test_a_suggestion_to_which_the_tenant_has_added_is_not_confirmed_unread(desk: Desk):
    ticket_id = await suggested(desk)
    async with desk.world.work(desk.org_id) as work:
        ticket = await Tickets(work.session, WHOLE_ORGANISATION).locked(ticket_id)
        ticket.tenant_wrote("And now it smells of burning.", at=work.now)

    (row,) = (await desk.get(mark="suggestion")).json()["data"]["items"]
    outcome = await confirm(desk, ticket_id, version=row["version"])

    assert row["suggestion"] == "stale"
    assert refusals(outcome) == {str(ticket_id): "must-be-opened"}


async def test_who_may_not_triage_confirms_nothing(desk: Desk):
    ticket_id = await suggested(desk)
    reader = await desk.beside(BuiltInRole.AUDITOR)

    answer = await desk.http.post(
        ACCEPTANCE, json={"tickets": [{"id": str(ticket_id), "version": 1}]}, headers=reader.headers
    )

    assert answer.status_code == 403


async def test_deciding_or_asking_again_takes_the_mark_away_without_a_new_version(desk: Desk):
    ticket_id = await suggested(desk)

    await desk.http.post("/api/v1/ai-jobs", json={"ticketId": str(ticket_id)}, headers=desk.headers)

    ticket = (await desk.get(f"/{ticket_id}")).json()["data"]
    assert (ticket["suggestion"], ticket["version"]) == (None, 1)


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ([TimelineKind.HAZARD_RAISED], True),
        ([TimelineKind.HAZARD_RAISED, TimelineKind.COMMENTED], True),
        ([TimelineKind.HAZARD_RAISED, TimelineKind.CLASSIFIED], False),
        ([TimelineKind.CLASSIFIED, TimelineKind.HAZARD_RAISED], True),
        ([TimelineKind.CLASSIFIED], False),
    ],
)
async def test_a_hazard_raised_before_the_marks_came_waits_unless_somebody_looked(desk: Desk, told, waits):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, hazard_class=HazardClass.POTENTIAL_EMERGENCY)
    for kind in told:
        line = TimelineEvent(org_id=desk.org_id, ticket_id=ticket_id, kind=kind, occurred_at=desk.world.now)
        await desk.world.add(desk.org_id, line)

    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(text(import_module(MARKS).ALARMS))

    assert (await desk.get(f"/{ticket_id}")).json()["data"]["hasAlarm"] is waits
