"""Which copy of the product a command is about, and which of its organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from maintainuk.cli.app import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from maintainuk.bootstrap import WorkerServices
    from maintainuk.settings import Settings


def settings_of_copy(state: Path) -> Settings:
    """Return the settings of the environment, or of the copy that keeps everything at `state`. Raises `CannotStart`."""
    from maintainuk.infrastructure.embedded.configuration import checked, is_given, settings_of
    from maintainuk.infrastructure.embedded.state import of_a_running_copy, start_command
    from maintainuk.infrastructure.problems import CannotStart

    if is_given("database_url"):
        return checked({})
    if (running := of_a_running_copy(state)) is None:
        message = f"There is nothing at {state} yet. Start it first: {start_command(CHECKOUT, state)}"
        raise CannotStart(message)
    return settings_of(running, {"mode": running.mode}, with_valkey=(running.sockets / "valkey.sock").exists())


async def organisation_named(services: WorkerServices, wanted: str) -> UUID:
    """Return the organisation of that name or id. Raises `BadParameter` when there is none, or several."""
    from maintainuk.infrastructure.repositories.organisations import Organisations

    async with services.database.installation() as session:
        known = {one.id: one.name for one in await Organisations(session).active()}
    found = [one for one, name in known.items() if wanted.lower() in {name.lower(), str(one)}]
    if not found:
        raise typer.BadParameter(f"{wanted} is no organisation here. Known: {', '.join(sorted(known.values()))}.")
    if len(found) > 1:
        raise typer.BadParameter(f"Several are called {wanted}. Give an id: {', '.join(map(str, found))}.")
    return found[0]
