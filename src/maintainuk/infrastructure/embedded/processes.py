"""Child processes that stop when asked and never outlive their parent."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from maintainuk.infrastructure.embedded.accounts import Account
from maintainuk.infrastructure.problems import CannotStart

T = TypeVar("T")

BARE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


@dataclass(frozen=True)
class Command:
    """A program with all it needs to run and to stop: where, as whom, how it is asked, and for how long (seconds)."""

    words: Sequence[str | Path]
    environment: Mapping[str, str]
    account: Account | None = None
    on_our_death: signal.Signals = signal.SIGKILL
    to_stop: signal.Signals = signal.SIGTERM
    patience: float = 15
    folder: Path = Path("/")
    inherited: Sequence[int] = ()

    @property
    def wrapped(self) -> list[str]:
        """The command line behind setpriv, which sets the parent-death signal and drops root."""
        words = [str(word) for word in self.words]
        setpriv = shutil.which("setpriv")
        if not setpriv:
            return words
        options = ["--pdeathsig", self.on_our_death.name.removeprefix("SIG")]
        if self.account and not self.account.is_current:
            options += [f"--reuid={self.account.uid}", f"--regid={self.account.gid}", "--clear-groups"]
        return [setpriv, *options, "--", *words]


@dataclass(frozen=True)
class Child:
    """A running process of ours."""

    process: asyncio.subprocess.Process
    command: Command

    @property
    def pid(self) -> int:
        """Return the process id, which is also the id of its group."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Say whether it hasn't ended yet."""
        return self.process.returncode is None

    async def unless_it_ends(self, answer: Coroutine[None, None, T]) -> T | None:
        """Wait for something that this process has to do, as long as it lives."""
        asked, end = asyncio.create_task(answer), asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait({asked, end}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else None
        finally:
            asked.cancel()
            end.cancel()

    async def stop(self) -> None:
        """Ask it to stop, and make it stop when it takes longer than its patience."""
        if self.is_running:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.command.to_stop)
            try:
                async with asyncio.timeout(self.command.patience):
                    await self.process.wait()
            except TimeoutError:
                _end_group(self.pid)
                await self.process.wait()


async def start(
    name: str,
    command: Command,
    *,
    log: Path,
    ready: Callable[[Child], Coroutine[None, None, None]],
    within: float,
) -> Child:
    """Start a process and return when it is ready; a start that fails or is given up leaves none.

    It gets a group of its own, so that the terminal's Ctrl-C reaches only us. `within` is in seconds.

    Raises:
        CannotStart: it ended or was not ready in time; with the end of its log.

    """
    with log.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            *command.wrapped,
            env=dict(command.environment),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            pass_fds=tuple(command.inherited),
            process_group=0,
        )
    child = Child(process, command)
    try:
        async with asyncio.timeout(within):
            await child.unless_it_ends(ready(child))
    except TimeoutError:
        await child.stop()
        raise CannotStart(f"{name} was not ready in {within:.0f} s. The end of {log}:\n{end_of(log)}") from None
    except BaseException:
        await child.stop()
        raise
    if not child.is_running:
        raise CannotStart(f"{name} ended while it started. The end of {log}:\n{end_of(log)}")
    return child


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code, what it printed for its caller, and what it said besides."""

    code: int
    printed: str
    said: str

    @property
    def last_words(self) -> str:
        """Return the end of all it put out, for a message to people."""
        return f"{self.printed.strip()}\n{self.said.strip()}".strip()[-3000:]


async def ended(command: Command, *, given: bytes = b"") -> Ended:
    """Run a command to its end; when we are cancelled, it and all it started are ended too."""
    process = await asyncio.create_subprocess_exec(
        *command.wrapped,
        env=dict(command.environment),
        cwd=command.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=tuple(command.inherited),
        process_group=0,
    )
    try:
        printed, said = await process.communicate(given)
    except asyncio.CancelledError:
        _end_group(process.pid)
        await process.wait()
        raise
    return Ended(process.returncode or 0, printed.decode(errors="replace"), said.decode(errors="replace"))


def _end_group(pid: int) -> None:
    """End a process and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def end_of(log: Path, size: int = 2000) -> str:
    """Return the last lines of a log."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - size))
        return file.read().decode(errors="replace").strip()


def command_line(pid: int) -> str:
    """Return the words of a live process; nothing for one that is gone or a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return "" if status in {"Z", "X"} else words.replace(b"\0", b" ").decode(errors="replace")
