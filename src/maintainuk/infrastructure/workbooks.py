"""Excel workbooks: read by a child process that can neither fill the memory nor go on for ever, and written.

Whoever sends a workbook sends a ZIP of XML. The child is told nothing but the bytes and gives back CSV.
"""

import asyncio
import csv
import io
import re
import resource
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

import maintainuk
from maintainuk.domain.imports import LARGEST_FILE, MOST_ROWS, FileUnreadable

MEMORY: Final = 350_000_000
"""Bytes beyond the interpreter: 50,000 rows of 30 columns take two thirds of it."""
CPU_SECONDS: Final = 60
DEADLINE: Final = 100.0
LARGEST_INSIDE: Final = 400_000_000
"""Bytes that a workbook may hold unpacked; a ZIP reader gives no more than it declares."""
MOST_COLUMNS: Final = 200
MOST_EMPTY: Final = 10_000
"""Empty rows in a row: what lies behind them is nobody's table."""
TOO_LARGE, DAMAGED, NO_TABLE = 3, 4, 5
ENVIRONMENT: Final = {"PYTHONPATH": str(Path(maintainuk.__file__).parents[1]), "MALLOC_ARENA_MAX": "1"}
BEGINS: Final = b"PK\x03\x04"
NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


async def as_csv(workbook: IO[bytes]) -> IO[bytes]:
    """Return the first sheet that holds anything, as CSV in UTF-8. Raises `FileUnreadable`."""
    workbook.seek(0)
    table = TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
    child = await create_subprocess_exec(
        *(sys.executable, "-P", "-m", "maintainuk.infrastructure.workbooks"),
        stdin=workbook,
        stdout=table,
        stderr=DEVNULL,
        env=ENVIRONMENT,
        cwd="/",
    )
    try:
        async with asyncio.timeout(DEADLINE):
            ended = await child.wait()
    except TimeoutError:
        ended = TOO_LARGE
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if ended:
        table.close()
    if ended == NO_TABLE:
        raise FileUnreadable("file-empty")
    if ended == TOO_LARGE or ended < 0:
        raise FileUnreadable("workbook-too-large")
    if ended:
        raise FileUnreadable("workbook-damaged")
    table.seek(0)
    return table


def written(sheets: Sequence[tuple[str, Iterable[Sequence[object]]]]) -> bytes:
    """Return a workbook of sheets, each with a bold first row; a text stays one, also if it begins with `=`."""
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31])
        lines = [list(row) for row in rows]
        for place, width in enumerate(_widths(lines), 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = width
        sheet.freeze_panes = "A2"
        for number, line in enumerate(lines):
            sheet.append([_cell(sheet, value, is_bold=number == 0) for value in line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _widths(lines: Sequence[Sequence[object]]) -> list[int]:
    columns = max((len(line) for line in lines), default=0)
    return [
        min(60, max(12, *(len(str(line[place])) + 2 for line in lines if place < len(line))))
        for place in range(columns)
    ]


def _cell(sheet: Any, value: object, *, is_bold: bool) -> Any:  # noqa: ANN401  (openpyxl has no types)
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=NOT_IN_XML.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"  # text, so that a spreadsheet takes no zero from a number
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _read(workbook: IO[bytes], table: IO[bytes]) -> int:
    """Write the first sheet that holds anything as CSV; return 0, or why not."""
    try:
        with ZipFile(workbook) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_INSIDE:
                return TOO_LARGE
        workbook.seek(0)
        book = openpyxl.load_workbook(workbook, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and _write(sheet, table):
                return 0
    except MemoryError:
        return TOO_LARGE
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError, AttributeError, TypeError):
        return DAMAGED
    return NO_TABLE


def _write(sheet: Any, table: IO[bytes]) -> int:  # noqa: ANN401
    sheet.reset_dimensions()  # a file may claim any size
    text = io.TextIOWrapper(table, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    found = empty = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        cells = [_as_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            empty += 1
            if empty > MOST_EMPTY:
                break
            writer.writerow([""])
            continue
        found, empty = found + 1, 0
        if found > MOST_ROWS + 100:
            break
        writer.writerow(cells)
    text.flush()
    text.detach()
    if not found:
        table.seek(0)
        table.truncate()
    return found


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _bound() -> None:
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123
        now = int(told.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * LARGEST_FILE, 10 * LARGEST_FILE))


if __name__ == "__main__":
    _bound()
    sys.exit(_read(sys.stdin.buffer, sys.stdout.buffer))
