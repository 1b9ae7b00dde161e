"""How the API shows a ticket, whichever feature changed it."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.preconditions import name_version
from maintainuk.application.tickets import TicketService
from maintainuk.domain.ai import SuggestionMark
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.errors import ChangedMeanwhile
from maintainuk.domain.organisations import Nation
from maintainuk.domain.taxonomy import Category, Channel, HazardClass, Priority, Responsibility, Trade
from maintainuk.domain.ticket_events import RejectionReason
from maintainuk.domain.ticket_lifecycle import TicketAction, TicketStatus

Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
"""An id as the database gave it, which needs no reading before it is written."""


class TicketProperty(View):
    """Where a ticket's repair is."""

    id: Id
    address: str
    postcode: str


class TicketOwner(View):
    """The member of staff who sees a ticket through."""

    id: Id
    name: str


class TicketRow(View):
    """A ticket as lists show it; without a property, `addressAsWritten` is all that is known of the home.

    `suggestion` is there while an advisor's suggestion can be decided about, for those who triage.
    """

    id: Id
    reference: str
    title: str
    status: TicketStatus
    priority: Priority
    category: Category
    property: TicketProperty | None
    address_as_written: str | None
    unit_label: str | None
    reporter_name: str | None
    owner: TicketOwner | None
    reported_at: datetime
    updated_at: datetime
    danger: Danger | None
    danger_acknowledged_at: datetime | None
    has_alarm: bool
    suggestion: SuggestionMark | None
    version: int


class TicketReporter(View):
    """Who reported a ticket, and how to reach them: empty for a reader whose role does not include `people:read`."""

    id: UUID
    name: str
    email: str | None
    phone: str | None


class TicketAnswer(View):
    """A question of the portal's picker, and what the tenant answered."""

    question: str
    answer: str


class TicketAccess(View):
    """What the tenant said about getting in; what they left open is empty."""

    may_enter_alone: bool | None
    notes: str | None
    good_times: list[str]


class TicketReport(View):
    """What the tenant told the portal, in words; `access` is null for a reader without `people:read`."""

    language: str = Field(description="The language of the portal when they wrote, such as `ar`.")
    room: str | None
    fault: str | None
    answers: list[TicketAnswer]
    sounds_like: Danger | None = Field(description="The danger that their words told of when they had chosen none.")
    access: TicketAccess | None


class TicketNextStep(View):
    """What happens next, and by when."""

    text: str
    due_at: datetime


class TicketView(TicketRow):
    """All that is known of a ticket, and what the reader may do with it now."""

    description: str
    channel: Channel
    nation: Nation | None
    unit_id: UUID | None
    reporter: TicketReporter | None
    report: TicketReport | None = Field(description="Null when it did not come in through the portal.")
    tenancy_id: UUID | None
    trade: Trade | None
    hazard_class: HazardClass | None
    responsibility: Responsibility | None
    next_step: TicketNextStep | None
    rejection: RejectionReason | None
    taken_back_at: datetime | None = Field(description="When whoever reported it took the report back.")
    external_reference: str | None
    status_since: datetime
    aware_at: datetime
    created_at: datetime
    may_lower_hazard: bool = Field(description="Whether the reader may take a hazard for less than it is taken for.")
    allowed_actions: list[TicketAction]


async def changed(
    service: TicketService, ticket_id: UUID, change: Awaitable[None], response: Response
) -> ApiResponse[TicketView]:
    """Make the change and show the ticket; when somebody was faster, refuse and show the ticket they left."""
    try:
        await change
    except ChangedMeanwhile as too_late:
        too_late.current = TicketView.model_validate(await service.read(ticket_id))
        raise
    return await shown(service, ticket_id, response)


async def shown(service: TicketService, ticket_id: UUID, response: Response) -> ApiResponse[TicketView]:
    """Show the ticket as it is now, and name its version."""
    ticket = TicketView.model_validate(await service.read(ticket_id))
    response.headers["ETag"] = name_version(ticket.version)
    return ApiResponse(data=ticket)
