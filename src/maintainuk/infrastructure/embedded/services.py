"""PostgreSQL and Valkey alone, for tests, benchmarks and checks."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from maintainuk.infrastructure.embedded.postgres import Postgres
from maintainuk.infrastructure.embedded.progress import show
from maintainuk.infrastructure.embedded.state import State, held
from maintainuk.infrastructure.embedded.supervisor import Supervisor, together
from maintainuk.infrastructure.embedded.valkey import Valkey


async def services(folder: Path, *, scratch: bool) -> None:
    """Start both, print their settings as NAME=VALUE lines closed by an empty one, and keep them until input ends.

    scratch: nothing written has to survive a crash, so nothing waits for the disk; at the end of input it is removed.
    """
    with held(folder, mode="scratch" if scratch else "demo", address="services alone") as state:
        async with Supervisor() as supervisor:
            postgres, valkey = Postgres(state, is_scratch=scratch), Valkey(state)
            await together(supervisor.keep(postgres), supervisor.keep(valkey))
            _show_settings(state, postgres, valkey)
            await _end_of_input()
    if scratch:
        shutil.rmtree(folder, ignore_errors=True)  # also when whoever started us was killed and can't


def _show_settings(state: State, postgres: Postgres, valkey: Valkey) -> None:
    settings = {
        "MAINTAINUK_SECRET_KEY": state.secrets.secret_key,
        "MAINTAINUK_DATABASE_URL": postgres.url,
        "MAINTAINUK_REDIS_URL": valkey.url,
    }
    show("\n".join([*(f"{name}={value}" for name, value in settings.items()), ""]))


async def _end_of_input() -> None:
    """Wait until whoever started us closes our input or dies, however it dies."""
    if sys.stdin is None:  # it was closed before we began
        return
    ended = asyncio.Event()
    source = sys.stdin.fileno()

    def read() -> None:
        if not os.read(source, 4096):
            asyncio.get_running_loop().remove_reader(source)
            ended.set()

    try:
        asyncio.get_running_loop().add_reader(source, read)
    except PermissionError:  # a plain file or /dev/null keeps nobody waiting: its end is there already
        return
    await ended.wait()
