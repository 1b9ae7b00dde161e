"""Reading the audit log, and sealing it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.audit import AuditHead, AuditLog, AuditSeal, AuditValue
from maintainuk.domain.base import new_id
from maintainuk.domain.import_records import ImportMade
from maintainuk.domain.support import SupportAccess
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.reading import Columns, rows
from maintainuk.infrastructure.security.audit_chain import Row, Sealed

A, S, U = AuditLog.__table__.c, AuditSeal.__table__.c, User.__table__.c
ENTRY: Final = (
    A.org_id,
    A.id,
    A.at,
    A.actor_id,
    A.action,
    A.subject_id,
    A.data,
    A.trace_id,
    A.network,
    A.program,
    A.key_id,
)
WITH_ACTOR: Final = AuditLog.__table__.outerjoin(
    User.__table__, and_(U.org_id == A.org_id, U.id == A.actor_id)
).outerjoin(AuditSeal.__table__, and_(S.org_id == A.org_id, S.id == A.id))
SHOWN: Final = select(*ENTRY, U.name.label("actor_name"), S.seq).select_from(WITH_ACTOR)


def _unless_given(name: str, kind: Any, condition: Any) -> Any:  # noqa: ANN401  (SQLAlchemy's own unions)
    return or_(bindparam(name, type_=kind).is_(None), condition)


PAGE: Final = (
    SHOWN.where(
        A.org_id == bindparam("org"),
        _unless_given("actor", Uuid(), A.actor_id == bindparam("actor", type_=Uuid())),
        _unless_given("action", Text(), A.action == bindparam("action", type_=Text())),
        _unless_given(
            "subject",
            Uuid(),
            or_(A.subject_id == bindparam("subject", type_=Uuid()), A.id == bindparam("came_in_by", type_=Uuid())),
        ),
        _unless_given("since", DateTime(True), A.at >= bindparam("since", type_=DateTime(True))),
        _unless_given("until", DateTime(True), A.at < bindparam("until", type_=DateTime(True))),
        or_(
            bindparam("from_start", type_=Boolean()),
            tuple_(A.at, A.id) < tuple_(bindparam("last_at", type_=DateTime(True)), bindparam("last_id", type_=Uuid())),
        ),
    )
    .order_by(A.at.desc(), A.id.desc())
    .limit(bindparam("limit", type_=Integer()))
)
ONE: Final = SHOWN.where(A.org_id == bindparam("org"), A.id == bindparam("entry", type_=Uuid()))
IS_SEALED: Final = exists().where(S.org_id == A.org_id, S.id == A.id)
UNSEALED: Final = (
    select(*ENTRY)
    .where(A.org_id == bindparam("org"), A.at > bindparam("since", type_=DateTime(True)), ~IS_SEALED)
    .order_by(A.at, A.id)
    .limit(bindparam("limit", type_=Integer()))
)
NEVER_SEALED: Final = (
    select(A.id)
    .where(A.org_id == bindparam("org"), A.at < bindparam("before", type_=DateTime(True)), ~IS_SEALED)
    .order_by(A.at, A.id)
    .limit(bindparam("limit", type_=Integer()))
)
SEALED: Final = (
    select(S.seq, S.mac, S.id.label("entry_id"), *ENTRY)
    .select_from(AuditSeal.__table__.outerjoin(AuditLog.__table__, and_(A.org_id == S.org_id, A.id == S.id)))
    .where(S.org_id == bindparam("org"), S.seq > bindparam("after", type_=BigInteger()))
    .order_by(S.seq)
    .limit(bindparam("limit", type_=Integer()))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which rows somebody looks for; nothing given, all."""

    actor: UUID | None = None
    action: str | None = None
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditEntries:
    """The audit log of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(
        self, wanted: AuditFilter, *, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> Sequence[Columns]:
        """Return up to `limit` rows, newest first, each with its actor's name and its place in the chain.

        What a file brought in begins its history with the row of its portion of the file.
        """
        last_at, last_id = after or (None, None)
        came_in_by = None
        if wanted.subject is not None:
            made = select(ImportMade.entry_id).where(literal(wanted.subject) == any_(ImportMade.ids))
            came_in_by = await self.session.scalar(made.limit(1))
        return await rows(
            self.session,
            PAGE,
            actor=wanted.actor,
            action=wanted.action,
            subject=wanted.subject,
            came_in_by=came_in_by,
            since=wanted.since,
            until=wanted.until,
            from_start=after is None,
            last_at=last_at,
            last_id=last_id,
            limit=limit,
        )

    async def supporters(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the names of those of the platform who have looked at the organisation, by who they are."""
        query = select(SupportAccess).where(SupportAccess.identity_id.in_(ids))
        return {access.identity_id: access.supporter for access in await self.session.scalars(query)}

    async def one(self, entry_id: UUID) -> Columns | None:
        """Return one row; nothing when the organisation has none of this id."""
        found = await rows(self.session, ONE, entry=entry_id)
        return found[0] if found else None

    async def values(self, entry_id: UUID) -> Sequence[AuditValue]:
        """Return the sealed texts that a row keeps beside it."""
        return (await self.session.scalars(select(AuditValue).where(AuditValue.entry_id == entry_id))).all()


class AuditSeals:
    """The chain of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def head(self, *, at: datetime) -> AuditHead:
        """Return the chain's end, made if there is no chain yet, and held until the transaction ends."""
        key = {"org_id": self.session.info["org_id"], "id": new_id(), "seq": 0, "mac": b"", "sealed_at": at}
        connection = await self.session.connection()
        await connection.execute(upsert(AuditHead).values(key).on_conflict_do_nothing())
        return (await self.session.scalars(select(AuditHead).with_for_update())).one()

    async def present_head(self) -> AuditHead | None:
        """Return the chain's end as the database keeps it now."""
        return await self.session.scalar(select(AuditHead).execution_options(populate_existing=True))

    async def unsealed(self, *, since: datetime, limit: int) -> Sequence[Row]:
        """Return rows that wait for their seal, in the order they get it."""
        return cast("Sequence[Row]", await rows(self.session, UNSEALED, since=since, limit=limit))

    async def never_sealed(self, *, before: datetime, limit: int) -> Sequence[UUID]:
        """Return rows from before then that have no seal, though they should."""
        return [row.id for row in await rows(self.session, NEVER_SEALED, before=before, limit=limit)]

    async def keep(self, seals: Sequence[dict[str, Any]]) -> None:
        """Add seals, each with `id`, `seq` and `mac`."""
        connection = await self.session.connection()
        org_id = self.session.info["org_id"]
        await connection.execute(insert(AuditSeal), [{"org_id": org_id, **seal} for seal in seals])

    async def portion(self, *, after: int, limit: int) -> list[Sealed]:
        """Return the next seals of the chain, each with its row."""
        found = await rows(self.session, SEALED, after=after, limit=limit)
        return [
            Sealed(row.seq, row.mac, row.entry_id, cast("Row", row) if row.action is not None else None)
            for row in found
        ]
