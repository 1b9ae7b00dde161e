from pathlib import Path
from typing import Annotated

import typer

from maintainuk.infrastructure.embedded.supervisor import until_stopped

CHECKOUT = Path(__file__).resolve().parents[3]

app = typer.Typer(
    help="MaintainUK: repairs to rented homes in the UK.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StateFolder = Annotated[
    Path,
    typer.Option("--state", envvar="MAINTAINUK_STATE_DIR", help="Folder that keeps everything.", show_default=".state"),
]


@app.command()
def up(
    *,
    state: StateFolder = CHECKOUT / ".state",
    port: Annotated[int | None, typer.Option(help="Port of the product [default: 8300].")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; demo mode takes loopback only.")] = None,
    mode: Annotated[str | None, typer.Option(help="demo or live [default: demo].")] = None,
    valkey: Annotated[bool, typer.Option("--valkey/--no-valkey", help="With or without the embedded Valkey.")] = True,
) -> None:
    """Start everything and keep it running until Ctrl-C."""
    from maintainuk.infrastructure.embedded.up import Wishes, up

    given = {"port": port, "host": host, "mode": mode}
    chosen = {name: value for name, value in given.items() if value is not None}
    raise typer.Exit(until_stopped(up(Wishes(CHECKOUT, state, chosen, with_valkey=valkey))))


@app.command()
def services(
    *,
    state: StateFolder = CHECKOUT / ".state",
    scratch: Annotated[bool, typer.Option(help="For tests: a crash may lose everything.")] = False,
) -> None:
    """Start PostgreSQL and Valkey alone, print their settings, and stop when the input ends."""
    from maintainuk.infrastructure.embedded.services import services

    raise typer.Exit(until_stopped(services(state, scratch=scratch)))
