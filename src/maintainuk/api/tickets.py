"""Maintenance tickets over HTTP."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import (
    AfterValidator,
    BeforeValidator,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.preconditions import IfMatch
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.api.ticket_views import TicketRow, TicketView, changed, shown
from maintainuk.api.wording import mistake
from maintainuk.application.tickets import Report, TicketService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.taxonomy import Category, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.tickets import LONGEST_COMMENT, LONGEST_DESCRIPTION, LONGEST_TITLE
from maintainuk.domain.timeline import TimelineKind, Visibility
from maintainuk.domain.values import line, prose
from maintainuk.infrastructure.repositories.ticket_filters import Mark, TicketFilter, TicketPosition, TicketSort, Whose

router = Router(prefix="/api/v1/tickets", tags=["tickets"])

LIST_CURSORS: Cursors[tuple[Priority, bool, datetime, UUID]] = Cursors(tuple[Priority, bool, datetime, UUID])
STORY_CURSORS: Cursors[tuple[int]] = Cursors(tuple[int])


class TicketList(View):
    """A page of tickets; `nextCursor` asks for what follows, and is null at the end."""

    items: list[TicketRow]
    next_cursor: str | None


class TicketCountsView(View):
    """How many tickets there are of each sort.

    `unassigned`, `mine`, `homeUnknown` and `byPriority` count open tickets only: nobody waits for the others.
    `suggestions` counts those that somebody can decide about now, `alarms` those that nobody has looked at, whatever
    their state.
    """

    open: int
    unassigned: int
    mine: int
    home_unknown: int
    suggestions: int
    alarms: int
    by_status: dict[TicketStatus, int]
    by_priority: dict[Priority, int]


class TimelineActor(View):
    """Who did it; empty when the product itself did."""

    id: UUID
    name: str


class TimelineEventView(View):
    """One line of a ticket's story; what `data` holds depends on `kind`."""

    id: UUID
    kind: TimelineKind
    actor: TimelineActor | None
    body: str | None
    data: dict[str, Any]
    visibility: Visibility
    occurred_at: datetime


class TimelinePage(View):
    """Part of a ticket's story, newest first; `nextCursor` asks for what was before, and is null at the beginning."""

    items: list[TimelineEventView]
    next_cursor: str | None


class NewTicket(Input):
    """A repair that somebody has asked for."""

    title: Annotated[
        str,
        typed(
            line,
            LONGEST_TITLE,
            empty=Reason("title-empty"),
            long=Reason("title-too-long", longest=LONGEST_TITLE),
        ),
    ]
    description: Annotated[
        str,
        typed(
            prose,
            LONGEST_DESCRIPTION,
            empty=Reason("description-empty"),
            long=Reason("description-too-long", longest=LONGEST_DESCRIPTION),
        ),
    ]
    property_id: UUID
    unit_id: UUID | None = None
    reporter_id: UUID | None = None
    category: Category = Category.OTHER
    priority: Priority = Priority.P3
    owner_id: UUID | None = None


class NewPriority(Input):
    """How soon a ticket must be dealt with."""

    priority: Priority


class NewOwner(Input):
    """Who sees a ticket through; null for nobody."""

    owner_id: UUID | None


class NewComment(Input):
    """A note for colleagues."""

    body: Annotated[
        str,
        typed(
            prose,
            LONGEST_COMMENT,
            empty=Reason("comment-empty"),
            long=Reason("comment-too-long", longest=LONGEST_COMMENT),
        ),
    ]


def _listed(given: Any) -> Any:  # noqa: ANN401  (whatever stands in the address)
    """Take `a,b` and repeated names alike."""
    return [part for text in given or () for part in text.split(",")] if isinstance(given, list) else given


def _whose(given: Any, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
    try:
        return read(given)
    except ValidationError:
        raise mistake(Reason("not-whose")) from None


Statuses = Annotated[list[TicketStatus], BeforeValidator(_listed), Query(description="Any of these states.")]
Priorities = Annotated[list[Priority], BeforeValidator(_listed), Query(description="Any of these priorities.")]
Owner = Annotated[UUID | Literal["me", "none"] | None, WrapValidator(_whose), Query(description="Who sees it through.")]
Words = Annotated[
    str,
    Query(max_length=200, description="Words of title, description, address, reporter's name, or the reference."),
    AfterValidator(line),
]
Reading = Annotated[UnitOfWork, permitted(Permission.TICKETS_READ, by_keys=True)]
Listing = Annotated[UnitOfWork, permitted(Permission.TICKETS_READ, remembered=True, by_keys=True)]
Updating = Annotated[UnitOfWork, permitted(Permission.TICKETS_UPDATE, by_keys=True)]


async def _without_state(  # noqa: PLR0913  (one parameter for each filter)
    *,
    owner: Owner = None,
    property_id: Annotated[UUID | None, Query(alias="property", description="The building it is in.")] = None,
    is_open: Annotated[bool, Query(alias="open", description="Only those somebody still has to act on.")] = False,
    home: Annotated[Literal["unknown"] | None, Query(description="Only those whose home nobody recognised.")] = None,
    mark: Annotated[Mark | None, Query(description="Only those that wait for this.")] = None,
    q: Words = "",
) -> TicketFilter:
    whose = {"me": Whose.MINE, "none": Whose.NOBODYS}
    return TicketFilter(
        owner=whose[owner] if isinstance(owner, str) else owner,
        property_id=property_id,
        is_open=is_open,
        is_home_unknown=home == "unknown",
        mark=mark,
        words=q,
    )


Filter = Annotated[TicketFilter, Depends(_without_state)]

ROWS = TypeAdapter(list[TicketRow])
STORY = TypeAdapter(list[TimelineEventView])


@router.get("")
async def list_tickets(  # noqa: PLR0913  (one parameter for each filter)
    work: Listing,
    wanted: Filter,
    *,
    status: Statuses = [],  # noqa: B006  (FastAPI copies it)
    priority: Priorities = [],  # noqa: B006  (likewise)
    sort: TicketSort = TicketSort.NEWEST,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[TicketList]:
    """List tickets, page by page. By priority, those that have waited longest come first."""
    place = LIST_CURSORS.read(cursor, sort)
    rows = await TicketService(work).page(
        replace(wanted, statuses=status, priorities=priority),
        sort,
        after=TicketPosition(*place) if place else None,
        limit=limit + 1,
    )
    at = "updated_at" if sort is TicketSort.UPDATED else "reported_at"
    next_cursor = None
    if len(rows) > limit:
        last = rows[limit - 1]
        next_cursor = LIST_CURSORS.write(
            sort, (Priority(last["priority"]), last["has_alarm"], last[at], UUID(last["id"]))
        )
    return ApiResponse(data=TicketList(items=ROWS.validate_python(rows[:limit]), next_cursor=next_cursor))


@router.get("/counts")
async def count_tickets(work: Listing, wanted: Filter) -> ApiResponse[TicketCountsView]:
    """Count tickets by state, priority and owner, under the same filters as the list."""
    counts = await TicketService(work).counts(wanted)
    return ApiResponse(data=TicketCountsView.model_validate(counts, from_attributes=True))


@router.post("", status_code=201)
async def report_ticket(
    new: NewTicket, response: Response, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE, by_keys=True)]
) -> ApiResponse[TicketView]:
    """Report a repair. Its reporter, when named, gets an acknowledgement."""
    service = TicketService(work)
    ticket_id = await service.report(Report(**dict(new)))
    response.headers["Location"] = f"{router.prefix}/{ticket_id}"
    return await shown(service, ticket_id, response)


@router.get("/{ticket_id}")
async def read_ticket(ticket_id: UUID, response: Response, work: Reading) -> ApiResponse[TicketView]:
    """Read one ticket."""
    return await shown(TicketService(work), ticket_id, response)


@router.put("/{ticket_id}/priority")
async def change_priority(
    ticket_id: UUID, new: NewPriority, version: IfMatch, response: Response, work: Updating
) -> ApiResponse[TicketView]:
    """Decide how soon a ticket must be dealt with; the same priority again changes nothing."""
    service = TicketService(work)
    return await changed(service, ticket_id, service.prioritise(ticket_id, new.priority, version=version), response)


@router.put("/{ticket_id}/owner")
async def change_owner(
    ticket_id: UUID,
    new: NewOwner,
    version: IfMatch,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.TICKETS_ASSIGN)],
) -> ApiResponse[TicketView]:
    """Give a ticket to a colleague, or to nobody; the same owner again changes nothing."""
    service = TicketService(work)
    return await changed(service, ticket_id, service.assign(ticket_id, new.owner_id, version=version), response)


@router.get("/{ticket_id}/timeline")
async def read_timeline(
    ticket_id: UUID, work: Reading, *, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[TimelinePage]:
    """Read what has happened to a ticket, newest first."""
    place = STORY_CURSORS.read(cursor, str(ticket_id))
    lines = await TicketService(work).story(ticket_id, before=place[0] if place else None, limit=limit + 1)
    return ApiResponse(
        data=TimelinePage(
            items=STORY.validate_python([event for _, event in lines[:limit]]),
            next_cursor=STORY_CURSORS.next(str(ticket_id), [(seq,) for seq, _ in lines], limit),
        )
    )


@router.post("/{ticket_id}/comments", status_code=201)
async def comment_on_ticket(ticket_id: UUID, new: NewComment, work: Updating) -> ApiResponse[TimelineEventView]:
    """Leave a note on a ticket for colleagues."""
    return ApiResponse(data=TimelineEventView.model_validate(await TicketService(work).comment(ticket_id, new.body)))
