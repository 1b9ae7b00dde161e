"""Packs everything an organisation owns: all tables at one moment, then the files that they name."""

import asyncio
import json
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from maintainuk import __version__
from maintainuk.domain.branding import logo_file
from maintainuk.domain.documents import Document, DocumentStatus, page_of
from maintainuk.domain.exports import FORMAT, ITS_TURN, LARGEST, Export, ExportStatus, Packed, export_file
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.photos import Photo, PhotoSize, PhotoStatus, copy_of
from maintainuk.domain.ports import Busy, FileStore, FileTooLarge, Undeliverable
from maintainuk.infrastructure.csv_export import MARK, lines
from maintainuk.infrastructure.exports.contents import readme, tables
from maintainuk.infrastructure.exports.pack import Pack
from maintainuk.infrastructure.security.sealed_files import sealed

ROWS: Final = 500
"""Rows that are in memory at a time."""
AHEAD: Final = 8
"""Parts that wait for a slow file store."""
PART: Final = 262_144
TELL_EVERY: Final = 1.0
LONGEST_LOOK: Final = "900000"
"""Milliseconds for which all tables are looked at as of one moment: nothing that was replaced meanwhile can go."""

# Set to 0 first: PostgreSQL does not wind up again a clock that runs. An older one than 17 has none.
UNHURRIED: Final = """SELECT set_config(name, '0', true), set_config(name, $1, true)
FROM pg_settings WHERE name = 'transaction_timeout'"""
READ_ONLY: Final = "SET TRANSACTION READ ONLY"

P, D, E = Photo.__table__.c, Document.__table__.c, Export.__table__.c
ITSELF: Final = tuple(
    Organisation.__table__.c[name] for name in ("id", "name", "kind", "nation", "phone", "colour", "logo")
)


class Stopped(Exception):
    """Nobody wants it any more, or somebody else makes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which export is made for whom, and what it is written under and sealed with."""

    org_id: UUID
    export_id: UUID
    file_id: UUID
    key: str


class Packer:
    """A `Packer` over the database and the file store; one file at a time, so that other jobs find hands free."""

    name = "packer"
    is_idempotent = True
    """Whatever broke off is begun anew, under another name."""

    def __init__(
        self, session_of: Callable[[UUID], AsyncSession], files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        self._session_of = session_of
        self._files = files
        self._clock = clock
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether one is being made in this process."""
        return self._is_busy

    async def look_up(self, org_id: UUID, key: str) -> None:
        """Nobody asks: what broke off is begun anew."""

    async def pack(self, org_id: UUID, export_id: UUID, file_id: UUID, key: str) -> Packed:
        """Write the file, whole or not at all.

        Raises `Undeliverable` for one that no store would take, `Busy` while another is being made here.
        """
        if self._is_busy:  # two were asked for in the same moment, and neither was begun when each looked
            raise Busy(ITS_TURN)
        self._is_busy = True
        making = Making(self._session_of, self._files, self._clock(), Place(org_id, export_id, file_id, key))
        producer = asyncio.create_task(making.produce())
        try:
            path = export_file(org_id, file_id)
            await self._files.put_stream(path, sealed(key, making.parts(producer)), at_most=LARGEST)
            return making.packed()
        except FileTooLarge:
            raise Undeliverable("too-large") from None
        except Stopped:
            return Packed(self.name, str(file_id), file_id=file_id, is_stopped=True)
        finally:
            producer.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await producer
            making.close()
            self._is_busy = False


class Making:
    """One file on its way: a task writes it, and whoever keeps it takes part after part."""

    def __init__(
        self, session_of: Callable[[UUID], AsyncSession], files: FileStore, made_at: datetime, place: Place
    ) -> None:
        self._session_of = session_of
        self._files = files
        self._made_at = made_at
        self._place = place
        self._pack = Pack(made_at)
        self._paths: IO[bytes] = TemporaryFile()  # noqa: SIM115  (ids only, of as many files as there are)
        self._ready: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)
        self._missing: list[str] = []
        self._done = self._total = 0
        self._told = monotonic()

    async def parts(self, producer: asyncio.Task[None]) -> AsyncIterator[bytes]:
        """Yield the file part by part; whatever went wrong with it is raised here."""
        while (part := await self._ready.get()) is not None:
            yield part
        await producer

    async def produce(self) -> None:
        """Write it."""
        try:
            facts = await self._write_tables()
            await self._write_files()
            for written in self._pack.finish(facts | {"missing": self._missing}):
                await self._ready.put(written)
            await self._tell(is_last=True)
        except Exception:
            await self._ready.put(None)
            raise
        await self._ready.put(None)

    def packed(self) -> Packed:
        """Return what became of it."""
        return Packed(
            Packer.name,
            str(self._place.file_id),
            file_id=self._place.file_id,
            entries=self._pack.entries,
            size=self._pack.size,
            sha256=self._pack.digest(),
            missing=len(self._missing),
        )

    def close(self) -> None:
        """Let go of what it kept aside, and of whoever still waits for a part."""
        while not self._ready.empty():
            self._ready.get_nowait()
        self._ready.put_nowait(None)
        self._pack.close()
        self._paths.close()

    async def _write_tables(self) -> dict[str, Any]:
        async with self._session_of(self._place.org_id) as session:
            connection = await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            await connection.exec_driver_sql(READ_ONLY)
            await connection.exec_driver_sql(UNHURRIED, (LONGEST_LOOK,))
            organisation = await self._organisation(connection)
            for table, _ in tables():
                self._total += await self._count(connection, table)
            await self._find_files(connection, organisation["logo"])
            await self._tell(is_last=True)
            text = await to_thread(readme, organisation["name"], self._made_at)
            self._pack.add("README.txt", text.encode())
            for table, columns in tables():
                await self._write_table(connection, table, columns)
            asked_by = (await connection.execute(select(E.asked_by).where(*self._of_export()))).scalar_one()
        return {
            "format": FORMAT,
            "organisation": {name: value for name, value in organisation.items() if name != "logo"},
            "made_at": self._made_at.isoformat(),
            "made_by": asked_by and str(asked_by),
            "export": str(self._place.export_id),
            "product": f"MaintainUK {__version__}",
        }

    async def _organisation(self, connection: AsyncConnection) -> dict[str, Any]:
        query = select(*ITSELF).where(Organisation.__table__.c.id == self._place.org_id)
        (found,) = (await connection.execute(query)).mappings()
        return {name: None if value is None else str(value) for name, value in found.items()}

    def _of_export(self) -> tuple[ColumnElement[bool], ...]:
        return E.org_id == self._place.org_id, E.id == self._place.export_id

    async def _count(self, connection: AsyncConnection, table: Table) -> int:
        query = select(func.count()).select_from(table).where(table.c.org_id == self._place.org_id)
        return int((await connection.execute(query)).scalar_one())

    async def _write_table(self, connection: AsyncConnection, table: Table, columns: Sequence[Column[object]]) -> None:
        query = select(*columns).where(table.c.org_id == self._place.org_id).order_by(table.c.id)
        with self._pack.entry(f"tables/{table.name}.csv") as entry:
            entry.write((MARK + lines([[one.name for one in columns]])).encode())
            entry.rows = 0
            async with connection.stream(query, execution_options={"yield_per": ROWS}) as found:
                async for rows in found.partitions(ROWS):
                    entry.write(await to_thread(_written, rows))
                    entry.rows += len(rows)
                    await self._went_on(len(rows))

    async def _find_files(self, connection: AsyncConnection, logo: str | None) -> None:
        """Keep aside which files there are: names in the pack and in the store, both of ids only."""
        org_id = self._place.org_id
        found: list[tuple[str, str]] = [("files/logo.jpg", logo_file(org_id, logo))] if logo else []
        self._keep_aside(found)
        photos = select(P.id).where(P.org_id == org_id, P.status == PhotoStatus.READY).order_by(P.id)
        async with connection.stream(photos, execution_options={"yield_per": ROWS}) as ids:
            async for part in ids.scalars().partitions(ROWS):
                self._keep_aside((f"files/photos/{one}.jpg", copy_of(org_id, one, PhotoSize.DISPLAY)) for one in part)
        ready = (D.org_id == org_id, D.status == DocumentStatus.READY, D.withdrawn_at.is_(None))
        documents = select(D.id, D.page_count).where(*ready).order_by(D.id)
        async with connection.stream(documents, execution_options={"yield_per": ROWS}) as pages:
            async for rows in pages.partitions(ROWS):
                for document_id, count in rows:
                    self._keep_aside(
                        (f"files/documents/{document_id}/{number}.jpg", page_of(org_id, document_id, number))
                        for number in range(1, (count or 0) + 1)
                    )

    def _keep_aside(self, files: Iterable[tuple[str, str]]) -> None:
        for one in files:
            self._paths.write(json.dumps(one).encode() + b"\n")
            self._total += 1

    async def _write_files(self) -> None:
        self._paths.seek(0)
        for line in self._paths:
            path, kept = json.loads(line)
            try:
                content = await self._files.get(kept)
            except FileNotFoundError:
                self._missing.append(path)
            else:
                await to_thread(self._pack.add, path, content, is_packed=True)
            await self._went_on(1)

    async def _went_on(self, count: int) -> None:
        self._done += count
        written = self._pack.drain()
        for begins in range(0, len(written), PART):
            await self._ready.put(written[begins : begins + PART])
        await self._tell()

    async def _tell(self, *, is_last: bool = False) -> None:
        """Say once a second how far it has come. Raises `Stopped` when nobody wants it, or somebody else makes it."""
        if not is_last and monotonic() - self._told < TELL_EVERY:
            return
        self._told = monotonic()
        is_ours = (Export.id == self._place.export_id, Export.file_id == self._place.file_id)
        note = update(Export).where(*is_ours, Export.status == ExportStatus.MAKING)
        async with self._session_of(self._place.org_id) as session:
            found = await session.execute(
                note.values(done=self._done, total=self._total).returning(Export.id),
                execution_options={"synchronize_session": False},
            )
            is_wanted = found.one_or_none() is not None
            await session.commit()
        if not is_wanted:
            raise Stopped


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    return lines([_plain(value) for value in row] for row in rows).encode()


def _plain(value: object) -> object:
    """Return a value as it stands in a cell: texts, numbers, days and moments in one form each."""
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False, default=str)
        case bytes():
            return value.hex()
        case UUID():
            return str(value)
    return value
