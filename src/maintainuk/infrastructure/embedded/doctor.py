"""One line for each part of an installation: healthy, or what to do."""

import asyncio
import hashlib
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.database.migrate import newest_revision
from maintainuk.infrastructure.demo.people import DEMO_ORGANISATION_IDS
from maintainuk.infrastructure.embedded import examination, state, web_build
from maintainuk.infrastructure.embedded.configuration import PREFIX, checked, is_given, settings_of
from maintainuk.infrastructure.embedded.disk import FULL, is_full
from maintainuk.infrastructure.embedded.external import database_answers, redis_answers, storage_answers
from maintainuk.infrastructure.embedded.node import node_environment
from maintainuk.infrastructure.embedded.processes import Command, ended
from maintainuk.infrastructure.problems import CannotStart, MindThis, NeedsDoing
from maintainuk.infrastructure.queue.presence import LIVING_WORKERS
from maintainuk.infrastructure.repositories.organisations import Organisations as Everybody
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.sign_in import Organisations
from maintainuk.settings import Mode, Settings

DEADLINE = 5.0
LATE = 60.0


@dataclass(frozen=True)
class Finding:
    """What is to be said about one part."""

    part: str
    is_healthy: bool
    words: str
    is_to_be_minded: bool = False
    """Whether it works, and somebody should read the words all the same."""

    @property
    def mark(self) -> str:
        """How the line begins: nothing to do, something to know, something to do."""
        if not self.is_healthy:
            return "DO"
        return "!!" if self.is_to_be_minded else "ok"


async def findings(checkout: Path, folder: Path) -> list[Finding]:
    """Examine every part, whether or not the product runs; what runs is found by its state folder."""
    patient = _Installation(checkout, folder)
    local = {
        "Python": patient.python,
        "Packages": patient.packages,
        "Node": patient.node,
        "Web clients": patient.web_clients,
        "State": patient.state,
        "Disk": patient.disk,
    }
    running = {
        "PostgreSQL": patient.postgres,
        "Migrations": patient.migrations,
        "Mode": patient.mode,
        "Keys": patient.asked(examination.keys),
        "Clock": patient.asked(examination.clock),
        "Addresses": patient.asked(examination.addresses),
        "Organisations": patient.asked(examination.organisations),
        "Mail": patient.asked(examination.mail),
        "Emergencies": patient.emergencies,
        "Valkey": patient.valkey,
        "Storage": patient.storage,
        "API": patient.api,
        "Worker": patient.worker,
    }
    return [await _finding(part, examine, patient) for part, examine in (local | running).items()]


async def _finding(part: str, examine: Callable[[], Awaitable[str]], patient: "_Installation") -> Finding:
    try:
        async with asyncio.timeout(DEADLINE):
            return Finding(part, is_healthy=True, words=await examine())
    except MindThis as notice:
        return Finding(part, is_healthy=True, words=str(notice), is_to_be_minded=True)
    except (NeedsDoing, CannotStart) as remedy:
        return Finding(part, is_healthy=False, words=str(remedy))
    except TimeoutError:
        words = f"no answer in {DEADLINE:.0f} s; see its log, or {patient.again}"
        return Finding(part, is_healthy=False, words=words)
    except Exception as failure:  # noqa: BLE001 - whatever a part answers, the others are examined too
        return Finding(part, is_healthy=False, words=f"{_short(failure)}; {patient.again}")


def _short(failure: Exception) -> str:
    """Say a failure in one line; the drivers' own texts run to pages."""
    return f"{type(failure).__name__}: {str(failure).strip().partition(chr(10))[0][:200]}"


class _Installation:
    def __init__(self, checkout: Path, folder: Path) -> None:
        self._checkout = checkout
        self._folder = folder.absolute()
        self._holder = state.running(self._folder)
        self._place = state.nearest(self._folder)
        self._can_be = state.can_be_made(self._folder)
        self._up = state.start_command(checkout, folder) if self._can_be else "./maintainuk up"

    @property
    def again(self) -> str:
        """Say what to do when nothing better is known: on a full disk, starting again doesn't help."""
        is_without_room = self._can_be and is_full(self._place)
        return "free some space first: see Disk" if is_without_room else f"start again: {self._up}"

    async def python(self) -> str:
        return ".".join(map(str, sys.version_info[:3]))

    async def packages(self) -> str:
        installed = (Path(sys.prefix) / "installed").read_text().split()
        _, lock, digest = [*installed, "", "", ""][:3]
        if not lock or hashlib.sha256((self._checkout / lock).read_bytes()).hexdigest() != digest:
            raise NeedsDoing(f"not what the lock file says; any command installs it: {self._up}")
        return lock

    async def node(self) -> str:
        outcome = await ended(Command(["node", "--version"], node_environment()))
        return outcome.printed.strip()

    async def web_clients(self) -> str:
        apps = self._checkout / "apps"
        if not (apps / "package.json").exists():
            return "none in this checkout"
        if not web_build.is_built(apps):
            raise NeedsDoing(f"not built from the present sources; build them with: {self._up}")
        return "built"

    async def state(self) -> str:
        if not self._can_be:
            raise NeedsDoing(f"no folder can be made at {self._folder}; choose another place: --state DIR")
        if state.of_a_running_copy(self._folder) is None:
            raise NeedsDoing(f"{self._folder} holds no installation yet; make one with: {self._up}")
        return f"{self._folder}, held by pid {self._holder.pid}" if self._holder else f"{self._folder}, not running"

    async def disk(self) -> str:
        if not self._can_be:
            raise NeedsDoing("not examined: see State")
        place = self._place
        free = shutil.disk_usage(place).free
        if free < FULL:
            raise NeedsDoing(
                f"The disk that holds the state is full ({free // 2**20} MB free, {place});"
                f" free at least {state.ROOM_NEEDED // 2**20} MB, starting again does not help"
            )
        if free < state.ROOM_NEEDED:
            raise NeedsDoing(
                f"{free // 2**20} MB free on the disk of {place}; free at least {state.ROOM_NEEDED // 2**20} MB"
            )
        return f"{free / 2**30:.1f} GB free"

    async def postgres(self) -> str:
        settings = self._settings()
        if is_given("database_url"):
            await database_answers(settings)
        return str(await self._answer(settings.owner_dsn, "SHOW server_version"))

    async def migrations(self) -> str:
        try:
            found = await self._answer(self._settings().owner_dsn, "SELECT version_num FROM app.alembic_version")
        except asyncpg.UndefinedTableError:
            found = "none"
        newest = newest_revision()
        if found != newest:
            raise NeedsDoing(
                f"at {found}, this release expects {newest}; migrate with: {self._up} (or ./maintainuk migrate)"
            )
        return f"{found}, the newest"

    async def mode(self) -> str:
        settings = self._settings()
        kept = state.of_a_running_copy(self._folder)
        wanted = os.environ.get(f"{PREFIX}MODE") or (kept and kept.mode)
        if kept and not self._holder and wanted != kept.mode:
            raise NeedsDoing(
                f"{PREFIX}MODE is {wanted}, but {self._folder} was made in {kept.mode} mode; "
                "start with an empty one: ./maintainuk up --state DIR"
            )
        if settings.is_demo:
            return "demo: anybody at this machine may sign in as its invented people"
        await self._answer(settings.owner_dsn, "SELECT 1")
        database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk-doctor"))
        try:
            async with database.installation() as session:
                invented = [one.name for one in await Organisations(session).among(DEMO_ORGANISATION_IDS)]
        finally:
            await database.close()
        if invented:
            raise NeedsDoing(
                f"live, but the database holds the demo ({', '.join(invented)}), so the API refuses to start; point"
                " MAINTAINUK_DATABASE_URL at another database"
            )
        return "live, without demo organisations"

    def asked(self, question: Callable[[Settings], Awaitable[str]]) -> Callable[[], Awaitable[str]]:
        """Return a question about what outlives a start, put once the database answers."""

        async def ask() -> str:
            settings = self._settings()
            await self._answer(settings.owner_dsn, "SELECT 1")
            return await question(settings)

        return ask

    async def emergencies(self) -> str:
        settings = self._settings()
        await self._answer(settings.owner_dsn, "SELECT 1")
        database = Database(engine_for(settings.owner_dsn, settings, application="maintainuk-doctor"))
        try:
            async with database.installation() as session:
                names = {one.id: one.name for one in await Everybody(session).active()}
            unreachable = []
            for org_id, name in names.items():
                async with database.session(org_id) as session:
                    decided = await SettingsOf(session).present()
                if decided is None or not decided.has_emergency_contact:
                    unreachable.append(name)
        finally:
            await database.close()
        if unreachable:
            raise NeedsDoing(
                f"nobody hears of a danger at night at {', '.join(sorted(unreachable))}; an administrator there can"
                " name an emergency contact under Settings"
            )
        return f"a danger reaches somebody at each of {len(names)} organisations" if names else "no organisations yet"

    async def valkey(self) -> str:
        settings = self._settings()
        url = settings.redis_url
        if url is None:
            return "left out; the product works without"
        if is_given("redis_url") and (silent := await redis_answers(settings)):
            raise NeedsDoing(silent)
        client = redis.Redis.from_url(url.get_secret_value(), retry=Retry(NoBackoff(), 0))
        try:
            server = await client.info("server")
            return str(server.get("valkey_version", server["redis_version"]))
        finally:
            await client.aclose()

    async def storage(self) -> str:
        settings = self._settings()
        await storage_answers(settings)
        return settings.storage_url.partition("?")[0]

    async def api(self) -> str:
        address = self._holder.address if self._holder else self._settings().address
        async with httpx.AsyncClient(timeout=DEADLINE, trust_env=False) as client:
            try:
                answer = await client.get(f"{address}/health/ready")
            except httpx.ConnectError:
                raise NeedsDoing(f"nothing answers at {address}; {self.again}") from None
        if answer.status_code != httpx.codes.OK:
            raise NeedsDoing(f"{address} answers {answer.status_code}: {_message(answer)}")
        return f"{address}{_degraded(answer)}"

    async def worker(self) -> str:
        dsn = self._settings().worker_dsn
        if not await self._answer(dsn, LIVING_WORKERS):
            raise NeedsDoing(f"none is connected; {self._up} starts one")
        waiting = (
            "SELECT extract(epoch FROM now() - min(available_at)) FROM app.outbox_messages WHERE status = 'pending'"
        )
        oldest = await self._answer(dsn, waiting)
        if oldest is not None and float(str(oldest)) > LATE:
            raise NeedsDoing(f"the oldest message has been due for {float(str(oldest)):.0f} s; read its log")
        return "connected, nothing is overdue"

    def _settings(self) -> Settings:
        if not self._can_be and not is_given("database_url"):
            raise NeedsDoing("not examined: see State")
        try:
            kept = state.of_a_running_copy(self._folder)
        except CannotStart:
            raise NeedsDoing("not examined: see State") from None
        if self._holder is None and not is_given("database_url"):
            raise NeedsDoing(f"not running; start it with: {self._up}")
        if kept is None:
            return checked({})
        started_as = {"mode": kept.mode} if kept.mode in set(Mode) else {}
        return settings_of(kept, started_as, with_valkey=(kept.sockets / "valkey.sock").exists())

    async def _answer(self, dsn: str, question: str) -> object:
        try:
            connection = await asyncpg.connect(dsn, timeout=DEADLINE)
        except (OSError, ValueError):
            see = "see PostgreSQL" if is_given("database_url") else self.again
            raise NeedsDoing(f"PostgreSQL does not answer; {see}") from None
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()


def _degraded(answer: httpx.Response) -> str:
    """Return which parts the API says it does without."""
    try:
        return "".join(f"; degraded, {part}: {words}" for part, words in answer.json()["data"]["degraded"].items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def _message(answer: httpx.Response) -> str:
    """Return what the API says in its envelope, or how another server's answer begins."""
    try:
        error = answer.json()["error"]
        fields = [problem for problems in (error.get("fields") or {}).values() for problem in problems]
        return " ".join([error["message"], *fields])
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer.text[:80].partition("\n")[0]
