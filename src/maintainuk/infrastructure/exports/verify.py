"""Whether a file with everything an organisation owns is whole, and still says what it said when it was made.

The file may come from anywhere: nothing of it is unpacked to a disk, and none of its names is used as one.
"""

import csv
import io
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from maintainuk.domain.exports import FORMAT
from maintainuk.infrastructure.exports.pack import MANIFEST

LARGEST_MANIFEST: Final = 256 * 1024 * 1024
"""Bytes; of a million files."""
MOST_FOR_FREE: Final = 1024**3
MOST_TIMES: Final = 200
"""Tables become twenty times smaller, not two hundred times."""
PART: Final = 262_144
LARGEST_CELL: Final = 2**30
ENCRYPTED: Final = 1
SYMLINK: Final = 0o120000
KINDS: Final = 0o170000


class Fault(StrEnum):
    """What is wrong with a file, or with one of its entries."""

    NO_ZIP = "This is no ZIP file, or part of it is missing."
    BOMB = "It would unpack to far more than such a file holds. Do not open it."
    NO_MANIFEST = "It has no manifest.json at its end: it was not made by MaintainUK, or it was changed."
    BAD_MANIFEST = "Its manifest.json can't be read."
    NEWER = "It was made by a newer MaintainUK. Verify it with that one."
    BAD_NAME = "has a name that would lead out of its folder, or is no plain file."
    TWICE = "is in it twice."
    EXTRA = "is in it, and the manifest knows nothing of it."
    MISSING = "is in the manifest, and not in it."
    DAMAGED = "is damaged."
    CHANGED = "was changed: its SHA-256 or its size is another one."
    ROWS = "has another number of rows than the manifest says."


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and with which entry."""

    fault: Fault
    path: str = ""


@dataclass(slots=True)
class Verdict:
    """What a file says of itself, its own SHA-256, and what is wrong with it."""

    sha256: str = ""
    organisation: str = ""
    made_at: str = ""
    product: str = ""
    entries: int = 0
    missing: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify(path: Path) -> Verdict:
    """Compare each entry with the manifest, and the manifest with the entries. Raises `OSError`."""
    verdict = Verdict()
    with path.open("rb") as file:
        verdict.sha256 = _hash(file)
        file.seek(0)
        try:
            with ZipFile(file) as zipped:
                verdict.findings.extend(_look_through(zipped, path.stat().st_size, verdict))
        except (BadZipFile, NotImplementedError, ValueError, EOFError, OverflowError):
            verdict.findings.append(Finding(Fault.NO_ZIP))
    return verdict


def _look_through(zipped: ZipFile, size: int, verdict: Verdict) -> Iterator[Finding]:
    entries = zipped.infolist()
    if sum(one.file_size for one in entries) > max(MOST_FOR_FREE, MOST_TIMES * size):
        yield Finding(Fault.BOMB)
        return
    if not entries or entries[-1].filename != MANIFEST:
        yield Finding(Fault.NO_MANIFEST)
        return
    manifest = _manifest(zipped, entries[-1])
    if isinstance(manifest, Fault):
        yield Finding(manifest)
        return
    verdict.organisation = str(manifest["organisation"].get("name"))
    verdict.made_at, verdict.product = str(manifest["made_at"]), str(manifest["product"])
    verdict.missing = len(manifest["missing"])
    listed = {str(one["path"]): one for one in manifest["entries"]}
    counted = Counter(one.filename for one in entries)
    yield from (Finding(Fault.TWICE, path) for path, times in counted.items() if times > 1)
    yield from (Finding(Fault.MISSING, path) for path in listed if path not in counted)
    for entry in entries[:-1]:
        verdict.entries += 1
        if (fault := _fault_of(zipped, entry, listed.get(entry.filename))) is not None:
            yield Finding(fault, entry.filename)


def _manifest(zipped: ZipFile, entry: ZipInfo) -> Mapping[str, Any] | Fault:
    if entry.file_size > LARGEST_MANIFEST:
        return Fault.BOMB
    try:
        with zipped.open(entry) as stream:
            told = stream.read(LARGEST_MANIFEST + 1)
        manifest = json.loads(told)
        is_known = manifest["format"] <= FORMAT
        parts = manifest["organisation"].get, manifest["made_at"], manifest["product"], len(manifest["missing"])
        whole = all({"path", "bytes", "sha256"} <= one.keys() for one in manifest["entries"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadZipFile, zlib.error, EOFError):
        return Fault.BAD_MANIFEST
    if not is_known:
        return Fault.NEWER
    return manifest if whole and parts else Fault.BAD_MANIFEST


def _fault_of(zipped: ZipFile, entry: ZipInfo, told: Mapping[str, Any] | None) -> Fault | None:
    if not is_plain(entry):
        return Fault.BAD_NAME
    if told is None:
        return Fault.EXTRA
    if entry.file_size != told["bytes"]:
        return Fault.CHANGED
    try:
        with zipped.open(entry) as stream:
            hashing = Hashing(stream)
            rows = _rows(hashing) if "rows" in told else None
            hashing.to_the_end()
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return Fault.DAMAGED
    if hashing.digest() != told["sha256"] or hashing.size != told["bytes"]:
        return Fault.CHANGED
    return Fault.ROWS if rows is not None and rows != told["rows"] else None


def is_plain(entry: ZipInfo) -> bool:
    """Say whether an entry is a file of its own under a name that stays in its folder."""
    path = PurePosixPath(entry.filename)
    name = entry.filename
    return not (
        name != entry.orig_filename
        or path.is_absolute()
        or ".." in path.parts
        or str(path) != name
        or any(sign in name for sign in "\\:\0\r\n")
        or not name.isprintable()
        or entry.is_dir()
        or entry.flag_bits & ENCRYPTED
        or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED)
        or (entry.external_attr >> 16) & KINDS == SYMLINK
    )


def _rows(stream: "Hashing") -> int:
    """Count the lines of a table below its first; what can't be read as one has none."""
    text = io.TextIOWrapper(io.BufferedReader(stream, PART), encoding="utf-8-sig", newline="")
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        return sum(1 for _ in csv.reader(text)) - 1
    except (UnicodeDecodeError, csv.Error):
        return -1
    finally:
        csv.field_size_limit(before)
        text.detach().detach()


class Hashing(io.RawIOBase):
    """A stream that hashes what is read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = sha256()
        self.size = 0

    def readable(self) -> bool:
        """Be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  (any buffer)
        """Read some bytes."""
        content = self._stream.read(len(buffer))
        buffer[: len(content)] = content
        self._hash.update(content)
        self.size += len(content)
        return len(content)

    def to_the_end(self) -> None:
        """Read what is left."""
        while self.read(PART):
            pass

    def digest(self) -> str:
        """Return the SHA-256 of what was read, in hexadecimal digits."""
        return self._hash.hexdigest()


def _hash(file: IO[bytes]) -> str:
    found = sha256()
    while part := file.read(PART):
        found.update(part)
    return found.hexdigest()
