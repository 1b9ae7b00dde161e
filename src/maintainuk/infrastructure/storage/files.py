"""Files on a local disk, in S3 or in memory, by the address in `MAINTAINUK_STORAGE_URL`."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from maintainuk.domain.ports import FileTooLarge, StorageUnavailable, StoredFile

DEADLINE = 10.0
PART = 4 * 1024 * 1024
"""Bytes that are asked for at a time."""
PARTS_AT_ONCE = 2
"""Of five megabytes each, so that a slow storage does not fill the memory."""
UNFINISHED = "#"
FULL = ("No space left on device", "Disk quota exceeded")


class Files:
    """A `FileStore` over obstore."""

    def __init__(self, url: str, *, deadline: float = DEADLINE) -> None:
        self._where = urlsplit(url).scheme
        self._folder = folder_of(url)
        self._store = store_of(url, deadline)
        self._deadline = deadline

    async def put(self, path: str, content: bytes) -> None:
        """Keep `content` under `path`, replacing what was there."""
        try:
            async with asyncio.timeout(self._deadline):
                await obstore.put_async(self._store, path, content)
        except (BaseError, OSError, TimeoutError) as error:
            raise self._unavailable(error) from error

    async def get(self, path: str) -> bytes:
        """Return what is kept under `path`. Raises `FileNotFoundError`."""
        async with self._asking_for(path):
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())

    async def put_stream(self, path: str, content: AsyncIterator[bytes], *, at_most: int) -> int:
        """Keep what arrives bit by bit, whole or not at all, and return how many bytes.

        Raises `FileTooLarge`, and whatever `content` raises: how long it may take is for whoever sends to say.
        """
        received = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal received
            async for part in content:
                received += len(part)
                if received > at_most:
                    raise FileTooLarge
                if part:
                    yield part

        try:
            await obstore.put_async(self._store, path, counted(), max_concurrency=PARTS_AT_ONCE)
        except BaseError as error:
            raise self._unavailable(error) from error
        return received

    async def stream(self, path: str) -> AsyncIterator[bytes]:
        """Yield what is kept under `path` bit by bit. Raises `FileNotFoundError`.

        Each bit is asked for by itself, and in time: a deadline for all of them would cut off whoever reads slowly.
        """
        async with self._asking_for(path):
            size = (await obstore.head_async(self._store, path))["size"]
        for begins in range(0, size, PART):
            async with self._asking_for(path):
                part = await obstore.get_range_async(self._store, path, start=begins, end=min(begins + PART, size))
            yield bytes(part)

    async def delete(self, path: str) -> None:
        """Keep it no longer; there may be nothing to remove."""
        with contextlib.suppress(FileNotFoundError):
            async with self._asking_for(path):
                await obstore.delete_async(self._store, path)

    async def below(self, folder: str) -> AsyncIterator[StoredFile]:
        """Yield all files in a folder."""
        try:
            async for portion in obstore.list(self._store, prefix=folder):
                for one in portion:
                    yield StoredFile(one["path"], one["last_modified"])
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    async def discard_unfinished(self, folder: str, *, before: datetime) -> int:
        """Remove what was last written to before then and never finished, and return how many files.

        A process that is killed in an upload leaves one on a disk; S3 keeps none that anybody could list.
        """
        if self._folder is None:
            return 0
        try:
            return await asyncio.to_thread(_discard_unfinished, self._folder / folder, before.timestamp())
        except OSError as error:
            raise self._unavailable(error) from error

    async def prove(self) -> None:
        """Write and remove a file, for those who ask whether the storage works. Raises `StorageUnavailable`."""
        await self.put("doctor", b"write, remove")
        with contextlib.suppress(NotFoundError, FileNotFoundError):  # somebody else asked at the same time
            await obstore.delete_async(self._store, "doctor")

    @contextlib.asynccontextmanager
    async def _asking_for(self, path: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except (NotFoundError, FileNotFoundError):
            raise FileNotFoundError(path) from None
        except (BaseError, OSError, TimeoutError) as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> StorageUnavailable:
        told = str(error)
        if any(words in told for words in FULL):
            return StorageUnavailable("The disk that keeps the files is full. Make room; what waits is tried again.")
        if isinstance(error, PermissionDeniedError | UnauthenticatedError | PermissionError):
            return StorageUnavailable(f"The {self._where} storage refuses us. Check its permissions and keys.")
        return StorageUnavailable(f"The {self._where} storage does not answer. Check MAINTAINUK_STORAGE_URL.")


def _discard_unfinished(folder: Path, before: float) -> int:
    """Remove obstore's half-written files (`name#1`), which its own list leaves out."""
    removed = 0
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as found:
        for one in found:
            if UNFINISHED in one.name and one.is_file() and one.stat().st_mtime < before:
                Path(one).unlink(missing_ok=True)
                removed += 1
    return removed


def folder_of(url: str) -> Path | None:
    """Return the folder behind a `file://` address; nothing when files are kept elsewhere."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def store_of(url: str, deadline: float = DEADLINE) -> ObjectStore:
    """Return the store behind an address. A `file://` address is percent-encoded; its folder is made if missing."""
    parts = urlsplit(url)
    match parts.scheme:
        case "memory":
            return MemoryStore()
        case "file":
            return LocalStore(unquote(parts.path), mkdir=True)
        case _:
            limit = timedelta(seconds=deadline)
            return from_url(
                url,
                client_options={"timeout": limit, "connect_timeout": limit / 2},
                retry_config={"max_retries": 2, "retry_timeout": limit},
            )
