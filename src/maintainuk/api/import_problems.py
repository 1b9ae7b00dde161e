"""What is wrong with the rows of a portfolio's file, over HTTP: told page by page, and taken along to put right."""

from asyncio import to_thread
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted_anew
from maintainuk.api.wording import FIELDS, in_words
from maintainuk.application.portfolio_imports import PortfolioImportService
from maintainuk.bootstrap import Services
from maintainuk.domain.import_reading import Table
from maintainuk.domain.import_records import ImportProblem
from maintainuk.domain.imports import FileUnreadable
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line
from maintainuk.infrastructure.csv_export import table as csv_table

router = Router(prefix="/api/v1/portfolio/imports/{run_id}/problems", tags=["portfolio imports"])

CURSORS: Cursors[tuple[int, UUID]] = Cursors(tuple[int, UUID])
IN_ORDER = "row"
LONGEST_CELL = 200
"""Of what stands in a cell that is wrong, so many signs are shown."""
HEADER = ("Row", "Column", "What is wrong")
Cells = dict[tuple[int, str | None], str]
"""What stands in a row's column."""
Anew = Annotated[Opening, permitted_anew(Permission.PROPERTIES_WRITE)]


class RowProblem(View):
    """Why one row is bad, as a spreadsheet counts it; row 0 tells of something that stays when an import is undone."""

    row: int
    column: str | None
    written: str | None = Field(description="What stands in the cell; null once the file is kept no longer.")
    code: str
    reason: str


class RowProblems(View):
    """What is wrong with rows, in the order of the file; `nextCursor` asks for what follows."""

    items: list[RowProblem]
    next_cursor: str | None


class ProblemsFile(View):
    """All that is wrong with a file, as CSV for a spreadsheet; while the file waits, each row with its own cells."""

    file_name: str
    content: str


@router.get("")
async def list_import_problems(
    run_id: UUID, request: Request, opening: Anew, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[RowProblems]:
    """List what is wrong with rows, in the order of the file, and what stands in their cells while the file waits."""
    services: Services = request.app.state.services
    after = CURSORS.read(cursor, IN_ORDER)
    async with opening() as work:
        service = PortfolioImportService(work)
        run = await service.read(run_id)
        found = await service.problems(run_id, after=after, limit=limit + 1)
        key = run.file_key
        if found and key is not None:
            work.audit("ImportFileRead", subject_id=run.id)
    next_cursor = CURSORS.next(IN_ORDER, [(one.row, one.id) for one in found], limit)
    shown, cells = found[:limit], Cells()
    if shown and key is not None:
        with suppress(FileUnreadable):  # the import has ended meanwhile
            async with services.import_files.opened(run.org_id, run_id, key, kind=run.kind) as table:
                cells = await to_thread(_cells, shown, table)
    items = [_problem(one, cells.get((one.row, one.column))) for one in shown]
    return ApiResponse(data=RowProblems(items=items, next_cursor=next_cursor))


@router.get("/export")
async def export_import_problems(run_id: UUID, request: Request, opening: Anew) -> ApiResponse[ProblemsFile]:
    """Take every problem along as CSV, beside the cells of its row, to put right in a spreadsheet."""
    services: Services = request.app.state.services
    async with opening() as work:
        service = PortfolioImportService(work)
        run = await service.read(run_id)
        problems = await service.problems(run_id, after=None, limit=None)
        work.audit("ImportProblemsExported", subject_id=run.id, data={"problems": len(problems)})
        key = run.file_key
    name = f"{run.file_name.rpartition('.')[0] or run.file_name}-problems.csv"
    if key is None:
        return ApiResponse(data=ProblemsFile(file_name=name, content=_as_csv(problems, [], {})))
    async with services.import_files.opened(run.org_id, run_id, key, kind=run.kind) as found:
        content = await to_thread(_with_cells, problems, found)
    return ApiResponse(data=ProblemsFile(file_name=name, content=content))


def _problem(one: ImportProblem, written: str | None) -> RowProblem:
    reason = in_words(one.problem.reason, FIELDS)
    return RowProblem(row=one.row, column=one.column, written=written, code=one.reason, reason=reason)


def _cells(problems: Sequence[ImportProblem], found: Table) -> Cells:
    """Return what stands in the cells that problems are about, reading no further than the last of them."""
    wanted: dict[int, list[str]] = defaultdict(list)
    for one in problems:
        if one.column in found.columns:
            wanted[one.row].append(one.column)
    written: Cells = {}
    last = max(wanted, default=0)
    for row, cells in takewhile(lambda told: told[0] <= last, found.rows()):
        for column in wanted.get(row, ()):
            place = found.columns.index(column)
            written[row, column] = line(cells[place] if place < len(cells) else "")[:LONGEST_CELL]
    return written


def _with_cells(problems: Sequence[ImportProblem], found: Table) -> str:
    wanted = {one.row for one in problems}
    return _as_csv(problems, found.columns, {row: cells for row, cells in found.rows() if row in wanted})


def _as_csv(problems: Sequence[ImportProblem], columns: Sequence[str], cells: dict[int, list[str]]) -> str:
    lines = [
        [one.row, one.column, in_words(one.problem.reason, FIELDS), *cells.get(one.row, ())[: len(columns)]]
        for one in problems
    ]
    return csv_table([*HEADER, *columns], lines)
