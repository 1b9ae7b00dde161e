"""Proves that nobody has changed what the audit logs say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app
from maintainuk.cli.copies import organisation_named, settings_of_copy

SHOWN = 20
"""Findings that are printed one by one."""

audit = typer.Typer(help="Who did what, and whether that was changed.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.callback()
def _audit() -> None:
    """Who did what, and whether that was changed."""


@audit.command()
def verify(
    *,
    organisation: Annotated[str | None, typer.Option(help="Name or id. Empty: every organisation.")] = None,
    state: StateFolder = CHECKOUT / ".state",
) -> None:
    """Compare every row with its seal; anything edited, removed, slipped in, swapped or cut off is told."""
    raise typer.Exit(0 if asyncio.run(_verify(organisation, state)) else 1)


async def _verify(organisation: str | None, state: Path) -> bool:
    from maintainuk.bootstrap import WorkerServices
    from maintainuk.infrastructure.repositories.organisations import Organisations
    from maintainuk.worker.audit import sealer_of

    services = WorkerServices(settings_of_copy(state))
    try:
        if organisation is None:
            async with services.database.installation() as session:
                wanted = list(await Organisations(session).ids())
        else:
            wanted = [await organisation_named(services, organisation)]
        is_whole = True
        for org_id in wanted:
            rows, findings = await sealer_of(services, org_id).verify()
            verdict = f"{len(findings)} wrong" if findings else "whole"
            typer.echo(f"{org_id}  {rows} rows sealed, {verdict}")
            for finding in findings[:SHOWN]:
                place = "" if finding.seq is None else f" at {finding.seq}"
                typer.echo(f"  {finding.fault}{place} {finding.entry_id or ''}".rstrip(), err=True)
            if len(findings) > SHOWN:
                typer.echo(f"  and {len(findings) - SHOWN} more", err=True)
            is_whole = is_whole and not findings
        return is_whole
    finally:
        await services.close()
