"""One PostgreSQL and one Valkey for a whole test run, one migrated template, and a clone of it for each worker."""

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from pydantic import SecretStr

from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.settings import Settings


class TestServices:
    """The services of one run, started on first need, in a folder that goes with them."""

    __test__ = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="maintainuk-tests-", ignore_cleanup_errors=True)
        Path(self._folder.name).chmod(0o711)  # the account that runs PostgreSQL has to get through
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "maintainuk",
                "services",
                "--scratch",
                "--state",
                f"{self._folder.name}/state",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # our Ctrl-C reaches it as the end of its input
        )
        self.environment = self._printed_settings()
        migrate(settings_for(self.environment))

    def stop(self) -> None:
        with self._process:
            self._process.stdin.close()
            self._process.stdout.read()
        self._folder.cleanup()

    def _printed_settings(self) -> dict[str, str]:
        found, printed = {}, []
        for line in self._process.stdout:
            printed.append(line)
            if line == "\n":
                return found
            if line.startswith("MAINTAINUK_"):
                name, _, value = line.strip().partition("=")
                found[name.removeprefix("MAINTAINUK_").lower()] = value
        raise RuntimeError("The test services did not start:\n" + "".join(printed))


def settings_for(environment: dict[str, str], *, database: str = "maintainuk", cache: int = 0) -> Settings:
    """Settings of one database and one numbered cache of the run's services."""
    return Settings(
        secret_key=SecretStr(environment["secret_key"]),
        database_url=SecretStr(at_database(environment["database_url"], database)),
        redis_url=SecretStr(environment["redis_url"].replace("?db=0", f"?db={cache}")),
        storage_url="memory:///",
    )


def at_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def clone(environment: dict[str, str], database: str) -> None:
    """Copy the migrated template; on the same disk that takes some 20 ms."""
    await _as_owner(environment, f'CREATE DATABASE "{database}" TEMPLATE maintainuk STRATEGY file_copy')


async def drop(environment: dict[str, str], database: str) -> None:
    with suppress(asyncpg.InvalidCatalogNameError):
        await _as_owner(environment, f'DROP DATABASE "{database}" WITH (FORCE)')


async def _as_owner(environment: dict[str, str], statement: str) -> None:
    connection = await asyncpg.connect(at_database(environment["database_url"], "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
