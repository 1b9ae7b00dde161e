"""Files as spreadsheets save them, and what is no table at all."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintainuk.api.wording import FIELDS, REFUSALS
from maintainuk.domain.errors import Invalid
from maintainuk.domain.import_guesses import guess
from maintainuk.domain.import_reading import Reading
from maintainuk.domain.imports import Draft, FileUnreadable, Plan
from maintainuk.infrastructure.csv_files import CsvFile
from tests.desk import Desk
from tests.features.test_imports import previewed, refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_file_is_read_however_a_spreadsheet_saved_it(desk: Desk, encoding: str, delimiter: str):
    content = f"Description{delimiter}Address\r\n“Café” door{delimiter}1 Elm Row\r\n"

    preview = await previewed(desk, content.encode(encoding))

    assert (preview["sample"][0]["title"], preview["sample"][0]["address"]) == ("“Café” door", "1 Elm Row")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"PK\x03\x04" + bytes(300), "Excel workbook"),
        (b"Description,Address\nTap\0drips,1 Elm Row\n", "no text file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no text file"),
        (b"\n ; ;\r\n;;;\n", "empty"),
        ("Description,Address\nCafé door,1 Elm Row\nBüro,2 Elm Row\n".encode() + b"\xff\n", "damaged"),
        ("\ufeffDescription,Address\nCafé".encode()[:-1], "damaged"),
        (b"Description,Address\n" + b"Tap " * 300_000 + b",1 Elm Row\n", "Row 2 is longer"),
        (b"Description,Address\n", "no rows"),
        (b"R-1,Tap drips,LS6 1AA,03/02/2025\nR-2,Door sticks,LS6 1AB,04/02/2025\n", "names of the columns"),
        (b'Description,Address\nA,B\n"Tap drips,1 Elm Row\nC,D\n', "row 3"),
    ],
)
async def test_what_is_no_table_is_refused_in_words_that_help(desk: Desk, content: bytes, words: str):
    assert words in await refused(desk, content)


async def test_what_excel_did_is_undone_where_that_is_certain(desk: Desk):
    preview = await previewed(desk, "Description,Address,Reported,Formula\nTap,1 Elm Row,45691,=1+1\n,,,\n")

    assert preview["sample"][0]["reportedAt"] == "2025-02-03T00:00:00Z"
    assert preview["rows"] == 1


async def test_empty_rows_and_cells_around_a_table_change_nothing_but_its_row_numbers(desk: Desk):
    preview = await previewed(desk, "\r\n;;;;\r\nRef;Description;Address;;\r\n\r\nR-1;Tap;1 Elm Row;;;;\r\nR-2;;;;\r\n")

    assert [ticket["row"] for ticket in preview["sample"]] == [5]
    assert [(bad["row"], bad["code"]) for bad in preview["badRows"]] == [(6, "words-missing")]


async def test_text_that_was_marked_as_text_is_taken_as_it_was_meant(desk: Desk):
    preview = await previewed(desk, "Ref,Description,Address,Flat\n=\"00123\",'70s boiler => cold,1 Elm Row,'3-4\n")

    (ticket,) = preview["sample"]
    assert (ticket["reference"], ticket["title"]) == ("00123", "'70s boiler => cold")
    assert ticket["address"] == "Flat 3-4, 1 Elm Row"


TEXT = st.text(alphabet=st.sampled_from("ab1,;\t\"\n\r'=é€😀\0 "), max_size=200).map(str.encode)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), TEXT, TEXT.map(b"Ref,Description,Address,Reported\n".__add__)))
def test_whatever_a_file_holds_each_row_is_read_or_refused_with_a_reason(content: bytes):
    reasons = []
    try:
        table = CsvFile(BytesIO(content))
        plan = Plan(guess(table.columns))
        read = Reading(table, plan, datetime(2026, 1, 1, tzinfo=UTC)).portion()
        reasons = [one.reason.key for one in read if not isinstance(one, Draft)]
    except (FileUnreadable, Invalid) as refusal:
        reasons = [refusal.reason.key]

    assert set(reasons) <= REFUSALS.keys() | FIELDS.keys()
