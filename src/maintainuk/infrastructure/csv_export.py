"""Tables that people open in a spreadsheet, which runs whatever looks like a formula (OWASP: CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001  (spreadsheets read full-width signs, too)
GUARD = "'"
BLANKS = " \u00a0\u200b\ufeff"
MARK = "\ufeff"
"""Tells spreadsheets that a table is UTF-8."""


def cell(value: object) -> str:
    """Return a cell as it is safe to open: words never begin a formula; numbers and dates stay what they are."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\0", "")
    return f"{GUARD}{text}" if _begins_a_formula(text.lstrip(GUARD)) or value[:1] == "\0" else text


def as_meant(text: str) -> str:
    """Return what stood in a cell before `cell` guarded it; a cell that it did not guard stays as it is.

    An apostrophe that somebody typed before a formula is guarded by another one, so that each text comes back.
    """
    return text[1:] if text[:1] == GUARD and _begins_a_formula(text.lstrip(GUARD)) else text


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as RFC 4180 has it, with the mark that tells spreadsheets it is UTF-8."""
    return f"{MARK}{lines([header])}{lines(rows)}"


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return some lines of a table, for one that is written bit by bit; before the first of all stands `MARK`."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def _begins_a_formula(text: str) -> bool:
    return text.lstrip(BLANKS)[:1] in STARTS_A_FORMULA
