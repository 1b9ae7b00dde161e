"""Bringing a portfolio in over HTTP: send a file, say how it is read, look at what it would become, start, undo."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.requests import ClientDisconnect

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.import_templates import ColumnView, column_views
from maintainuk.api.imports import LONGEST_FILE_NAME, MOST_COLUMNS, FileName, ImportDecision, UndecidedDate, first_rows
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew
from maintainuk.application.portfolio_imports import PortfolioImportService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import DomainError, Invalid, Reason, UploadCutOff
from maintainuk.domain.import_cells import as_shown
from maintainuk.domain.import_kinds import KINDS, guess_columns
from maintainuk.domain.import_reading import Table
from maintainuk.domain.imports import ImportKind, ImportRun, ImportStatus, Order, Plan
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.portfolio_rows import Line, check_plan
from maintainuk.domain.values import line
from maintainuk.infrastructure.security.sealed_files import new_key

router = Router(prefix="/api/v1/portfolio/imports", tags=["portfolio imports"])

SHOWN = 3
"""Good rows that are shown as they will be written."""
LOOKED_THROUGH = 5_000
"""Rows among which they are looked for."""
Importing = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]
Anew = Annotated[Opening, permitted_anew(Permission.PROPERTIES_WRITE)]
Kind = Annotated[ImportKind, Query(description="What a row of the file is about; not tickets.")]
RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV or an Excel workbook (.xlsx), at most 20 MB and 50,000 rows.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class PortfolioPlan(Input):
    """How a file is read: the column of each field; `order` says which number of a date is the day."""

    columns: dict[Annotated[str, Field(max_length=40)], Annotated[list[str], Field(max_length=MOST_COLUMNS)]]
    order: Order | None = Field(None, description="null: as the file's own dates show.")
    nation: Nation | None = Field(
        None, description="Of homes near a border whose rows say none; null: they must say it."
    )

    def settled(self, all_columns: Sequence[str]) -> Plan:
        """Return it as the domain knows it: what tells nothing of all columns of the file is left out on purpose."""
        columns = {name: tuple(columns) for name, columns in self.columns.items() if columns}
        telling = {column for named in columns.values() for column in named}
        unused = tuple(column for column in all_columns if column not in telling)
        return Plan(columns, order=self.order, nation=self.nation, unused=unused)


class ToldField(View):
    """What a row says of one field, as it will be written."""

    field: str
    written: str


class GoodRow(View):
    """A row that can be brought in, as a spreadsheet counts it, and how it was understood."""

    row: int
    told: list[ToldField]


class PortfolioFile(View):
    """A file that can be read: its columns, what each most probably tells, and its first rows.

    `isRemembered`: the guesses are what columns of these names told last time; of columns that are new, by their names.
    `understood` are the first good rows once it was checked, as they will be written.
    """

    id: UUID
    kind: ImportKind
    file_name: str
    header_row: int
    columns: list[str]
    guesses: dict[str, list[str]]
    is_remembered: bool
    sample: list[list[str]]
    understood: list[GoodRow]
    fields: list[ColumnView]
    plan: PortfolioPlan | None = Field(description="How it was last checked; null when it never was.")


class PortfolioImport(View):
    """How far an import has come. While it is checked, the counts say what would become of its rows.

    `alreadyThere` counts rows that change nothing, `stayed` what could not be undone because somebody has worked with
    it since; `canBeUndone` says whether it may still be taken back.
    """

    id: UUID
    kind: ImportKind
    file_name: str
    status: ImportStatus
    rows: int
    done: int
    created: int
    updated: int
    already_there: int
    repeated: int
    bad: int
    undone: int
    stayed: int
    failure: str | None
    order: Order | None
    undecided_date: UndecidedDate | None
    created_at: datetime
    finished_at: datetime | None
    can_be_undone: bool


class PortfolioImportList(View):
    """Past imports, the newest first."""

    items: list[PortfolioImport]


@router.get("")
async def list_portfolio_imports(work: Importing) -> ApiResponse[PortfolioImportList]:
    """List past imports, the newest first."""
    found = await PortfolioImportService(work).page()
    return ApiResponse(data=PortfolioImportList(items=[_shown(run, work.now) for run in found]))


@router.post("", status_code=201, openapi_extra=RAW)
async def upload_portfolio_import(
    request: Request, opening: Anew, kind: Kind, name: FileName = "homes.csv"
) -> ApiResponse[PortfolioFile]:
    """Send a file of homes, tenancies, people or contractors; nothing is written before it is checked and started."""
    services: Services = request.app.state.services
    async with opening() as work:
        _require_portfolio(kind)
        PortfolioImportService(work).require(kind)
        org_id = work.actor.org_id
    import_id, key, files = new_id(), new_key(), services.import_files
    try:
        await files.receive(org_id, import_id, key, request.stream())
    except ClientDisconnect:
        raise UploadCutOff from None
    try:
        await files.unpack(org_id, import_id, key)
        async with files.opened(org_id, import_id, key, kind=kind) as found:
            sample = await to_thread(first_rows, found)
            rows = await to_thread(_count, found)
    except DomainError:
        await files.discard(org_id, import_id)
        raise
    called = line(unquote(name))[:LONGEST_FILE_NAME] or "homes.csv"
    async with opening() as work:
        service = PortfolioImportService(work)
        run = await service.received(import_id, kind, called, key=key, rows=rows)
        remembered = await service.remembered(kind, found.columns)
        return ApiResponse(data=_file(run, found, sample, remembered))


@router.get("/{run_id}")
async def read_portfolio_import(run_id: UUID, work: Importing) -> ApiResponse[PortfolioImport]:
    """Say how far an import has come."""
    return ApiResponse(data=_shown(await PortfolioImportService(work).read(run_id), work.now))


@router.get("/{run_id}/file")
async def read_portfolio_import_file(run_id: UUID, request: Request, opening: Anew) -> ApiResponse[PortfolioFile]:
    """Show a file that was sent before, as it was shown then, and how it was last checked."""
    services: Services = request.app.state.services
    async with opening() as work:
        service = PortfolioImportService(work)
        run = await service.read(run_id)
        key = _key_of(run)
        work.audit("ImportFileRead", subject_id=run.id)
    async with services.import_files.opened(run.org_id, run_id, key, kind=run.kind) as found:
        sample = await to_thread(first_rows, found)
    good = await _good_rows(run, services) if run.status is ImportStatus.CHECKED else []
    async with opening() as work:
        remembered = await PortfolioImportService(work).remembered(run.kind, found.columns)
    return ApiResponse(data=_file(run, found, sample, remembered, good))


@router.put("/{run_id}/mapping", status_code=202)
async def check_portfolio_import(
    run_id: UUID, new: PortfolioPlan, request: Request, opening: Anew
) -> ApiResponse[PortfolioImport]:
    """Say how a file is read and have every row looked at; follow it with `GET`. Nothing is written."""
    services: Services = request.app.state.services
    async with opening() as work:
        run = await PortfolioImportService(work).read(run_id)
        key = _key_of(run)
    async with services.import_files.opened(run.org_id, run_id, key, kind=run.kind) as found:
        plan = new.settled(found.columns)
        check_plan(run.kind, plan, found.columns)
    async with opening() as work:
        run = await PortfolioImportService(work).ask_check(run_id, plan)
        return ApiResponse(data=_shown(run, work.now))


@router.post("/{run_id}/run", status_code=202)
async def start_portfolio_import(
    run_id: UUID, decision: ImportDecision, work: Importing
) -> ApiResponse[PortfolioImport]:
    """Bring a checked file in; follow it with `GET`. The same file again changes nothing."""
    run = await PortfolioImportService(work).start(run_id, skip_bad=decision.skip_bad)
    return ApiResponse(data=_shown(run, work.now))


@router.post("/{run_id}/cancel")
async def cancel_portfolio_import(run_id: UUID, work: Importing) -> ApiResponse[PortfolioImport]:
    """Stop an import where it stands, or give it up; what is in stays in until it is undone."""
    return ApiResponse(data=_shown(await PortfolioImportService(work).cancel(run_id), work.now))


@router.post("/{run_id}/undo", status_code=202)
async def undo_portfolio_import(run_id: UUID, work: Importing) -> ApiResponse[PortfolioImport]:
    """Take away what an import made and put back what it changed, unless somebody has worked with it since."""
    return ApiResponse(data=_shown(await PortfolioImportService(work).undo(run_id), work.now))


def _require_portfolio(kind: ImportKind) -> None:
    if kind not in KINDS:
        raise Invalid(fields={"kind": Reason("tickets-elsewhere")})


async def _good_rows(run: ImportRun, services: Services) -> list[Line]:
    """Return the first rows that can be brought in, from the portions that were understood when it was checked."""
    good: list[Line] = []
    begins = 0
    while len(good) < SHOWN and begins < min(run.rows, LOOKED_THROUGH):
        told = await services.import_files.kept_lines(run.org_id, run.id, begins, key=_key_of(run))
        good += told.read.lines
        begins += told.read.rows or LOOKED_THROUGH
    return good[:SHOWN]


def _key_of(run: ImportRun) -> str:
    """Return what opens an import's file. Raises `NotFound` once it has ended."""
    if run.file_key is None:
        raise Invalid("file-gone")
    return run.file_key


def _count(found: Table) -> int:
    return sum(1 for _ in found.rows())


def _file(
    run: ImportRun, found: Table, sample: list[list[str]], remembered: Plan | None, good: Sequence[Line] = ()
) -> PortfolioFile:
    guesses = guess_columns(run.kind, found.columns, said=remembered)
    return PortfolioFile(
        id=run.id,
        kind=run.kind,
        file_name=run.file_name,
        header_row=found.header_row,
        columns=found.columns,
        guesses={name: list(named) for name, named in guesses.items()},
        is_remembered=remembered is not None,
        sample=sample,
        understood=[_understood(run.kind, one) for one in good],
        fields=column_views(run.kind),
        plan=_said(run.plan) if run.mapping else None,
    )


def _understood(kind: ImportKind, good: Line) -> GoodRow:
    told = [
        ToldField(field=column.field, written=as_shown(good.values[column.field], column.read))
        for column in KINDS[kind].columns
        if good.values.get(column.field)
    ]
    return GoodRow(row=good.row, told=told)


def _said(plan: Plan) -> PortfolioPlan:
    columns = {name: list(named) for name, named in plan.columns.items()}
    return PortfolioPlan(columns=columns, order=plan.order, nation=plan.nation)


def _shown(run: ImportRun, now: datetime) -> PortfolioImport:
    undecided = run.mapping.get("undecided")
    order = run.mapping.get("order_read")
    return PortfolioImport(
        id=run.id,
        kind=run.kind,
        file_name=run.file_name,
        status=run.status,
        rows=run.rows,
        done=run.done,
        created=run.created,
        updated=run.updated,
        already_there=run.already_there,
        repeated=run.repeated,
        bad=run.bad,
        undone=run.undone,
        stayed=run.stayed,
        failure=run.failure,
        order=Order(order) if order else None,
        undecided_date=_undecided(undecided) if undecided else None,
        created_at=run.created_at,
        finished_at=run.finished_at,
        can_be_undone=run.can_be_undone(now),
    )


def _undecided(kept: dict[str, str]) -> UndecidedDate:
    return UndecidedDate(
        written=kept["written"],
        day_first=date.fromisoformat(kept["day_first"]),
        month_first=date.fromisoformat(kept["month_first"]),
    )
