"""Those who run the installation: the only way to make one of them is here, beside the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app
from maintainuk.cli.copies import settings_of_copy

platform = typer.Typer(help="Those who run this installation.", no_args_is_help=True)
app.add_typer(platform, name="platform")

Email = Annotated[str, typer.Argument(help="The address somebody signs in with.")]


@platform.callback()
def _platform() -> None:
    """Decide who looks after the organisations of this installation."""


@platform.command()
def grant(email: Email, *, state: StateFolder = CHECKOUT / ".state") -> None:
    """Let somebody who has an account create and suspend organisations. They see no organisation's records."""
    typer.echo(asyncio.run(_change(email, state, is_granted=True)))


@platform.command()
def revoke(email: Email, *, state: StateFolder = CHECKOUT / ".state") -> None:
    """Take it back, at once; what they look at shuts as well."""
    typer.echo(asyncio.run(_change(email, state, is_granted=False)))


async def _change(email: str, state: Path, *, is_granted: bool) -> str:
    from maintainuk.infrastructure.administration import appoint, dismiss
    from maintainuk.infrastructure.problems import CannotStart

    settings = settings_of_copy(state)
    if not await (appoint if is_granted else dismiss)(settings, email):
        message = "Nobody signs in with that address. Invite them to an organisation first, or set the installation up."
        raise CannotStart(message)
    if is_granted:
        return "Granted. It shows in their menu when they sign in the next time; live mode asks for a second factor."
    return "Taken back."
