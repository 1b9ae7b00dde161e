"""Tables that people open in a spreadsheet, which runs whatever looks like a formula (OWASP: CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

from maintainuk.domain.formulas import guarded

MARK = "\ufeff"
"""Tells spreadsheets that a table is UTF-8."""


def cell(value: object) -> str:
    """Return a cell as it is safe to open: words never begin a formula; numbers and dates stay what they are."""
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as RFC 4180 has it, with the mark that tells spreadsheets it is UTF-8."""
    return f"{MARK}{lines([header])}{lines(rows)}"


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return some lines of a table, for one that is written bit by bit; before the first of all stands `MARK`."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()
