"""Reading a ticket's story."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.timeline import CONVERSATION, NOTES, TimelineEvent, TimelineKind, Visibility
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.reading import rows

E_ = TimelineEvent.__table__.c
KIND = type_coerce(E_.kind, Text())
IS_TOLD = type_coerce(E_.visibility, Text()) != Visibility.INTERNAL.value
ACTOR, BEFORE, AFTER = (User.__table__.alias(name) for name in ("actor", "before", "after"))


def _is(kind: TimelineKind) -> ColumnElement[bool]:
    return type_coerce(E_.kind, Text()) == kind.value


def _owner(side: str) -> ColumnElement[UUID | None]:
    """Return the user id on one side of a change of owner, and nothing on any other line."""
    return case((_is(TimelineKind.OWNER_CHANGED), cast(E_.data[side].astext, Uuid())))


STORY: Final = (
    select(
        E_.seq,
        E_.id,
        KIND,
        E_.actor_id,
        ACTOR.c.name.label("actor_name"),
        E_.body,
        E_.private,
        E_.data,
        type_coerce(E_.visibility, Text()),
        E_.occurred_at,
        BEFORE.c.name.label("before_name"),
        AFTER.c.name.label("after_name"),
    )
    .select_from(
        TimelineEvent.__table__.outerjoin(ACTOR, and_(ACTOR.c.org_id == E_.org_id, ACTOR.c.id == E_.actor_id))
        .outerjoin(BEFORE, and_(BEFORE.c.org_id == E_.org_id, BEFORE.c.id == _owner("from")))
        .outerjoin(AFTER, and_(AFTER.c.org_id == E_.org_id, AFTER.c.id == _owner("to")))
    )
    .where(
        E_.org_id == bindparam("org"),
        E_.ticket_id == bindparam("ticket", type_=Uuid()),
        E_.seq < bindparam("before", type_=BigInteger()),
        or_(bindparam("with_internal", type_=Boolean()), IS_TOLD),
        or_(bindparam("with_notes", type_=Boolean()), IS_TOLD, and_(*(~_is(kind) for kind in NOTES))),
        or_(bindparam("with_messages", type_=Boolean()), and_(*(~_is(kind) for kind in CONVERSATION))),
    )
    .order_by(E_.seq.desc())
    .limit(bindparam("limit", type_=Integer()))
)
END: Final = 2**63 - 1


class Timeline:
    """The stories of the tickets of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(  # noqa: PLR0913  (who may read what)
        self,
        ticket_id: UUID,
        *,
        before: int | None,
        limit: int,
        with_internal: bool = True,
        with_notes: bool = True,
        with_messages: bool = True,
    ) -> list[tuple[int, dict[str, Any]]]:
        """Return up to `limit` lines, newest first, each with its place.

        Internal lines are for the desk, of those the notes for whoever may read notes; the conversation for few.
        """
        found = await rows(
            self.session,
            STORY,
            ticket=ticket_id,
            before=END if before is None else before,
            with_internal=with_internal,
            with_notes=with_notes,
            with_messages=with_messages,
            limit=limit,
        )
        return [(row[0], _line(*row[1:])) for row in found]


def _line(  # noqa: PLR0913, PLR0917
    event_id: UUID,
    kind: str,
    actor_id: UUID | None,
    actor_name: str | None,
    body: str | None,
    private: str | None,
    data: dict[str, Any],
    visibility: str,
    occurred_at: datetime,
    before_name: str | None,
    after_name: str | None,
) -> dict[str, Any]:
    if kind == TimelineKind.OWNER_CHANGED:
        data = {"from": _named(data["from"], before_name), "to": _named(data["to"], after_name)}
    return {
        "id": event_id,
        "kind": kind,
        "actor": _named(actor_id, actor_name),
        "body": body or private,
        "data": data,
        "visibility": visibility,
        "occurred_at": occurred_at,
    }


def _named(user_id: UUID | str | None, name: str | None) -> dict[str, Any] | None:
    return None if user_id is None else {"id": user_id, "name": name}
