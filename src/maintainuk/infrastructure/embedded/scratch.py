"""PostgreSQL and Valkey for as long as a test run, a benchmark or a check lasts."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maintainuk.infrastructure.embedded.configuration import PREFIX


@contextmanager
def scratch_services() -> Iterator[dict[str, str]]:
    """Yield the settings of services of our own (`database_url`, `redis_url`, `secret_key`); afterwards all is gone.

    They run under a supervisor of their own, which stops them when we end, however we end.

    Raises:
        RuntimeError: with what the supervisor said.

    """
    with tempfile.TemporaryDirectory(prefix="maintainuk-scratch-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the account that runs PostgreSQL has to get through
        with services_in(Path(folder) / "state", "--scratch") as settings:
            yield settings


@contextmanager
def services_in(folder: Path, *options: str) -> Iterator[dict[str, str]]:
    """Yield the settings of services whose data stay in a folder when they have been stopped.

    Raises:
        RuntimeError: with what the supervisor said.

    """
    command = [sys.executable, "-P", "-m", "maintainuk", "services", *options, "--state", str(folder)]
    supervisor = subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    with supervisor:
        assert supervisor.stdin
        assert supervisor.stdout
        try:
            yield _settings(supervisor.stdout)
        finally:
            supervisor.stdin.close()
            supervisor.stdout.read()


def _settings(lines: Iterator[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    said: list[str] = []
    for line in lines:
        said.append(line)
        if line == "\n":
            return found
        if line.startswith(PREFIX):
            name, _, value = line.strip().partition("=")
            found[name.removeprefix(PREFIX).lower()] = value
    raise RuntimeError("The services did not start:\n" + "".join(said))
