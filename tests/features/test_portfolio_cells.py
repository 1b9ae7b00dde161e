"""What spreadsheets and people do to a portfolio's cells: read where that is certain, and told where it is a loss."""

import tomllib
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest
from openpyxl import Workbook

import maintainuk.api
from maintainuk.api.import_templates import column_views
from maintainuk.api.wording import FIELDS, in_words
from maintainuk.domain.import_kinds import KINDS, guess_columns
from maintainuk.domain.imports import FileUnreadable, ImportKind, Plan
from maintainuk.domain.organisations import Nation
from maintainuk.domain.portfolio_rows import Line, LinesRead, PortfolioReading
from maintainuk.infrastructure.csv_files import CsvFile
from maintainuk.infrastructure.workbooks import as_csv, written

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PEOPLE = "Person reference;Name;Mobile;Email\n"


def read(
    content: str | bytes,
    kind: ImportKind = ImportKind.PEOPLE,
    encoding: str = "utf-8",
    nation: Nation | None = None,
) -> LinesRead:
    table = CsvFile(
        BytesIO(content if isinstance(content, bytes) else content.encode(encoding)), partial(guess_columns, kind)
    )
    plan = Plan(guess_columns(kind, table.columns), nation=nation)
    return PortfolioReading(table, kind, plan, NOW).portion(1_000)


def file_of(content: bytes) -> IO[bytes]:
    """A file on a disk, which is what the child process reads."""
    kept = TemporaryFile()  # noqa: SIM115  (gone when nobody reads it any more)
    kept.write(content)
    return kept


def only(found: LinesRead) -> Line:
    assert found.problems == []
    (line,) = found.lines
    return line


def told(found: LinesRead) -> list[tuple[int, str | None, str]]:
    return [(one.row, one.column, in_words(one.reason, FIELDS)) for one in found.problems]


@pytest.mark.parametrize(
    "written_as",
    [
        "07700900123", "07700 900 123", "7700900123", "+44 7700 900123", "0044 7700 900123", "447700900123",
        "(07700) 900-123", "+44 (0)7700 900123", "07700.900.123", "'07700900123", "7700900123.0",
        "０７７００９００１２３",  # noqa: RUF001  (as some keyboards type them)
    ],
)  # fmt: skip
def test_one_number_in_twelve_notations_is_one_number(written_as):
    assert only(read(f"{PEOPLE}P-1;Aisha Khan;{written_as};\n")).text("phone") == "+447700900123"


def test_addresses_that_differ_in_case_and_width_are_one_address():
    found = read(f"{PEOPLE}P-1;Aisha Khan;;AISHA.Khan@Example.com\nP-2;aisha khan;;ａｉｓｈａ.khan@example.com\n")  # noqa: RUF001

    assert found.lines[0].text("email") == "aisha.khan@example.com"
    other = read(f"{PEOPLE}P-1;Aisha Khan;;aisha@example.com\nP-2;AISHA KHAN;;Aisha@Example.COM\n")
    assert told(other) == [
        (3, "Email", "Row 2 has the same name and address under another reference. Keep one of the two.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_semicolons_and_the_encodings_of_spreadsheets_are_read(encoding):
    assert only(read(f"{PEOPLE}P-1;Siân O’Brien;;\n", encoding=encoding)).text("name") == "Siân O’Brien"  # noqa: RUF001


def test_a_title_above_the_names_is_left_out():
    assert only(read(f"All our tenants;;;\n{PEOPLE}P-1;Aisha Khan;;\n")).row == 3


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("4.47701E+11", "The spreadsheet has shortened this number"),
        ("#REF!", "A formula failed here"),
        ("=A2", "A formula stands here"),
        ("12", "Enter a phone number"),
    ],
)
def test_what_a_spreadsheet_lost_is_told_and_not_taken(cell, why):
    ((row, column, reason),) = told(read(f"{PEOPLE}P-1;Aisha Khan;{cell};\n"))

    assert (row, column) == (2, "Mobile")
    assert reason.startswith(why)


TENANCIES = "Tenancy reference,Home reference,Tenancy start,Tenancy end,Tenant 1 name\n"


@pytest.mark.parametrize(
    "day", ["45536", "01/09/2024", "2024-09-01", "1 September 2024", "1-Sep-24", "2024-09-01 00:00"]
)
def test_a_day_is_read_however_it_was_written(day):
    assert only(read(f"{TENANCIES}T-1,H-1,{day},,Jo Bell\n", ImportKind.TENANCIES)).text("started_on") == "2024-09-01"


def test_two_rows_that_let_one_home_over_the_same_days_are_told_apart():
    rows = "T-1,H-1,2023-01-01,2024-09-01,Jo Bell\nT-2,H-1,2024-09-01,,Zara Khan\nT-3,H-1,2025-01-01,,Marek Nowak\n"

    found = read(TENANCIES + rows, ImportKind.TENANCIES)

    assert told(found) == [(4, "Tenancy start", "Row 3 lets the same home over some of the same days.")]


HOMES = "Home reference,Address,Flat,Town,Postcode,Nation,UPRN\n"


@pytest.mark.parametrize(
    ("cells", "column", "why"),
    [
        ("LS6 3A,,", "Postcode", "Enter a UK postcode"),
        ("LS6 3AB,Scotland,", "Nation", "This postcode lies in another nation"),
        ("SY10 9AB,,", "Postcode", "This postcode lies near a border"),
        ("LS6 3AB,Narnia,", "Nation", "Write one of these: England, Wales"),
        ("LS6 3AB,,1234567890123", "UPRN", "A UPRN is a number of up to 12 digits"),
    ],
)
def test_where_a_home_is_must_be_certain(cells, column, why):
    ((_, at, reason),) = told(read(f"{HOMES}H-1,14 Elm Row,,Leeds,{cells}\n", ImportKind.HOMES))

    assert at == column
    assert reason.startswith(why)


def test_what_was_said_of_all_homes_near_a_border_holds_where_neither_row_nor_postcode_says_it():
    near = "H-1,1 High St,,Oswestry,SY10 9AB,,\nH-2,2 High St,,Oswestry,SY10 9AB,England,\n"
    rows = f"{near}H-3,3 Elm Row,,Leeds,LS6 3AB,,\n"

    found = read(HOMES + rows, ImportKind.HOMES, nation=Nation.WALES)

    assert [line.text("nation") for line in found.lines] == ["WLS", "ENG", "ENG"]


def test_one_uprn_stands_for_one_home_whether_or_not_its_zeros_were_lost():
    rows = "H-1,1 Elm Row,,Leeds,LS6 3AB,,000123456\nH-2,2 Elm Row,,Leeds,LS6 3AB,,123456\n"

    assert told(read(HOMES + rows, ImportKind.HOMES)) == [(3, "UPRN", "Row 2 has the same UPRN.")]


def test_flats_of_one_block_share_its_address():
    header = HOMES.replace("Nation", "Block reference")
    rows = "H-1,Kestrel Court,1,Leeds,LS6 3AB,B-1,\nH-2,Kestrel House,2,Leeds,LS6 3AB,B-1,\n"

    ((row, column, reason),) = told(read(header + rows, ImportKind.HOMES))

    assert (row, column) == (3, "Block reference")
    assert reason.startswith("Row 2 gives another address for this block.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_back_as_it_was_written(kind):
    columns = column_views(kind)

    guessed = guess_columns(kind, [one.title for one in columns])

    assert guessed == {one.field: (one.title,) for one in columns}


async def test_a_workbook_is_read_like_the_table_it_shows():
    book = Workbook()
    book.active.append(["Person reference", "Name", "Mobile", "Language"])
    book.active.append(["P-1", "Aisha Khan", 7700900123, "Polish"])
    content = BytesIO()
    book.save(content)

    with file_of(content.getvalue()) as book_sent, await as_csv(book_sent) as table:
        line = only(read(table.read()))

    assert (line.text("phone"), line.text("language")) == ("+447700900123", "pl")


async def test_a_template_as_a_workbook_runs_nothing_and_is_read_back():
    content = written([("Homes", [["Reference", "Name"], ["=1+1", "Aisha"]])])

    with file_of(content) as sent, await as_csv(sent) as table:
        assert table.read().decode().splitlines()[1] == "=1+1,Aisha"


@pytest.mark.parametrize("damage", [b"PK\x03\x04 and then nothing", b"PK\x03\x04" + bytes(5_000)])
async def test_what_only_looks_like_a_workbook_is_refused(damage):
    with file_of(damage) as sent, pytest.raises(FileUnreadable) as refused:
        await as_csv(sent)

    assert refused.value.reason.key == "workbook-damaged"


def test_each_field_has_its_words_and_no_words_are_left_over():
    texts: dict[str, Any] = tomllib.loads(
        (Path(maintainuk.api.__file__).parent / "texts" / "columns.en.toml").read_text(encoding="utf-8")
    )

    assert texts["columns"].keys() == {column.field for kind in KINDS.values() for column in kind.columns}
