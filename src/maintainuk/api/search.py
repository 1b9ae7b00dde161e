"""Search over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.search import SearchService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.values import line

router = Router(prefix="/api/v1/search", tags=["search"])


class FoundTicket(View):
    """A ticket with the reference that was asked for."""

    id: UUID
    reference: str
    title: str
    status: TicketStatus


class FoundHome(View):
    """A home whose address has all the words."""

    unit_id: UUID
    unit_label: str
    property_id: UUID
    address: str
    postcode: str


class FoundPerson(View):
    """Somebody of that name, e-mail address or phone number, and where they live now."""

    id: UUID
    name: str
    home: FoundHome | None


class Found(View):
    """Up to eight of each kind; none of a kind that the asker may not read."""

    tickets: list[FoundTicket]
    people: list[FoundPerson]
    homes: list[FoundHome]


@router.get("")
async def search_anywhere(
    work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)],
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="A ticket's reference; words of an address or a postcode; a name, or beginnings of its words of"
            " three letters or more; a whole e-mail address or phone number.",
        ),
        AfterValidator(line),
    ] = "",
) -> ApiResponse[Found]:
    """Find tickets, people and homes at once."""
    return ApiResponse(data=Found.model_validate(await SearchService(work).anywhere(q)))
