"""Files on their way in: sealed and kept until they are in, and read portion by portion."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final
from uuid import UUID

from maintainuk.domain.errors import DomainError
from maintainuk.domain.import_files import file_of, portion_of
from maintainuk.domain.import_guesses import guess
from maintainuk.domain.import_kinds import guess_columns
from maintainuk.domain.import_reading import Reading
from maintainuk.domain.imports import LARGEST_FILE, PORTION, Draft, FileUnreadable, ImportKind, Plan
from maintainuk.domain.portfolio_rows import Line, LinesRead, PortfolioReading
from maintainuk.domain.ports import FileStore, LinesReceipt, Receipt, RowsRead
from maintainuk.infrastructure import workbooks
from maintainuk.infrastructure.csv_files import CsvFile
from maintainuk.infrastructure.security.sealed_files import (
    OVERHEAD,
    FileCannotOpen,
    opened,
    opened_bytes,
    sealed,
    sealed_bytes,
)

LINES: Final = 400
"""Rows of a portion of a portfolio: written in a second, also where others keep the machine busy."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A file that this process reads just now: it goes on where it stopped, and need not find its place again."""

    import_id: UUID
    plan: Plan
    reading: PortfolioReading


class ImportFiles:
    """A `TableReader` over the file store."""

    name = "import-files"
    is_idempotent = True
    """A portion read twice is the same portion."""

    def __init__(
        self, files: FileStore, clock: Callable[[], datetime], *, portion: int = PORTION, lines: int = LINES
    ) -> None:
        self._files = files
        self._clock = clock
        self._size = portion
        self._lines = lines
        self._underway: Underway | None = None
        self._one_at_a_time = asyncio.Lock()

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Nobody asks: what broke off is read again."""

    async def receive(self, org_id: UUID, import_id: UUID, key: str, content: AsyncIterator[bytes]) -> None:
        """Keep a file as it arrives, sealed."""
        path = file_of(org_id, import_id)
        await self._files.put_stream(path, sealed(key, content), at_most=LARGEST_FILE + OVERHEAD)

    async def unpack(self, org_id: UUID, import_id: UUID, key: str) -> None:
        """Put the table of a workbook in its place, if the file is one. Raises `FileUnreadable`."""
        with TemporaryFile() as copy:
            async for part in self._parts(org_id, import_id, key):
                copy.write(part)
            copy.seek(0)
            if copy.read(len(workbooks.BEGINS)) != workbooks.BEGINS:
                return
            with await workbooks.as_csv(copy) as table:
                await self.receive(org_id, import_id, key, _pieces(table))

    @asynccontextmanager
    async def opened(
        self, org_id: UUID, import_id: UUID, key: str | None = None, *, kind: ImportKind = ImportKind.TICKETS
    ) -> AsyncIterator[CsvFile]:
        """Yield a file that is kept, in memory, because what is sealed is written to no disk in clear."""
        yield await self._open(org_id, import_id, key, kind)

    async def discard(self, org_id: UUID, import_id: UUID) -> None:
        """Keep a file no longer."""
        await self._files.delete(file_of(org_id, import_id))

    async def portion(
        self, org_id: UUID, import_id: UUID, plan: Plan, begins: int, *, key: str | None = None
    ) -> RowsRead:
        """Read a portion of tickets behind the first `begins` rows; reading it again gives the same."""
        try:
            async with self.opened(org_id, import_id, key) as table:
                return await asyncio.to_thread(self._portion, table, import_id, plan, begins)
        except DomainError as refusal:
            return RowsRead(self.name, str(import_id), begins=begins, failure=refusal.reason.key)

    async def look_at(  # noqa: PLR0913  (what a portion is read by)
        self, org_id: UUID, import_id: UUID, kind: ImportKind, plan: Plan, begins: int, *, key: str
    ) -> LinesReceipt:
        """Read a portion of a portfolio and keep its good rows as they are understood, sealed."""
        async with self._one_at_a_time:
            try:
                if (reading := self._going_on(import_id, plan, begins)) is None:
                    table = await self._open(org_id, import_id, key, kind)
                    reading = await asyncio.to_thread(PortfolioReading, table, kind, plan, self._clock())
                    await asyncio.to_thread(reading.skip_to, begins)
                self._underway = None
                read = await asyncio.to_thread(reading.portion, self._lines)
            except DomainError as refusal:
                return LinesReceipt(self.name, str(import_id), begins=begins, failure=refusal.reason.key)
            is_last = read.rows < self._lines
            if not is_last:
                self._underway = Underway(import_id, plan, reading)
            kept = json.dumps([[line.row, line.values] for line in read.lines]).encode()
            path = portion_of(org_id, import_id, begins)
            await self._files.put(path, await sealed_bytes(key, kept + b"\n%d" % read.rows))
            shown = (reading.order, reading.dates.undecided) if begins == 0 else None
            return LinesReceipt(self.name, str(import_id), begins=begins, read=read, is_last=is_last, dates=shown)

    async def kept_lines(self, org_id: UUID, import_id: UUID, begins: int, *, key: str) -> LinesReceipt:
        """Return the good rows of a portion that was looked at before."""
        try:
            content = await opened_bytes(key, await self._files.get(portion_of(org_id, import_id, begins)))
        except (FileNotFoundError, FileCannotOpen):
            return LinesReceipt(self.name, str(import_id), begins=begins, failure="file-gone")
        lines, _, rows = content.rpartition(b"\n")
        read = LinesRead(rows=int(rows), lines=[Line(row, values) for row, values in json.loads(lines)])
        return LinesReceipt(self.name, str(import_id), begins=begins, read=read)

    def _going_on(self, import_id: UUID, plan: Plan, begins: int) -> PortfolioReading | None:
        underway = self._underway
        if (
            underway
            and (underway.import_id, underway.reading.position) == (import_id, begins)
            and underway.plan == plan
        ):
            return underway.reading
        return None

    async def _open(self, org_id: UUID, import_id: UUID, key: str | None, kind: ImportKind) -> CsvFile:
        content = BytesIO()
        async for part in self._parts(org_id, import_id, key):
            content.write(part)
        guessing = guess if kind is ImportKind.TICKETS else partial(guess_columns, kind)
        return await asyncio.to_thread(CsvFile, content, guessing)

    async def _parts(self, org_id: UUID, import_id: UUID, key: str | None) -> AsyncIterator[bytes]:
        """Yield the file bit by bit; one that came before files were sealed has no key. Raises `FileUnreadable`."""
        parts = self._files.stream(file_of(org_id, import_id))
        try:
            async for part in parts if key is None else opened(key, parts):
                yield part
        except (FileNotFoundError, FileCannotOpen):
            raise FileUnreadable("file-gone") from None

    def _portion(self, table: CsvFile, import_id: UUID, plan: Plan, begins: int) -> RowsRead:
        read = Reading(table, plan, self._clock(), begins=begins).portion(self._size)
        drafts = [one for one in read if isinstance(one, Draft)]
        is_last = len(read) < self._size
        return RowsRead(self.name, str(import_id), begins=begins, rows=len(read), drafts=drafts, is_last=is_last)


async def _pieces(table: IO[bytes]) -> AsyncIterator[bytes]:
    with suppress(StopIteration):
        while piece := await asyncio.to_thread(table.read, 1_048_576):
            yield piece
