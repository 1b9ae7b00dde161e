"""Has photos drawn anew, one at a time, by a child process that can neither fill the memory nor go on for ever."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final
from zoneinfo import ZoneInfo

import maintainuk
from maintainuk.domain.photos import MOST_PIXELS, PhotoRefusal

MEMORY: Final = 262_000_000
"""Bytes that one photo may take beyond the interpreter: enough for 50 megapixels."""
CPU_SECONDS: Final = 8
DEADLINE: Final = 12.0
LONGEST_HEADER: Final = 1_024
JPEG: Final = b"\xff\xd8\xff"

HOME: Final = ZoneInfo("Europe/London")
ENVIRONMENT: Final = {"PYTHONPATH": str(Path(maintainuk.__file__).parents[1]), "MALLOC_ARENA_MAX": "1"}
"""All that the child is told: no address, no key, no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """A photo's copies: JPEG without anything but pixels."""

    display: bytes
    thumbnail: bytes
    width: int
    height: int
    captured_at: datetime | None


class BoundedRedraw:
    """One photo or document at a time, so that the bound on one is the bound on all."""

    def __init__(self, *, memory: int = MEMORY, cpu_seconds: int = CPU_SECONDS, deadline: float = DEADLINE) -> None:
        self._words = [str(memory), str(cpu_seconds), str(MOST_PIXELS)]
        self._deadline = deadline
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether a photo is being drawn just now."""
        return self._one_at_a_time.locked()

    async def draw(self, photo: IO[bytes]) -> Redrawn | PhotoRefusal:
        """Return the copies of what the open file holds, or why there are none.

        Raises `TimeoutError` when the machine has too much else to do: that is not the photo's fault.
        """
        with TemporaryFile() as answer:
            return _read(answer, await self.run("redraw", photo, answer))

    async def run(self, program: str, file: IO[bytes], answer: IO[bytes], *words: str) -> int:
        """Let one of this folder's programs work on a file, and return its exit code. Raises `TimeoutError`."""
        async with self._one_at_a_time:
            return await self._run([f"maintainuk.infrastructure.images.{program}", *self._words, *words], file, answer)

    async def _run(self, words: list[str], file: IO[bytes], answer: IO[bytes]) -> int:
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)  # the file's own: `seek` may only move within what was read ahead
        child = await create_subprocess_exec(
            *(sys.executable, "-P", "-m", *words),
            stdin=file,
            stdout=answer,
            stderr=DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
        )
        try:
            async with asyncio.timeout(self._deadline):
                return await child.wait()
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()


def _read(answer: IO[bytes], ended: int) -> Redrawn | PhotoRefusal:
    """Take nothing on trust: whoever finds a hole in a decoder writes this answer."""
    if ended == -signal.SIGXCPU:
        return PhotoRefusal.TOO_SLOW
    if ended in {-signal.SIGKILL, -signal.SIGABRT}:  # the system's memory, or a library that doesn't know what to do
        return PhotoRefusal.TOO_MUCH_MEMORY
    answer.seek(0)
    try:
        facts = json.loads(answer.readline(LONGEST_HEADER))
        if code := facts.get("refused"):
            return PhotoRefusal(code)
        copies = [answer.read(max(0, int(facts[name]))) for name in ("display", "thumbnail")]
        if ended or not all(copy.startswith(JPEG) for copy in copies):
            return PhotoRefusal.DAMAGED
        return Redrawn(
            display=copies[0],
            thumbnail=copies[1],
            width=int(facts["width"]),
            height=int(facts["height"]),
            captured_at=_moment(facts["captured_at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return PhotoRefusal.DAMAGED


def _moment(told: str | None) -> datetime | None:
    """Return the moment that a camera wrote; one that doesn't say its offset is taken to run on UK time."""
    try:
        moment = datetime.fromisoformat(told or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=HOME)
