"""A year of the demo organisations' life: homes let, repairs reported, looked at and done."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.london import LONDON
from maintainuk.domain.messaging import Message, MessageChannel, MessageStatus, MessageTemplate
from maintainuk.domain.organisations import OrganisationKind, ReferenceCounter
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.taxonomy import Channel, Priority
from maintainuk.domain.ticket_lifecycle import OPEN, TicketStatus
from maintainuk.domain.tickets import FIRST_TICKET_NUMBER, MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility
from maintainuk.infrastructure.demo.homes import LETTINGS, SOCIAL, buildings
from maintainuk.infrastructure.demo.people import DemoOrganisation, tenant_name
from maintainuk.infrastructure.demo.repairs import NOTES, REPAIRS, Repair

Rows = dict[type[Entity], list[dict[str, Any]]]

VACANT_SHARE = 0.04
SHARED_SHARE = 0.45
WITHOUT_EMAIL_SHARE = 0.06
DRAMA_MOBILES = 1_000
STATUSES = {
    # days since the report: how tickets of that age stand
    1: {TicketStatus.NEW: 12, TicketStatus.TRIAGE: 5, TicketStatus.IN_PROGRESS: 2},
    4: {TicketStatus.TRIAGE: 5, TicketStatus.AWAITING_INFO: 3, TicketStatus.APPROVED: 3, TicketStatus.IN_PROGRESS: 6},
    21: {
        TicketStatus.IN_PROGRESS: 8,
        TicketStatus.AWAITING_APPROVAL: 3,
        TicketStatus.ON_HOLD: 3,
        TicketStatus.RESOLVED: 5,
        TicketStatus.CLOSED: 14,
    },
    366: {TicketStatus.CLOSED: 60, TicketStatus.CANCELLED: 3, TicketStatus.REJECTED: 2, TicketStatus.ON_HOLD: 1},
}
OFFICE_OPENS, OFFICE_CLOSES = time(8, 30), time(18)
SATURDAY = 5
TODAY_SHARE, LAST_DAYS_SHARE, LAST_WEEKS_SHARE = 0.035, 0.07, 0.18


def portfolio(organisation: DemoOrganisation, chance: Random, now: datetime) -> Rows:
    """Return the rows of the homes and of the people in them."""
    districts = SOCIAL if organisation.kind is OrganisationKind.HOUSING_ASSOCIATION else LETTINGS
    rows: Rows = {entity: [] for entity in (Property, Unit, Person, Tenancy, TenancyMember)}
    mobile = count(chance.randrange(DRAMA_MOBILES))
    owned = {"org_id": organisation.id}
    for building in buildings(districts, organisation.homes, chance):
        property_id = new_id()
        rows[Property].append(
            owned
            | {
                "id": property_id,
                "kind": building.kind,
                "address_line": building.address_line,
                "town": building.district.town,
                "postcode": building.postcode,
                "nation": building.district.nation,
                "uprn": None,
            }
        )
        for label in building.labels:
            unit_id = new_id()
            rows[Unit].append(owned | {"id": unit_id, "property_id": property_id, "label": label})
            if chance.random() > VACANT_SHARE:
                _let(rows, owned, unit_id, chance, now, mobile)
    return rows


def _let(  # noqa: PLR0913  (one tenancy and all it is made of)
    rows: Rows, owned: dict[str, UUID], unit_id: UUID, chance: Random, now: datetime, mobile: Iterator[int]
) -> None:
    tenancy_id = new_id()
    started = now.date() - timedelta(days=chance.randint(20, 2_600))
    rows[Tenancy].append(owned | {"id": tenancy_id, "unit_id": unit_id, "started_on": started, "ended_on": None})
    for place in range(2 if chance.random() < SHARED_SHARE else 1):
        person_id, name, number = new_id(), tenant_name(chance), next(mobile)
        address = f"{_ascii(name)}.{number}@example.com"
        rows[Person].append(
            owned
            | {
                "id": person_id,
                "name": name,
                "email": None if chance.random() < WITHOUT_EMAIL_SHARE else address,
                "phone": f"07700 900{number % DRAMA_MOBILES:03d}",
                "language": "en",
            }
        )
        rows[TenancyMember].append(
            owned | {"id": new_id(), "tenancy_id": tenancy_id, "person_id": person_id, "is_lead": place == 0}
        )


def _ascii(name: str) -> str:
    plain = name.lower().translate(str.maketrans("áàäéèíìóòöúùüńśşıłżź", "aaaeeiiooouuunssilzz"))
    return "".join(letter if letter.isascii() and letter.isalpha() else "." for letter in plain)


def repairs(organisation: DemoOrganisation, staff: list[UUID], homes: Rows, chance: Random, now: datetime) -> Rows:
    """Return the rows of a year of tickets, oldest first, with their stories."""
    rows: Rows = {entity: [] for entity in (MaintenanceTicket, Message, TimelineEvent, ReferenceCounter)}
    property_of = {unit["id"]: unit["property_id"] for unit in homes[Unit]}
    leads = {member["tenancy_id"]: member["person_id"] for member in homes[TenancyMember] if member["is_lead"]}
    writable = {person["id"] for person in homes[Person] if person["email"]}
    moments = sorted(moment_of_a_report(chance, now) for _ in range(organisation.tickets))
    for number, reported_at in enumerate(moments, FIRST_TICKET_NUMBER):
        tenancy = chance.choice(homes[Tenancy])
        repair = chance.choices(REPAIRS, [repair.weight for repair in REPAIRS])[0]
        ticket = _ticket(repair, reported_at, staff, chance, now) | {
            "org_id": organisation.id,
            "number": number,
            "unit_id": tenancy["unit_id"],
            "property_id": property_of[tenancy["unit_id"]],
            "tenancy_id": tenancy["id"],
            "reporter_id": leads[tenancy["id"]],
        }
        rows[MaintenanceTicket].append(ticket)
        _tell(rows, ticket, repair, staff, chance, now, can_be_written_to=ticket["reporter_id"] in writable)
    rows[TimelineEvent].sort(key=lambda line: line["occurred_at"])
    rows[ReferenceCounter].append(
        {"org_id": organisation.id, "id": new_id(), "kind": "ticket", "last": FIRST_TICKET_NUMBER + len(moments) - 1}
    )
    return rows


def moment_of_a_report(chance: Random, now: datetime) -> datetime:
    """Return when somebody reported: a burst this morning, much of it lately, the rest over a year."""
    draw = chance.random()
    if draw < TODAY_SHARE:
        return now - timedelta(minutes=chance.uniform(2, 200))
    draw -= TODAY_SHARE
    first, last = (
        (0.2, 4) if draw < LAST_DAYS_SHARE else (4, 21) if draw < LAST_DAYS_SHARE + LAST_WEEKS_SHARE else (21, 360)
    )
    day = now - timedelta(days=chance.uniform(first, last))
    return min(day.replace(hour=int(chance.triangular(6, 23, 9))), now - timedelta(minutes=chance.uniform(5, 300)))


def at_the_office(at: datetime, chance: Random) -> datetime:
    """Return `at` if somebody is at the office then, otherwise a moment in the first two hours after it opens."""
    there = at.astimezone(LONDON)
    if there.weekday() < SATURDAY and OFFICE_OPENS <= there.time() < OFFICE_CLOSES:
        return at
    day = there.date() + timedelta(days=there.time() >= OFFICE_CLOSES)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    opens = datetime.combine(day, OFFICE_OPENS, LONDON).astimezone(at.tzinfo)
    return opens + timedelta(minutes=chance.uniform(2, 120))


def _ticket(repair: Repair, reported_at: datetime, staff: list[UUID], chance: Random, now: datetime) -> dict[str, Any]:
    age = max((now - reported_at).total_seconds() / 86_400, 0)
    standing = next(table for days, table in STATUSES.items() if age < days)
    status = chance.choices(list(standing), list(standing.values()))[0]
    is_new = status is TicketStatus.NEW
    moved = reported_at + (now - reported_at) * chance.uniform(0.1, 0.9)
    if status not in OPEN:
        moved = min(reported_at + timedelta(days=chance.triangular(0.5, 28, 5)), now)
    return {
        "id": new_id(),
        "title": repair.title,
        "description": repair.description,
        "category": repair.category,
        "priority": repair.priority,
        "status": status,
        "channel": chance.choices([Channel.PORTAL, Channel.PHONE, Channel.EMAIL, Channel.STAFF], [6, 5, 3, 1])[0],
        "owner_id": None if is_new and chance.random() < 0.8 else chance.choice(staff[:3]),  # noqa: PLR2004
        "reported_at": reported_at,
        "aware_at": reported_at,
        "created_at": reported_at,
        "status_since": reported_at if is_new else moved,
        "updated_at": reported_at if is_new else moved,
        "version": 1,
    }


def _tell(  # noqa: PLR0913  (a story needs all its facts)
    rows: Rows,
    ticket: dict[str, Any],
    repair: Repair,
    staff: list[UUID],
    chance: Random,
    now: datetime,
    *,
    can_be_written_to: bool,
) -> None:
    owned = {"org_id": ticket["org_id"], "ticket_id": ticket["id"]}

    def line(kind: TimelineKind, at: datetime, actor: UUID | None = None, body: str | None = None, **data: Any) -> None:  # noqa: ANN401
        shown = kind in {TimelineKind.REPORTED, TimelineKind.MESSAGE_PROMISED, TimelineKind.MESSAGE_SENT}
        rows[TimelineEvent].append(
            owned
            | {
                "id": new_id(),
                "kind": kind,
                "actor_id": actor,
                "body": body,
                "data": data,
                "visibility": Visibility.TENANT if shown else Visibility.INTERNAL,
                "occurred_at": min(at, now),
            }
        )

    reported, owner = ticket["reported_at"], ticket["owner_id"]
    line(TimelineKind.REPORTED, reported)
    if can_be_written_to:
        message = owned | {
            "id": new_id(),
            "recipient_id": ticket["reporter_id"],
            "channel": MessageChannel.EMAIL,
            "template": MessageTemplate.TICKET_ACKNOWLEDGEMENT,
            "status": MessageStatus.SENT,
            "created_at": reported,
            "sent_at": reported + timedelta(seconds=2),
            "provider": "mailbox",
        }
        rows[Message].append(message)
        told = {"messageId": str(message["id"]), "channel": "email", "template": message["template"].value}
        line(TimelineKind.MESSAGE_PROMISED, reported, **told)
        line(TimelineKind.MESSAGE_SENT, reported + timedelta(seconds=2), **told)
    if owner:
        called = reported + timedelta(minutes=chance.uniform(4, 90))
        taken = at_the_office(called, chance)
        if taken > now:  # whoever is on call takes what can't wait until the office opens
            taken = called
        line(TimelineKind.OWNER_CHANGED, taken, chance.choice(staff[:3]), **{"from": None, "to": str(owner)})
        if chance.random() < 0.25:  # noqa: PLR2004
            before = chance.choice([other for other in Priority if other is not repair.priority])
            told = {"from": before.value, "to": repair.priority.value}
            line(TimelineKind.PRIORITY_CHANGED, taken + timedelta(minutes=3), owner, **told)
        for note in chance.sample(NOTES, chance.choice((0, 0, 1, 1, 2, 3))):
            taken += (max(ticket["updated_at"], taken) - taken) * chance.uniform(0.3, 1)
            written = at_the_office(taken, chance)
            if written <= now:
                line(TimelineKind.COMMENTED, written, chance.choice((owner, staff[0])), note)
