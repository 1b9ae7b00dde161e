"""Copies of the product started as a person would, each with a state and a port of its own."""

import contextlib
import os
import pwd
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from maintainuk.settings import Settings

PATIENCE = 90.0
EPHEMERAL_FROM = 32_768
"""From here on Linux takes the near ends of outgoing connections, which could be in a port's way at any moment."""


class Copy:
    """One `maintainuk …` process with everything it started."""

    def __init__(
        self,
        *words: str | Path,
        user: str | None = None,
        environment: dict[str, str] | None = None,
        given: int = subprocess.PIPE,
    ) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAINTAINUK_")}
        self._lines: list[str] = []
        self._process = subprocess.Popen(
            [*(_become(user) if user else []), sys.executable, "-P", "-m", "maintainuk", *map(str, words)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=inherited | (environment or {}),
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return "".join(self._lines)

    def until(self, words: str) -> "Copy":
        """Read what it says until these words come; fail with all it said when they don't."""
        for line in self._process.stdout:
            self._lines.append(line)
            if words in line:
                return self
        raise AssertionError(f"{words!r} was never said:\n{self.said}")

    def ended(self) -> int:
        """Wait for its end and return the exit code."""
        rest, _ = self._process.communicate(timeout=PATIENCE)
        self._lines.append(rest)
        return self._process.returncode

    def ask(self, wanted: signal.Signals) -> "Copy":
        self._process.send_signal(wanted)
        return self

    def family(self) -> list[psutil.Process]:
        """All living processes it has started, and those they started."""
        return psutil.Process(self.pid).children(recursive=True)

    def clean_up(self) -> None:
        if self._process.poll() is None:
            self.ask(signal.SIGTERM).ended()
        if self._process.stdin:
            self._process.stdin.close()
        self._process.stdout.close()


def settings_said(started: Copy, **chosen: object) -> Settings:
    """The settings that `services` prints once both run."""
    started.until("MAINTAINUK_REDIS_URL")
    said = dict(line.strip().split("=", 1) for line in started.said.splitlines() if line.startswith("MAINTAINUK_"))
    return Settings(**{name.removeprefix("MAINTAINUK_").lower(): value for name, value in said.items()}, **chosen)


def _become(user: str) -> list[str]:
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--"]


@contextlib.contextmanager
def copy(*words: str | Path, **how: object) -> Iterator[Copy]:
    started = Copy(*words, **how)
    try:
        yield started
    finally:
        started.clean_up()


def free_port() -> int:
    """A port that nobody listens on and no outgoing connection is given."""
    while True:
        port = random.randrange(10_000, EPHEMERAL_FROM)
        with socket.socket() as asked, contextlib.suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port


def eventually(happens: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)
