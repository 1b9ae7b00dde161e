"""Writing what a portion of a file makes of what is there, and taking it back."""

import json
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.contractors import Contractor, ContractorStatus
from maintainuk.domain.import_records import ImportChange, ImportMade
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.infrastructure.repositories.import_records import PortfolioUndo
from maintainuk.infrastructure.repositories.portfolio_rows import FIELDS, Row, Table

TABLES: Final[dict[str, Table]] = {str(table.__tablename__): table for table in FIELDS}  # type: ignore[attr-defined]
UNDONE_IN: Final[tuple[Table, ...]] = (
    Property, Unit, Tenancy, TenancyMember, Portfolio, Landlord, Contractor, Person,
)  # fmt: skip
"""What an import made is taken away in this order: a home goes with who lives in it, or stays with them."""
UNDO_PORTION: Final = 500
DEFAULTS: Final[dict[Table, dict[str, Any]]] = {
    Property: {"team_id": None, "parent_id": None},
    Portfolio: {"approval_limit": None, "emergency_limit": None},
    Landlord: {"approval_limit": None, "emergency_limit": None},
    Contractor: {"status": ContractorStatus.ACTIVE},
}
"""What no file tells of a new row, and a database has no default for."""


class PortfolioWriting:
    """Writes rows for one import, and remembers what it made and what stood there before.

    Each row that was there already gets a row of the log for its change; of new ones, that of their portion tells.
    """

    def __init__(self, work: UnitOfWork, import_id: UUID, *, by: UUID | None) -> None:
        self.work = work
        self.import_id = import_id
        self.by = by
        """Who brings the file in."""

    async def write(self, rows: Sequence[Row], *, told_by: UUID | None) -> None:
        """Write new rows table by table, and changes row by row; `told_by` is the portion's row of the log."""
        session, org_id = self.work.session, self.work.actor.org_id
        for table in FIELDS:
            fresh = [row for row in rows if row.is_new and row.table is table]
            if fresh:
                values = [{"org_id": org_id, "id": row.id, **DEFAULTS.get(table, {}), **_whole(row)} for row in fresh]
                # Empty cells are written too: rows of unlike columns would be a statement each.
                await session.execute(insert(table), values, execution_options={"render_nulls": True})
                made = ImportMade(
                    org_id=org_id,
                    import_id=self.import_id,
                    made_in=table.__tablename__,  # type: ignore[attr-defined]
                    ids=[row.id for row in fresh],
                    entry_id=told_by,
                )
                session.add(made)
        for row in rows:
            if row.before and not row.is_new:
                await self._change(row)
        await session.flush()

    async def _change(self, row: Row) -> None:
        entity: Any = await self.work.session.get(row.table, (self.work.actor.org_id, row.id), with_for_update=True)
        for name in row.before:
            setattr(entity, name, row.facts[name])
        if isinstance(entity, Person):
            entity.version += 1
        await self.work.session.flush()
        self.work.audit("ChangedByImport", subject_id=row.id, data={"import_id": str(self.import_id)}, by=self.by)
        self.work.session.add(
            ImportChange(
                org_id=self.work.actor.org_id,
                import_id=self.import_id,
                changed_in=row.table.__tablename__,  # type: ignore[attr-defined]
                subject_id=row.id,
                before=json.dumps(row.before, default=_as_json),
                left_at=entity.version,
            )
        )


class PortfolioUndoing:
    """Takes away what an import made and puts back what it changed, portion by portion."""

    def __init__(self, work: UnitOfWork, import_id: UUID, *, by: UUID | None) -> None:
        self.work = work
        self.by = by
        self.undo = PortfolioUndo(work.session)
        self.import_id = import_id
        self.undone = 0
        self.stayed: list[tuple[Table, UUID]] = []

    async def go_on(self) -> bool:
        """Deal with one portion, and say whether another is left."""
        if changes := await self.undo.changes(self.import_id, UNDO_PORTION):
            for change in changes:
                await self._put_back(change)
            await self.work.session.flush()
            return True
        for table in UNDONE_IN:
            if made := await self.undo.made(self.import_id, str(table.__tablename__)):  # type: ignore[attr-defined]
                stay = await self.undo.remove(table, made.ids, self.import_id)
                self.undone += len(made.ids) - len(stay)
                self.stayed += [(table, one) for one in stay]
                made.undone_at = self.work.now
                await self.work.session.flush()
                return True
        return False

    async def _put_back(self, change: ImportChange) -> None:
        table = TABLES[change.changed_in]
        entity: Any = await self.work.session.get(table, (change.org_id, change.subject_id), with_for_update=True)
        if entity is not None and entity.version == change.left_at:
            for name, value in json.loads(change.before).items():
                setattr(entity, name, _as_column(table, name, value))
            if isinstance(entity, Person):
                entity.version += 1
            await self.work.session.flush()
            data = {"import_id": str(self.import_id)}
            self.work.audit("PutBackByUndo", subject_id=change.subject_id, data=data, by=self.by)
            self.undone += 1
        elif entity is not None:
            self.stayed.append((table, change.subject_id))
        await self.work.session.delete(change)


def _whole(row: Row) -> dict[str, Any]:
    """Return what a new row holds; a firm may be given no trade or area."""
    return {name: [] if value is None and name in {"trades", "areas"} else value for name, value in row.facts.items()}


def _as_json(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)


def _as_column(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        return value
    kind = table.__table__.c[name].type.python_type  # type: ignore[attr-defined]
    if kind is date:
        return date.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    choices = getattr(table.__table__.c[name].type, "enum_class", None)  # type: ignore[attr-defined]
    return choices(value) if choices else value
