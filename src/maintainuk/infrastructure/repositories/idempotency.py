"""Answers already given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import new_id
from maintainuk.domain.idempotency import IdempotentAnswer
from maintainuk.infrastructure.database.sealing import placed

_table = IdempotentAnswer.__table__
CLAIM = insert(IdempotentAnswer).on_conflict_do_nothing(index_elements=["org_id", "actor_id", "key"])
KEEP = (
    update(_table)  # type: ignore[arg-type]
    .where(_table.c.org_id == bindparam("the_org"), _table.c.id == bindparam("the_id"))
    .values(status=bindparam("status"), headers=bindparam("headers"), body=bindparam("body"))
)


class IdempotentAnswers:
    """The answers that one person of the session's organisation was given."""

    def __init__(self, session: AsyncSession, actor_id: UUID) -> None:
        self.session = session
        self.org_id: UUID = session.info["org_id"]
        self.actor_id = actor_id

    async def claim(self, key: str, request_hash: bytes, now: datetime) -> "UUID | IdempotentAnswer":
        """Claim a key and return its row's id, or return the answer it already has.

        Waits while another request holds the same key, until that one has committed or failed.
        """
        row_id = new_id()
        connection = await self.session.connection()
        claimed = await connection.execute(
            CLAIM.values(
                org_id=self.org_id,
                id=row_id,
                actor_id=self.actor_id,
                key=key,
                request_hash=request_hash,
                created_at=now,
            )
        )
        if claimed.rowcount:
            return row_id
        known = select(IdempotentAnswer).where(IdempotentAnswer.actor_id == self.actor_id, IdempotentAnswer.key == key)
        return (await self.session.scalars(known)).one()

    async def keep(self, row_id: UUID, *, status: int, headers: str, body: bytes) -> None:
        """Write the answer into the claimed row; it is there once the effect is."""
        await self.session.flush()
        connection = await self.session.connection()
        kept = await placed(self.session, row_id, body.decode())
        await connection.execute(
            KEEP, {"the_org": self.org_id, "the_id": row_id, "status": status, "headers": headers, "body": kept}
        )
