"""The product's own processes, run by the supervisor."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maintainuk.infrastructure.embedded.processes import Child, Command, ended, start
from maintainuk.infrastructure.problems import CannotStart

LONGEST_START = 90.0
ANSWER_WITHIN = 10.0
DRAIN = 22.0
"""Seconds for a worker to finish what it runs (20) and say goodbye."""
OK = 200


def maintainuk(
    *words: str, environment: Mapping[str, str], inherited: tuple[int, ...] = (), patience: float = 15
) -> Command:
    """Return one of the product's commands; a killed supervisor takes it along: nobody is left to drain for."""
    return Command(
        [sys.executable, "-P", "-m", "maintainuk", *words], environment, inherited=inherited, patience=patience
    )


async def done(*words: str, environment: Mapping[str, str]) -> str:
    """Run one of the product's commands to its end and return what it printed.

    Raises:
        CannotStart: with what it said when it failed.

    """
    outcome = await ended(maintainuk(*words, environment=environment))
    if outcome.code != 0:
        raise CannotStart(f"`maintainuk {' '.join(words)}` failed:\n{outcome.last_words}")
    return outcome.printed


@dataclass(frozen=True)
class Api:
    """The HTTP process. The supervisor holds its listening socket, so the address stays open while it starts again."""

    listening: socket.socket
    environment: Mapping[str, str]
    log: Path
    name: str = "API"

    async def start(self) -> Child:
        """Start it and return when it says that it is ready."""
        descriptor = self.listening.fileno()
        command = maintainuk("api", "--socket", str(descriptor), environment=self.environment, inherited=(descriptor,))
        return await start(self.name, command, log=self.log, ready=self._ready, within=LONGEST_START)

    async def _ready(self, _: Child) -> None:
        host, port = self.listening.getsockname()[:2]
        while await _status(host, port, "/health/ready") != OK:
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Worker:
    """The process that keeps the outbox's promises."""

    environment: Mapping[str, str]
    log: Path
    name: str = "Worker"

    async def start(self) -> Child:
        """Start it; it has no address to ask, its lock in the database is what `doctor` reads."""
        command = maintainuk("worker", environment=self.environment, patience=DRAIN)
        return await start(self.name, command, log=self.log, ready=_at_once, within=LONGEST_START)


async def _at_once(_: Child) -> None:
    return


async def _status(host: str, port: int, path: str) -> int | None:
    """Ask for a page and return the status; nothing when there was no answer."""
    with contextlib.suppress(OSError, ValueError, IndexError, TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                return int((await reader.readline()).split()[1])
            finally:
                writer.close()
    return None
