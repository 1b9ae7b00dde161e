"""The pages that are written from the code itself, so that they cannot say anything else."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maintainuk.cli.app import app

if TYPE_CHECKING:
    from maintainuk.domain.organisations import Nation

ROOT = Path(__file__).parents[3]
WRITTEN = "Written by `./maintainuk docs`; a test keeps it equal to the code.\n"


def _table(*header: str, rows: Iterable[Iterable[str]]) -> str:
    lines = [header, ["---"] * len(header), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def settings_page() -> str:
    """Return every setting with its default and meaning."""
    from maintainuk.settings import Settings

    rows = (
        (
            f"`MAINTAINUK_{name.upper()}`",
            "required"
            if field.is_required()
            else f"`{field.default}`"
            if field.default not in {None, "", ()}
            else "empty",
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    )
    return f"# Settings\n\n{WRITTEN}\n{_table('Variable', 'Default', 'Meaning', rows=rows)}"


def errors_page() -> str:
    """Return every refusal with its code, status and meaning."""
    import inspect

    from maintainuk.api import errors as of_http
    from maintainuk.api import health
    from maintainuk.domain import errors

    kinds = {
        kind
        for module in (errors, of_http, health)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, errors.DomainError) and kind is not errors.DomainError
    }
    told = {kind.code: (kind.status, " ".join((inspect.getdoc(kind) or "").split())) for kind in kinds}
    rows = ((f"`{code}`", str(status), words) for code, (status, words) in sorted(told.items(), key=_by_status))
    return f"# Errors\n\n{WRITTEN}\n{_table('Code', 'Status', 'Meaning', rows=rows)}"


def _by_status(refusal: tuple[str, tuple[int, str]]) -> tuple[int, str]:
    code, (status, _) = refusal
    return status, code


def permissions_page() -> str:
    """Return the built-in roles with what each may do, and how far."""
    from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS
    from maintainuk.domain.permissions import Permission

    rows = (
        (f"`{permission}`", *(str(grants.get(permission, "no")) for grants in BUILT_IN_GRANTS.values()))
        for permission in Permission
    )
    table = _table("Permission", *map(str, BUILT_IN_GRANTS), rows=rows)
    return f"# Permissions\n\n{WRITTEN}\nThe word in a cell is how far the permission reaches.\n\n{table}"


def events_page() -> str:
    """Return every event with what follows from it."""
    from maintainuk.application.reactions import REACTIONS

    rows = (
        (
            f"`{event.__name__}`",
            " ".join((event.__doc__ or "").split()),
            ", ".join(
                reaction.__doc__.split("\n")[0].rstrip(".").lower() for reaction in reactions if reaction.__doc__
            ),
        )
        for event, reactions in REACTIONS.items()
    )
    return f"# Events\n\n{WRITTEN}\n{_table('Event', 'What happened', 'What follows', rows=rows)}"


def dangers_page() -> str:
    """Return the questions about danger for the tenant portal: the same in each nation, and loaded at first."""
    from maintainuk.domain.organisations import Nation

    asked = ("key", "question", "hint")
    return _json([{name: danger[name] for name in asked} for danger in _dangers(Nation.ENGLAND)])


def advice_page() -> str:
    """Return what to do in each danger, by nation, for the tenant portal: it must be there without a network."""
    from maintainuk.domain.organisations import Nation

    told = ("heading", "advice", "call", "callAlso")
    return _json(
        {
            nation.value: {danger["key"]: {name: danger[name] for name in told} for danger in _dangers(nation)}
            for nation in Nation
        }
    )


def _dangers(nation: "Nation") -> list[dict[str, Any]]:
    from maintainuk.api.picker import DANGERS
    from maintainuk.infrastructure.reference.dangers import dangers

    shown: list[dict[str, Any]] = DANGERS.dump_python(
        DANGERS.validate_python(dangers(nation), from_attributes=True), mode="json", by_alias=True
    )
    for danger in shown:
        for number in (danger["call"], *danger["callAlso"]):
            for unseen in ("verifiedOn", "source"):
                (number or {}).pop(unseen, None)
    return shown


def _json(told: object) -> str:
    import json

    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def pages() -> Mapping[str, str]:
    """Return path -> text of every written page."""
    return {
        "docs/settings.md": settings_page(),
        "docs/errors.md": errors_page(),
        "docs/permissions.md": permissions_page(),
        "docs/events.md": events_page(),
        "apps/tenant-portal/src/app/dangers.json": dangers_page(),
        "apps/tenant-portal/src/app/advice.json": advice_page(),
    }


def stale() -> list[str]:
    """Return the pages that do not say what the code says."""
    return [
        path
        for path, text in pages().items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text
    ]


@app.command()
def docs(
    *,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when a page is out of date.")] = False,
) -> None:
    """Write the pages of docs/ that come from the code."""
    outdated = stale()
    if check and outdated:
        typer.echo(f"Out of date: {', '.join(outdated)}. Run ./maintainuk docs and commit the result.", err=True)
        raise typer.Exit(1)
    for path in outdated:
        (ROOT / path).write_text(pages()[path], encoding="utf-8")
        typer.echo(f"wrote {path}")


@app.command()
def openapi() -> None:
    """Print what the API says of itself; docs/openapi.json keeps it, and the web clients are generated from that."""
    import json

    from maintainuk.api.openapi import document

    typer.echo(json.dumps(document(), indent=2, ensure_ascii=False))
