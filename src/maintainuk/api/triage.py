"""Triage over HTTP: what a coordinator decides about a ticket."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import AfterValidator, Field, TypeAdapter

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.preconditions import IfMatch
from maintainuk.api.properties import HOMES, HomeList
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.api.ticket_views import Id, TicketProperty, TicketView, changed, shown
from maintainuk.api.wording import REFUSALS, in_words, mistake
from maintainuk.application.properties import HomeService
from maintainuk.application.tickets import TicketService
from maintainuk.application.triage import Outcome, TriageService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.errors import DomainError, Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.taxonomy import Category, Classification, HazardClass, Priority, Responsibility, Trade
from maintainuk.domain.ticket_events import RejectionReason
from maintainuk.domain.values import line, prose

router = Router(prefix="/api/v1/tickets", tags=["triage"])

LONGEST_LETTER = 2_000
LONGEST_STEP = 300
MOST_AT_ONCE = 1_000

Reading = Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]
Triaging = Annotated[UnitOfWork, permitted(Permission.TICKETS_TRIAGE)]
Rejecting = Annotated[UnitOfWork, permitted(Permission.TICKETS_REJECT)]
Cancelling = Annotated[UnitOfWork, permitted(Permission.TICKETS_CANCEL)]
Updating = Annotated[UnitOfWork, permitted(Permission.TICKETS_UPDATE)]


class NewClassification(Input):
    """What it is, who mends it, how soon, how dangerous and whose duty: always all of it."""

    category: Category
    trade: Trade | None
    priority: Priority
    hazard_class: HazardClass
    responsibility: Responsibility

    def settled(self) -> Classification:
        """Return it as the domain knows it."""
        return Classification(
            category=self.category,
            trade=self.trade,
            priority=self.priority,
            hazard_class=self.hazard_class,
            responsibility=self.responsibility,
        )


def _why_lowered(text: str | None) -> str | None:
    why = prose(text or "")
    if len(why) > LONGEST_LETTER:
        raise mistake(Reason("hazard-reason-too-long", longest=LONGEST_LETTER))
    return why or None


class ReasonedClassification(NewClassification):
    """The classification of one ticket; `loweredBecause` says why, where its hazard goes down."""

    lowered_because: Annotated[str | None, AfterValidator(_why_lowered)] = None


class SeenTicket(Input):
    """A ticket of a selection, with the version that was seen."""

    id: UUID
    version: int = Field(ge=1)


def _each_once(tickets: list[SeenTicket]) -> list[SeenTicket]:
    if len({ticket.id for ticket in tickets}) < len(tickets):
        raise mistake(Reason("ticket-named-twice"))
    return tickets


Selection = Annotated[list[SeenTicket], Field(min_length=1, max_length=MOST_AT_ONCE), AfterValidator(_each_once)]


class SelectionClassification(NewClassification):
    """One classification for a selection of tickets."""

    tickets: Selection


class NewQuestion(Input):
    """What the organisation needs to know; the tenant reads it as it stands here."""

    text: Annotated[
        str,
        typed(
            prose,
            LONGEST_LETTER,
            empty=Reason("question-empty"),
            long=Reason("question-too-long", longest=LONGEST_LETTER),
        ),
    ]


class NewRejection(Input):
    """Why the report leads to no repair; the tenant reads the words as they stand here."""

    reason: RejectionReason
    text: Annotated[
        str,
        typed(
            prose,
            LONGEST_LETTER,
            empty=Reason("explanation-empty"),
            long=Reason("explanation-too-long", longest=LONGEST_LETTER),
        ),
    ]


class NewCancellation(Input):
    """Why the repair is no longer wanted."""

    reason: Annotated[
        str,
        typed(
            prose,
            LONGEST_LETTER,
            empty=Reason("cancellation-empty"),
            long=Reason("cancellation-too-long", longest=LONGEST_LETTER),
        ),
    ]


class NewNextStep(Input):
    """What happens next, and on which day at the latest."""

    text: Annotated[
        str,
        typed(
            line,
            LONGEST_STEP,
            empty=Reason("next-step-empty"),
            long=Reason("next-step-too-long", longest=LONGEST_STEP),
        ),
    ]
    on: date


class NewHome(Input):
    """The home behind an address that was only written down; without a unit, the building as a whole."""

    property_id: UUID
    unit_id: UUID | None = None


class TicketRefusal(View):
    """Why one ticket of a selection was left as it is, for a program and for a person."""

    code: str
    message: str


class TicketOutcome(View):
    """What became of one ticket of a selection; without a refusal, it was done."""

    ticket_id: UUID
    refusal: TicketRefusal | None


class SelectionOutcome(View):
    """What became of a selection, ticket by ticket."""

    done: int
    items: list[TicketOutcome]


class DangerAlert(View):
    """An alarm that nobody has acknowledged; the number to call back is empty for a reader without `people:read`."""

    id: Id
    reference: str
    title: str
    danger: Danger
    property: TicketProperty | None
    address_as_written: str | None
    unit_label: str | None
    reporter_name: str | None
    reporter_phone: str | None
    reported_at: datetime
    taken_back_at: datetime | None = Field(description="When the tenant took the report back; the alarm stays.")
    version: int


class DangerAlertList(View):
    """The dangers that nobody has acknowledged, the one that waits longest first: at most 50 of the `waiting` ones.

    `hazards` counts the tickets on which the product raised an emergency, and at which nobody has looked.
    """

    items: list[DangerAlert]
    waiting: int
    hazards: int


ALERTS = TypeAdapter(list[DangerAlert])


@router.get("/dangers")
async def list_danger_alerts(work: Reading) -> ApiResponse[DangerAlertList]:
    """List the alarms that nobody has acknowledged yet."""
    dangers, waiting, hazards = await TriageService(work).dangers()
    items = ALERTS.validate_python(dangers)
    return ApiResponse(data=DangerAlertList(items=items, waiting=waiting, hazards=hazards))


@router.post("/classification")
async def classify_selection(new: SelectionClassification, work: Triaging) -> ApiResponse[SelectionOutcome]:
    """Classify a selection alike. Tickets that changed meanwhile or no longer allow it are named and left alone."""
    seen = {ticket.id: ticket.version for ticket in new.tickets}
    return ApiResponse(data=told(await TriageService(work).classify_all(seen, new.settled())))


def told(outcomes: Sequence[Outcome]) -> SelectionOutcome:
    """Return what became of a selection as the API says it."""
    items = [
        TicketOutcome(
            ticket_id=each.ticket_id,
            refusal=_refusal(each.refusal) if each.refusal else None,
        )
        for each in outcomes
    ]
    return SelectionOutcome(done=sum(item.refusal is None for item in items), items=items)


def _refusal(refusal: DomainError) -> TicketRefusal:
    return TicketRefusal(code=refusal.code, message=in_words(refusal.reason, REFUSALS))


@router.put("/{ticket_id}/triage")
async def begin_triage(
    ticket_id: UUID, version: IfMatch, response: Response, work: Triaging
) -> ApiResponse[TicketView]:
    """Begin to look at a report; a ticket of nobody becomes yours."""
    begin = TriageService(work).look_at(ticket_id, version=version)
    return await changed(TicketService(work), ticket_id, begin, response)


@router.put("/{ticket_id}/classification")
async def classify_ticket(
    ticket_id: UUID, new: ReasonedClassification, version: IfMatch, response: Response, work: Triaging
) -> ApiResponse[TicketView]:
    """Say what it is, who mends it, how soon, how dangerous and whose duty. A new report's triage begins with it.

    A hazard goes down for those only who hold `hazards:downgrade`, and with words for why.
    """
    classify = TriageService(work).classify(
        ticket_id, new.settled(), version=version, lowered_because=new.lowered_because
    )
    return await changed(TicketService(work), ticket_id, classify, response)


@router.post("/{ticket_id}/question")
async def ask_tenant(
    ticket_id: UUID, new: NewQuestion, version: IfMatch, response: Response, work: Triaging
) -> ApiResponse[TicketView]:
    """Ask whoever reported it; they get an e-mail, and the ticket waits for the answer."""
    ask = TriageService(work).ask(ticket_id, new.text, version=version)
    return await changed(TicketService(work), ticket_id, ask, response)


@router.put("/{ticket_id}/information")
async def receive_information(
    ticket_id: UUID, version: IfMatch, response: Response, work: Triaging
) -> ApiResponse[TicketView]:
    """Take a ticket back to triage, because the answer came some other way."""
    receive = TriageService(work).receive_info(ticket_id, version=version)
    return await changed(TicketService(work), ticket_id, receive, response)


@router.post("/{ticket_id}/approval")
async def approve_ticket(
    ticket_id: UUID, version: IfMatch, response: Response, work: Triaging
) -> ApiResponse[TicketView]:
    """Decide that the repair will be done; whoever reported it is told."""
    approve = TriageService(work).approve(ticket_id, version=version)
    return await changed(TicketService(work), ticket_id, approve, response)


@router.post("/{ticket_id}/rejection")
async def reject_ticket(
    ticket_id: UUID, new: NewRejection, version: IfMatch, response: Response, work: Rejecting
) -> ApiResponse[TicketView]:
    """Decide that a report leads to no repair; whoever reported it is told why."""
    reject = TriageService(work).reject(ticket_id, new.reason, new.text, version=version)
    return await changed(TicketService(work), ticket_id, reject, response)


@router.post("/{ticket_id}/cancellation")
async def cancel_ticket(
    ticket_id: UUID, new: NewCancellation, version: IfMatch, response: Response, work: Cancelling
) -> ApiResponse[TicketView]:
    """Record that the repair is no longer wanted; whoever reported it is told."""
    cancel = TriageService(work).cancel(ticket_id, new.reason, version=version)
    return await changed(TicketService(work), ticket_id, cancel, response)


@router.put("/{ticket_id}/next-step")
async def plan_next_step(
    ticket_id: UUID, new: NewNextStep, version: IfMatch, response: Response, work: Updating
) -> ApiResponse[TicketView]:
    """Say what happens next, and by when."""
    plan = TriageService(work).plan(ticket_id, new.text, new.on, version=version)
    return await changed(TicketService(work), ticket_id, plan, response)


@router.get("/{ticket_id}/home-suggestions")
async def suggest_homes(
    ticket_id: UUID, work: Annotated[UnitOfWork, permitted(Permission.PROPERTIES_READ)]
) -> ApiResponse[HomeList]:
    """List the homes that a ticket's address as written may mean, at most five; none when its home is known."""
    return ApiResponse(data=HomeList(items=HOMES.validate_python(await HomeService(work).like(ticket_id))))


@router.put("/{ticket_id}/home")
async def link_home(
    ticket_id: UUID, new: NewHome, version: IfMatch, response: Response, work: Updating
) -> ApiResponse[TicketView]:
    """Recognise the home behind an address that was only written down."""
    link = TriageService(work).link_home(ticket_id, new.property_id, new.unit_id, version=version)
    return await changed(TicketService(work), ticket_id, link, response)


@router.put("/{ticket_id}/danger/acknowledgement")
async def acknowledge_danger(ticket_id: UUID, response: Response, work: Updating) -> ApiResponse[TicketView]:
    """Look after an alarm. It asks for no version: an alarm is acknowledged whatever else changed, and once."""
    service = TicketService(work)
    await TriageService(work).acknowledge_danger(ticket_id)
    return await shown(service, ticket_id, response)


@router.delete("/{ticket_id}/danger/acknowledgement")
async def release_danger(ticket_id: UUID, response: Response, work: Updating) -> ApiResponse[TicketView]:
    """Take an acknowledgement back: the alarm waits for somebody again. Both stand in the ticket's story."""
    service = TicketService(work)
    await TriageService(work).release_danger(ticket_id)
    return await shown(service, ticket_id, response)
