"""Bringing tickets in from a file over HTTP: send it, say how it is read, look at what it would become, start."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

from fastapi import Header, Request
from pydantic import Field
from starlette.requests import ClientDisconnect

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted, permitted_anew
from maintainuk.api.wording import FIELDS, in_words
from maintainuk.application.imports import ImportService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.errors import UploadCutOff
from maintainuk.domain.import_dates import OpenDate
from maintainuk.domain.import_guesses import guess
from maintainuk.domain.import_reading import SAMPLES, Reading, Survey, Table
from maintainuk.domain.imports import (
    Draft,
    FileUnreadable,
    ImportField,
    ImportRun,
    ImportStatus,
    Order,
    Plan,
    Problem,
)
from maintainuk.domain.permissions import Permission
from maintainuk.domain.taxonomy import Category, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.values import line
from maintainuk.infrastructure.security.sealed_files import new_key

router = Router(prefix="/api/v1/imports", tags=["imports"])

LONGEST_FILE_NAME = 200
LONGEST_SAMPLE = 200
MOST_COLUMNS = 30

Importing = Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE)]
Anew = Annotated[Opening, permitted_anew(Permission.TICKETS_CREATE)]
FileName = Annotated[str, Header(alias="X-File-Name", description="The file's name, percent-encoded.", max_length=900)]
RAW: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV with a first row of names, at most 20 MB and 50,000 rows.",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ImportPlan(Input):
    """How a file is read: the columns of each field (several make up an address), and what its words mean."""

    columns: dict[ImportField, Annotated[list[str], Field(max_length=MOST_COLUMNS)]]
    words: dict[ImportField, dict[str, str]] = Field(
        default_factory=dict, description="Of priority, status and category: a word of the file -> what it means here."
    )
    order: Order | None = Field(None, description="Which number of a date is the day; null: as the dates show.")

    def settled(self) -> Plan:
        """Return it as the domain knows it."""
        return Plan({name: tuple(columns) for name, columns in self.columns.items() if columns}, self.words, self.order)


class ImportDecision(Input):
    """Whether bad rows are left out; otherwise one bad row keeps all out."""

    skip_bad: bool = False


class UploadedFile(View):
    """A file that can be read: its columns, what each most probably tells, and its first rows."""

    id: UUID
    file_name: str
    header_row: int = Field(description="The row that names the columns; what stands above it is left out.")
    columns: list[str]
    guesses: dict[ImportField, list[str]]
    sample: list[list[str]]
    plan: ImportPlan | None = Field(description="How it was last checked; null when it never was.")


class BadRow(View):
    """Why one row can't be brought in; rows are counted as a spreadsheet does."""

    row: int
    column: str | None
    code: str
    reason: str


class WordMeaning(View):
    """What a word of the file is taken for, and in how many rows it stands; null when somebody has to say."""

    field: ImportField
    word: str
    meaning: str | None
    rows: int


class SampleTicket(View):
    """A ticket as it would come in."""

    row: int
    reference: str
    title: str
    address: str
    category: Category
    priority: Priority
    status: TicketStatus
    reported_at: datetime | None


class UndecidedDate(View):
    """A date that can be read both ways, and both readings."""

    written: str
    day_first: date
    month_first: date

    @classmethod
    def of(cls, found: OpenDate | None) -> "UndecidedDate | None":
        """Return it as people are asked about it."""
        return cls(written=found.written, day_first=found.day_first, month_first=found.month_first) if found else None


class ImportPreview(View):
    """What a file would become; nothing of it is written yet."""

    id: UUID
    rows: int
    good: int
    bad: int
    new: int
    already_there: int
    repeated: int = Field(description="Rows that say exactly what an earlier row of the file says.")
    home_unknown: int
    order: Order
    undecided_date: UndecidedDate | None = Field(
        description="One of the dates, when none of them shows which number is the day."
    )
    bad_rows: list[BadRow] = Field(description="The first 200.")
    words: list[WordMeaning]
    sample: list[SampleTicket]


class ImportView(View):
    """How far an import has come."""

    id: UUID
    file_name: str
    status: ImportStatus
    rows: int
    done: int
    created: int
    already_there: int
    repeated: int
    bad: int
    home_unknown: int
    failure: str | None
    bad_rows: list[BadRow]


@router.post("", status_code=201, openapi_extra=RAW)
async def upload_import(request: Request, opening: Anew, name: FileName = "tickets.csv") -> ApiResponse[UploadedFile]:
    """Send a file of tickets; nothing becomes a ticket before its columns are named and it is started."""
    services: Services = request.app.state.services
    async with opening() as work:
        ImportService(work).require()
        org_id = work.actor.org_id
    import_id, key, files = new_id(), new_key(), services.import_files
    try:
        await files.receive(org_id, import_id, key, request.stream())
    except ClientDisconnect:
        raise UploadCutOff from None
    try:
        async with files.opened(org_id, import_id, key) as table:
            sample = await to_thread(first_rows, table)
    except FileUnreadable:
        await files.discard(org_id, import_id)
        raise
    async with opening() as work:
        called = line(unquote(name))[:LONGEST_FILE_NAME] or "tickets.csv"
        run = await ImportService(work).received(import_id, called, key=key)
        return ApiResponse(data=_file(run, table, sample))


@router.get("/{import_id}/file")
async def read_import_file(import_id: UUID, request: Request, opening: Anew) -> ApiResponse[UploadedFile]:
    """Show a file that was sent before, as it was shown then, and how it was last checked."""
    services: Services = request.app.state.services
    async with opening() as work:
        run = await ImportService(work).read(import_id)
        work.audit("ImportFileRead", subject_id=run.id)
    async with services.import_files.opened(run.org_id, import_id, run.file_key) as table:
        return ApiResponse(data=_file(run, table, await to_thread(first_rows, table)))


@router.put("/{import_id}/mapping")
async def check_import(import_id: UUID, new: ImportPlan, request: Request, opening: Anew) -> ApiResponse[ImportPreview]:
    """Say how a file is read, and see what it would become, bad rows with their reasons. Nothing is written."""
    services: Services = request.app.state.services
    async with opening() as work:
        run = await ImportService(work).read(import_id)
    async with services.import_files.opened(run.org_id, import_id, run.file_key) as table:
        reading = await to_thread(Reading, table, new.settled(), services.clock())
        survey = Survey(reading.plan)
        while read := await to_thread(reading.portion):
            drafts = survey.add(read)
            async with opening() as work:
                survey.tally += await ImportService(work).look_up(drafts)
        preview = await to_thread(_preview, import_id, reading, survey)
    async with opening() as work:
        await ImportService(work).checked(import_id, survey)
    return ApiResponse(data=preview)


@router.post("/{import_id}/run", status_code=202)
async def start_import(import_id: UUID, decision: ImportDecision, work: Importing) -> ApiResponse[ImportView]:
    """Bring a checked file in; follow it with `GET`. The same file again adds nothing twice."""
    return ApiResponse(data=_shown(await ImportService(work).start(import_id, skip_bad=decision.skip_bad)))


@router.get("/{import_id}")
async def read_import(import_id: UUID, work: Importing) -> ApiResponse[ImportView]:
    """Say how far an import has come."""
    return ApiResponse(data=_shown(await ImportService(work).read(import_id)))


def _file(run: ImportRun, table: Table, sample: list[list[str]]) -> UploadedFile:
    return UploadedFile(
        id=run.id,
        file_name=run.file_name,
        header_row=table.header_row,
        columns=table.columns,
        guesses={field: list(named) for field, named in guess(table.columns).items()},
        sample=sample,
        plan=_said(run.plan) if run.mapping else None,
    )


def _said(plan: Plan) -> ImportPlan:
    columns = {ImportField(name): list(named) for name, named in plan.columns.items()}
    words = {ImportField(name): dict(words) for name, words in plan.words.items()}
    return ImportPlan(columns=columns, words=words, order=plan.order)


def first_rows(table: Table) -> list[list[str]]:
    """Return the first rows below the names, cut short, for people to look at."""
    return [[cell[:LONGEST_SAMPLE] for cell in cells] for _, cells in islice(table.rows(), SAMPLES)]


def _preview(import_id: UUID, reading: Reading, survey: Survey) -> ImportPreview:
    return ImportPreview(
        id=import_id,
        rows=survey.rows,
        good=survey.rows - survey.bad - survey.repeated,
        bad=survey.bad,
        new=survey.tally.created,
        already_there=survey.tally.already_there,
        repeated=survey.repeated,
        home_unknown=survey.tally.home_unknown,
        order=reading.order,
        undecided_date=UndecidedDate.of(reading.dates.undecided),
        bad_rows=_bad_rows(survey.problems),
        words=[
            WordMeaning(field=one.field, word=one.word, meaning=one.meaning, rows=one.rows)
            for one in reading.meanings()
        ],
        sample=[_sample(draft) for draft in survey.samples],
    )


def _sample(draft: Draft) -> SampleTicket:
    return SampleTicket(
        row=draft.row,
        reference=draft.reference,
        title=draft.title,
        address=draft.written,
        category=draft.category,
        priority=draft.priority,
        status=draft.status,
        reported_at=draft.reported_at,
    )


def _shown(run: ImportRun) -> ImportView:
    return ImportView(
        id=run.id,
        file_name=run.file_name,
        status=run.status,
        rows=run.rows,
        done=run.done,
        created=run.created,
        already_there=run.already_there,
        repeated=run.repeated,
        bad=run.bad,
        home_unknown=run.home_unknown,
        failure=run.failure,
        bad_rows=_bad_rows(run.problems),
    )


def _bad_rows(problems: Sequence[Problem]) -> list[BadRow]:
    return [
        BadRow(row=one.row, column=one.column, code=one.reason.key, reason=in_words(one.reason, FIELDS))
        for one in problems
    ]
