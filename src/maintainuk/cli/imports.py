"""Brings tickets in from a file, as the staff app does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maintainuk.cli.app import CHECKOUT, StateFolder, app
from maintainuk.cli.copies import organisation_named, settings_of_copy

if TYPE_CHECKING:
    from uuid import UUID

    from maintainuk.application.unit_of_work import UnitOfWork
    from maintainuk.bootstrap import WorkerServices
    from maintainuk.domain.import_reading import Reading, Survey
    from maintainuk.domain.imports import ImportRun, Plan
    from maintainuk.infrastructure.csv_files import CsvFile

SHOWN = 20
"""Bad rows that are printed one by one."""


class Dates(StrEnum):
    """Which number of a date comes first."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


imports = typer.Typer(help="Bring in what another system knew.", no_args_is_help=True)
app.add_typer(imports, name="import")


@imports.callback()
def _imports() -> None:
    """Bring in what another system knew."""


@imports.command()
def tickets(  # noqa: PLR0913  (each is something people type)
    file: Annotated[Path, typer.Argument(help="CSV with a first row of names; at most 20 MB and 50,000 rows.")],
    *,
    organisation: Annotated[str, typer.Option(help="Whose tickets: the organisation's name or id.")],
    named: Annotated[
        list[str] | None, typer.Option("--map", help="field=column; repeat it, also for the parts of an address.")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out. Else one keeps all out.")] = False,
    dates: Annotated[
        Dates | None, typer.Option(help="Which number of 10/07/2025 comes first; else as the file's dates show.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come in.")] = False,
    state: StateFolder = CHECKOUT / ".state",
) -> None:
    """Bring tickets in from a CSV file; the same file again adds nothing twice."""
    from maintainuk.api.wording import FIELDS, REFUSALS, in_words
    from maintainuk.domain.errors import DomainError
    from maintainuk.infrastructure.csv_files import CsvFile

    try:
        with file.open("rb") as content:
            table = CsvFile(content)
            plan = _plan(table, named or [], dates)
            task = Task(file.name, table, plan, skips_bad=skip_bad, is_dry=dry_run)
            is_done = asyncio.run(_bring_in(task, organisation, state))
    except OSError as error:
        typer.echo(f"{file} can't be read: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    except DomainError as refusal:
        told = [in_words(refusal.reason, REFUSALS), *(in_words(one, FIELDS) for one in refusal.fields.values())]
        typer.echo("\n".join(told), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if is_done else 1)


@dataclass(frozen=True, slots=True)
class Task:
    """A file, how it is read and what to do with it."""

    name: str
    table: CsvFile
    plan: Plan
    skips_bad: bool
    is_dry: bool


def _plan(table: CsvFile, named: Sequence[str], dates: Dates | None) -> Plan:
    from maintainuk.domain.import_guesses import guess
    from maintainuk.domain.imports import ImportField, Order, Plan

    columns = guess(table.columns)
    chosen: dict[ImportField, tuple[str, ...]] = {}
    for one in named:
        field, _, column = one.partition("=")
        if field not in set(ImportField) or column not in {*table.columns, ""}:
            raise typer.BadParameter(
                f"{one}: write field=column. Fields: {', '.join(ImportField)}. Columns: {', '.join(table.columns)}."
            )
        chosen[ImportField(field)] = (*chosen.get(ImportField(field), ()), *([column] if column else []))
    return Plan(columns | chosen, order=Order(dates.name.lower()) if dates else None)


async def _bring_in(task: Task, organisation: str, state: Path) -> bool:
    from maintainuk.bootstrap import WorkerServices
    from maintainuk.domain.import_reading import Reading

    services = WorkerServices(settings_of_copy(state))
    try:
        desk = Desk(services, await organisation_named(services, organisation))
        reading = Reading(task.table, task.plan, services.clock())
        survey = await _checked(desk, reading)
        _tell(task, reading, survey)
        if task.is_dry or (survey.bad and not task.skips_bad):
            return not survey.bad or task.skips_bad
        run = await _written(desk, task, survey)
        typer.echo(
            f"{run.created} new, {run.already_there} already there, {run.repeated} repeated, {run.bad} left out;"
            f" {run.home_unknown} wait in “Home not known”."
        )
        return True
    finally:
        await services.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the work is done, portion by portion."""

    services: WorkerServices
    org_id: UUID

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work of the product itself."""
        from maintainuk.application.unit_of_work import unit_of_work
        from maintainuk.domain.permissions import Actor

        services = self.services
        session = services.database.session(self.org_id)
        async with unit_of_work(session, Actor.system(self.org_id), services.clock(), hints=services.hints) as work:
            yield work


async def _checked(desk: Desk, reading: Reading) -> Survey:
    from maintainuk.application.imports import ImportService
    from maintainuk.domain.import_reading import Survey

    survey = Survey(reading.plan)
    while read := reading.portion():
        drafts = survey.add(read)
        async with desk.opening() as work:
            survey.tally += await ImportService(work).look_up(drafts)
    return survey


def _tell(task: Task, reading: Reading, survey: Survey) -> None:
    from maintainuk.api.wording import FIELDS, in_words

    for field, columns in reading.plan.columns.items():
        typer.echo(f"  {field:<20} {' + '.join(columns)}")
    for one in reading.meanings():
        typer.echo(f"  {one.field} “{one.word}” means {one.meaning or '?'} ({one.rows} rows)")
    typer.echo(
        f"{survey.rows} rows: {survey.tally.created} new ({survey.tally.home_unknown} at homes not known),"
        f" {survey.tally.already_there} already there, {survey.repeated} repeated, {survey.bad} bad."
    )
    if (date := reading.dates.undecided) and task.plan.order is None:
        typer.echo(
            f"  No row shows whether the day or the month comes first: {date.written} is read as"
            f" {date.day_first:%-d %B %Y}. If it is {date.month_first:%-d %B %Y}, say --dates month-first.",
            err=True,
        )
    for problem in survey.problems[:SHOWN]:
        where = f", {problem.column}" if problem.column else ""
        typer.echo(f"  row {problem.row}{where}: {in_words(problem.reason, FIELDS)}", err=True)
    if survey.bad > SHOWN:
        typer.echo(f"  and {survey.bad - SHOWN} more", err=True)
    if survey.bad and not task.skips_bad:
        typer.echo("Nothing was brought in. Put these rows right, or leave them out with --skip-bad.", err=True)


async def _written(desk: Desk, task: Task, survey: Survey) -> ImportRun:
    """Write portion by portion; broken off, the same command goes on where it stopped."""
    from maintainuk.application.imports import ImportService
    from maintainuk.domain.base import new_id
    from maintainuk.domain.import_reading import Reading as Again
    from maintainuk.domain.imports import PORTION, Draft, ImportStatus
    from maintainuk.domain.ports import RowsRead

    import_id = new_id()
    async with desk.opening() as work:
        await ImportService(work).received(import_id, task.name)
        run = await ImportService(work).checked(import_id, survey)
        run.status, run.skips_bad_rows = ImportStatus.RUNNING, task.skips_bad  # nothing is promised to the worker
    again = Again(task.table, run.plan, desk.services.clock())
    with typer.progressbar(length=survey.rows, label=task.name) as bar:
        while run.status is ImportStatus.RUNNING:
            read = again.portion()
            drafts = [one for one in read if isinstance(one, Draft)]
            portion = RowsRead(
                "terminal", task.name, begins=run.done, rows=len(read), drafts=drafts, is_last=len(read) < PORTION
            )
            async with desk.opening() as work:
                run = await ImportService(work).bring_in(import_id, portion)
            bar.update(len(read))
    return run
