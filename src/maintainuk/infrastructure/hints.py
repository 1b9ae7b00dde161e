"""Word of a commit: to the worker through PostgreSQL, to open screens through Redis."""

import asyncio
from uuid import UUID

import asyncpg
import structlog
from redis.asyncio import Redis

from maintainuk.infrastructure.background import end
from maintainuk.infrastructure.cache.answers import generation_of, new_generation
from maintainuk.infrastructure.cache.redis import Circuit
from maintainuk.settings import Settings

log = structlog.get_logger("maintainuk.hints")

JOBS = "maintainuk_outbox"
"""The PostgreSQL channel that says promises are due."""

MAKE_GOOD_EVERY = 1.0
"""Seconds after which a change that Redis could not be told of is told again."""

CHANGES = "maintainuk:changes"
"""The Redis channel that names each organisation in which something changed."""


class CommitHints:
    """Tells after a commit, on connections of its own: NOTIFY inside a transaction serialises all commits."""

    def __init__(self, settings: Settings, circuit: Circuit) -> None:
        self._dsn = settings.app_dsn
        self._deadline = settings.database_deadline
        self._circuit = circuit
        self._untold: set[UUID] = set()
        self._due = asyncio.Event()
        self._telling: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to listen for commits."""
        self._telling = [
            asyncio.create_task(self._tell_the_worker(), name="hints"),
            asyncio.create_task(self._make_good(), name="late hints"),
        ]

    async def close(self) -> None:
        """Stop; a hint not yet told is made good by the worker's poll."""
        await end(self._telling)

    def jobs_waiting(self) -> None:
        """Say that promises are due; those of one moment are told as one."""
        self._due.set()

    async def organisation_changed(self, org_id: UUID) -> None:
        """Make remembered answers of the organisation unreachable, and wake the screens that look at it."""

        async def tell(redis: Redis) -> bool:
            async with redis.pipeline(transaction=False) as both:
                both.set(generation_of(org_id), new_generation())
                both.publish(CHANGES, str(org_id))
                await both.execute()
            return True

        self._untold.add(org_id)
        if await self._circuit.ask(tell, otherwise=False):
            self._untold.discard(org_id)

    def is_behind(self, org_id: UUID) -> bool:
        """Say whether a change of the organisation could not be told yet, so that what is remembered may be old."""
        return org_id in self._untold

    async def _make_good(self) -> None:
        while True:
            await asyncio.sleep(MAKE_GOOD_EVERY)
            for org_id in tuple(self._untold):
                try:
                    await self.organisation_changed(org_id)
                except Exception as error:  # noqa: BLE001  (whatever it is, the next second tries again)
                    log.warning("change not told", error=type(error).__name__)

    async def _tell_the_worker(self) -> None:
        connection: asyncpg.Connection | None = None
        try:
            while True:
                await self._due.wait()
                self._due.clear()
                try:
                    if connection is None or connection.is_closed():
                        connection = await asyncpg.connect(
                            self._dsn, timeout=self._deadline, command_timeout=self._deadline
                        )
                    await connection.execute(f"NOTIFY {JOBS}")
                except Exception as error:  # noqa: BLE001  (asyncpg trips over itself, too, when the database dies)
                    # The worker polls once a second anyway: this hint is late, not lost.
                    log.warning("hint not told", error=type(error).__name__)
                    if connection is not None:
                        connection.terminate()
                    connection = None
        finally:
            if connection is not None:
                connection.terminate()
