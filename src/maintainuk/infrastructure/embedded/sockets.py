"""Where the embedded services listen: files in a short path that only this user can have made, never a network port."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from maintainuk.infrastructure.problems import CannotStart


def socket_path(state: Path) -> Path:
    """Name the folder of a state's sockets; the state's own path may exceed the 108 bytes that a socket's may have."""
    return Path("/tmp") / f"maintainuk-{os.geteuid()}-{sha256(os.fsencode(state)).hexdigest()[:12]}"  # noqa: S108 - checked


@contextmanager
def socket_folder(state: Path) -> Iterator[Path]:
    """Keep the folder of a state's sockets, after checking that nobody else made it."""
    folder = socket_path(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise CannotStart(
            f"{folder} belongs to somebody else. Remove it, or choose another place: ./maintainuk up --state DIR"
        )
    folder.chmod(0o711)  # the account that runs PostgreSQL has to get to its own folder in it
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
