"""Bringing a portfolio in from a file: looked at first, written portion by portion, and undone if need be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from maintainuk.application.import_records import PortfolioUndoing, PortfolioWriting
from maintainuk.application.portfolio_rows import Resolution
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import Reason
from maintainuk.domain.import_kinds import KINDS
from maintainuk.domain.import_records import ImportProblem
from maintainuk.domain.imports import ImportKind, ImportRun, ImportStatus, Plan, Problem
from maintainuk.domain.permissions import Scope
from maintainuk.domain.ports import LinesReceipt
from maintainuk.infrastructure.repositories.imports import Imports, PortfolioImports
from maintainuk.infrastructure.repositories.portfolio_rows import PortfolioRows, Table

MOST_SHOWN = 100
"""Imports in the list of past ones."""

STAYS: Final[Mapping[str, Callable[[str], Reason]]] = {
    "properties": lambda place: Reason("stays-properties", place=place),
    "units": lambda place: Reason("stays-units", place=place),
    "tenancies": lambda place: Reason("stays-tenancies", place=place),
    "tenancy_members": lambda _: Reason("stays-tenancy-members"),
    "people": lambda _: Reason("stays-people"),
    "landlords": lambda _: Reason("stays-landlords"),
    "portfolios": lambda _: Reason("stays-portfolios"),
    "contractors": lambda _: Reason("stays-contractors"),
}
"""What is told of a row that stays when an import is undone, by its table."""


class PortfolioImportService:
    """What people do with files of homes, tenancies, people and contractors."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.imports = Imports(work.session)
        self.portfolio = PortfolioImports(work.session)

    def require(self, kind: ImportKind) -> None:
        """Refuse unless the person may write all that such a file brings, in the whole organisation."""
        for permission in KINDS[kind].needs:
            self.work.actor.require(permission, at_least=Scope.ORG)

    async def received(self, import_id: UUID, kind: ImportKind, file_name: str, *, key: str, rows: int) -> ImportRun:
        """Take note of a file that is kept and can be read."""
        self.require(kind)
        run = ImportRun(
            org_id=self.work.actor.org_id,
            id=import_id,
            file_name=file_name,
            kind=kind,
            file_key=key,
            rows=rows,
            started_by=self.work.actor.user_id,
            created_at=self.work.now,
        )
        self.work.session.add(run)
        self.work.audit("ImportReceived", subject_id=import_id, data={"kind": kind.value})
        await self.work.session.flush()
        return run

    async def remembered(self, kind: ImportKind, columns: Sequence[str]) -> Plan | None:
        """Return how a file of the kind with columns of these names was last read."""
        self.require(kind)
        return await self.portfolio.remembered(kind, columns)

    async def page(self) -> Sequence[ImportRun]:
        """Return past imports, the newest first."""
        for kind in KINDS:
            self.require(kind)
        return await self.portfolio.newest(MOST_SHOWN)

    async def read(self, import_id: UUID, *, held: bool = False) -> ImportRun:
        """Return an import. Raises `NotFound`, also for one of tickets."""
        run = await self.portfolio.get(import_id, held=held)
        self.require(run.kind)
        return run

    async def problems(
        self, import_id: UUID, *, after: tuple[int, UUID] | None, limit: int | None
    ) -> list[ImportProblem]:
        """Return what is wrong with rows, in the order of the file."""
        run = await self.read(import_id)
        return list(await self.portfolio.problems(run.id, after=after, limit=limit))

    async def ask_check(self, import_id: UUID, plan: Plan) -> ImportRun:
        """Say how a file is read, and have every row looked at."""
        run = await self.read(import_id, held=True)
        await self.portfolio.forget_problems(run.id)
        run.ask_check(plan)
        await self.work.session.flush()
        return run

    async def start(self, import_id: UUID, *, skip_bad: bool) -> ImportRun:
        """Promise to bring a checked file in; started twice is started once."""
        run = await self.read(import_id, held=True)
        if run.status is not ImportStatus.RUNNING:
            run.start(skip_bad=skip_bad, by=self.work.actor.user_id)
            await self.work.session.flush()
        return run

    async def cancel(self, import_id: UUID) -> ImportRun:
        """Stop an import where it stands; what is in stays in until it is undone."""
        run = await self.read(import_id, held=True)
        run.cancel(at=self.work.now)
        await self.work.session.flush()
        return run

    async def undo(self, import_id: UUID) -> ImportRun:
        """Promise to take an import back; asked twice is asked once."""
        run = await self.read(import_id, held=True)
        if run.status is not ImportStatus.UNDOING:
            await self.portfolio.forget_problems(run.id)
            run.undo(at=self.work.now, by=self.work.actor.user_id)
            await self.work.session.flush()
        return run

    # The worker's part: portion by portion, as the product itself

    async def look_at(self, import_id: UUID, told: LinesReceipt) -> ImportRun:
        """Compare a portion with what is there; nothing of it is written."""
        run = await self.portfolio.get(import_id, held=True)
        if run.status is not ImportStatus.CHECKING or run.done != told.begins:
            return run
        if told.failure is not None:
            run.finish(at=self.work.now, failure=told.failure)
            return run
        if told.dates is not None:
            order, undecided = told.dates
            kept = {name: str(value) for name, value in asdict(undecided).items()} if undecided else None
            run.mapping = run.mapping | {"order_read": order.value, "undecided": kept}
        decided = await self._decided(run, told.read.lines)
        problems = [*told.read.problems, *self._told(run, decided)]
        await self._keep(run.id, problems)
        bad = told.read.bad + len({row for row, _, _ in decided.problems})
        run.looked_at(told.read.rows, bad=bad, repeated=told.read.repeated, tally=decided.tally, is_last=told.is_last)
        self.work.has_changed = True
        return run

    async def bring_in(self, import_id: UUID, told: LinesReceipt) -> ImportRun:
        """Write a portion; one that was written before is left as it is."""
        run = await self.portfolio.get(import_id, held=True)
        if run.status is not ImportStatus.RUNNING or run.done != told.begins:
            return run
        if told.failure is not None:
            run.finish(at=self.work.now, failure=told.failure)
            return run
        await self.imports.take_turn(self.work.actor.org_id)
        bad = await self.portfolio.bad_rows(run.id)
        decided = await self._decided(run, [line for line in told.read.lines if line.row not in bad])
        await self._keep(run.id, self._told(run, decided))
        told_by = self.work.audit(
            "PortionImported",
            subject_id=run.id,
            data={"kind": run.kind.value, "new": decided.tally.created, "changed": decided.tally.updated},
            by=run.started_by,
        )
        await PortfolioWriting(self.work, run.id, by=run.started_by).write(decided.rows, told_by=told_by)
        late = len({row for row, _, _ in decided.problems})
        run.brought_in(told.read.rows, bad=late, tally=decided.tally, at=self.work.now)
        self.work.has_changed = True
        return run

    async def take_back(self, import_id: UUID) -> ImportRun:
        """Take a portion of an import back."""
        run = await self.portfolio.get(import_id, held=True)
        if run.status is not ImportStatus.UNDOING:
            return run
        await self.imports.take_turn(self.work.actor.org_id)
        undoing = PortfolioUndoing(self.work, run.id, by=run.undone_by)
        goes_on = await undoing.go_on()
        await self._keep(run.id, await self._staying(undoing.stayed))
        run.taken_back(undone=undoing.undone, stayed=len(undoing.stayed), is_over=not goes_on)
        self.work.audit(
            "PortionUndone",
            subject_id=run.id,
            data={"undone": undoing.undone, "stayed": len(undoing.stayed)},
            by=run.undone_by,
        )
        self.work.has_changed = True
        return run

    async def _decided(self, run: ImportRun, lines: Sequence[Any]) -> Resolution:
        resolution = Resolution(run.kind, PortfolioRows(self.work.session))
        await resolution.decide(lines)
        return resolution

    def _told(self, run: ImportRun, decided: Resolution) -> list[Problem]:
        columns: Mapping[str, tuple[str, ...]] = run.plan.columns
        return [decided.problem(found, columns) for found in decided.problems]

    async def _staying(self, stayed: Sequence[tuple[Table, UUID]]) -> list[Problem]:
        """Say in words without anybody's name what stays: a home by its address, the rest by its kind."""
        places = await self.portfolio.places({one for _, one in stayed})
        return [Problem(0, None, STAYS[table.__tablename__](places.get(one, ""))) for table, one in stayed]  # type: ignore[attr-defined]

    async def _keep(self, import_id: UUID, problems: Iterable[Problem]) -> None:
        org_id = self.work.actor.org_id
        rows = [
            {
                "org_id": org_id,
                "id": new_id(),
                "import_id": import_id,
                "row": one.row,
                "column": one.column,
                "reason": one.reason.key,
                "facts": one.reason.facts,
            }
            for one in problems
        ]
        if rows:
            await self.work.session.execute(insert(ImportProblem), rows)
