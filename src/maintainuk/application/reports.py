"""What tenants do without an account: report a repair, follow it, add to it, take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from maintainuk.application.links import LinkService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.ai import ReportInWords
from maintainuk.domain.clocks import answer_due, end_of_working_day
from maintainuk.domain.emergencies import Danger, Heard
from maintainuk.domain.errors import Invalid, Reason, SubmissionKeyReused
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.ports import DangerListener
from maintainuk.domain.reports import Report
from maintainuk.domain.taxonomy import Category, Channel, HazardClass, Priority, Trade
from maintainuk.domain.ticket_lifecycle import LIFECYCLE, TicketAction, TicketStatus
from maintainuk.domain.tickets import LONGEST_TITLE, MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.values import line
from maintainuk.infrastructure.reference.dangers import dangers
from maintainuk.infrastructure.reference.picker import Fault, Question, answered, rooms
from maintainuk.infrastructure.repositories.reports import Landlord, ReportPlace, Reports
from maintainuk.infrastructure.repositories.tickets import Tickets

DANGER_CATEGORIES: Mapping[Danger, tuple[Category, Trade | None]] = {
    Danger.GAS_SMELL: (Category.GAS, Trade.GAS_ENGINEER),
    Danger.CO_ALARM: (Category.GAS, Trade.GAS_ENGINEER),
    Danger.FIRE: (Category.FIRE_SAFETY, Trade.FIRE_SAFETY),
    Danger.FLOODING: (Category.PLUMBING_LEAKS, Trade.PLUMBER),
    Danger.NO_POWER: (Category.ELECTRICAL, Trade.ELECTRICIAN),
    Danger.PERSON_STUCK: (Category.COMMUNAL_LIFTS_ENTRY, Trade.LIFT_ENGINEER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How the reporter can be reached; each part may be missing."""

    name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What a phone sends: checked for shape, not yet for sense."""

    submission_key: UUID
    danger: Danger | None
    room: str | None
    fault: str | None
    answers: Mapping[str, str]
    description: str
    may_enter_alone: bool | None
    access_notes: str | None
    good_times: list[str]
    contact: Contact | None
    language: str


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that has arrived."""

    ticket: MaintenanceTicket
    status_secret: str
    landlord: Landlord
    sounds_like: Danger | None
    """The danger that its words tell of, though nobody said that it is one."""


class Stage(StrEnum):
    """Where a repair is, in the tenant's eyes."""

    RECEIVED = "received"
    BEING_LOOKED_AT = "being_looked_at"
    WAITING_FOR_YOU = "waiting_for_you"
    WAITING_FOR_LANDLORD = "waiting_for_landlord"
    APPROVED = "approved"
    BEING_DONE = "being_done"
    ON_HOLD = "on_hold"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    MERGED = "merged"


STAGES: Mapping[TicketStatus, Stage] = {
    TicketStatus.DRAFT: Stage.RECEIVED,
    TicketStatus.NEW: Stage.RECEIVED,
    TicketStatus.TRIAGE: Stage.BEING_LOOKED_AT,
    TicketStatus.AWAITING_INFO: Stage.WAITING_FOR_YOU,
    TicketStatus.AWAITING_APPROVAL: Stage.WAITING_FOR_LANDLORD,
    TicketStatus.APPROVED: Stage.APPROVED,
    TicketStatus.IN_PROGRESS: Stage.BEING_DONE,
    TicketStatus.ON_HOLD: Stage.ON_HOLD,
    TicketStatus.RESOLVED: Stage.DONE,
    TicketStatus.CLOSED: Stage.CLOSED,
    TicketStatus.REJECTED: Stage.REJECTED,
    TicketStatus.CANCELLED: Stage.CANCELLED,
    TicketStatus.MERGED: Stage.MERGED,
}


@dataclass(frozen=True, slots=True)
class ReportStory:
    """All that the bearer of a status link may see."""

    ticket: MaintenanceTicket
    stage: Stage
    due_at: datetime | None
    """By when the next step of this stage is promised; past when it is late."""
    words: list[TimelineEvent]
    question: TimelineEvent | None
    sounds_like: Danger | None
    can_write: bool
    is_own: bool
    """Whether the words are the tenant's own, and not what staff noted."""
    rescuer: str | None
    """Who looks after a danger, by name."""
    can_cancel: bool
    landlord: Landlord
    nation: Nation


class ReportService:
    """What the bearer of one link does."""

    def __init__(self, work: UnitOfWork, link: Link, links: LinkService, listener: DangerListener) -> None:
        self.work = work
        self.link = link
        self.links = links
        self.listener = listener
        self.reports = Reports(work.session)

    async def place(self) -> tuple[ReportPlace | None, Landlord]:
        """Return the home that the link is for, or where its person lives; nobody's name is in it."""
        landlord = await self.reports.landlord(self.link.org_id)
        subject = self.link.subject_id
        if self.link.purpose is LinkPurpose.VISIT:
            home = await self.reports.home_of(subject)
            return (await self.reports.place(home) if home else None), landlord
        return await self.reports.place(subject), landlord

    async def send(self, new: NewReport) -> SentReport:
        """Take in a report: one ticket for each submission key, however often it is sent. Raises `Invalid`."""
        place, landlord = await self.place()
        await self.reports.take_turn(new.submission_key)
        if (known := await self.reports.sent_as(new.submission_key)) is not None:
            report, ticket = known
            if not (self._is_from_here(report) and _says_the_same(report, ticket, new)):
                raise SubmissionKeyReused
            return SentReport(ticket, await self._status_secret(ticket.id), landlord, report.sounds_like)
        if place is None:
            raise Invalid("no-home-any-more")
        fault = _fault(new.room, new.fault)
        if new.danger is None and not new.description and fault is None:
            raise Invalid(fields={"description": Reason("description-empty")})
        # Before the ticket takes its number: the counter keeps the whole organisation waiting until this commits.
        heard = None if new.danger else await self.listener.hears(_in_words(new, fault, place.home.nation))
        reporter = await self._reporter(place.tenancy_id, new.contact)
        ticket = await self._ticket(new, place, fault, reporter.id if reporter else None)
        if reporter and new.contact:
            await self._learn(ticket, reporter, new.contact)
        report = Report(
            org_id=self.link.org_id,
            ticket_id=ticket.id,
            submission_key=new.submission_key,
            link_id=self.link.id,
            danger=new.danger,
            room=new.room,
            fault=new.fault,
            answers=dict(new.answers),
            may_enter_alone=new.may_enter_alone,
            access_notes=new.access_notes,
            good_times={"times": new.good_times},
            language=new.language,
            submitted_at=self.work.now,
        )
        self.work.session.add(report)
        _alarm(ticket, report, heard, self.work.now)
        await self.work.session.flush()
        return SentReport(ticket, await self._status_secret(ticket.id), landlord, report.sounds_like)

    async def knows(self, submission_key: UUID) -> bool:
        """Say whether a report with this key has arrived."""
        return await self.reports.sent_as(submission_key) is not None

    def _is_from_here(self, report: Report) -> bool:
        """Say whether a report came through this link; a visit has another one each time."""
        return self.link.purpose is LinkPurpose.VISIT or report.link_id == self.link.id

    async def story(self) -> ReportStory:
        """Return what has become of the link's report."""
        ticket = await self.reports.ticket(self.link.subject_id)
        report = await self.reports.behind(ticket.id)
        landlord = await self.reports.landlord(self.link.org_id)
        place = await self.reports.place(ticket.unit_id or ticket.property_id) if ticket.property_id else None
        nation = place.home.nation if place else landlord.organisation.nation
        words = await self.reports.said(ticket.id)
        asked = [one for one in words if one.kind is TimelineKind.TENANT_ASKED]
        stage = STAGES[ticket.status]
        return ReportStory(
            ticket=ticket,
            stage=stage,
            due_at=_due(ticket, stage, nation),
            words=words,
            question=asked[-1] if asked and ticket.status is TicketStatus.AWAITING_INFO else None,
            sounds_like=report.sounds_like if report and _is_undecided(ticket) else None,
            is_own=report is not None,
            can_write=ticket.hears_tenant(self.work.now),
            rescuer=await self.reports.name_of_user(ticket.danger_acknowledged_by),
            can_cancel=TicketAction.CANCEL in LIFECYCLE.allowed(ticket.status),
            landlord=landlord,
            nation=nation,
        )

    async def add_words(self, words: str) -> None:
        """Add words to the report; they answer the question when one was asked."""
        heard = await self.listener.hears(ReportInWords(title="", description=words, answers={}))
        ticket = await self.reports.ticket(self.link.subject_id, locked=True)
        ticket.tenant_wrote(words, at=self.work.now)
        _alarm(ticket, await self.reports.behind(ticket.id), heard, self.work.now)
        await self.work.session.flush()

    async def endanger(self, danger: Danger) -> None:
        """Say that somebody is in danger now."""
        ticket = await self.reports.ticket(self.link.subject_id, locked=True)
        ticket.endangered(danger, at=self.work.now)
        await self.work.session.flush()

    async def leave_contact(self, contact: Contact) -> None:
        """Say how the reporter can be reached. What is known stays; what contradicts it is told to staff as words."""
        ticket = await self.reports.ticket(self.link.subject_id, locked=True)
        if ticket.reporter_id is None:
            place = await self.reports.place(ticket.unit_id or ticket.property_id) if ticket.property_id else None
            reporter = await self._reporter(place.tenancy_id if place else None, contact)
            if reporter is not None:
                ticket.reported_by(reporter.id, at=self.work.now)
        else:
            reporter = await self.reports.person(ticket.reporter_id)
        if reporter is not None:
            await self._learn(ticket, reporter, contact)
        await self.work.session.flush()

    async def cancel(self, why: str) -> None:
        """Take the report back."""
        ticket = await self.reports.ticket(self.link.subject_id, locked=True)
        ticket.cancel(why, by_tenant=True, at=self.work.now)
        await self.work.session.flush()

    async def own(self) -> list[tuple[MaintenanceTicket, Stage, str]]:
        """Return what the visit's person has reported, newest first, each with the secret of its status link."""
        tickets = await self.reports.of_person(self.link.subject_id)
        return [(ticket, STAGES[ticket.status], await self._status_secret(ticket.id)) for ticket in tickets]

    async def _status_secret(self, ticket_id: UUID) -> str:
        return await self.links.secret_for(self.link.org_id, LinkPurpose.STATUS, ticket_id, self.work.now)

    async def _reporter(self, tenancy_id: UUID | None, contact: Contact | None) -> Person | None:
        """Return who reports: the visit's person, a member of the tenancy, or somebody new who left a way back."""
        if self.link.purpose is LinkPurpose.VISIT:
            return await self.reports.person(self.link.subject_id)
        if contact is None or not (contact.email or contact.phone):
            return None
        known = await self.reports.member(tenancy_id, email=contact.email, phone=contact.phone)
        if known is not None:
            return known
        person = Person(
            org_id=self.link.org_id,
            name=contact.name or "",
            email=contact.email.lower() if contact.email else None,
            phone=contact.phone,
        )
        self.work.session.add(person)
        return person

    async def _learn(self, ticket: MaintenanceTicket, reporter: Person, contact: Contact) -> None:
        """Take in how the reporter can be reached.

        A tenant's file is not changed by whoever holds a poster or the link to one report: letters that open doors
        go to the addresses in it. What is new about a tenant is told to staff as words.
        """
        new = reporter.missing(email=contact.email, phone=contact.phone)
        if new and not await self.reports.is_tenant(reporter.id):
            reporter.reached_by(**new)
            ticket.contact_left(at=self.work.now)
            new = {}
        told = [*new.values(), *reporter.contradicted_by(email=contact.email, phone=contact.phone)]
        if told:
            ticket.contact_left("\n".join(told), at=self.work.now)

    async def _ticket(
        self, new: NewReport, place: ReportPlace, fault: Fault | None, reporter_id: UUID | None
    ) -> MaintenanceTicket:
        category, trade = (fault.category, fault.trade) if fault else (Category.OTHER, None)
        priority = fault.priority if fault else Priority.P3
        if new.danger:
            category, trade = DANGER_CATEGORIES[new.danger]
            priority = Priority.P1
        ticket = MaintenanceTicket(
            org_id=self.link.org_id,
            number=await Tickets(self.work.session, WHOLE_ORGANISATION).next_number(),
            title=_title(new, fault, place.home.nation),
            description=_description(new, fault),
            property_id=place.home.id,
            unit_id=place.unit.id if place.unit else None,
            tenancy_id=place.tenancy_id,
            reporter_id=reporter_id,
            category=category,
            trade=trade,
            priority=priority,
            hazard_class=HazardClass.POTENTIAL_EMERGENCY if new.danger else None,
            danger=new.danger,
            channel=Channel.PORTAL,
            status_since=self.work.now,
            reported_at=self.work.now,
            aware_at=self.work.now,
            created_at=self.work.now,
            updated_at=self.work.now,
        )
        ticket.reported()
        self.work.session.add(ticket)
        await self.work.session.flush()
        return ticket


def _fault(room: str | None, fault: str | None) -> Fault | None:
    return next((one for place in rooms() if place.key == room for one in place.faults if one.key == fault), None)


def _in_words(new: NewReport, fault: Fault | None, nation: Nation) -> ReportInWords:
    answers = answered(new.fault, new.answers)
    return ReportInWords(title=_title(new, fault, nation), description=new.description, answers=answers)


def _alarm(ticket: MaintenanceTicket, report: Report | None, heard: Heard | None, now: datetime) -> None:
    """Raise the alarm when the words sounded dangerous; a danger that there is advice for is asked about."""
    if ticket.is_in_danger or heard is None:
        return
    ticket.heard(heard.hazard_class, at=now)
    if report is not None and heard.danger:
        report.sounds_like = heard.danger


def _is_undecided(ticket: MaintenanceTicket) -> bool:
    """Say whether the alarm that words have raised still stands, and nobody has said that it is one or none."""
    return ticket.has_alarm and ticket.is_open and not ticket.is_in_danger


def _says_the_same(report: Report, ticket: MaintenanceTicket, new: NewReport) -> bool:
    kept = (report.danger, report.room, report.fault, report.answers, report.may_enter_alone, report.access_notes)
    sent = (new.danger, new.room, new.fault, dict(new.answers), new.may_enter_alone, new.access_notes)
    said = _description(new, _fault(new.room, new.fault))
    return (*kept, report.good_times, ticket.description) == (*sent, {"times": new.good_times}, said)


def _title(new: NewReport, fault: Fault | None, nation: Nation) -> str:
    if new.danger:
        return next(one.question for one in dangers(nation) if one.key is new.danger)
    if fault:
        return fault.name
    return line(new.description)[:LONGEST_TITLE]


def _description(new: NewReport, fault: Fault | None) -> str:
    """Return the tenant's own words first, then what they answered, question by question."""
    parts = [new.description] if new.description else []
    if fault:
        asked = {question.key: question for question in fault.questions}
        told = [(asked[key], answer) for key, answer in new.answers.items() if key in asked]
        parts.append("\n".join(f"{question.text} {_answer(question, answer)}" for question, answer in told))
    return "\n\n".join(part for part in parts if part) or _title(new, fault, Nation.ENGLAND)


def _answer(question: Question, answer: str) -> str:
    return next((option.text for option in question.options if option.key == answer), answer)


def _due(ticket: MaintenanceTicket, stage: Stage, nation: Nation) -> datetime | None:
    match stage:
        case Stage.RECEIVED | Stage.BEING_LOOKED_AT:
            return answer_due(ticket.priority, ticket.reported_at, nation)
        case Stage.APPROVED:
            return end_of_working_day(ticket.status_since, 2, nation)
        case _:
            return None
