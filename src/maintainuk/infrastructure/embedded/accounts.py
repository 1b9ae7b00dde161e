"""Who the embedded PostgreSQL runs as: it refuses root, so root hands it to a system user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from maintainuk.infrastructure.problems import CannotStart

NAME = "maintainuk"


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        """Say whether this process already is that user."""
        return self.uid == os.geteuid()

    def can_read(self, path: Path) -> bool:
        """Say whether every folder down to this one lets the account through."""
        return self.is_current or all(self._may_pass(folder) for folder in (path, *path.parents))

    def owns(self, *paths: Path) -> None:
        """Give files to the account."""
        if not self.is_current:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def _may_pass(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def service_account() -> Account:
    """Return who runs PostgreSQL: this user, or for root a system user made on first need."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        try:
            entry = pwd.getpwnam(NAME)  # also when another first start was quicker
        except KeyError:
            raise CannotStart(
                f"PostgreSQL refuses to run as root, and its system user can't be made: {made.stderr.strip()}\n"
                f"Run ./maintainuk as a plain user, or make it by hand: {' '.join(command)}"
            ) from None
    return Account(entry.pw_uid, entry.pw_gid)
