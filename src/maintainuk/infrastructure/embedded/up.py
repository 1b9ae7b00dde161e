"""What `up` does, in order."""

import secrets
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from maintainuk.infrastructure.embedded import web_build
from maintainuk.infrastructure.embedded.configuration import checked, environment_of, is_given, settings_of
from maintainuk.infrastructure.embedded.disk import watch_disk
from maintainuk.infrastructure.embedded.external import ask_external
from maintainuk.infrastructure.embedded.logs import keep_small
from maintainuk.infrastructure.embedded.postgres import Postgres
from maintainuk.infrastructure.embedded.preparation import prepare_database
from maintainuk.infrastructure.embedded.product import Api, Worker
from maintainuk.infrastructure.embedded.progress import say, show
from maintainuk.infrastructure.embedded.state import held, start_command
from maintainuk.infrastructure.embedded.supervisor import Supervisor, together
from maintainuk.infrastructure.embedded.valkey import Valkey
from maintainuk.infrastructure.problems import CannotStart
from maintainuk.infrastructure.security.set_up_secret import set_up_address
from maintainuk.settings import Settings

BACKLOG = 2048


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for."""

    checkout: Path
    state: Path
    chosen: Mapping[str, object]
    with_valkey: bool = True


async def up(wishes: Wishes) -> None:
    """Start everything, say where it is, and keep it until the task is cancelled.

    Raises:
        CannotStart: with what a person has to put right.

    """
    wanted = checked({**_unknown_yet(), **wishes.chosen})
    for absent in await ask_external(wanted):
        say(absent)
    async with AsyncExitStack() as held_open:
        state = held_open.enter_context(held(wishes.state, mode=wanted.mode, address=wanted.address))
        listening = held_open.enter_context(
            _listening(wanted.host, wanted.port, start_command(wishes.checkout, wishes.state))
        )
        settings = settings_of(state, dict(wishes.chosen) | _web(wishes), with_valkey=wishes.with_valkey)
        environment = environment_of(settings)
        supervisor = await held_open.enter_async_context(Supervisor())

        async def data() -> str:
            if not is_given("database_url"):
                await supervisor.keep(Postgres(state))
            return await prepare_database(state, settings, environment)

        async def cache() -> None:
            if settings.redis_url and not is_given("redis_url"):
                await supervisor.keep(Valkey(state))

        sign_ins, *_ = await together(data(), cache(), web_build.build(wishes.checkout / "apps"))
        await supervisor.keep(
            Api(listening, environment, state.logs / "api.log"), Worker(environment, state.logs / "worker.log")
        )
        _announce(settings, sign_ins or "", state.logs)
        await together(watch_disk(state.path), keep_small(state.logs))


def _unknown_yet() -> dict[str, object]:
    """Stand in for what only the state can tell, so that everything else is checked before it is touched."""
    placeholders = {"secret_key": secrets.token_urlsafe(36), "database_url": "postgresql://"}
    return {name: value for name, value in placeholders.items() if not is_given(name)}


def _web(wishes: Wishes) -> dict[str, object]:
    built = wishes.checkout / "apps" / "dist"
    return {"web_dist": built} if not is_given("web_dist") else {}


def _listening(host: str, port: int, command: str) -> socket.socket:
    """Take the port before anything slow begins."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as taken:
        listening.close()
        free = _free_port(host)
        raise CannotStart(
            f"Port {port} on {host} can't be used: {taken.strerror or taken}.\n"
            f"Another copy or program may have it. Choose another port: {command} --port {free}"
        ) from None
    return listening


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as asked:
        try:
            asked.bind((host, 0))
        except OSError:
            return 8301
        port: int = asked.getsockname()[1]
        return port


def _announce(settings: Settings, sign_ins: str, logs: Path) -> None:
    say(f"MaintainUK is ready: {settings.address}")
    lines = [f"  Staff app  {settings.address}/app/", f"  Logs       {logs}"]
    if settings.is_demo:
        lines += [f"  Mailbox    {settings.address}/mailbox/", "", *sign_ins.strip().splitlines()]
    else:
        lines += ["  Set up     " + set_up_address(settings), "             works once, while there is no organisation"]
    show("\n".join([*lines, "", "Stop with Ctrl-C."]))
