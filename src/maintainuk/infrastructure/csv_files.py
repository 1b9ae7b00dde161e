"""Tables as text: comma, semicolon or tab, in any of the encodings that spreadsheets save."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any, Final

from maintainuk.domain.import_dates import EARLIEST, Calendar
from maintainuk.domain.import_guesses import guess
from maintainuk.domain.import_rows import E_MAIL, POSTCODE
from maintainuk.domain.imports import MOST_ROWS, FileUnreadable, Order

SAMPLE: Final = 65_536
LONGEST_LINE: Final = 1_048_576
"""Characters; a cell of several lines may not hold more either."""
LONGEST_NAME: Final = 80
MOST_ABOVE: Final = 20
"""Rows of titles above the names of the columns."""
SURELY_NAMES: Final = 2
"""So many known names in one row are hardly chance."""
DELIMITERS: Final = ",;\t|"
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx and .xls begin."""
NO_TEXT: Final = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1a\x0b")
TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""How some systems keep a spreadsheet from changing a number: `="00123"`."""
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)

csv.field_size_limit(LONGEST_LINE)  # Python's own is shorter than a line that we read

Row = tuple[int, list[str]]
"""A row as a spreadsheet counts it (the first line is row 1) and its cells."""
Guessing = Callable[[Iterable[str]], Mapping[Any, tuple[str, ...]]]
"""What columns most probably tell, by their names."""


class CsvFile:
    """A table in a file that can be read again and again, row by row. Raises `FileUnreadable`, also while reading."""

    def __init__(self, content: IO[bytes], guessing: Guessing = guess) -> None:
        """Take `guessing` for what knows the names of columns."""
        self._content = content
        self.encoding = _encoding_of(content)
        sample = self._sample()
        separator = SEPARATOR_LINE.match(sample)
        self._skips = 1 if separator else 0
        self.delimiter = separator[1] if separator else _delimiter_of(sample)
        beginning = list(islice(self._filled(), MOST_ABOVE + 1))
        if not beginning:
            raise FileUnreadable("file-empty")
        self._above = _header_among([cells for _, cells in beginning], guessing)
        self.header_row, header = beginning[self._above]
        _require_names(header, guessing)
        self.columns = _unique(header)
        if next(self.rows(), None) is None:
            raise FileUnreadable("file-without-rows")

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the header; empty ones are counted and left out."""
        for found, row in enumerate(self._filled(), -self._above):
            if found > MOST_ROWS:
                raise FileUnreadable("file-too-many-rows", most=MOST_ROWS)
            if found > 0:
                yield row

    def _filled(self) -> Iterator[Row]:
        """Yield the rows that hold anything; empty ones are counted, too."""
        for number, cells in enumerate(self._records(), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells

    def _records(self) -> Iterator[list[str]]:
        lines = _Lines(self._text())
        for _ in range(self._skips):
            next(lines, None)
        reader = csv.reader(lines, delimiter=self.delimiter)
        for number in range(1, 10 * MOST_ROWS):
            lines.enter(number)
            try:
                yield [_as_text(cell) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error:  # a cell of many lines without end: nobody writes so much into one
                raise FileUnreadable("quote-never-closed", row=number) from None
        raise FileUnreadable("file-too-many-rows", most=MOST_ROWS)

    def _sample(self) -> str:
        try:
            text = self._text().read(SAMPLE)
        except UnicodeError:
            raise FileUnreadable("file-not-text") from None
        if NO_TEXT & set(text):
            raise FileUnreadable("file-not-text")
        return text

    def _text(self) -> io.TextIOWrapper:
        self._content.seek(0)
        return io.TextIOWrapper(_Kept(self._content), self.encoding, newline="")


class _Kept(io.BufferedIOBase):
    """The same file for one reader after the other: none of them closes it."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    @property
    def name(self) -> str:
        return "table"

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._content.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self._content.read(size)


class _Lines(Iterator[str]):
    """Lines for the CSV reader, which would not say that the last record never ended."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._record = 1
        self._is_inside = False

    def enter(self, record: int) -> None:
        self._record, self._is_inside = record, False

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST_LINE)
        except UnicodeError:
            raise FileUnreadable("file-not-text") from None
        if not line:
            if self._is_inside:
                raise FileUnreadable("quote-never-closed", row=self._record)
            raise StopIteration
        if "\0" in line:
            raise FileUnreadable("file-not-text")
        if len(line) >= LONGEST_LINE:
            raise FileUnreadable("row-too-long", row=self._record, longest=LONGEST_LINE)
        self._is_inside = True
        return line


def _encoding_of(content: IO[bytes]) -> str:
    content.seek(0)
    start = content.read(SAMPLE)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t ,;"):
        raise FileUnreadable("file-empty")
    if start.startswith(WORKBOOKS):
        raise FileUnreadable("file-is-a-workbook")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if nothing := start.count(0):
        return _wide(start, nothing)
    try:
        for _ in _decoded(content, "strict"):
            pass
    except UnicodeDecodeError:
        if start.startswith(codecs.BOM_UTF8) or _is_mostly_utf_8(content):
            raise FileUnreadable("file-not-text") from None
        return "cp1252"
    return "utf-8-sig"


def _decoded(content: IO[bytes], errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors)
    content.seek(0)
    while part := content.read(LONGEST_LINE):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)


def _is_mostly_utf_8(content: IO[bytes]) -> bool:
    """Say whether it is UTF-8 that was damaged: text of another encoding hardly ever makes sense as such."""
    read = broken = 0
    for text in _decoded(content, "replace"):
        lost = text.count("\ufffd")
        broken, read = broken + lost, read + sum(not sign.isascii() for sign in text) - lost
    return read > broken


def _as_text(cell: str) -> str:
    if cell.startswith('="') and (found := TEXT_FORMULA.fullmatch(cell)):
        return found[1]
    return cell


def _wide(start: bytes, nothing: int) -> str:
    """Tell UTF-16 without a mark from bytes that are no text: its zeros stand at every other place."""
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if start[first::2].count(0) == nothing and nothing > len(start) // 4:
            return encoding
    raise FileUnreadable("file-not-text")


def _delimiter_of(sample: str) -> str:
    """Return the character that cuts the first lines into the same number of cells, of which there are most."""

    def worth(delimiter: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        try:
            for record, _ in zip(
                csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), range(30), strict=False
            ):
                widths[len(record)] += 1
        except csv.Error:
            return 0, 0
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(0, 0))
        return (times, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=worth)


def _header_among(rows: Sequence[Sequence[str]], guessing: Guessing) -> int:
    """Return the place of the row that names the columns: titles may stand above it, each narrower than the table."""
    widths = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    named = [len(guessing(cell for cell in cells if cell.strip())) for cells in rows]
    wider = [place for place in range(1, len(rows)) if widths[place] > max(widths[:place])]
    known = (place for place in wider if named[place] >= SURELY_NAMES and named[place] > named[0])
    return next(known, wider[0] if wider and widths[0] == 1 and not named[0] else 0)


def _require_names(header: Sequence[str], guessing: Guessing) -> None:
    """Refuse a first row that holds what other rows hold: nobody could say which column is which."""
    calendar = Calendar(Order.DAY_FIRST, EARLIEST)
    named = guessing(header)
    values = [cell.strip() for cell in header if cell.strip()]
    certain = [
        text
        for text in values
        if E_MAIL.fullmatch(text) or POSTCODE.fullmatch(text) or len(text) > LONGEST_NAME or calendar.is_date(text)
    ]
    if certain or (not named and any(text.replace(".", "").isdigit() for text in values)):
        raise FileUnreadable("file-without-header")


def _unique(header: Sequence[str]) -> list[str]:
    """Give each column a name of its own: the second `Notes` is `Notes (2)`, one without a name is `Column 4`."""
    while header and not header[-1].strip():
        header = header[:-1]
    taken: set[str] = set()
    names = []
    for place, cell in enumerate(header, 1):
        plain = " ".join(cell.split())[:LONGEST_NAME] or f"Column {place}"
        name, again = plain, 1
        while name in taken:
            again += 1
            name = f"{plain} ({again})"
        taken.add(name)
        names.append(name)
    return names
