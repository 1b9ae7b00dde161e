"""Asking an advisor: 202 at once, an answer that only a person applies, and what is recorded of their decision."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from maintainuk.domain.ai import AiFailure, AiJob, AiJobStatus
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.properties import Property
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket
from tests.desk import Desk
from tests.worker.conftest import SUGGESTION

JOBS = "/api/v1/ai-jobs"
AS_PROPOSED = {
    "category": "heating_hot_water",
    "trade": "gas_engineer",
    "priority": "P2",
    "hazardClass": "potential_significant",
    "responsibility": "landlord",
}


async def ask(desk: Desk, ticket_id: UUID, **headers: str):
    return await desk.http.post(JOBS, json={"ticketId": str(ticket_id)}, headers=desk.headers | headers)


async def decide(desk: Desk, ai_job_id: UUID, body: dict[str, Any], version: int = 1):
    seen = {"If-Match": f'"v{version}"'}
    return await desk.http.put(f"{JOBS}/{ai_job_id}/decision", json=body, headers=desk.headers | seen)


async def suggested(desk: Desk, **changes: Any) -> tuple[UUID, UUID]:
    """A ticket with a suggestion about it that waits for somebody to decide."""
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.TRIAGE)
    answer = {"status": AiJobStatus.SUCCEEDED, "output": SUGGESTION, "advisor": "embedded"}
    return ticket_id, await desk.world.ai_job(desk.org_id, ticket_id, **answer | changes)


async def job_of(desk: Desk, ai_job_id: UUID) -> dict[str, Any]:
    return (await desk.http.get(f"{JOBS}/{ai_job_id}", headers=desk.headers)).json()["data"]


async def test_asking_answers_at_once_and_promises_the_rest_in_the_same_transaction(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await ask(desk, ticket_id)

    job = answer.json()["data"]
    assert (answer.status_code, job["status"], job["suggestion"]) == (202, "pending", None)
    assert answer.headers["Location"] == f"{JOBS}/{job['id']}"
    assert await job_of(desk, job["id"]) == job
    async with desk.world.work(desk.org_id) as work:
        (promise,) = await work.session.scalars(select(OutboxMessage))
    assert (promise.type, promise.payload, promise.priority) == ("ai-job", {"ai_job_id": job["id"]}, 6)
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["advice_asked"]


async def test_who_asks_twice_while_an_answer_is_on_its_way_asked_once(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    first, second = await ask(desk, ticket_id), await ask(desk, ticket_id)

    assert second.json()["data"] == first.json()["data"]
    assert await desk.world.promised(desk.org_id) == ["ai-job"]


async def test_asking_again_lets_go_of_an_answer_nobody_decided_about(desk: Desk):
    ticket_id, ai_job_id = await suggested(desk)

    await ask(desk, ticket_id)

    assert (await job_of(desk, ai_job_id))["status"] == "expired"
    latest = (await desk.get(f"/{ticket_id}/ai-job")).json()["data"]["job"]
    assert (latest["status"], latest["id"] == str(ai_job_id)) == ("pending", False)


async def test_nothing_was_ever_asked_about_a_new_ticket(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    assert (await desk.get(f"/{ticket_id}/ai-job")).json()["data"] == {"job": None}


async def test_a_ticket_whose_triage_is_over_is_not_asked_about(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.APPROVED)

    answer = await ask(desk, ticket_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")
    assert await desk.world.promised(desk.org_id) == []


async def test_an_organisation_that_turned_ai_off_asks_nobody(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    await desk.world.add(
        desk.org_id, OrganisationSettings(org_id=desk.org_id, is_ai_on=False, updated_at=desk.world.now)
    )

    answer = await ask(desk, ticket_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "turned-off")
    assert await desk.world.count(desk.org_id, AiJob) == 0


async def test_a_selection_is_asked_about_in_one_go_and_its_progress_can_be_followed(desk: Desk, foreign_desk: Desk):
    tickets = [await desk.world.ticket(desk.org_id, desk.home) for _ in range(3)]
    over = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.REJECTED)
    theirs = await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home)
    wanted = [str(one) for one in (*tickets, over, theirs)]

    answer = await desk.http.post(f"{JOBS}/batch", json={"ticketIds": wanted}, headers=desk.headers)

    asked = answer.json()["data"]
    refused = {one["ticketId"]: one["refusal"]["code"] for one in asked["items"] if one["refusal"]}
    assert (answer.status_code, asked["done"]) == (202, 3)
    assert refused == {str(over): "illegal-transition", str(theirs): "not-found"}
    assert await desk.world.promised(desk.org_id) == ["ai-job"] * 3
    for question in ({"askedAt": asked["askedAt"]}, {}):
        progress = await desk.http.get(f"{JOBS}/batch", params=question, headers=desk.headers)
        counted = {"asked": 3, "ended": 0, "failed": 0, "suggestions": 0, "alarms": 0}
        assert progress.json()["data"] == {"askedAt": asked["askedAt"]} | counted
    others = await foreign_desk.http.get(f"{JOBS}/batch", headers=foreign_desk.headers)
    assert others.json()["data"] == {
        "askedAt": None,
        "asked": 0,
        "ended": 0,
        "failed": 0,
        "suggestions": 0,
        "alarms": 0,
    }


async def test_progress_counts_what_has_ended_and_what_brought_nothing(desk: Desk):
    statuses = (AiJobStatus.RUNNING, AiJobStatus.SUCCEEDED, AiJobStatus.ACCEPTED, AiJobStatus.FAILED)
    for status in statuses:
        ticket_id = await desk.world.ticket(desk.org_id, desk.home)
        await desk.world.ai_job(desk.org_id, ticket_id, status=status, requested_by=desk.staff.id)

    progress = (await desk.http.get(f"{JOBS}/batch", headers=desk.headers)).json()["data"]

    assert (progress["asked"], progress["ended"], progress["failed"]) == (4, 3, 1)


async def test_a_selection_is_named_once_and_has_at_most_a_thousand(desk: Desk):
    one = str(uuid4())

    for wanted in ([], [one, one], [str(uuid4()) for _ in range(1_001)]):
        answer = await desk.http.post(f"{JOBS}/batch", json={"ticketIds": wanted}, headers=desk.headers)
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["ticketIds"])


async def test_a_suggestion_is_shown_with_a_reason_for_each_value_and_changes_nothing_by_itself(desk: Desk):
    ticket_id, ai_job_id = await suggested(desk)

    job = await job_of(desk, ai_job_id)

    assert job["suggestion"]["hazardClass"] == SUGGESTION["hazard_class"]
    assert job["suggestion"]["missingQuestions"] == SUGGESTION["missing_questions"]
    ticket = (await desk.get(f"/{ticket_id}")).json()["data"]
    assert (ticket["category"], ticket["version"]) == ("other", 1)


async def test_a_suggestion_taken_as_it_stands_classifies_the_ticket_and_is_recorded_as_such(desk: Desk):
    ticket_id, ai_job_id = await suggested(desk)

    answer = await decide(desk, ai_job_id, {"decision": "accepted", "classification": AS_PROPOSED})

    assert answer.status_code == 200
    assert {name: answer.json()["data"][name] for name in AS_PROPOSED} == AS_PROPOSED
    job = await job_of(desk, ai_job_id)
    assert (job["status"], job["decidedBy"], job["decision"]) == ("accepted", desk.staff.name, AS_PROPOSED)
    assert {line["kind"] for line in await desk.story(ticket_id)} == {"classified", "advice_decided"}


@pytest.mark.parametrize("said", ["accepted", "accepted_edited"])
@pytest.mark.parametrize(("field", "other"), [("priority", "P3"), ("hazardClass", "none"), ("trade", None)])
async def test_what_was_changed_is_seen_whatever_the_client_says(desk: Desk, said: str, field: str, other: str | None):
    _, ai_job_id = await suggested(desk)

    await decide(desk, ai_job_id, {"decision": said, "classification": AS_PROPOSED | {field: other}})

    assert (await job_of(desk, ai_job_id))["status"] == "accepted_edited"


async def test_a_dismissed_suggestion_leaves_the_ticket_as_it_is(desk: Desk):
    ticket_id, ai_job_id = await suggested(desk)

    answer = await decide(desk, ai_job_id, {"decision": "dismissed"})

    assert (answer.json()["data"]["category"], answer.json()["data"]["version"]) == ("other", 1)
    assert (await job_of(desk, ai_job_id))["status"] == "dismissed"
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["advice_decided"]


async def test_a_suggestion_is_decided_about_once(desk: Desk):
    _, ai_job_id = await suggested(desk)
    await decide(desk, ai_job_id, {"decision": "dismissed"})

    again = await decide(desk, ai_job_id, {"decision": "accepted", "classification": AS_PROPOSED})

    assert (again.status_code, again.json()["error"]["code"]) == (409, "already-decided")


async def test_a_suggestion_is_not_taken_for_a_ticket_that_changed_meanwhile(desk: Desk):
    ticket_id, ai_job_id = await suggested(desk)
    await desk.prioritise(ticket_id, "P1", version=1)

    answer = await decide(desk, ai_job_id, {"decision": "accepted", "classification": AS_PROPOSED})

    assert (answer.status_code, answer.json()["error"]["current"]["priority"]) == (412, "P1")
    assert (await job_of(desk, ai_job_id))["status"] == "succeeded"


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "accepted"},
        {"decision": "dismissed", "classification": AS_PROPOSED},
        {"decision": "expired"},
        {"decision": "accepted", "classification": {"priority": "P1"}},
    ],
)
async def test_half_a_decision_is_refused(desk: Desk, body: dict[str, Any]):
    _, ai_job_id = await suggested(desk)

    assert (await decide(desk, ai_job_id, body)).status_code == 422


async def test_a_failed_question_says_why(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    failed = {"status": AiJobStatus.FAILED, "failure": AiFailure.BLOCKED_BY_REDACTION}

    job = await job_of(desk, await desk.world.ai_job(desk.org_id, ticket_id, **failed))

    assert (job["status"], job["failure"]) == ("failed", "blocked_by_redaction")


async def test_a_suggestion_is_stale_once_the_tenant_has_said_more(desk: Desk):
    asked = desk.world.now - timedelta(minutes=5)
    ticket_id, ai_job_id = await suggested(desk, started_at=asked)
    before = (await job_of(desk, ai_job_id))["isStale"]

    async with desk.world.work(desk.org_id) as work:
        ticket = await work.session.get_one(MaintenanceTicket, (desk.org_id, ticket_id))
        ticket.tenant_wrote("Now it drips on the fuse box.", at=work.now)

    assert (before, (await job_of(desk, ai_job_id))["isStale"]) == (False, True)


async def test_who_only_reads_asks_nobody_and_decides_nothing(desk: Desk):
    reader = await desk.beside(BuiltInRole.AUDITOR)
    ticket_id, ai_job_id = await suggested(desk)

    assert (await ask(reader, ticket_id)).status_code == 403
    assert (await decide(reader, ai_job_id, {"decision": "dismissed"})).status_code == 403
    assert (await job_of(reader, ai_job_id))["status"] == "succeeded"


async def test_a_suggestion_out_of_reach_is_answered_like_one_that_never_was(desk: Desk):
    _, job_id = await suggested(desk)
    org = {"org_id": desk.org_id}
    ours, theirs = Team(**org, name="Our homes"), Team(**org, name="Their homes")
    await desk.world.add(desk.org_id, ours, theirs, TeamMember(**org, team_id=ours.id, user_id=desk.staff.id))
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(Property).values(team_id=theirs.id))
        await session.execute(update(MaintenanceTicket).values(owner_id=None))

    answers = [
        answer
        for one in (job_id, uuid4())
        for answer in (
            await desk.http.get(f"{JOBS}/{one}", headers=desk.headers),
            await decide(desk, one, {"decision": "dismissed"}),
        )
    ]

    assert {(answer.status_code, answer.json()["error"]["message"]) for answer in answers} == {
        (404, "There is no such suggestion.")
    }
