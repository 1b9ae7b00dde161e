"""Taking back what an import made, as far as nobody has worked with it since."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Uuid, any_, delete, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import Entity
from maintainuk.domain.import_records import ImportChange, ImportMade
from maintainuk.domain.people import Tenancy, TenancyMember
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.infrastructure.repositories.portfolio_rows import Table

AS_MADE: Final = 1
"""The version of a row that nobody has changed."""


class PortfolioUndo:
    """What one import made and changed."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def changes(self, import_id: UUID, limit: int) -> Sequence[ImportChange]:
        """Return what was changed and not yet put back, the newest first."""
        query = (
            select(ImportChange)
            .where(ImportChange.import_id == import_id)
            .order_by(ImportChange.id.desc())
            .limit(limit)
            .with_for_update()
        )
        return (await self.session.scalars(query)).all()

    async def made(self, import_id: UUID, table: str) -> ImportMade | None:
        """Return a portion that was made in a table and not yet dealt with, the newest first."""
        query = (
            select(ImportMade)
            .where(ImportMade.import_id == import_id, ImportMade.made_in == table, ImportMade.undone_at.is_(None))
            .order_by(ImportMade.id.desc())
            .limit(1)
            .with_for_update()
        )
        found: ImportMade | None = await self.session.scalar(query)
        return found

    async def remove(self, table: Table, ids: Sequence[UUID], import_id: UUID) -> set[UUID]:
        """Remove those rows that nobody has changed and nothing refers to, and return which stay.

        A home goes with who lives in it by this import, in one transaction, or stays with them.
        """
        if table is Property:
            await self._remove_buildings(ids, import_id)
        elif table is Unit:
            free, tenancies = await self._free_homes(await self._of_blocks(ids), import_id)
            await self._delete_homes(free, tenancies)
        elif table is Tenancy:
            elsewhere = await self._at_homes(ids, but=await self._ours(Unit, import_id))
            await self._delete_tenancies(await self._free_tenancies(elsewhere, import_id))
        elif table is TenancyMember:
            await self._delete(table, await self._added(ids, but=await self._ours(Tenancy, import_id)))
        else:
            await self._delete(table, await self._free(table, ids, but=()))
        return set(await self.session.scalars(select(table.id).where(table.id == _ids(ids))))

    async def _ours(self, table: Table, import_id: UUID) -> set[UUID]:
        made = select(ImportMade.ids).where(
            ImportMade.import_id == import_id,
            ImportMade.made_in == table.__tablename__,  # type: ignore[attr-defined]
        )
        return {one for ids in await self.session.scalars(made) for one in ids}

    async def _remove_buildings(self, ids: Sequence[UUID], import_id: UUID) -> None:
        """Remove buildings whose homes this import made, with them; a home that stays keeps its building."""
        ours = await self._ours(Unit, import_id)
        query = select(Unit.id, Unit.property_id).where(Unit.property_id == _ids(ids))
        homes = [(home, building) for home, building in await self.session.execute(query)]
        free, tenancies = await self._free_homes([home for home, _ in homes if home in ours], import_id)
        lived_in = {building for home, building in homes if home not in free}
        buildings = await self._free(Property, [one for one in ids if one not in lived_in], but=(Unit.__tablename__,))
        await self._delete_homes({home for home, building in homes if building in buildings}, tenancies)
        await self._delete(Property, buildings)

    async def _of_blocks(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return which of these are homes in blocks: that of a house goes with its house, and stays with it."""
        query = (
            select(Unit.id)
            .join(Property, (Property.org_id == Unit.org_id) & (Property.id == Unit.property_id))
            .where(Unit.id == _ids(ids), Property.kind == PropertyKind.BLOCK)
        )
        return set(await self.session.scalars(query))

    async def _free_homes(self, ids: Collection[UUID], import_id: UUID) -> tuple[set[UUID], dict[UUID, UUID]]:
        """Return which homes hold nothing but what this import brought there, and the home of each letting in them."""
        free = await self._free(Unit, ids, but=(Tenancy.__tablename__,))
        query = select(Tenancy.id, Tenancy.unit_id).where(Tenancy.unit_id == _ids(free))
        lettings = {row[0]: row[1] for row in await self.session.execute(query)}
        goes = await self._free_tenancies(set(lettings) & await self._ours(Tenancy, import_id), import_id)
        free -= {home for tenancy, home in lettings.items() if tenancy not in goes}
        return free, {tenancy: home for tenancy, home in lettings.items() if home in free}

    async def _at_homes(self, ids: Sequence[UUID], *, but: Collection[UUID]) -> set[UUID]:
        """Return which tenancies are of homes that were there before the import."""
        query = select(Tenancy.id, Tenancy.unit_id).where(Tenancy.id == _ids(ids))
        return {row[0] for row in await self.session.execute(query) if row[1] not in but}

    async def _free_tenancies(self, ids: Collection[UUID], import_id: UUID) -> set[UUID]:
        """Return which tenancies hold nobody but whom this import brought in, all of them still there."""
        free = await self._free(Tenancy, ids, but=(TenancyMember.__tablename__,))
        query = select(TenancyMember.id, TenancyMember.tenancy_id, TenancyMember.moved_out_on)
        members = (await self.session.execute(query.where(TenancyMember.tenancy_id == _ids(free)))).all()
        ours = await self._ours(TenancyMember, import_id)
        return free - {tenancy for member, tenancy, left in members if member not in ours or left}

    async def _added(self, ids: Sequence[UUID], *, but: Collection[UUID]) -> set[UUID]:
        """Return who was added to tenancies that were there before, and has not moved out."""
        query = select(TenancyMember.id, TenancyMember.tenancy_id).where(
            TenancyMember.id == _ids(ids), TenancyMember.moved_out_on.is_(None)
        )
        return {row[0] for row in await self.session.execute(query) if row[1] not in but}

    async def _delete_homes(self, homes: set[UUID], lettings: dict[UUID, UUID]) -> None:
        await self._delete_tenancies({tenancy for tenancy, home in lettings.items() if home in homes})
        await self._delete(Unit, homes)

    async def _delete_tenancies(self, ids: set[UUID]) -> None:
        if ids:
            members = delete(TenancyMember).where(TenancyMember.tenancy_id == _ids(ids))
            await self.session.execute(members, execution_options={"synchronize_session": False})
        await self._delete(Tenancy, ids)

    async def _free(self, table: Any, ids: Collection[UUID], *, but: Collection[str]) -> set[UUID]:  # noqa: ANN401
        """Return those that are as they were made, and that no row of any other table (`but` these) refers to."""
        if not ids:
            return set()
        condition = table.id == _ids(ids)
        query = select(table.id).where(condition, table.version == AS_MADE).with_for_update()
        free = set(await self.session.scalars(query))
        for name, column in _referring(str(table.__tablename__)):
            if name not in but and free:
                used = select(column).where(column == _ids(free)).distinct()
                free -= set(await self.session.scalars(used))
        return free

    async def _delete(self, table: Any, ids: set[UUID]) -> None:  # noqa: ANN401
        if ids:
            statement = delete(table).where(table.id == _ids(ids))
            await self.session.execute(statement, execution_options={"synchronize_session": False})


def _referring(table: str) -> list[tuple[str, Any]]:
    """Return the columns of all tables that refer to this one's rows."""
    found = []
    for mapper in Entity.registry.mappers:
        for constraint in mapper.local_table.constraints:  # type: ignore[attr-defined]
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name == table:
                (name,) = [key for key in constraint.column_keys if key != "org_id"] or ["org_id"]
                column = next(attribute for attribute in mapper.column_attrs if attribute.columns[0].name == name)
                found.append((str(mapper.local_table.name), getattr(mapper.class_, column.key)))  # type: ignore[attr-defined]
    return found


def _ids(ids: Collection[UUID]) -> Any:  # noqa: ANN401
    return any_(literal(sorted(ids), ARRAY(Uuid)))
