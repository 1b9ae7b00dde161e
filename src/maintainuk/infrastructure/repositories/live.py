"""Reading what open screens want to know of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Integer,
    Interval,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.live import Change, LiveEvent
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Session
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.leftovers import PORTION
from maintainuk.infrastructure.database.reading import rows

OVERLAP: Final = bindparam("overlap", type_=Interval())
"""Longer than any transaction may take: who looks back this far misses nothing that committed late."""

L, T = LiveEvent.__table__.c, MaintenanceTicket.__table__.c
S, U, R, O = Session.__table__.c, User.__table__.c, Role.__table__.c, Organisation.__table__.c  # noqa: E741

MINE: Final = L.org_id == bindparam("org")
CHANGE: Final = select(L.seq, L.ticket_id, T.version, L.kind, L.actor_id).select_from(
    LiveEvent.__table__.outerjoin(MaintenanceTicket.__table__, and_(T.org_id == L.org_id, T.id == L.ticket_id))
)
SINCE: Final = CHANGE.where(
    MINE,
    L.seq > bindparam("horizon", type_=BigInteger()),
    L.seq != func.all(bindparam("known", type_=ARRAY(BigInteger()))),
).order_by(L.seq)
RECENT: Final = select(L.seq).where(MINE, L.at > func.now() - OVERLAP)
HORIZON: Final = select(func.coalesce(func.max(L.seq), 0)).where(MINE, L.at <= func.now() - OVERLAP)
READ_AT: Final = select(L.at).where(MINE, L.seq == bindparam("seq", type_=BigInteger()))
MISSED: Final = (
    CHANGE.where(
        MINE,
        L.at > bindparam("read_at", type_=DateTime(timezone=True)) - OVERLAP,
        L.seq != bindparam("seq", type_=BigInteger()),
    )
    .order_by(L.seq)
    .limit(bindparam("limit", type_=Integer()))
)
WELCOME: Final = (
    select(S.id)
    .select_from(
        Session.__table__.join(Organisation.__table__, O.id == S.org_id)
        .join(User.__table__, and_(U.org_id == S.org_id, U.id == S.user_id))
        .join(Role.__table__, and_(R.org_id == U.org_id, R.id == U.role_id))
    )
    .where(
        S.org_id == bindparam("org"),
        S.id == func.any(bindparam("sessions", type_=ARRAY(Uuid()))),
        S.ended_at.is_(None),
        S.expires_at > func.now(),
        O.suspended_at.is_(None),
        type_coerce(U.status, Text()) == UserStatus.ACTIVE.value,
        R.grants.has_key(Permission.TICKETS_READ.value),
    )
)
OLD: Final = select(L.id).where(MINE, L.at < bindparam("before", type_=DateTime(timezone=True))).limit(PORTION)
PRUNE: Final = delete(LiveEvent).where(MINE, L.id.in_(OLD))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an organisation's changes stand: all up to `horizon` are settled; of those behind it, `known` are read."""

    horizon: int
    known: frozenset[int]

    @property
    def newest(self) -> int:
        """The newest change that is known."""
        return max(self.known, default=self.horizon)


class LiveEvents:
    """The changes of the session's organisation, of the last day."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def place(self, overlap: timedelta) -> Place:
        """Return where the changes stand now; those older than `overlap` are settled."""
        known = frozenset(row[0] for row in await rows(self.session, RECENT, overlap=overlap))
        ((horizon,),) = await rows(self.session, HORIZON, overlap=overlap)
        return Place(horizon, known)

    async def since(self, horizon: int, known: Collection[int]) -> list[Change]:
        """Return the changes behind `horizon` that are not `known`, those that committed late among them."""
        return await self._changes(SINCE, horizon=horizon, known=list(known))

    async def missed(self, seq: int, *, limit: int, overlap: timedelta) -> list[Change] | None:
        """Return what a screen that last read `seq` may have missed, or None when that cannot be told.

        It cannot when the change is no longer kept, or when there are more than `limit`. The screen may see some twice.
        """
        if not (read := await rows(self.session, READ_AT, seq=seq)):
            return None
        missed = await self._changes(MISSED, read_at=read[0][0], seq=seq, limit=limit + 1, overlap=overlap)
        return missed if len(missed) <= limit else None

    async def welcome(self, sessions: Collection[UUID]) -> set[UUID]:
        """Return those of the signed-in sessions whose people may still look."""
        return {row[0] for row in await rows(self.session, WELCOME, sessions=list(sessions))}

    async def prune(self, before: datetime) -> int:
        """Forget a portion of the changes from before this moment, and return how many there were."""
        connection = await self.session.connection()
        return (await connection.execute(PRUNE, {"org": self.session.info["org_id"], "before": before})).rowcount

    async def _changes(self, question: Select[*tuple[Any, ...]], **values: Any) -> list[Change]:  # noqa: ANN401
        return [Change(*row) for row in await rows(self.session, question, **values)]
