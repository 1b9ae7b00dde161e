"""One PostgreSQL and one Valkey for a whole test run, one migrated template, and a clone of it for each worker."""

from contextlib import ExitStack, suppress
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from pydantic import SecretStr

from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.settings import Settings


class TestServices:
    """The services of one run, started on first need, with the template that is cloned."""

    __test__ = False

    def __init__(self) -> None:
        self._held = ExitStack()
        self.environment = self._held.enter_context(scratch_services())
        migrate(settings_for(self.environment))

    def stop(self) -> None:
        self._held.close()


def settings_for(environment: dict[str, str], *, database: str = "maintainuk", cache: int = 0) -> Settings:
    """Settings of one database and one numbered cache of the run's services."""
    return Settings(
        secret_key=SecretStr(environment["secret_key"]),
        database_url=SecretStr(at_database(environment["database_url"], database)),
        redis_url=SecretStr(environment["redis_url"].replace("?db=0", f"?db={cache}")),
        storage_url="memory:///",
        # A machine that others use too may be slow; tests about deadlines set their own.
        database_deadline=20,
        request_deadline=40,
    )


def at_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def clone(environment: dict[str, str], database: str) -> None:
    """Copy the migrated template; on the same disk that takes some 20 ms."""
    await _as_owner(environment, f'CREATE DATABASE "{database}" TEMPLATE maintainuk STRATEGY file_copy')


async def drop(environment: dict[str, str], database: str) -> None:
    # PostgreSQL's own cleaner may be in it, which only a superuser may send away; the cluster goes with the run anyway.
    with suppress(asyncpg.InvalidCatalogNameError, asyncpg.InsufficientPrivilegeError):
        await _as_owner(environment, f'DROP DATABASE "{database}" WITH (FORCE)')


async def _as_owner(environment: dict[str, str], statement: str) -> None:
    connection = await asyncpg.connect(at_database(environment["database_url"], "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
