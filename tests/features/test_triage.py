"""What a coordinator decides about a report, and what comes of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.organisations import Nation
from maintainuk.domain.taxonomy import HazardClass, Priority
from maintainuk.domain.ticket_lifecycle import LIFECYCLE, TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket
from tests.desk import Desk

DAMP = {
    "category": "damp_mould",
    "trade": "damp_specialist",
    "priority": "P2",
    "hazardClass": "potential_significant",
    "responsibility": "landlord",
}


async def in_triage(desk: Desk, **changes):
    return await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.TRIAGE, **changes)


async def test_triage_begins_and_a_ticket_of_nobody_becomes_that_of_whoever_looks_at_it(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.put(f"/{ticket_id}/triage", {}, version=1)

    ticket = answer.json()["data"]
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"v2"')
    assert (ticket["status"], ticket["owner"]["name"]) == ("triage", desk.staff.name)
    assert ticket["allowedActions"][:4] == ["classify", "request_info", "approve", "reject"]
    assert {line["kind"] for line in await desk.story(ticket_id)} == {"triage_begun", "owner_changed"}


async def test_triage_leaves_the_owner_that_a_ticket_has(desk: Desk):
    colleague = await desk.beside()
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, owner_id=colleague.staff.id)

    answer = await desk.put(f"/{ticket_id}/triage", {}, version=1)

    assert answer.json()["data"]["owner"]["id"] == str(colleague.staff.id)


async def test_a_report_is_classified_and_its_story_says_as_what(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    ticket = (await desk.put(f"/{ticket_id}/classification", DAMP, version=1)).json()["data"]

    assert {name: ticket[name] for name in DAMP} == DAMP
    assert ticket["status"] == "triage"
    (line,) = await desk.story(ticket_id)
    assert (line["kind"], line["data"]) == ("classified", DAMP)


@pytest.mark.parametrize("field", DAMP)
async def test_half_a_classification_is_refused(desk: Desk, field: str):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.put(f"/{ticket_id}/classification", {k: v for k, v in DAMP.items() if k != field}, version=1)

    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {field: ["This is needed."]})


async def test_a_question_waits_for_the_tenant_and_promises_an_e_mail(desk: Desk):
    ticket_id = await in_triage(desk)

    answer = await desk.post(f"/{ticket_id}/question", {"text": "Which radiator is cold?"}, version=1)

    assert answer.json()["data"]["status"] == "awaiting_info"
    assert await desk.world.promised(desk.org_id) == ["send-email"]
    asked = (await desk.story(ticket_id))[-1]
    assert (asked["kind"], asked["body"], asked["visibility"]) == (
        "tenant_asked",
        "Which radiator is cold?",
        "tenant",
    )

    answered = await desk.put(f"/{ticket_id}/information", {}, version=2)
    assert answered.json()["data"]["status"] == "triage"


async def test_nobody_is_asked_when_nobody_could_answer(desk: Desk):
    ticket_id = await desk.world.ticket(
        desk.org_id, address_as_written="12 Station Rd upstairs", status=TicketStatus.TRIAGE
    )

    answer = await desk.post(f"/{ticket_id}/question", {"text": "Which radiator is cold?"}, version=1)

    assert answer.status_code == 422
    assert "text" in answer.json()["error"]["fields"]
    assert (await desk.get(f"/{ticket_id}")).json()["data"]["status"] == "triage"


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("approval", {}, "approved", "approved"),
        ("rejection", {"reason": "tenant_duty", "text": "Bulbs are yours to change."}, "rejected", "rejected"),
        ("cancellation", {"reason": "It works again."}, "cancelled", "cancelled"),
    ],
)
async def test_what_is_decided_is_told_to_whoever_reported_it(desk: Desk, path, body, status, kind):
    ticket_id = await in_triage(desk)

    answer = await desk.post(f"/{ticket_id}/{path}", body, version=1)

    assert (answer.status_code, answer.json()["data"]["status"]) == (200, status)
    assert await desk.world.promised(desk.org_id) == ["send-email"]
    told = next(line for line in await desk.story(ticket_id) if line["kind"] == kind)
    assert (told["visibility"], told["body"]) == ("tenant", body.get("text", body.get("reason")))


async def test_a_rejection_keeps_its_reason(desk: Desk):
    ticket_id = await in_triage(desk)

    answer = await desk.post(f"/{ticket_id}/rejection", {"reason": "not_our_property", "text": "Ask No. 7."}, version=1)

    assert answer.json()["data"]["rejection"] == "not_our_property"


async def test_the_same_key_decides_once_and_writes_one_letter(desk: Desk):
    ticket_id = await in_triage(desk)
    key = {"Idempotency-Key": str(uuid4())}

    first = await desk.post(f"/{ticket_id}/approval", {}, version=1, **key)
    second = await desk.post(f"/{ticket_id}/approval", {}, version=1, **key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["data"] == first.json()["data"]
    assert await desk.world.promised(desk.org_id) == ["send-email"]


@pytest.mark.parametrize("path", ["question", "approval", "rejection"])
async def test_a_step_that_is_not_possible_now_is_refused_with_those_that_are(desk: Desk, path: str):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.APPROVED)
    body = {"question": {"text": "When?"}, "rejection": {"reason": "tenant_duty", "text": "Yours."}}.get(path, {})

    answer = await desk.post(f"/{ticket_id}/{path}", body, version=1)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")
    assert answer.json()["error"]["allowedActions"] == [str(one) for one in LIFECYCLE.allowed(TicketStatus.APPROVED)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("triage", {}),
        ("classification", DAMP),
        ("information", {}),
        ("next-step", {"text": "Ring the plumber", "on": "2099-12-24"}),
    ],
)
async def test_a_decision_about_what_changed_meanwhile_is_refused_with_what_it_is_now(desk: Desk, path, body):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    await desk.prioritise(ticket_id, "P1", version=1)

    answer = await desk.put(f"/{ticket_id}/{path}", body, version=1)
    unnamed = await desk.http.put(f"/api/v1/tickets/{ticket_id}/{path}", json=body, headers=desk.headers)

    assert (answer.status_code, unnamed.status_code) == (412, 428)
    assert answer.json()["error"]["current"]["priority"] == "P1"


async def test_a_next_step_is_due_when_its_day_ends_here(desk: Desk):
    ticket_id = await in_triage(desk)

    winter = await desk.put(f"/{ticket_id}/next-step", {"text": "Ring the plumber", "on": "2098-01-15"}, version=1)
    summer = await desk.put(f"/{ticket_id}/next-step", {"text": "Ring the plumber", "on": "2098-07-15"}, version=2)

    assert winter.json()["data"]["nextStep"] == {"text": "Ring the plumber", "dueAt": "2098-01-15T23:59:00Z"}
    assert summer.json()["data"]["nextStep"]["dueAt"] == "2098-07-15T22:59:00Z"


async def test_a_next_step_lies_ahead(desk: Desk):
    ticket_id = await in_triage(desk)
    past = (desk.world.now - timedelta(days=2)).date().isoformat()

    answer = await desk.put(f"/{ticket_id}/next-step", {"text": "Ring the plumber", "on": past}, version=1)

    assert answer.json()["error"]["fields"] == {"on": ["That date has passed. Choose a later one."]}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("question", {"text": " \u200b "}, "text"),
        ("question", {"text": "x" * 2_001}, "text"),
        ("rejection", {"reason": "tenant_duty", "text": ""}, "text"),
        ("rejection", {"reason": "because", "text": "No."}, "reason"),
        ("cancellation", {"reason": "\x00"}, "reason"),
    ],
)
async def test_what_can_t_be_read_is_refused_in_words(desk: Desk, path, body, field):
    ticket_id = await in_triage(desk)

    answer = await desk.post(f"/{ticket_id}/{path}", body, version=1)

    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]
    assert await desk.world.promised(desk.org_id) == []


async def test_a_selection_is_classified_and_says_what_became_of_each(desk: Desk, foreign_desk: Desk):
    good, changed = [await desk.world.ticket(desk.org_id, desk.home) for _ in range(2)]
    done = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.CLOSED)
    theirs = await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home)
    await desk.prioritise(changed, "P1", version=1)
    tickets = [{"id": str(one), "version": 1} for one in (good, changed, done, theirs)]

    answer = await desk.post("/classification", DAMP | {"tickets": tickets})

    outcome = answer.json()["data"]
    refused = {one["ticketId"]: one["refusal"] and one["refusal"]["code"] for one in outcome["items"]}
    assert outcome["done"] == 1
    assert refused == {
        str(good): None,
        str(changed): "changed-meanwhile",
        str(done): "illegal-transition",
        str(theirs): "not-found",
    }
    assert (await desk.get(f"/{good}")).json()["data"]["category"] == "damp_mould"
    assert (await foreign_desk.get(f"/{theirs}")).json()["data"]["category"] == "other"


async def test_a_selection_names_each_ticket_once_and_at_most_a_thousand(desk: Desk):
    one = {"id": str(uuid4()), "version": 1}

    twice = await desk.post("/classification", DAMP | {"tickets": [one, one]})
    many = await desk.post(
        "/classification", DAMP | {"tickets": [{"id": str(uuid4()), "version": 1} for _ in range(1_001)]}
    )

    assert (twice.status_code, twice.json()["error"]["fields"]) == (422, {"tickets": ["Name each ticket once."]})
    assert (many.status_code, many.json()["error"]["fields"]) == (422, {"tickets": ["Give at most 1000."]})


async def test_an_alarm_is_listed_until_somebody_acknowledges_it(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, danger=Danger.GAS_SMELL, priority=Priority.P1)
    await desk.world.ticket(desk.org_id, desk.home)

    (alarm,) = (await desk.get("/dangers")).json()["data"]["items"]
    acknowledged = await desk.http.put(f"/api/v1/tickets/{ticket_id}/danger/acknowledgement", headers=desk.headers)
    again = await desk.http.put(f"/api/v1/tickets/{ticket_id}/danger/acknowledgement", headers=desk.headers)

    assert (alarm["id"], alarm["danger"], alarm["reporterPhone"]) == (str(ticket_id), "gas_smell", "07700 900123")
    assert alarm["property"]["address"] == "14 Ash Grove, Leeds"
    assert (acknowledged.status_code, again.status_code) == (200, 200)
    assert again.json()["data"] == acknowledged.json()["data"]
    assert acknowledged.json()["data"]["dangerAcknowledgedAt"]
    assert (await desk.get("/dangers")).json()["data"]["items"] == []
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["danger_acknowledged"]


async def test_an_alarm_of_another_organisation_is_none_of_ours(desk: Desk, foreign_desk: Desk):
    await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home, danger=Danger.FIRE)

    assert (await desk.get("/dangers")).json()["data"]["items"] == []


async def test_a_ticket_whose_home_is_unknown_shows_its_address_as_written_and_is_linked_to_a_home(desk: Desk):
    lost = await desk.world.ticket(desk.org_id, title="Damp in hall", address_as_written="14 ash grv, leeds")
    await desk.world.ticket(desk.org_id, desk.home)

    (row,) = (await desk.get(home="unknown")).json()["data"]["items"]
    counted = (await desk.get("/counts", home="unknown")).json()["data"]["open"]
    home = {"propertyId": str(desk.home.property_id), "unitId": str(desk.home.unit_id)}
    linked = (await desk.put(f"/{lost}/home", home, version=1)).json()["data"]

    assert (row["property"], row["addressAsWritten"], counted) == (None, "14 ash grv, leeds", 1)
    assert (linked["property"]["address"], linked["nation"]) == ("14 Ash Grove, Leeds", Nation.ENGLAND)
    assert linked["tenancyId"] == str(desk.home.tenancy_id)
    assert linked["addressAsWritten"] == "14 ash grv, leeds"
    assert (await desk.get(home="unknown")).json()["data"]["items"] == []


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("14 Ash Grove", ["LS11 5AB", "LS6 1AA"]),
        ("14 Ash Grove, Bradford", ["LS11 5AB", "LS6 1AA"]),
        ("14 ash grove ls6 1aa", ["LS6 1AA"]),
        ("Top floor, 14 Ash Grove", ["LS11 5AB", "LS6 1AA"]),
        ("Flat 2, Wharf House", ["LS1 2AA"]),
        ("1 Nowhere Street", []),
    ],
)
async def test_homes_that_an_address_may_mean_are_suggested(desk: Desk, written: str, suggested: list[str]):
    await desk.world.home(desk.org_id, postcode="LS11 5AB")
    for number in (1, 2):
        await desk.world.home(desk.org_id, address="Wharf House", label=f"Flat {number}", postcode=f"LS1 {number}AA")
    lost = await desk.world.ticket(desk.org_id, address_as_written=written)

    homes = (await desk.get(f"/{lost}/home-suggestions")).json()["data"]["items"]

    assert sorted(home["property"]["postcode"] for home in homes) == suggested


async def test_no_home_is_suggested_where_it_is_known_nor_one_of_others(desk: Desk, foreign_desk: Desk):
    known = await desk.world.ticket(desk.org_id, desk.home)
    theirs = await foreign_desk.world.ticket(foreign_desk.org_id, address_as_written="14 Ash Grove, Leeds")

    assert (await desk.get(f"/{known}/home-suggestions")).json()["data"]["items"] == []
    assert (await desk.get(f"/{theirs}/home-suggestions")).status_code == 404


@pytest.mark.parametrize("field", ["propertyId", "unitId"])
async def test_a_ticket_is_linked_to_no_home_of_others(desk: Desk, foreign_desk: Desk, field: str):
    lost = await desk.world.ticket(desk.org_id, address_as_written="14 ash grv, leeds")
    home = {"propertyId": str(desk.home.property_id), "unitId": str(desk.home.unit_id)}
    theirs = {"propertyId": str(foreign_desk.home.property_id), "unitId": str(foreign_desk.home.unit_id)}

    foreign = await desk.put(f"/{lost}/home", home | {field: theirs[field]}, version=1)
    unknown = await desk.put(f"/{lost}/home", home | {field: str(uuid4())}, version=1)

    assert (foreign.status_code, foreign.json()["error"]) == (unknown.status_code, unknown.json()["error"])
    assert field in foreign.json()["error"]["fields"]


async def test_who_only_reads_decides_nothing(desk: Desk):
    reader = await desk.beside(BuiltInRole.AUDITOR)
    ticket_id = await in_triage(desk, hazard_class=HazardClass.NONE)

    answers = [
        await reader.put(f"/{ticket_id}/classification", DAMP, version=1),
        await reader.post(f"/{ticket_id}/approval", {}, version=1),
        await reader.post("/classification", DAMP | {"tickets": [{"id": str(ticket_id), "version": 1}]}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (await reader.get(f"/{ticket_id}")).json()["data"]["allowedActions"] == []
    assert await desk.world.count(desk.org_id, MaintenanceTicket) == 1
