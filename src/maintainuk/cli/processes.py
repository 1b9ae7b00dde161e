"""The commands that run one part of the product each, with its settings from the environment."""

import asyncio
import socket
from typing import Annotated

import typer

from maintainuk.cli.app import app


@app.command()
def api(
    descriptor: Annotated[int | None, typer.Option("--socket", hidden=True, help="A listening socket.")] = None,
) -> None:
    """Serve HTTP in one process."""
    from maintainuk.infrastructure.embedded.configuration import checked

    settings = checked({})
    if settings.is_demo:
        from maintainuk.infrastructure.demo.load import refuse_real_organisations

        refuse_real_organisations(settings)
    from maintainuk.api.app import create_app
    from maintainuk.api.serving import Server

    _tell_if_silent(settings.app_dsn, "APP_DATABASE_URL", settings.log_level)
    server = Server(create_app(settings), settings)
    server.run(sockets=None if descriptor is None else [socket.socket(fileno=descriptor)])


@app.command()
def worker() -> None:
    """Keep the outbox's promises until SIGTERM."""
    from maintainuk.infrastructure.embedded.configuration import checked

    settings = checked({})
    from maintainuk.worker.main import run

    _tell_if_silent(settings.worker_dsn, "WORKER_DATABASE_URL", settings.log_level)
    run(settings)


def _tell_if_silent(dsn: str, name: str, log_level: str) -> None:
    """Say which database is away and which setting names it; it may come later, so the process waits for it."""
    import structlog

    from maintainuk.infrastructure.embedded.configuration import is_given
    from maintainuk.infrastructure.embedded.external import role_is_reached
    from maintainuk.infrastructure.problems import CannotStart
    from maintainuk.infrastructure.telemetry.logs import write_json

    try:
        asyncio.run(role_is_reached(dsn, name if is_given(name) else "DATABASE_URL"))
    except CannotStart as problem:
        write_json(log_level)
        structlog.get_logger("maintainuk").warning(str(problem))


@app.command()
def migrate(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Also load the demo organisations.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only compare the entities with the database.")] = False,
    set_role_passwords: Annotated[
        bool, typer.Option("--set-role-passwords", help="After MAINTAINUK_SECRET_KEY has changed.")
    ] = False,
) -> None:
    """Bring the database to the newest version."""
    from maintainuk.infrastructure.embedded.configuration import checked

    settings = checked({})
    from maintainuk.infrastructure.database import migrate

    if check:
        migrate.check(settings)
        return
    if demo:
        from maintainuk.infrastructure.demo.load import refuse_real_organisations

        refuse_real_organisations(settings)
    migrate.migrate(settings, set_role_passwords=set_role_passwords)
    if demo:
        load_demo()


@app.command(name="demo")
def load_demo() -> None:
    """Load the demo organisations, once, and print who may sign in."""
    from maintainuk.infrastructure.embedded.configuration import checked

    settings = checked({})
    if not settings.is_demo:
        raise typer.BadParameter("Demo accounts are refused in live mode.")
    from maintainuk.infrastructure.demo.load import load
    from maintainuk.infrastructure.demo.people import DEMO_PASSWORD, DEMO_PEOPLE

    load(settings)
    for person in DEMO_PEOPLE:
        typer.echo(f"{person.email}  {DEMO_PASSWORD}  {person.role} of {person.organisation.name}")
