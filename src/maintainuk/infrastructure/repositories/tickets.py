"""Finding maintenance tickets, and what has happened to them.

Lists are column statements, built once for each shape of question, so that SQLAlchemy's compiled statements and
PostgreSQL's prepared ones are used again. They name the organisation themselves, beside row-level security.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import new_id
from maintainuk.domain.errors import NotFound
from maintainuk.domain.organisations import ReferenceCounter
from maintainuk.domain.people import Person
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.taxonomy import Priority
from maintainuk.domain.ticket_lifecycle import OPEN, TicketStatus
from maintainuk.domain.tickets import FIRST_TICKET_NUMBER, MaintenanceTicket, reference
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.reading import rows

Facts = dict[str, Any]
"""One row as its answer wants it: names of the answer's fields, and values of the database."""


class TicketSort(StrEnum):
    """In which order a list of tickets is read."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PRIORITY = "priority"
    UPDATED = "updated"


class Whose(StrEnum):
    """Asks for tickets by who sees them through, without naming anybody."""

    MINE = "mine"
    NOBODYS = "nobody's"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets are wanted; whatever is left empty does not narrow."""

    statuses: Sequence[TicketStatus] = ()
    priorities: Sequence[Priority] = ()
    owner: UUID | Whose | None = None
    property_id: UUID | None = None
    is_open: bool = False
    is_home_unknown: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class TicketPosition:
    """Where a page of a list ended: the last row's place in every order."""

    priority: Priority
    at: datetime
    id: UUID


T, P, U = MaintenanceTicket.__table__.c, Property.__table__.c, Unit.__table__.c
REPORTER, OWNER = Person.__table__.alias("reporter"), User.__table__.alias("owner")


def _as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column of states as the text it is stored as: the answer's own type checks it."""
    return type_coerce(column, Text())


ROW: Final = (
    T.id,
    T.number,
    T.title,
    _as_text(T.status),
    _as_text(T.priority),
    _as_text(T.category),
    T.property_id,
    P.address_line,
    P.town,
    P.postcode,
    U.label,
    REPORTER.c.name.label("reporter_name"),
    T.owner_id,
    OWNER.c.name.label("owner_name"),
    T.reported_at,
    T.updated_at,
    T.version,
    T.address_as_written,
    _as_text(T.danger),
    T.danger_acknowledged_at,
)
DETAIL: Final = (
    T.description,
    _as_text(T.channel),
    _as_text(P.nation),
    T.reporter_id,
    REPORTER.c.email,
    REPORTER.c.phone,
    T.unit_id,
    T.tenancy_id,
    T.aware_at,
    T.created_at,
    _as_text(T.trade),
    _as_text(T.hazard_class),
    _as_text(T.responsibility),
    T.next_step,
    T.next_step_due_at,
    T.status_since,
    T.external_reference,
    _as_text(T.rejection),
)
IN_DETAIL: Final = (
    "description",
    "channel",
    "nation",
    "reporter_id",
    "reporter_email",
    "reporter_phone",
    "unit_id",
    "tenancy_id",
    "aware_at",
    "created_at",
    "trade",
    "hazard_class",
    "responsibility",
    "next_step",
    "next_step_due_at",
    "status_since",
    "external_reference",
    "rejection",
)
WITH_NAMES: Final = (
    MaintenanceTicket.__table__.outerjoin(Property.__table__, and_(P.org_id == T.org_id, P.id == T.property_id))
    .outerjoin(Unit.__table__, and_(U.org_id == T.org_id, U.id == T.unit_id))
    .outerjoin(REPORTER, and_(REPORTER.c.org_id == T.org_id, REPORTER.c.id == T.reporter_id))
    .outerjoin(OWNER, and_(OWNER.c.org_id == T.org_id, OWNER.c.id == T.owner_id))
)
MINE: Final = T.org_id == bindparam("org")
ORDER: Final[dict[TicketSort, tuple[ColumnElement[Any], ...]]] = {
    TicketSort.NEWEST: (T.reported_at, T.id),
    TicketSort.OLDEST: (T.reported_at, T.id),
    TicketSort.UPDATED: (T.updated_at, T.id),
    TicketSort.PRIORITY: (_as_text(T.priority), T.reported_at, T.id),
}
OPEN_WORDS: Final = [literal_column(f"'{status.value}'", Text()) for status in sorted(OPEN)]
"""Written out, and not as values, so that the statement is the same each time."""
DOWNWARDS: Final = frozenset({TicketSort.NEWEST, TicketSort.UPDATED})
AFTER: Final = {
    "priority": bindparam("after_priority", type_=Text()),
    "reported_at": bindparam("after_at", type_=T.reported_at.type),
    "updated_at": bindparam("after_at", type_=T.updated_at.type),
    "id": bindparam("after_id", type_=Uuid()),
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which conditions a question has, whatever their values are."""

    statuses: bool
    priorities: bool
    owner: bool
    nobody: bool
    property_id: bool
    is_open: bool
    is_home_unknown: bool
    words: bool

    @classmethod
    def of(cls, wanted: TicketFilter) -> "_Shape":
        return cls(
            statuses=bool(wanted.statuses),
            priorities=bool(wanted.priorities),
            owner=isinstance(wanted.owner, UUID),
            nobody=wanted.owner is Whose.NOBODYS,
            property_id=wanted.property_id is not None,
            is_open=wanted.is_open,
            is_home_unknown=wanted.is_home_unknown,
            words=bool(wanted.words),
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        each: dict[str, ColumnElement[bool]] = {
            "statuses": _as_text(T.status) == func.any(bindparam("statuses", type_=ARRAY(Text()))),
            "priorities": _as_text(T.priority) == func.any(bindparam("priorities", type_=ARRAY(Text()))),
            "owner": T.owner_id == bindparam("owner", type_=Uuid()),
            "nobody": T.owner_id.is_(None),
            "property_id": T.property_id == bindparam("property", type_=Uuid()),
            "is_open": _as_text(T.status).in_(OPEN_WORDS),
            "is_home_unknown": T.property_id.is_(None),
            "words": T.id.in_(select(func.app.search_tickets(bindparam("words", type_=Text())).column_valued("found"))),
        }
        return [MINE, *(each[field.name] for field in fields(self) if getattr(self, field.name))]


@cache
def _page(shape: _Shape, sort: TicketSort, *, is_first: bool) -> Select[*tuple[Any, ...]]:
    order = ORDER[sort]
    conditions = shape.conditions()
    if not is_first:
        after = tuple_(*(AFTER[column.key or "priority"] for column in order))
        conditions.append(tuple_(*order) < after if sort in DOWNWARDS else tuple_(*order) > after)
    ordered = [column.desc() if sort in DOWNWARDS else column.asc() for column in order]
    return (
        select(*ROW)
        .select_from(WITH_NAMES)
        .where(*conditions)
        .order_by(*ordered)
        .limit(bindparam("limit", type_=Integer()))
    )


@cache
def _tally(shape: _Shape) -> Select[*tuple[Any, ...]]:
    """One pass over the index: a line for each status and priority, with those of nobody and those of the asker."""
    return (
        select(
            _as_text(T.status),
            _as_text(T.priority),
            func.count(),
            func.count().filter(T.owner_id.is_(None)),
            func.count().filter(T.owner_id == bindparam("me", type_=Uuid())),
        )
        .where(*shape.conditions())
        .group_by(T.status, T.priority)
    )


DANGERS: Final = (
    select(*ROW, REPORTER.c.phone.label("reporter_phone"))
    .select_from(WITH_NAMES)
    .where(MINE, T.danger.is_not(None), T.danger_acknowledged_at.is_(None))
    .order_by(T.reported_at, T.id)
    .limit(bindparam("limit", type_=Integer()))
)
ONE: Final = select(*ROW, *DETAIL).select_from(WITH_NAMES).where(MINE, T.id == bindparam("id", type_=Uuid()))
IS_THERE: Final = select(T.id).where(MINE, T.id == bindparam("id", type_=Uuid()))
HOW_MANY: Final = bindparam("how_many", type_=Integer())
NEXT_NUMBER: Final = (
    insert(ReferenceCounter)
    .values(org_id=bindparam("org"), id=bindparam("id"), kind="ticket", last=FIRST_TICKET_NUMBER - 1 + HOW_MANY)
    .on_conflict_do_update(
        index_elements=[ReferenceCounter.org_id, ReferenceCounter.kind], set_={"last": ReferenceCounter.last + HOW_MANY}
    )
    .returning(ReferenceCounter.last)
)


class Tickets:
    """The tickets of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def locked(self, ticket_id: UUID) -> MaintenanceTicket:
        """Return the ticket, held until the transaction ends."""
        query = select(MaintenanceTicket).where(MaintenanceTicket.id == ticket_id).with_for_update()
        if (ticket := await self.session.scalar(query)) is None:
            raise NotFound("no-such-ticket")
        return ticket

    async def all_locked(self, ids: Collection[UUID]) -> dict[UUID, MaintenanceTicket]:
        """Return those of the tickets that exist, held in one order, so that no two wait for each other."""
        query = select(MaintenanceTicket).where(MaintenanceTicket.id.in_(ids)).order_by(MaintenanceTicket.id)
        found = await self.session.scalars(query.with_for_update())
        return {ticket.id: ticket for ticket in found}

    async def dangers(self, *, limit: int) -> list[Facts]:
        """Return the tickets whose alarm nobody has acknowledged, the one that waits longest first."""
        found = await rows(self.session, DANGERS, limit=limit)
        return [_row(row[:-1]) | {"reporter_phone": row[-1]} for row in found]

    async def page(
        self, wanted: TicketFilter, sort: TicketSort, *, after: TicketPosition | None, limit: int
    ) -> list[Facts]:
        """Return up to `limit` tickets in this order, beginning behind `after`."""
        values = _values(wanted) | {"limit": limit}
        if after is not None:
            values |= {"after_priority": after.priority.value, "after_at": after.at, "after_id": after.id}
        found = await rows(self.session, _page(_Shape.of(wanted), sort, is_first=after is None), **values)
        return [_row(row) for row in found]

    async def tally(self, wanted: TicketFilter, me: UUID | None) -> list[tuple[str, str, int, int, int]]:
        """Return (status, priority, how many, of them nobody's, of them mine) for each pair that exists."""
        return [tuple(row) for row in await rows(self.session, _tally(_Shape.of(wanted)), me=me, **_values(wanted))]

    async def one(self, ticket_id: UUID) -> Facts:
        """Return all that is known of one ticket, with the names of those it concerns."""
        if not (found := await rows(self.session, ONE, id=ticket_id)):
            raise NotFound("no-such-ticket")
        row = found[0]
        cut = len(ROW)
        facts = _row(row[:cut]) | dict(zip(IN_DETAIL, row[cut:], strict=True))
        reporter = {name: facts.pop(f"reporter_{name}") for name in ("id", "email", "phone")}
        next_step, due_at = facts.pop("next_step"), facts.pop("next_step_due_at")
        return facts | {
            "reporter": reporter | {"name": facts["reporter_name"]} if reporter["id"] else None,
            "next_step": {"text": next_step, "due_at": due_at} if next_step else None,
        }

    async def require(self, ticket_id: UUID) -> None:
        """Refuse with `NotFound` unless the organisation has this ticket."""
        if not await rows(self.session, IS_THERE, id=ticket_id):
            raise NotFound("no-such-ticket")

    async def next_number(self) -> int:
        """Take the next ticket number; the counter is held until the transaction ends, so that none is left out."""
        return (await self.next_numbers(1))[0]

    async def next_numbers(self, how_many: int) -> range:
        """Take so many ticket numbers at once, held as one is."""
        ((last,),) = await rows(self.session, NEXT_NUMBER, id=new_id(), how_many=how_many)
        return range(last - how_many + 1, last + 1)


def _values(wanted: TicketFilter) -> dict[str, Any]:
    """Return the values of the conditions that the question's shape has, and of no other."""
    given: dict[str, Any] = {
        "statuses": [status.value for status in wanted.statuses],
        "priorities": [priority.value for priority in wanted.priorities],
        "owner": wanted.owner if isinstance(wanted.owner, UUID) else None,
        "property": wanted.property_id,
        "words": wanted.words,
    }
    return {name: value for name, value in given.items() if value}


def _row(row: Sequence[Any]) -> Facts:
    # Ids as text: asyncpg's own kind of UUID took a third of the time that a page of answers takes to write.
    (
        ticket_id,
        number,
        title,
        status,
        priority,
        category,
        property_id,
        address_line,
        town,
        postcode,
        unit_label,
        reporter_name,
        owner_id,
        owner_name,
        reported_at,
        updated_at,
        version,
        address_as_written,
        danger,
        danger_acknowledged_at,
    ) = row
    return {
        "id": str(ticket_id),
        "reference": reference(number),
        "title": title,
        "status": status,
        "priority": priority,
        "category": category,
        "property": {"id": str(property_id), "address": f"{address_line}, {town}", "postcode": postcode}
        if property_id
        else None,
        "address_as_written": address_as_written,
        "unit_label": unit_label,
        "reporter_name": reporter_name,
        "owner": {"id": str(owner_id), "name": owner_name} if owner_id else None,
        "reported_at": reported_at,
        "updated_at": updated_at,
        "version": version,
        "danger": danger,
        "danger_acknowledged_at": danger_acknowledged_at,
    }
