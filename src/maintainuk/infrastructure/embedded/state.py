"""The state directory: everything an installation keeps, and the proof that one supervisor has it."""

import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maintainuk.infrastructure.embedded.problems import CannotStart
from maintainuk.infrastructure.embedded.sockets import socket_folder, socket_path

FORMAT = 1
ROOM_NEEDED = 200 * 2**20
LARGE_LOG = 20 * 2**20


@dataclass(frozen=True)
class Secrets:
    """Made once for each state; whoever has them has the data."""

    secret_key: str
    superuser: str
    owner: str
    valkey: str


@dataclass(frozen=True)
class State:
    """One installation's files, held by this process alone."""

    path: Path
    sockets: Path
    identity: str
    secrets: Secrets

    @property
    def logs(self) -> Path:
        """Return where each part writes what it has to say."""
        return self.path / "logs"

    @property
    def prepared(self) -> Path:
        """Return the file that tells which code has migrated the database last."""
        return self.path / "prepared.json"


def of_a_running_copy(path: Path) -> State | None:
    """Return a state that somebody else holds, for those who only look at it; nothing when it was never made.

    Raises:
        CannotStart: this user may not read its secrets.

    """
    path = path.absolute()
    with _explained(path), suppress(FileNotFoundError):
        version = json.loads((path / "version.json").read_text())
        secrets_kept = json.loads((path / "secrets.json").read_text())
        return State(path, socket_path(path), version["id"], Secrets(**secrets_kept))
    return None


@dataclass(frozen=True)
class Running:
    """The supervisor that holds a state."""

    pid: int
    address: str


@contextmanager
def held(path: Path, *, mode: str, address: str) -> Iterator[State]:
    """Hold a state for as long as the block lasts.

    Raises:
        CannotStart: the state is of another version or mode, somebody else's folder, held already, or can't be written.

    """
    path = path.absolute()
    with _explained(path):
        _refuse_foreign(path, mode)
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        if shutil.disk_usage(path).free < ROOM_NEEDED:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with (path / "lock").open("a+") as lock:
            _lock(lock.fileno(), path)
            lock.truncate(0)
            lock.write(json.dumps({"pid": os.getpid(), "address": address}))
            lock.flush()
            version = _kept(path / "version.json", {"format": FORMAT, "mode": mode, "id": secrets.token_hex(8)}, 0o644)
            fresh = {name: secrets.token_urlsafe(36) for name in Secrets.__annotations__}
            made = _kept(path / "secrets.json", fresh, 0o600)
            _start_logs(path / "logs")
            with socket_folder(path) as sockets:
                yield State(path, sockets, version["id"], Secrets(**made))


def running(path: Path) -> Running | None:
    """Return who holds a state, if anybody does."""
    try:
        with (path / "lock").open() as lock:
            if _is_free(lock.fileno()):
                return None
            return Running(**json.loads(lock.read()))
    except (OSError, ValueError, TypeError):
        return None


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = running(path)
        who = f"pid {holder.pid}, {holder.address}" if holder else "another process"
        raise CannotStart(
            f"MaintainUK already runs on {path} ({who}).\n"
            "Open that address, stop it with Ctrl-C, or start a copy beside it: ./maintainuk up --state DIR --port N"
        ) from None


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_foreign(path: Path, mode: str) -> None:
    try:
        found: dict[str, Any] = json.loads((path / "version.json").read_text())
    except FileNotFoundError:
        if path.is_dir() and {entry.name for entry in path.iterdir()} - {"lock"}:
            raise CannotStart(
                f"{path} holds other files and no MaintainUK state. Choose an empty folder: ./maintainuk up --state DIR"
            ) from None
        return
    except ValueError:
        found = {}
    if found.get("format") != FORMAT:
        raise CannotStart(
            f"{path} was written by another version of MaintainUK (state format {found.get('format', 'unknown')}; "
            f"this one reads {FORMAT}). Nothing was touched.\n"
            "Run the version that wrote it, or start with an empty one: ./maintainuk up --state DIR"
        )
    if found.get("mode") != mode:
        raise CannotStart(
            f"{path} was made in {found.get('mode')} mode and never becomes a {mode} installation: "
            "invented people and real homes don't mix.\nStart with an empty one: ./maintainuk up --state DIR"
        )


def _kept(path: Path, first: dict[str, Any], permissions: int) -> dict[str, Any]:
    """Return a file's content, which the first start wrote beside and renamed: it is whole or not there."""
    if path.exists():
        kept: dict[str, Any] = json.loads(path.read_text())
        return kept
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, permissions)
    with os.fdopen(descriptor, "w") as file:
        json.dump(first, file)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    return first


def _start_logs(folder: Path) -> None:
    """Keep the logs of earlier starts, up to a size, and the generation before."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGE_LOG:
            log.replace(log.with_suffix(".log.1"))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the system's refusals into words that say what to do."""
    elsewhere = "./maintainuk up --state DIR"
    try:
        yield
    except OSError as failure:
        if failure.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotStart(
                f"The disk of {path} is full ({ROOM_NEEDED // 2**20} MB have to be free). Nothing is lost: "
                f"free some space and start again, or choose another disk: {elsewhere}"
            ) from failure
        if failure.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            raise CannotStart(f"{path} can't be used by this user. Choose another folder: {elsewhere}") from failure
        if failure.errno in {errno.ENOTDIR, errno.EEXIST}:
            raise CannotStart(f"{path} is not a folder. Choose another one: {elsewhere}") from failure
        raise
