"""What a restore must not bring back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app
from maintainuk.cli.copies import settings_of_copy

privacy = typer.Typer(help="Whom organisations have forgotten.", no_args_is_help=True)
app.add_typer(privacy, name="privacy")


@privacy.callback()
def _privacy() -> None:
    """Look after whom organisations have forgotten."""


@privacy.command()
def replay(*, state: StateFolder = CHECKOUT / ".state") -> None:
    """Forget again, after a restore and before anybody signs in, whom the backup remembers."""
    typer.echo(f"{asyncio.run(_replay(state))} people forgotten again")


async def _replay(state: Path) -> int:
    from maintainuk.bootstrap import WorkerServices
    from maintainuk.worker.privacy import replay_ledgers

    services = WorkerServices(settings_of_copy(state))
    try:
        return await replay_ledgers(services)
    finally:
        await services.close()
