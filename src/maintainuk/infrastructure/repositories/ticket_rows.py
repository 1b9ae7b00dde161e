"""The columns of a ticket as lists show it, and the row that they become."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, literal_column, select, type_coerce

from maintainuk.domain.people import Person
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.ticket_lifecycle import LIFECYCLE, TicketAction, TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket, reference
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.users import User

Facts = dict[str, Any]
"""One row as its answer wants it: names of the answer's fields, and values of the database."""


T, P, U = MaintenanceTicket.__table__.c, Property.__table__.c, Unit.__table__.c
REPORTER, OWNER = Person.__table__.alias("reporter"), User.__table__.alias("owner")


def as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a column of states as the text it is stored as: the answer's own type checks it."""
    return type_coerce(column, Text())


ROW: Final = (
    T.id,
    T.number,
    T.title,
    as_text(T.status),
    as_text(T.priority),
    as_text(T.category),
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
    as_text(T.danger),
    T.danger_acknowledged_at,
    T.has_alarm,
    as_text(T.suggestion),
)
WITH_NAMES: Final = (
    MaintenanceTicket.__table__.outerjoin(Property.__table__, and_(P.org_id == T.org_id, P.id == T.property_id))
    .outerjoin(Unit.__table__, and_(U.org_id == T.org_id, U.id == T.unit_id))
    .outerjoin(REPORTER, and_(REPORTER.c.org_id == T.org_id, REPORTER.c.id == T.reporter_id))
    .outerjoin(OWNER, and_(OWNER.c.org_id == T.org_id, OWNER.c.id == T.owner_id))
)
E: Final = TimelineEvent.__table__.c
TAKEN_BACK_AT: Final = case(
    (
        as_text(T.status) == literal_column(f"'{TicketStatus.CANCELLED.value}'", Text()),
        select(E.occurred_at)
        .where(
            E.org_id == T.org_id,
            E.ticket_id == T.id,
            as_text(E.kind) == literal_column(f"'{TimelineKind.CANCELLED.value}'", Text()),
            E.data["byTenant"].as_boolean(),
        )
        .order_by(E.seq.desc())
        .limit(1)
        .scalar_subquery(),
    ),
)
"""When whoever reported it took the report back; the story knows, the ticket's own status doesn't say who did."""
MINE: Final = T.org_id == bindparam("org")
CLASSIFIED_NOW: Final = frozenset(
    status.value for status in TicketStatus if TicketAction.CLASSIFY in LIFECYCLE.allowed(status)
)
CAN_BE_DECIDED: Final = and_(
    T.suggestion.is_not(None),
    as_text(T.status).in_([literal_column(f"'{status}'", Text()) for status in sorted(CLASSIFIED_NOW)]),
)


def row_of(row: Sequence[Any]) -> Facts:
    """Return the columns of `ROW` as lists show them."""
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
        has_alarm,
        suggestion,
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
        "has_alarm": has_alarm,
        "suggestion": suggestion if status in CLASSIFIED_NOW else None,
    }
