"""Says whether a file with everything an organisation owns is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maintainuk.cli.app import app

SHOWN = 20
"""Findings that are printed one by one."""

export = typer.Typer(help="Files with everything an organisation owns.", no_args_is_help=True)
app.add_typer(export, name="export")


@export.callback()
def _export() -> None:
    """Files with everything an organisation owns."""


@export.command()
def verify(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]) -> None:
    """Compare every entry of a file with its manifest. Needs no running product, and unpacks nothing."""
    from maintainuk.infrastructure.exports.verify import verify as look_through

    verdict = look_through(file)
    typer.echo(f"SHA-256  {verdict.sha256}")
    if verdict.made_at:
        typer.echo(f"{verdict.organisation}, {verdict.made_at}, {verdict.product}, {verdict.entries} entries")
    if verdict.missing:
        typer.echo(f"{verdict.missing} files were gone when it was made; manifest.json names them.")
    for finding in verdict.findings[:SHOWN]:
        typer.echo(f"  {ascii(finding.path) + ' ' if finding.path else ''}{finding.fault}", err=True)
    if len(verdict.findings) > SHOWN:
        typer.echo(f"  and {len(verdict.findings) - SHOWN} more", err=True)
    typer.echo(f"{len(verdict.findings)} wrong" if verdict.findings else "whole")
    raise typer.Exit(1 if verdict.findings else 0)
