"""No table that leaves the product runs anything in the spreadsheet it is opened with."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import maintainuk
from maintainuk.domain.formulas import as_meant, guarded
from maintainuk.infrastructure.csv_export import cell, table

SOURCES = Path(maintainuk.__file__).parent
TRIGGERS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001  (spreadsheets read full-width signs, too)
ANYTHING = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40)


def runs(text: str) -> bool:
    """Whether a spreadsheet would take it for a formula: blanks before it do not help."""
    return text.lstrip(" \u00a0\u200b\ufeff")[:1] in set(TRIGGERS) | {"\0"}


@settings(max_examples=1_000, deadline=None)
@given(st.one_of(ANYTHING, st.builds(str.__add__, st.sampled_from([*TRIGGERS, " =", "\ufeff=", "\0="]), ANYTHING)))
@example("=1+1")
@example(" @SUM(A1)")
@example("\0=cmd")
def test_of_a_thousand_strings_none_is_a_formula(text):
    [row] = csv.reader(io.StringIO(table([text], []).removeprefix("\ufeff"), newline=""))

    assert not runs(row[0])


@settings(max_examples=1_000, deadline=None)
@given(st.one_of(ANYTHING, st.builds(str.__add__, st.sampled_from([*TRIGGERS, "'=", "''=", "' =", "'"]), ANYTHING)))
@example("'=1+1")
@example("'plain")
def test_of_a_thousand_strings_each_comes_back_as_it_was_meant(text):
    assert as_meant(guarded(text)) == text.replace("\0", "")


@pytest.mark.parametrize("text", ["O'Neill", "'tis", "'14 Ash Grove", "''", "'", ""])
def test_an_apostrophe_that_guards_nothing_is_somebodys_own(text):
    assert as_meant(text) == text


@pytest.mark.parametrize(
    ("value", "shown"), [(-12.5, "-12.5"), (7, "7"), (date(2026, 11, 23), "2026-11-23"), (None, "")]
)
def test_numbers_and_dates_stay_what_they_are(value, shown):
    assert cell(value) == shown


def test_plain_words_are_left_alone():
    assert cell("14 Ash Grove, O'Neill") == "14 Ash Grove, O'Neill"


def test_a_careless_table_would_be_seen():
    assert runs("=1+1")
    assert runs("\ufeff-2")


def test_nothing_else_writes_tables():
    """Every export goes through the module that these strings were tried on."""
    writers = {path.name for path in SOURCES.rglob("*.py") if "csv.writer" in path.read_text(encoding="utf-8")}

    assert writers - {"workbooks.py"} == {"csv_export.py"}  # that one unpacks what came in, and nobody opens it
