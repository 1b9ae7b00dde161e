"""Files on their way in: kept until they are in, and read portion by portion."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from tempfile import TemporaryFile
from uuid import UUID

from maintainuk.domain.errors import DomainError
from maintainuk.domain.import_reading import Reading
from maintainuk.domain.imports import PORTION, Draft, FileUnreadable, Plan, file_of
from maintainuk.domain.ports import FileStore, Receipt, RowsRead
from maintainuk.infrastructure.csv_files import CsvFile


class ImportFiles:
    """A `TableReader` over the file store."""

    name = "import-files"
    is_idempotent = True
    """A portion read twice is the same portion."""

    def __init__(self, files: FileStore, clock: Callable[[], datetime], *, portion: int = PORTION) -> None:
        self._files = files
        self._clock = clock
        self._size = portion

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Nobody asks: what broke off is read again."""

    @asynccontextmanager
    async def opened(self, org_id: UUID, import_id: UUID) -> AsyncIterator[CsvFile]:
        """Yield a file that is kept; a copy on disk, so that its size takes no memory. Raises `FileUnreadable`."""
        with TemporaryFile() as copy:
            try:
                async for part in self._files.stream(file_of(org_id, import_id)):
                    copy.write(part)
            except FileNotFoundError:
                raise FileUnreadable("file-gone") from None
            yield await asyncio.to_thread(CsvFile, copy)

    async def portion(self, org_id: UUID, import_id: UUID, plan: Plan, begins: int) -> RowsRead:
        """Read a portion behind the first `begins` rows; reading it again gives the same."""
        try:
            async with self.opened(org_id, import_id) as table:
                return await asyncio.to_thread(self._portion, table, import_id, plan, begins)
        except DomainError as refusal:
            return RowsRead(self.name, str(import_id), begins=begins, failure=refusal.reason.key)

    def _portion(self, table: CsvFile, import_id: UUID, plan: Plan, begins: int) -> RowsRead:
        read = Reading(table, plan, self._clock(), begins=begins).portion(self._size)
        drafts = [one for one in read if isinstance(one, Draft)]
        is_last = len(read) < self._size
        return RowsRead(self.name, str(import_id), begins=begins, rows=len(read), drafts=drafts, is_last=is_last)
