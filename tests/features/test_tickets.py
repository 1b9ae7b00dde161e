"""What people do with one ticket."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket
from tests.desk import Desk


async def test_a_reported_repair_gets_the_next_number_and_is_there_to_read(desk: Desk):
    first = await desk.report()
    second = await desk.report(title="Kitchen tap drips")

    assert [answer.json()["data"]["reference"] for answer in (first, second)] == ["T-10001", "T-10002"]
    assert (first.status_code, first.headers["ETag"]) == (201, '"v1"')
    read = await desk.http.get(first.headers["Location"], headers=desk.headers)
    assert read.json()["data"] == first.json()["data"]
    when = ("reportedAt", "updatedAt", "awareAt", "createdAt", "statusSince")
    moments = {name: read.json()["data"][name] for name in when}
    assert len(set(moments.values())) == 1
    assert read.json()["data"] == moments | {
        "id": first.headers["Location"].rpartition("/")[2],
        "reference": "T-10001",
        "title": "Boiler keeps losing pressure",
        "description": "It drops to zero every evening.",
        "status": "new",
        "priority": "P3",
        "category": "other",
        "channel": "staff",
        "nation": "ENG",
        "property": {"id": str(desk.home.property_id), "address": "14 Ash Grove, Leeds", "postcode": "LS6 1AA"},
        "addressAsWritten": None,
        "unitId": str(desk.home.unit_id),
        "unitLabel": "",
        "reporterName": "Aisha Khan",
        "reporter": {
            "id": str(desk.home.tenant_id),
            "name": "Aisha Khan",
            "email": "aisha.khan@example.com",
            "phone": "07700 900123",
        },
        "tenancyId": str(desk.home.tenancy_id),
        "owner": None,
        "trade": None,
        "hazardClass": None,
        "responsibility": None,
        "danger": None,
        "dangerAcknowledgedAt": None,
        "hasAlarm": False,
        "suggestion": None,
        "report": None,
        "nextStep": None,
        "rejection": None,
        "takenBackAt": None,
        "mayLowerHazard": False,
        "externalReference": None,
        "version": 1,
        "allowedActions": [
            "triage",
            "classify",
            "comment",
            "prioritise",
            "assign",
            "plan",
            "link_home",
            "cancel",
        ],
    }


async def test_the_reporter_is_promised_a_message(desk: Desk):
    ticket_id = (await desk.report()).json()["data"]["id"]

    assert await desk.world.promised(desk.org_id) == ["send-email"]
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["message_promised", "reported"]


async def test_a_repair_that_nobody_reported_promises_nothing(desk: Desk):
    answer = await desk.report(reporterId=None, unitId=None)

    assert answer.json()["data"]["reporter"] is None
    assert await desk.world.promised(desk.org_id) == []


@pytest.mark.parametrize("field", ["propertyId", "unitId", "reporterId", "ownerId"])
async def test_what_belongs_to_another_organisation_is_as_unknown_as_what_never_was(
    desk: Desk, foreign_desk: Desk, field: str
):
    theirs = {
        "propertyId": foreign_desk.home.property_id,
        "unitId": foreign_desk.home.unit_id,
        "reporterId": foreign_desk.home.tenant_id,
        "ownerId": foreign_desk.staff.id,
    }

    foreign = await desk.report(**{field: str(theirs[field])})
    unknown = await desk.report(**{field: str(uuid4())})

    assert (foreign.status_code, foreign.json()["error"]) == (unknown.status_code, unknown.json()["error"])
    assert foreign.status_code == 422
    assert field in foreign.json()["error"]["fields"]


async def test_a_home_must_be_in_the_property(desk: Desk):
    elsewhere = await desk.world.home(desk.org_id, address="3 Mill Lane")

    answer = await desk.report(unitId=str(elsewhere.unit_id))

    assert answer.json()["error"]["fields"] == {"unitId": ["Choose a home in this property."]}


async def test_a_refused_report_uses_up_no_number(desk: Desk):
    await desk.report(reporterId=str(uuid4()))

    assert (await desk.report()).json()["data"]["reference"] == "T-10001"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " \u200a\n"}, {"title": ["Say in a few words what is wrong."]}),
        ({"title": "\u200b\u200b"}, {"title": ["Say in a few words what is wrong."]}),
        ({"title": "\U000e0041\uffff"}, {"title": ["Say in a few words what is wrong."]}),
        ({"description": "\x00\x07"}, {"description": ["Describe what is wrong, and where."]}),
        (
            {"description": "x" * 20_001},
            {
                "description": [
                    "The description is longer than 20,000 characters. Shorten it or add the rest as a comment."
                ]
            },
        ),
        (
            {"title": "x" * 161},
            {"title": ["The title is longer than 160 characters. Shorten it; the rest fits in the description."]},
        ),
        ({"priority": "P9"}, {"priority": ["Choose one of: 'P1', 'P2', 'P3' or 'P4'."]}),
        ({"propertyId": "next door"}, {"propertyId": ["This is not an id."]}),
        ({"colour": "red"}, {"colour": ["There is no such field."]}),
    ],
)
async def test_a_report_that_cannot_be_taken_says_what_to_do(desk: Desk, changes: dict, fields: dict):
    answer = await desk.report(**changes)

    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == fields


async def test_what_people_type_is_kept_without_what_nobody_can_read(desk: Desk):
    answer = await desk.report(
        title="Cafe\u0301 heater\tdead \x00☃",
        description="L\x00ine one\r\nline two\x1b[31m \u202eeert\u202c 👩\u200d🔧",
    )

    ticket = answer.json()["data"]
    assert ticket["title"] == "Café heater dead ☃"
    assert ticket["description"] == "Line one\nline two[31m eert\u202c 👩\u200d🔧"


async def test_a_lone_surrogate_is_refused_and_not_an_accident(desk: Desk):
    body = b'{"title": "\\ud800", "description": "x", "propertyId": "%s"}' % str(desk.home.property_id).encode()

    answer = await desk.http.post(
        "/api/v1/tickets", content=body, headers=desk.headers | {"Content-Type": "application/json"}
    )

    assert answer.status_code == 422


async def test_a_ticket_of_another_organisation_is_as_unknown_as_one_that_never_was(desk: Desk, foreign_desk: Desk):
    theirs = await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home)

    for ask in (
        lambda id_: desk.get(f"/{id_}"),
        lambda id_: desk.get(f"/{id_}/timeline"),
        lambda id_: desk.prioritise(id_, "P1", 1),
        lambda id_: desk.assign(id_, desk.staff.id, 1),
        lambda id_: desk.comment(id_, "Mine now"),
    ):
        foreign, unknown = await ask(theirs), await ask(uuid4())
        assert (foreign.status_code, foreign.json()["error"]) == (unknown.status_code, unknown.json()["error"])
        assert foreign.status_code == 404


async def test_a_new_priority_is_told_on_the_timeline_and_in_the_audit_log(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.prioritise(ticket_id, "P1", version=1)

    assert (answer.json()["data"]["priority"], answer.headers["ETag"]) == ("P1", '"v2"')
    (line,) = await desk.story(ticket_id)
    assert line["actor"] == {"id": str(desk.staff.id), "name": "Nia Prosser"}
    assert (line["kind"], line["data"]) == ("priority_changed", {"from": "P3", "to": "P1"})
    async with desk.world.owner.session(desk.org_id) as session:
        actions = list(await session.scalars(select(AuditLog.action).where(AuditLog.subject_id == ticket_id)))
    assert actions == ["TicketPriorityChanged"]


async def test_a_new_owner_is_told_by_name(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    owen = (await desk.beside(name="Owen Baptiste")).staff

    await desk.assign(ticket_id, owen.id, version=1)
    answer = await desk.assign(ticket_id, None, version=2)

    assert answer.json()["data"]["owner"] is None
    assert [(line["data"]["from"], line["data"]["to"]) for line in await desk.story(ticket_id)] == [
        ({"id": str(owen.id), "name": "Owen Baptiste"}, None),
        (None, {"id": str(owen.id), "name": "Owen Baptiste"}),
    ]


async def test_only_a_colleague_who_can_sign_in_gets_a_ticket(desk: Desk, foreign_desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    gone = (await desk.beside()).staff
    await desk.world.disable(gone)

    for nobody in (gone.id, foreign_desk.staff.id, uuid4()):
        answer = await desk.assign(ticket_id, nobody, version=1)
        assert answer.json()["error"]["fields"] == {"ownerId": ["Choose a colleague who can sign in."]}


async def test_the_same_value_again_changes_nothing(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, owner_id=desk.staff.id)

    answers = [await desk.prioritise(ticket_id, "P3", 1), await desk.assign(ticket_id, desk.staff.id, 1)]

    assert [(answer.status_code, answer.headers["ETag"]) for answer in answers] == [(200, '"v1"')] * 2
    assert await desk.story(ticket_id) == []


async def test_whoever_saw_an_older_version_is_shown_the_present_one(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    await desk.prioritise(ticket_id, "P1", version=1)

    answer = await desk.prioritise(ticket_id, "P4", version=1)

    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "changed-meanwhile")
    assert answer.json()["error"]["current"] == (await desk.get(f"/{ticket_id}")).json()["data"]
    assert answer.json()["error"]["current"]["priority"] == "P1"


async def test_a_change_must_say_which_version_it_changes(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.http.put(f"/api/v1/tickets/{ticket_id}/priority", json={"priority": "P1"}, headers=desk.headers)

    assert answer.status_code == 428


@pytest.mark.parametrize("status", ["closed", "rejected", "cancelled", "merged"])
async def test_a_finished_ticket_takes_no_other_priority_or_owner(desk: Desk, status: str):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus(status))
    left = {"merged": [], "rejected": ["triage", "comment"]}.get(status, ["comment"])

    for answer in (await desk.prioritise(ticket_id, "P1", 1), await desk.assign(ticket_id, desk.staff.id, 1)):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")
        assert answer.json()["error"]["allowedActions"] == left
    assert (await desk.get(f"/{ticket_id}")).json()["data"]["allowedActions"] == left


async def test_a_closed_ticket_takes_notes_and_a_merged_one_does_not(desk: Desk):
    closed = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.CLOSED)
    merged = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.MERGED)

    assert (await desk.comment(closed, "It is dripping again.")).status_code == 201
    assert (await desk.comment(merged, "See the other one.")).status_code == 409


async def test_a_note_stands_on_the_timeline_and_its_words_nowhere_else(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.comment(ticket_id, "Tenant works nights; ring after two.\n\nKey at the office.")

    assert answer.json()["data"] == (await desk.story(ticket_id))[0]
    assert answer.json()["data"]["body"] == "Tenant works nights; ring after two.\n\nKey at the office."
    assert answer.json()["data"]["visibility"] == "internal"
    async with desk.world.owner.session(desk.org_id) as session:
        (data,) = await session.scalars(select(AuditLog.data).where(AuditLog.subject_id == ticket_id))
    assert "body" not in data


async def test_internal_notes_are_hidden_from_those_who_may_not_read_them(desk: Desk):
    ticket_id = UUID((await desk.report()).json()["data"]["id"])
    await desk.comment(ticket_id, "Between ourselves.")
    await desk.prioritise(ticket_id, "P2", version=2)

    reads = dict.fromkeys((Permission.TICKETS_READ, Permission.MESSAGES_READ), Scope.ORG)
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="Insurer", stored_grants=reads))

    insurer = await desk.beside("Insurer")

    assert [line["kind"] for line in await desk.story(ticket_id)] == [
        "priority_changed",
        "commented",
        "message_promised",
        "reported",
    ]
    assert [line["kind"] for line in await insurer.story(ticket_id)] == [
        "priority_changed",
        "message_promised",
        "reported",
    ]


async def test_whoever_may_not_read_people_or_messages_sees_the_ticket_without_them(desk: Desk):
    ticket_id = UUID((await desk.report()).json()["data"]["id"])
    reader = Role(org_id=desk.org_id, name="Contractor desk", stored_grants={Permission.TICKETS_READ: Scope.ORG})
    await desk.world.add(desk.org_id, reader)

    outsider = await desk.beside("Contractor desk")

    reporter = (await outsider.get(f"/{ticket_id}")).json()["data"]["reporter"]
    assert (reporter["email"], reporter["phone"]) == (None, None)
    assert [line["kind"] for line in await outsider.story(ticket_id)] == ["reported"]


async def test_a_long_story_is_read_page_by_page_without_gaps(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    for number in range(7):
        await desk.comment(ticket_id, f"Note {number}")

    pages, cursor = [], None
    while True:
        answer = await desk.get(f"/{ticket_id}/timeline", limit=3, **({"cursor": cursor} if cursor else {}))
        pages.append([line["body"] for line in answer.json()["data"]["items"]])
        if (cursor := answer.json()["data"]["nextCursor"]) is None:
            break

    assert pages == [["Note 6", "Note 5", "Note 4"], ["Note 3", "Note 2", "Note 1"], ["Note 0"]]


async def test_who_only_reads_is_offered_nothing_and_can_change_nothing(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    auditor = await desk.beside(BuiltInRole.AUDITOR)

    assert (await auditor.get(f"/{ticket_id}")).json()["data"]["allowedActions"] == []
    for refused in (
        await auditor.report(),
        await auditor.prioritise(ticket_id, "P1", 1),
        await auditor.assign(ticket_id, None, 1),
        await auditor.comment(ticket_id, "Seen."),
    ):
        assert refused.status_code == 403
    assert await desk.world.count(desk.org_id, MaintenanceTicket) == 1
