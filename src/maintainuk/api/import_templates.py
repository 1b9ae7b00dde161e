"""What a file of each kind may tell, in words, and templates to fill in: CSV, or a workbook that explains itself."""

import base64
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from fastapi import Query

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.portfolio_imports import PortfolioImportService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import NotFound
from maintainuk.domain.import_kinds import KINDS
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.csv_export import table
from maintainuk.infrastructure.workbooks import written

router = Router(prefix="/api/v1/portfolio/kinds", tags=["portfolio imports"])

CATALOGUE: Final = tomllib.loads((Path(__file__).parent / "texts" / "columns.en.toml").read_text(encoding="utf-8"))
"""The title of each kind and column, and what is written there."""
Importing = Annotated[UnitOfWork, permitted(Permission.PROPERTIES_WRITE)]


class ColumnView(View):
    """A column that a file may have: what it is called, what is written there, and whether it must be there."""

    field: str
    title: str
    explanation: str
    example: str
    is_needed: bool


class KindView(View):
    """A kind of file, and its columns in the order of its template."""

    kind: ImportKind
    title: str
    explanation: str
    columns: list[ColumnView]


class KindList(View):
    """The kinds of files that can be brought in, in the order in which that is best done."""

    items: list[KindView]


class TemplateForm(StrEnum):
    """What a template is written as."""

    CSV = "csv"
    XLSX = "xlsx"


class TemplateFile(View):
    """A template as a file; `content` is base64."""

    file_name: str
    media_type: str
    content: str


MEDIA: Final = {
    TemplateForm.CSV: "text/csv",
    TemplateForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def column_views(kind: ImportKind) -> list[ColumnView]:
    """Return the columns of a kind in words."""
    texts = CATALOGUE["columns"]
    return [
        ColumnView(
            field=one.field,
            title=title_of(kind, one.field),
            explanation=texts[one.field]["explanation"],
            example=one.example,
            is_needed=one.is_needed,
        )
        for one in KINDS[kind].columns
    ]


def title_of(kind: ImportKind, field: str) -> str:
    """Return what a column is called in templates and exports; a reference is called after what it is of."""
    own: str | None = CATALOGUE["kinds"][kind].get("reference") if field == "reference" else None
    return own or str(CATALOGUE["columns"][field]["title"])


@router.get("")
async def list_import_kinds(work: Importing) -> ApiResponse[KindList]:
    """List what can be brought in, and the columns that a file of each kind may have."""
    PortfolioImportService(work).require(ImportKind.HOMES)
    items = [
        KindView(
            kind=kind,
            title=CATALOGUE["kinds"][kind]["title"],
            explanation=CATALOGUE["kinds"][kind]["explanation"],
            columns=column_views(kind),
        )
        for kind in KINDS
    ]
    return ApiResponse(data=KindList(items=items))


@router.get("/{file_kind}/template")
async def read_import_template(
    file_kind: ImportKind,
    work: Importing,
    form: Annotated[
        TemplateForm, Query(description="CSV, or a workbook that explains each column.")
    ] = TemplateForm.CSV,
) -> ApiResponse[TemplateFile]:
    """Take a template along: the names of the columns and an example."""
    columns = _columns(file_kind, work)
    content = _workbook(file_kind, columns) if form is TemplateForm.XLSX else _csv(columns)
    return ApiResponse(
        data=TemplateFile(
            file_name=f"{file_kind}.{form}", media_type=MEDIA[form], content=base64.b64encode(content).decode()
        )
    )


def _csv(columns: Sequence[ColumnView]) -> bytes:
    return table([one.title for one in columns], [[one.example for one in columns]]).encode()


def _workbook(kind: ImportKind, columns: Sequence[ColumnView]) -> bytes:
    texts = CATALOGUE["sheets"]
    sheet = [[one.title for one in columns], [one.example for one in columns]]
    explained = [
        [texts["column"], texts["needed"], texts["meaning"], texts["example"]],
        *([one.title, texts["yes"] if one.is_needed else "", one.explanation, one.example] for one in columns),
    ]
    return written([(CATALOGUE["kinds"][kind]["title"], sheet), (texts["explanations"], explained)])


def _columns(kind: ImportKind, work: UnitOfWork) -> list[ColumnView]:
    if kind not in KINDS:
        raise NotFound("no-such-template")
    PortfolioImportService(work).require(kind)
    return column_views(kind)
