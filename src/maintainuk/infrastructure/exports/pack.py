"""A ZIP file that is written bit by bit: nothing of it is ever whole in memory or on a disk."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Final, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST: Final = "manifest.json"
BIT: Final = 65_536


class Pack:
    """Takes entries one after the other, and hands out what is written of the file so far."""

    def __init__(self, made_at: datetime) -> None:
        self._made_at = made_at.timetuple()[:6]
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w", ZIP_DEFLATED)
        self._told = TemporaryFile()  # noqa: SIM115  (lives as long as the pack; paths and numbers only)
        self._hash = sha256()
        self.size = 0
        self.entries = 0

    def entry(self, path: str, *, is_packed: bool = False) -> "Entry":
        """Begin an entry that is written bit by bit; `is_packed`: it would not become smaller."""
        info = ZipInfo(path, date_time=self._made_at)
        info.compress_type = ZIP_STORED if is_packed else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return Entry(self, info)

    def add(self, path: str, content: bytes, *, is_packed: bool = False) -> None:
        """Add a small entry."""
        with self.entry(path, is_packed=is_packed) as entry:
            entry.write(content)

    def drain(self) -> bytes:
        """Return what was written since the last time."""
        written = self._sink.drain()
        self._hash.update(written)
        self.size += len(written)
        return written

    def finish(self, facts: Mapping[str, Any]) -> Iterator[bytes]:
        """Write the manifest, which names all other entries, and the end of the file; yield what is written."""
        with self.entry(MANIFEST) as manifest:
            manifest.write(json.dumps(facts, ensure_ascii=False, indent=1).removesuffix("\n}").encode())
            manifest.write(b',\n "entries": [')
            self._told.seek(0)
            before = b"\n  "
            for line in self._told:
                manifest.write(before + line.rstrip(b"\n"))
                before = b",\n  "
                if len(self._sink) > BIT:
                    yield self.drain()
            manifest.write(b"\n ]\n}\n")
            manifest.is_told = False
        self._zip.close()
        self._told.close()
        yield self.drain()

    def digest(self) -> str:
        """Return the SHA-256 of all that was handed out, in hexadecimal digits."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Give it up."""
        self._told.close()

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Remember an entry for the manifest."""
        self._told.write(json.dumps(facts, ensure_ascii=False).encode() + b"\n")
        self.entries += 1


class Entry:
    """One entry on its way in."""

    def __init__(self, pack: Pack, info: ZipInfo) -> None:
        self._pack, self._info = pack, info
        self._hash = sha256()
        self._size = 0
        self.rows: int | None = None
        self.is_told = True
        self._stream = pack._zip.open(info, "w", force_zip64=True)  # noqa: SLF001  (one half of a pair)

    def write(self, content: bytes) -> None:
        """Add some bytes."""
        self._stream.write(content)
        self._hash.update(content)
        self._size += len(content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._stream.close()
        if kind is None and self.is_told:
            rows = {} if self.rows is None else {"rows": self.rows}
            self._pack.tell(
                {"path": self._info.filename, **rows, "bytes": self._size, "sha256": self._hash.hexdigest()}
            )


class _Sink:
    """What `zipfile` writes to: no file, so it can't be sought in."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def __len__(self) -> int:
        return len(self._waiting)

    def write(self, content: bytes, /) -> int:
        self._waiting += content
        return len(content)

    def flush(self) -> None:
        """Have nothing to flush."""

    def close(self) -> None:
        """Have nothing to close."""

    def drain(self) -> bytes:
        written = bytes(self._waiting)
        self._waiting.clear()
        return written
