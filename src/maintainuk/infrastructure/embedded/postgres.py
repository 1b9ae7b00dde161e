import asyncio
import shutil
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from maintainuk.infrastructure.embedded.accounts import service_account
from maintainuk.infrastructure.embedded.cluster import DATABASE, OWNER, Cluster, cluster_of
from maintainuk.infrastructure.embedded.processes import Child, start
from maintainuk.infrastructure.embedded.state import State
from maintainuk.infrastructure.problems import CannotStart

LONGEST_RECOVERY = 600.0
SHARED_MEMORY_RETRIES = 40
TUNING = {
    "shared_buffers": "128MB",
    "max_connections": "80",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "io_workers": "2",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "recovery_init_sync_method": "syncfs",
}
NOTHING_TO_LOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}


@dataclass(frozen=True)
class Postgres:
    """The embedded PostgreSQL 18: reached through a socket file, with a password."""

    state: State
    is_scratch: bool = False
    name: str = "PostgreSQL"

    @property
    def sockets(self) -> Path:
        """Return the folder of its socket, which only the account that runs it (and root) may enter."""
        return self.state.sockets / "postgres"

    @property
    def url(self) -> str:
        """Return the address for the owner of the schema."""
        return f"postgresql://{OWNER}:{self.state.secrets.owner}@/{DATABASE}?host={quote(str(self.sockets))}"

    async def start(self) -> Child:
        """Make the cluster on first need, start the server and return when it takes connections.

        Raises:
            CannotStart: with the end of the server's log.

        """
        account = service_account()
        cluster = cluster_of(self.state, account)
        await cluster.make()
        await cluster.stop_orphan()
        shutil.rmtree(self.sockets, ignore_errors=True)  # a killed server's lock file may name a zombie or a stranger
        self.sockets.mkdir(mode=0o700)
        account.owns(self.sockets)
        for _ in range(SHARED_MEMORY_RETRIES):
            try:
                return await self._launch(cluster)
            except CannotStart as failure:
                if "is still in use" not in str(failure):
                    raise
                await asyncio.sleep(0.25)  # backends of a killed postmaster take a moment to notice
        return await self._launch(cluster)

    async def _launch(self, cluster: Cluster) -> Child:
        options = TUNING | {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        if self.is_scratch:
            options |= NOTHING_TO_LOSE | {"max_wal_senders": "0"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = replace(
            cluster.command("postgres", "-D", cluster.data, *words),
            on_our_death=signal.SIGINT,
            to_stop=signal.SIGQUIT if self.is_scratch else signal.SIGINT,
            patience=60,
        )

        async def ready(child: Child) -> None:
            while not _takes_connections(cluster.pid_file, child.pid):
                await asyncio.sleep(0.02)

        return await start(
            self.name,
            command,
            log=self.state.logs / "postgres.log",
            ready=ready,
            within=LONGEST_RECOVERY,
        )


def _takes_connections(pid_file: Path, pid: int) -> bool:
    """Read the postmaster's own word, as pg_ctl does: its pid in the first line, its status in the eighth."""
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].startswith("ready")  # noqa: PLR2004
