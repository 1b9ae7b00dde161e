"""What people do with maintenance tickets."""

from collections import Counter
from dataclasses import dataclass, field, replace
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, Reason
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.reports import Report as TenantsReport
from maintainuk.domain.taxonomy import Category, Channel, HazardClass, Priority
from maintainuk.domain.ticket_lifecycle import OPEN, TicketStatus, allowed_actions
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineKind
from maintainuk.infrastructure.reference.picker import answered, in_words
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.properties import Homes
from maintainuk.infrastructure.repositories.reports import Reports
from maintainuk.infrastructure.repositories.ticket_filters import Mark, TicketFilter, TicketPosition, TicketSort, Whose
from maintainuk.infrastructure.repositories.ticket_rows import Facts
from maintainuk.infrastructure.repositories.tickets import Tickets
from maintainuk.infrastructure.repositories.timeline import Timeline
from maintainuk.infrastructure.repositories.users import Users

UNKNOWN = {
    "property_id": Reason("unknown-property"),
    "unit_id": Reason("unknown-unit"),
    "reporter_id": Reason("unknown-reporter"),
    "owner_id": Reason("unknown-owner"),
}
"""The same words for what never was and for what is another organisation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known when a repair is reported."""

    title: str
    description: str
    property_id: UUID
    unit_id: UUID | None = None
    reporter_id: UUID | None = None
    category: Category = Category.OTHER
    priority: Priority = Priority.P3
    owner_id: UUID | None = None


@dataclass(slots=True)
class TicketCounts:
    """How many tickets there are of each sort; `by_priority` counts the open ones, whose priority still matters.

    `alarms` counts everywhere: a report that its tenant took back may still be an emergency.
    """

    open: int = 0
    unassigned: int = 0
    mine: int = 0
    home_unknown: int = 0
    suggestions: int = 0
    alarms: int = 0
    by_status: Counter[str] = field(default_factory=lambda: Counter({status.value: 0 for status in TicketStatus}))
    by_priority: Counter[str] = field(default_factory=lambda: Counter({each.value: 0 for each in Priority}))


class TicketService:
    """What people do with maintenance tickets."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def within(self, permission: Permission) -> Tickets:
        """Return the tickets that the permission reaches. Raises `NotPermitted`."""
        return Tickets(self.work.session, self.work.actor.require(permission))

    async def page(
        self, wanted: TicketFilter, sort: TicketSort, *, after: TicketPosition | None, limit: int
    ) -> list[Facts]:
        """Return up to `limit` tickets in this order, beginning behind `after`."""
        tickets = self.within(Permission.TICKETS_READ)
        if self._may_decide:
            return await tickets.page(self._named(wanted), sort, after=after, limit=limit)
        if wanted.mark is Mark.SUGGESTION:
            return []
        found = await tickets.page(self._named(wanted), sort, after=after, limit=limit)
        return [row | {"suggestion": None} for row in found]

    async def counts(self, wanted: TicketFilter) -> TicketCounts:
        """Count tickets by state, priority and owner; of owners and priorities, only open tickets count."""
        tickets = self.within(Permission.TICKETS_READ)
        counts = TicketCounts()
        if wanted.mark is Mark.SUGGESTION and not self._may_decide:
            return counts
        for status, priority, every, unassigned, mine, suggestions, alarms in await tickets.tally(
            self._named(wanted), self.work.actor.user_id
        ):
            counts.by_status[status] += every
            counts.suggestions += suggestions if self._may_decide else 0
            counts.alarms += alarms
            if status in OPEN:
                counts.open += every
                counts.unassigned += unassigned
                counts.mine += mine
                counts.by_priority[priority] += every
        counts.home_unknown = await tickets.how_many(
            replace(self._named(wanted), is_home_unknown=True, is_open=True, property_id=None)
        )
        return counts

    @property
    def _may_decide(self) -> bool:
        """Whether what an advisor suggests is for this person: nobody else needs to know that one was asked."""
        return self.work.actor.may(Permission.TICKETS_TRIAGE)

    async def _knows(self, reporter: Facts | None) -> bool:
        """Say whether this person may know how to reach who reported: a landlord, as long as they live there."""
        if reporter is None or not self.work.actor.may(Permission.PEOPLE_READ):
            return self.work.actor.may(Permission.PEOPLE_READ)
        within = self.work.actor.require(Permission.PEOPLE_READ)
        return await People(self.work.session, within).is_there(reporter["id"])

    async def read(self, ticket_id: UUID) -> Facts:
        """Return what this person may know of one ticket, and what they may do with it now."""
        facts = await self.within(Permission.TICKETS_READ).one(ticket_id)
        knows_people = await self._knows(facts["reporter"])
        if facts["reporter"] and not knows_people:
            facts["reporter"] |= {"email": None, "phone": None}
        sent = await Reports(self.work.session).behind(ticket_id) if facts["channel"] == Channel.PORTAL else None
        return facts | {
            "suggestion": facts["suggestion"] if self._may_decide else None,
            "report": _told(sent, with_access=knows_people) if sent else None,
            "may_lower_hazard": self.work.actor.may(Permission.HAZARDS_DOWNGRADE),
            "allowed_actions": allowed_actions(
                TicketStatus(facts["status"]),
                self.work.actor,
                hazard_class=HazardClass(facts["hazard_class"] or HazardClass.NONE),
            ),
        }

    async def report(self, report: Report) -> UUID:
        """Take in a repair and give it the next number; its reporter is told once this commits."""
        tickets = self.within(Permission.TICKETS_CREATE)
        if report.owner_id:
            self.work.actor.require(Permission.TICKETS_ASSIGN)
        tenancy_id = await self._tenancy_at(report)
        ticket = MaintenanceTicket(
            org_id=self.work.actor.org_id,
            number=await tickets.next_number(),
            title=report.title,
            description=report.description,
            property_id=report.property_id,
            unit_id=report.unit_id,
            tenancy_id=tenancy_id,
            reporter_id=report.reporter_id or self._own_person(),
            owner_id=report.owner_id,
            category=report.category,
            priority=report.priority,
            status_since=self.work.now,
            reported_at=self.work.now,
            aware_at=self.work.now,
            created_at=self.work.now,
            updated_at=self.work.now,
        )
        ticket.reported()
        self.work.session.add(ticket)
        await self.work.session.flush()
        return ticket.id

    async def prioritise(self, ticket_id: UUID, priority: Priority, *, version: int) -> None:
        """Decide how soon the ticket, as it was at `version`, must be dealt with."""
        ticket = await self.unchanged_since(Permission.TICKETS_UPDATE, ticket_id, version)
        ticket.prioritise(priority, at=self.work.now)
        await self.work.session.flush()

    async def assign(self, ticket_id: UUID, owner_id: UUID | None, *, version: int) -> None:
        """Give the ticket, as it was at `version`, to a colleague who can sign in, or to nobody."""
        ticket = await self.unchanged_since(Permission.TICKETS_ASSIGN, ticket_id, version)
        if owner_id not in {None, ticket.owner_id} and not await Users(self.work.session).is_active(owner_id):
            raise unknown("owner_id")
        ticket.hand_to(owner_id, at=self.work.now)
        await self.work.session.flush()

    async def comment(self, ticket_id: UUID, body: str) -> Facts:
        """Leave a note for colleagues, and return it as the timeline shows it."""
        ticket = await self.within(Permission.TICKETS_UPDATE).locked(ticket_id)
        ticket.comment(body, at=self.work.now)
        await self.work.session.flush()
        ((_, line),) = await Timeline(self.work.session).page(ticket_id, before=None, limit=1)
        return line

    async def story(self, ticket_id: UUID, *, before: int | None, limit: int) -> list[tuple[int, Facts]]:
        """Return up to `limit` lines of the ticket's story, newest first, each with its place."""
        actor = self.work.actor
        await self.within(Permission.TICKETS_READ).require(ticket_id)
        lines = await Timeline(self.work.session).page(
            ticket_id,
            before=before,
            limit=limit,
            with_internal=actor.is_staff,
            with_notes=actor.is_staff and actor.may(Permission.INTERNAL_NOTES_READ),
            with_messages=actor.may(Permission.MESSAGES_READ) and (actor.is_staff or actor.person_id is not None),
        )
        return lines if actor.may(Permission.PEOPLE_READ) else [(at, _without_contact(line)) for at, line in lines]

    def _named(self, wanted: TicketFilter) -> TicketFilter:
        """Return the same question with the person who asks in place of 'mine'."""
        return replace(wanted, owner=self.work.actor.user_id) if wanted.owner is Whose.MINE else wanted

    async def _tenancy_at(self, report: Report) -> UUID | None:
        """Return the present tenancy of the home, having made sure that everything the report names is known."""
        place = await Homes(self.work.session, self.work.actor.require(Permission.TICKETS_CREATE)).place(
            property_id=report.property_id,
            unit_id=report.unit_id,
            reporter_id=report.reporter_id,
            owner_id=report.owner_id,
        )
        missing = [
            name
            for name, given, found in (
                ("property_id", report.property_id, place.has_property),
                ("unit_id", report.unit_id, place.has_unit),
                ("reporter_id", report.reporter_id, place.has_reporter),
                ("owner_id", report.owner_id, place.has_owner),
            )
            if given and not found
        ]
        if missing:
            raise unknown(*missing)
        return place.tenancy_id

    def _own_person(self) -> UUID | None:
        """Return who a tenant is: what they report is theirs, or they would never see it again."""
        is_own = self.work.actor.require(Permission.TICKETS_CREATE).scope is Scope.OWN
        return self.work.actor.person_id if is_own else None

    async def unchanged_since(self, permission: Permission, ticket_id: UUID, version: int) -> MaintenanceTicket:
        """Return the ticket within the permission's reach, held, if it is as it was. Raises `ChangedMeanwhile`."""
        ticket = await self.within(permission).locked(ticket_id)
        if ticket.version != version:
            raise ChangedMeanwhile("ticket-changed-meanwhile")
        return ticket


def _told(report: TenantsReport, *, with_access: bool) -> Facts:
    """Return what a tenant told the portal, in words; when somebody is at home is told to few."""
    room, fault = in_words(report.room, report.fault)
    access = {
        "may_enter_alone": report.may_enter_alone,
        "notes": report.access_notes,
        "good_times": report.times,
    }
    return {
        "language": report.language,
        "room": room,
        "fault": fault,
        "answers": [
            {"question": question, "answer": answer}
            for question, answer in answered(report.fault, report.answers).items()
        ],
        "sounds_like": report.sounds_like,
        "access": access if with_access else None,
    }


def unknown(*names: str) -> Invalid:
    """Return the refusal of details that lead nowhere."""
    return Invalid(fields={name: UNKNOWN[name] for name in names})


def _without_contact(line: Facts) -> Facts:
    return line | {"body": None} if line["kind"] == TimelineKind.CONTACT_LEFT else line
