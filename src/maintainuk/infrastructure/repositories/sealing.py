"""An organisation's keys, and the rows that one of them has sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Final, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import Entity
from maintainuk.domain.sealing import KeyPurpose, OrganisationKey
from maintainuk.infrastructure.database.reading import rows
from maintainuk.infrastructure.database.sealing import entered, sealed_tables
from maintainuk.infrastructure.security.sealing import FORMAT, HEADER, KEY, Keys, MasterKeys

BEFORE_ALL = UUID(int=0)
PORTION = 500
BEGINNING: Final = bindparam("beginning", type_=LargeBinary())


@dataclass(frozen=True, slots=True)
class Portion:
    """What became of some rows of a table: how many were looked up, and where to go on; nowhere at the end."""

    renewed: int
    after: UUID | None


class OrganisationKeys:
    """The keys of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def all(self, *, held: bool = False) -> Sequence[OrganisationKey]:
        """Return all versions, oldest first; `held` until the transaction ends."""
        query = select(OrganisationKey).order_by(OrganisationKey.purpose, OrganisationKey.version)
        return (await self.session.scalars(query.with_for_update() if held else query)).all()

    async def add_version(self, masters: MasterKeys, *, at: datetime, lead: timedelta) -> int | None:
        """Add a version that seals from `lead` after `at`; none when there is no key yet, or one waits already."""
        versions = [key for key in await self.all(held=True) if key.purpose is KeyPurpose.DATA]
        if not versions or versions[-1].active_from > at:
            return None
        master_version, wrapped = masters.wrap(token_bytes(KEY))
        key = OrganisationKey(
            org_id=self.session.info["org_id"],
            purpose=KeyPurpose.DATA,
            version=versions[-1].version + 1,
            wrapped=wrapped,
            master_version=master_version,
            created_at=at,
            active_from=at + lead,
        )
        self.session.add(key)
        return key.version

    async def rewrap(self, masters: MasterKeys) -> int:
        """Wrap with the newest master key what another one wrapped, and say how many keys; no row is touched."""
        old = [key for key in await self.all(held=True) if key.master_version != masters.newest]
        for key in old:
            key.master_version, key.wrapped = masters.wrap(masters.unwrap(key.master_version, key.wrapped))
        return len(old)


class SealedRows:
    """The rows of the session's organisation that hold sealed texts."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def renew(self, entity: type[Entity], names: Sequence[str], after: UUID) -> Portion:
        """Seal with the key of now what an older one sealed, in some rows behind `after`.

        A text that somebody changes meanwhile is left alone: they have sealed it with the key of now.
        """
        keys = await entered(self.session)
        if keys is None:
            return Portion(0, None)
        table = cast("Table", entity.__table__)
        raw = [type_coerce(table.c[name], LargeBinary) for name in names]
        header = HEADER.pack(FORMAT, keys.current)
        found = await rows(
            self.session,
            select(table.c.id, *raw)
            .where(
                table.c.org_id == bindparam("org"),
                table.c.id > bindparam("after", type_=Uuid()),
                or_(*(_beginning(column) != BEGINNING for column in raw)),
            )
            .order_by(table.c.id)
            .limit(bindparam("portion", type_=Integer())),
            after=after,
            beginning=header,
            portion=PORTION,
        )
        for place, name in enumerate(names, 1):
            old = {row[0]: bytes(row[place]) for row in found if row[place] is not None}
            stale = {row_id: sealed for row_id, sealed in old.items() if not sealed.startswith(header)}
            await self._change(table, name, keys, stale)
        return Portion(len(found), found[-1][0] if len(found) == PORTION else None)

    async def _change(self, table: Table, name: str, keys: Keys, stale: Mapping[UUID, bytes]) -> None:
        place = f"{table.name}.{name}"
        change = (
            update(table)
            .where(
                table.c.org_id == bindparam("the_org", type_=Uuid()),
                table.c.id == bindparam("row", type_=Uuid()),
                type_coerce(table.c[name], LargeBinary) == bindparam("old", type_=LargeBinary()),
            )
            .values({name: bindparam("new", type_=LargeBinary())})
        )
        changes = [
            {
                "the_org": keys.org_id,
                "row": row_id,
                "old": sealed,
                "new": keys.seal(place, row_id, keys.open(place, row_id, sealed)),
            }
            for row_id, sealed in stale.items()
        ]
        if changes:
            await (await self.session.connection()).execute(change, changes)

    async def older_than(self, version: int) -> int:
        """Count the rows that a version before this one has sealed."""
        count = 0
        for entity, names in sealed_tables():
            table = entity.__table__
            older = or_(*(_beginning(type_coerce(table.c[name], LargeBinary)) < BEGINNING for name in names))
            query = select(func.count()).select_from(table).where(table.c.org_id == bindparam("org"), older)
            ((found,),) = await rows(self.session, query, beginning=HEADER.pack(FORMAT, version))
            count += found
        return count


def _beginning(sealed: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """Return what tells which key has sealed: the format and the key's version."""
    return func.substring(sealed, 1, HEADER.size, type_=LargeBinary())
