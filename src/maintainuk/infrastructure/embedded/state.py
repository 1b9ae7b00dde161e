"""The state directory: everything an installation keeps, and the proof that one supervisor has it."""

import errno
import fcntl
import json
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maintainuk.infrastructure.embedded.logs import put_aside_large
from maintainuk.infrastructure.embedded.sockets import socket_folder, socket_path
from maintainuk.infrastructure.problems import CannotStart

FORMAT = 1
LONGEST_NAME = 256
ROOM_NEEDED = 200 * 2**20
BEFORE_ITS_VERSION = {"lock", "secrets.json", "secrets.new", "version.new"}
"""What a first start that was killed early leaves."""


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
    mode: str
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
        CannotStart: it is damaged, of another version, or this user may not read its secrets.

    """
    path = path.absolute()
    with _explained(path):
        version = _version(path)
        return State(path, socket_path(path), version["id"], version["mode"], _secrets(path)) if version else None


def start_command(checkout: Path, folder: Path) -> str:
    """Return what a person types to start this state."""
    named = "" if folder.absolute() == checkout / ".state" else f" --state {shlex.quote(str(folder.absolute()))}"
    return f"./maintainuk up{named}"


def nearest(path: Path) -> Path:
    """Return the folder that is there already and in which a state would be made: the state itself, if there is one."""
    for place in (path, *path.parents):
        with suppress(OSError):  # too long a name
            if place.exists():
                return place
    return Path("/")


def can_be_made(path: Path) -> bool:
    """Say whether there is a disk for a state: not in a file, in /proc and its like, or under too long a name."""
    place = nearest(path)
    return (
        place.is_dir()
        and shutil.disk_usage(place).total > 0
        and all(len(os.fsencode(part)) < LONGEST_NAME for part in path.parts)
    )


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
        _make(path)
        if shutil.disk_usage(path).free < ROOM_NEEDED:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with (path / "lock").open("a+") as lock:
            _lock(lock.fileno(), path)
            lock.truncate(0)
            lock.write(json.dumps({"pid": os.getpid(), "address": address}))
            lock.flush()
            if not (path / "version.json").exists():  # comes last: a state that has it has its secrets
                fresh = {name: secrets.token_urlsafe(36) for name in Secrets.__annotations__}
                _write(path / "secrets.json", fresh, 0o600)
                _write(path / "version.json", {"format": FORMAT, "mode": mode, "id": secrets.token_hex(8)}, 0o644)
            identity, kept = _version(path)["id"], _secrets(path)
            (path / "logs").mkdir(mode=0o700, exist_ok=True)
            put_aside_large(path / "logs")
            with socket_folder(path) as sockets:
                yield State(path, sockets, identity, mode, kept)


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
    found = _version(path)
    if found and found["mode"] != mode:
        raise CannotStart(
            f"{path} was made in {found['mode']} mode and never becomes a {mode} installation: "
            "invented people and real homes don't mix.\nStart with an empty one: ./maintainuk up --state DIR"
        )


def _version(path: Path) -> dict[str, Any]:
    """Return what a state says of itself; nothing when there is no state, and a refusal when there is another's."""
    try:
        found = json.loads((path / "version.json").read_text())
    except FileNotFoundError:
        if path.is_dir() and {entry.name for entry in path.iterdir()} - BEFORE_ITS_VERSION:
            raise CannotStart(
                f"{path} holds other files and no MaintainUK state. Choose an empty folder: ./maintainuk up --state DIR"
            ) from None
        return {}
    except ValueError:
        found = None
    written_by = found.get("format") if isinstance(found, dict) else None
    if isinstance(written_by, int) and written_by != FORMAT:
        raise CannotStart(
            f"{path} was written by another version of MaintainUK (state format {written_by}; "
            f"this one reads {FORMAT}). Nothing was touched.\n"
            "Run the version that wrote it, or start with an empty one: ./maintainuk up --state DIR"
        )
    if written_by != FORMAT or not all(isinstance(found.get(name), str) for name in ("mode", "id")):
        raise _damaged(path / "version.json")
    return dict(found)


def _secrets(path: Path) -> Secrets:
    kept = path / "secrets.json"
    try:
        found = Secrets(**json.loads(kept.read_text()))
    except FileNotFoundError:
        raise _damaged(kept, "is missing, and without it nobody can open the database") from None
    except (ValueError, TypeError):
        raise _damaged(kept, "is damaged, and without it nobody can open the database") from None
    if not all(isinstance(secret, str) and secret for secret in vars(found).values()):
        raise _damaged(kept, "is damaged, and without it nobody can open the database")
    return found


def _damaged(file: Path, how: str = "is damaged") -> CannotStart:
    return CannotStart(
        f"{file} {how}. Nothing was touched.\n"
        "Put it back from a backup, or start with an empty state: ./maintainuk up --state DIR"
    )


def _make(path: Path) -> None:
    try:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
    except FileNotFoundError:  # /proc and its like have no room for folders
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from None


def _write(path: Path, content: dict[str, Any], permissions: int) -> None:
    """Write beside and rename: the file is whole or not there."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, permissions)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


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
        if failure.errno in {errno.EINVAL, errno.ENAMETOOLONG, errno.ELOOP}:
            raise CannotStart(f"No folder can be made at {path}. Choose another place: {elsewhere}") from failure
        raise
