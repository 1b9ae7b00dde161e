"""Tables that people open in a spreadsheet, which runs whatever looks like a formula (OWASP: CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

STARTS_A_FORMULA = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001  (spreadsheets read full-width signs, too)


def cell(value: object) -> str:
    """Return a cell as it is safe to open: words never begin a formula; numbers and dates stay what they are."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\0", "")
    begins = text.lstrip(" \u00a0\u200b\ufeff")[:1]
    return f"'{text}" if begins in STARTS_A_FORMULA or value[:1] == "\0" else text


def table(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return a table as RFC 4180 has it, with the mark that tells spreadsheets it is UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in line] for line in lines)
    return f"\ufeff{written.getvalue()}"
