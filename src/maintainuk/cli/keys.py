"""The keys that names, addresses and numbers of people are sealed with."""

from __future__ import annotations

import asyncio
import base64
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app
from maintainuk.cli.copies import organisation_named, settings_of_copy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from maintainuk.application.sealing import KeyService

keys = typer.Typer(help="What people's names and addresses are sealed with.", no_args_is_help=True)
app.add_typer(keys, name="keys")

Organisation = Annotated[str | None, typer.Option(help="Name or id. Empty: every organisation.")]


@keys.callback()
def _keys() -> None:
    """Look after what people's names and addresses are sealed with."""


@keys.command()
def make(*, version: Annotated[int, typer.Option(min=1, help="Higher than any you have.")] = 1) -> None:
    """Print a new master key for MAINTAINUK_MASTER_KEYS. Keep a copy apart from every backup of the database."""
    typer.echo(f"{version}:{base64.b64encode(secrets.token_bytes(32)).decode()}")


@keys.command()
def rewrap(*, organisation: Organisation = None, state: StateFolder = CHECKOUT / ".state") -> None:
    """Wrap every organisation's keys with the newest master key, once all processes know it. No row is touched."""
    _each(organisation, state, lambda its: its.rewrap(), "keys wrapped anew")


@keys.command()
def rotate(*, organisation: Organisation = None, state: StateFolder = CHECKOUT / ".state") -> None:
    """Begin a new key of the organisation. It seals after three minutes; a worker then seals older rows anew."""
    _each(organisation, state, lambda its: its.rotate(), "is the version that will seal")


@keys.command()
def renew(*, organisation: Organisation = None, state: StateFolder = CHECKOUT / ".state") -> None:
    """Seal anew at once what older keys have sealed; the worker does so every hour by itself."""
    _each(organisation, state, lambda its: its.renew(), "rows sealed anew")


def _each(organisation: str | None, state: Path, do: Callable[[KeyService], Awaitable[int | None]], what: str) -> None:
    asyncio.run(_for_each(organisation, state, do, what))


async def _for_each(
    organisation: str | None, state: Path, do: Callable[[KeyService], Awaitable[int | None]], what: str
) -> None:
    from maintainuk.bootstrap import WorkerServices
    from maintainuk.infrastructure.repositories.organisations import Organisations
    from maintainuk.worker.sealing import keys_of

    services = WorkerServices(settings_of_copy(state))
    try:
        if organisation is None:
            async with services.database.installation() as session:
                wanted = list(await Organisations(session).ids())
        else:
            wanted = [await organisation_named(services, organisation)]
        for org_id in wanted:
            found = await do(keys_of(services, org_id))
            typer.echo(f"{org_id}  {'nothing' if found is None else found} {what}")
    finally:
        await services.close()
