"""Finding maintenance tickets, and what has happened to them.

Lists are column statements, built once for each shape of question, so that SQLAlchemy's compiled statements and
PostgreSQL's prepared ones are used again. They name the organisation themselves, beside row-level security.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import SuggestionMark
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import NotFound
from maintainuk.domain.organisations import ReferenceCounter
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.ticket_lifecycle import OPEN
from maintainuk.domain.tickets import FIRST_TICKET_NUMBER, MaintenanceTicket
from maintainuk.infrastructure.database.reading import Columns, rows
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.searching import SEARCHED, searched
from maintainuk.infrastructure.repositories.ticket_filters import (
    Mark,
    TicketFilter,
    TicketPosition,
    TicketSort,
    Whose,
)
from maintainuk.infrastructure.repositories.ticket_rows import (
    CAN_BE_DECIDED,
    MINE,
    REPORTER,
    ROW,
    TAKEN_BACK_AT,
    WITH_NAMES,
    Facts,
    P,
    T,
    as_text,
    row_of,
)

DETAIL: Final = (
    T.description,
    as_text(T.channel),
    as_text(P.nation),
    T.reporter_id,
    REPORTER.c.email,
    REPORTER.c.phone,
    T.unit_id,
    T.tenancy_id,
    T.aware_at,
    T.created_at,
    as_text(T.trade),
    as_text(T.hazard_class),
    as_text(T.responsibility),
    T.next_step,
    T.next_step_due_at,
    T.status_since,
    T.external_reference,
    as_text(T.rejection),
    TAKEN_BACK_AT,
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
    "taken_back_at",
)
ORDER: Final[dict[TicketSort, tuple[ColumnElement[Any], ...]]] = {
    TicketSort.NEWEST: (T.reported_at, T.id),
    TicketSort.OLDEST: (T.reported_at, T.id),
    TicketSort.UPDATED: (T.updated_at, T.id),
    TicketSort.ALARM: (T.has_alarm, T.reported_at, T.id),
    TicketSort.PRIORITY: (as_text(T.priority), T.reported_at, T.id),
}
OPEN_WORDS: Final = [literal_column(f"'{status.value}'", Text()) for status in sorted(OPEN)]
"""Written out, and not as values, so that the statement is the same each time."""
DOWNWARDS: Final = frozenset({TicketSort.NEWEST, TicketSort.UPDATED, TicketSort.ALARM})
AFTER: Final = {
    "priority": bindparam("after_priority", type_=Text()),
    "has_alarm": bindparam("after_alarm", type_=Boolean()),
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
    suggestion: bool
    alarm: bool
    words: bool
    scope: Scope

    @classmethod
    def of(cls, wanted: TicketFilter, scope: Scope) -> "_Shape":
        return cls(
            scope=scope,
            statuses=bool(wanted.statuses),
            priorities=bool(wanted.priorities),
            owner=isinstance(wanted.owner, UUID),
            nobody=wanted.owner is Whose.NOBODYS,
            property_id=wanted.property_id is not None,
            is_open=wanted.is_open,
            is_home_unknown=wanted.is_home_unknown,
            suggestion=wanted.mark is Mark.SUGGESTION,
            alarm=wanted.mark is Mark.ALARM,
            words=bool(wanted.words),
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        each: dict[str, ColumnElement[bool]] = {
            "statuses": as_text(T.status) == func.any(bindparam("statuses", type_=ARRAY(Text()))),
            "priorities": as_text(T.priority) == func.any(bindparam("priorities", type_=ARRAY(Text()))),
            "owner": T.owner_id == bindparam("owner", type_=Uuid()),
            "nobody": T.owner_id.is_(None),
            "property_id": T.property_id == bindparam("property", type_=Uuid()),
            "is_open": as_text(T.status).in_(OPEN_WORDS),
            "is_home_unknown": T.property_id.is_(None),
            "suggestion": CAN_BE_DECIDED,
            "alarm": T.has_alarm,
            "words": T.id.in_(select(func.app.search_tickets(*SEARCHED).column_valued("found"))),
        }
        asked = [condition for name, condition in each.items() if getattr(self, name)]
        return [MINE, reach.tickets(self.scope), *asked]


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
    """One pass over the index: a line for each status and priority, with what is nobody's, the asker's or marked."""
    return (
        select(
            as_text(T.status),
            as_text(T.priority),
            func.count(),
            func.count().filter(T.owner_id.is_(None)),
            func.count().filter(T.owner_id == bindparam("me", type_=Uuid())),
            func.count().filter(CAN_BE_DECIDED),
            func.count().filter(T.has_alarm),
        )
        .where(*shape.conditions())
        .group_by(T.status, T.priority)
    )


@cache
def _number(shape: _Shape) -> Select[int]:
    return select(func.count()).select_from(MaintenanceTicket.__table__).where(*shape.conditions())


def _each_reach(statement: Select[*tuple[Any, ...]]) -> Mapping[Scope, Select[*tuple[Any, ...]]]:
    return {scope: statement.where(reach.tickets(scope)) for scope in Scope}


DANGERS: Final = _each_reach(
    select(*ROW, REPORTER.c.phone.label("reporter_phone"), TAKEN_BACK_AT)
    .select_from(WITH_NAMES)
    .where(MINE, T.danger.is_not(None), T.danger_acknowledged_at.is_(None))
    .order_by(T.reported_at, T.id)
    .limit(bindparam("limit", type_=Integer()))
)
ALARMS: Final = _each_reach(
    select(
        func.count().filter(T.danger.is_not(None), T.danger_acknowledged_at.is_(None)),
        func.count().filter(or_(T.danger.is_(None), T.danger_acknowledged_at.is_not(None))),
    ).where(MINE, T.has_alarm)
)
ONE: Final = _each_reach(
    select(*ROW, *DETAIL).select_from(WITH_NAMES).where(MINE, T.id == bindparam("id", type_=Uuid()))
)
IS_THERE: Final = _each_reach(select(T.id).where(MINE, T.id == bindparam("id", type_=Uuid())))
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
    """Those tickets of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def locked(self, ticket_id: UUID) -> MaintenanceTicket:
        """Return the ticket, held until the transaction ends."""
        query = self._entities().where(MaintenanceTicket.id == ticket_id).with_for_update()
        if (ticket := await self.session.scalar(query, self._who())) is None:
            raise NotFound("no-such-ticket")
        return ticket

    async def all_locked(self, ids: Collection[UUID]) -> dict[UUID, MaintenanceTicket]:
        """Return those of the tickets that exist, held in one order, so that no two wait for each other."""
        query = self._entities().where(MaintenanceTicket.id.in_(ids)).order_by(MaintenanceTicket.id)
        found = await self.session.scalars(query.with_for_update(), self._who())
        return {ticket.id: ticket for ticket in found}

    async def dangers(self, *, limit: int) -> list[Facts]:
        """Return the tickets whose alarm nobody has acknowledged, the one that waits longest first."""
        found = await self._rows(DANGERS[self.within.scope], limit=limit)
        return [row_of(row[:-2]) | {"reporter_phone": row[-2], "taken_back_at": row[-1]} for row in found]

    async def alarms(self) -> tuple[int, int]:
        """Return how many dangers nobody has acknowledged, and how many raised hazards nobody has looked at."""
        ((dangers, hazards),) = await self._rows(ALARMS[self.within.scope])
        return dangers, hazards

    async def mark(self, marks: Mapping[UUID, SuggestionMark | None]) -> None:
        """Note what of an advisor's waits for a decision (ticket -> mark).

        The tickets stay as they are, and so do their versions: nobody's change is refused because an advisor answered.
        """
        for mark in {*marks.values()}:
            ids = [ticket_id for ticket_id, its in marks.items() if its is mark]
            await self.session.execute(
                update(MaintenanceTicket)
                .where(MaintenanceTicket.id.in_(ids))
                .values(suggestion=mark)
                .execution_options(synchronize_session=False)
            )

    async def page(
        self, wanted: TicketFilter, sort: TicketSort, *, after: TicketPosition | None, limit: int
    ) -> list[Facts]:
        """Return up to `limit` tickets in this order, beginning behind `after`."""
        values = await _values(self.session, wanted) | {"limit": limit}
        if after is not None:
            values |= {"after_priority": after.priority.value, "after_alarm": after.has_alarm}
            values |= {"after_at": after.at, "after_id": after.id}
        found = await self._rows(_page(self._shape(wanted), sort, is_first=after is None), **values)
        return [row_of(row) for row in found]

    async def tally(self, wanted: TicketFilter, me: UUID | None) -> list[tuple[str, str, int, int, int, int, int]]:
        """Return (status, priority, how many, nobody's, mine, suggestions, alarms) for each pair that exists."""
        return [
            tuple(row)
            for row in await self._rows(_tally(self._shape(wanted)), me=me, **await _values(self.session, wanted))
        ]

    async def how_many(self, wanted: TicketFilter) -> int:
        """Count the tickets that are wanted."""
        ((count,),) = await self._rows(_number(self._shape(wanted)), **await _values(self.session, wanted))
        return int(count)

    async def one(self, ticket_id: UUID) -> Facts:
        """Return all that is known of one ticket, with the names of those it concerns."""
        if not (found := await self._rows(ONE[self.within.scope], id=ticket_id)):
            raise NotFound("no-such-ticket")
        row = found[0]
        cut = len(ROW)
        facts = row_of(row[:cut]) | dict(zip(IN_DETAIL, row[cut:], strict=True))
        reporter = {name: facts.pop(f"reporter_{name}") for name in ("id", "email", "phone")}
        next_step, due_at = facts.pop("next_step"), facts.pop("next_step_due_at")
        return facts | {
            "reporter": reporter | {"name": facts["reporter_name"]} if reporter["id"] else None,
            "next_step": {"text": next_step, "due_at": due_at} if next_step else None,
        }

    async def require(self, ticket_id: UUID) -> None:
        """Refuse with `NotFound` unless the organisation has this ticket."""
        if not await self._rows(IS_THERE[self.within.scope], id=ticket_id):
            raise NotFound("no-such-ticket")

    async def next_number(self) -> int:
        """Take the next ticket number; the counter is held until the transaction ends, so that none is left out."""
        return (await self.next_numbers(1))[0]

    async def next_numbers(self, how_many: int) -> range:
        """Take so many ticket numbers at once, held as one is."""
        ((last,),) = await rows(self.session, NEXT_NUMBER, id=new_id(), how_many=how_many)
        return range(last - how_many + 1, last + 1)

    def _shape(self, wanted: TicketFilter) -> _Shape:
        return _Shape.of(wanted, self.within.scope)

    def _entities(self) -> Select[MaintenanceTicket]:
        return select(MaintenanceTicket).where(reach.tickets(self.within.scope))

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}

    async def _rows(self, statement: Select[Any], **asked: Any) -> Sequence[Columns]:  # noqa: ANN401
        return await rows(self.session, statement, **reach.values(self.within), **asked)


async def _values(session: AsyncSession, wanted: TicketFilter) -> dict[str, Any]:
    """Return the values of the conditions that the question's shape has, and of no other."""
    given: dict[str, Any] = {
        "statuses": [status.value for status in wanted.statuses],
        "priorities": [priority.value for priority in wanted.priorities],
        "owner": wanted.owner if isinstance(wanted.owner, UUID) else None,
        "property": wanted.property_id,
    }
    given = {name: value for name, value in given.items() if value}
    return given | await searched(session, wanted.words) if wanted.words else given
