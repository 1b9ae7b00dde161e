"""What keeps the product right: its tests, its checks, its benchmarks, and a doctor for an installation."""

import asyncio
import runpy
import sys
from typing import Annotated

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app


@app.command()
def doctor(state: StateFolder = CHECKOUT / ".state") -> None:
    """Say for each part whether it is healthy (ok), what to know (!!) or what to do (DO, and exit code 1)."""
    from maintainuk.infrastructure.embedded.doctor import findings

    found = asyncio.run(findings(CHECKOUT, state))
    for finding in found:
        typer.echo(f"{finding.mark}  {finding.part:<13} {finding.words}")
    raise typer.Exit(0 if all(finding.is_healthy for finding in found) else 1)


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="Which one; without a name they are listed.")] = None,
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed to the benchmark.")] = None,
) -> None:
    """Run a benchmark; it prints its method with its figures."""
    folder = CHECKOUT / "bench"
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    if name is None:
        typer.echo("\n".join(known))
        return
    if name not in known:
        raise typer.BadParameter(f"There is no {name}. Known: {', '.join(known)}")
    sys.path.insert(0, str(CHECKOUT))
    sys.argv = [name, *(arguments or [])]
    runpy.run_path(str(folder / f"{name}.py"), run_name="__main__")


@app.command()
def test(
    *,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out the browser and the long faults.")] = False,
    arguments: Annotated[list[str] | None, typer.Argument(help="After --: handed to pytest.")] = None,
) -> None:
    """Run all tests: Python, Angular units, and the browser."""
    from maintainuk.cli.suites import run_suites

    raise typer.Exit(run_suites(CHECKOUT, fast=fast, arguments=arguments or []))


@app.command()
def check() -> None:
    """Run every check that needs no test: style, types, layers, drift of what is generated."""
    from maintainuk.cli.checks import run_checks

    raise typer.Exit(run_checks(CHECKOUT))
