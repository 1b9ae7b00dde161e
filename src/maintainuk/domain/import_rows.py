"""What one row of somebody else's table says, as a ticket of ours or as the reason why it can't be one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from maintainuk.domain.errors import Invalid, Reason
from maintainuk.domain.import_dates import Calendar
from maintainuk.domain.import_guesses import MEANINGS, WORDS, plain
from maintainuk.domain.imports import NAMED_BY_ITS_WORDS, Draft, ImportField, Plan, Problem
from maintainuk.domain.taxonomy import Category, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.domain.tickets import LONGEST_DESCRIPTION, LONGEST_TITLE
from maintainuk.domain.values import line, prose

F = ImportField

LONGEST: Final = {
    F.EXTERNAL_REFERENCE: 100,
    F.TITLE: LONGEST_TITLE,
    F.DESCRIPTION: LONGEST_DESCRIPTION,
    F.ADDRESS: 500,
    F.FLAT: 60,
    F.REPORTER_NAME: 200,
    F.REPORTER_EMAIL: 254,
    F.REPORTER_PHONE: 40,
}
SHORT_TITLE: Final = 80
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})", re.IGNORECASE)
EXCEL_ERROR = re.compile(r"#(NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|#{4,}", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E-\d+", re.IGNORECASE)
NUMBERED: Final = (F.EXTERNAL_REFERENCE, F.ADDRESS, F.FLAT, F.REPORTER_PHONE)
"""What a spreadsheet may take for a number or a date, and change."""
LOST_ZERO = re.compile(r"[1-37]\d{9}")
FORMULA = re.compile(r"=[-+(]*(?:\$?[A-Z]{1,3}\$?\d|[A-Z][A-Z0-9.]*\(|\w+!|\d|[\"']).*", re.IGNORECASE | re.DOTALL)
"""`=A2`, `=SUM(…)`, `=Sheet1!A2`, `=1+1`, `="T-"&A2`."""
MADE_A_DATE = re.compile(
    r"\d{1,2}-(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)-\d{2}",
    re.IGNORECASE,
)
"""What a spreadsheet makes of 3-4 and 12-14."""
E_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
MOST_MEANINGS: Final = 100
"""Different words of a column that are shown with what they mean."""


def check_columns(plan: Plan, columns: Sequence[str]) -> None:
    """Refuse a plan that names columns the file hasn't, or from which no ticket could be made."""
    known = set(columns)
    if any(column not in known for named in plan.columns.values() for column in named):
        raise Invalid(fields={"columns": Reason("column-unknown")})
    if any(len(named) > 1 and name is not F.ADDRESS for name, named in plan.columns.items()):
        raise Invalid(fields={"columns": Reason("one-column-each")})
    if not plan.columns.get(F.TITLE) and not plan.columns.get(F.DESCRIPTION):
        raise Invalid(fields={"columns": Reason("columns-without-words")})
    if not plan.columns.get(F.ADDRESS) and not plan.columns.get(F.POSTCODE):
        raise Invalid(fields={"columns": Reason("columns-without-address")})
    for name, words in plan.words.items():
        if any(meaning not in MEANINGS.get(name, ()) for meaning in words.values()):
            raise Invalid(fields={"words": Reason("meaning-unknown")})


@dataclass(slots=True)
class Reader:
    """Reads the rows of one file by a plan, and remembers what its words were taken for."""

    plan: Plan
    columns: Sequence[str]
    calendar: Calendar
    meanings: dict[ImportField, Counter[str]] = field(default_factory=dict)
    _at: dict[ImportField, list[int]] = field(init=False)
    _words: dict[ImportField, Mapping[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        """Look up once where each column stands."""
        places = {column: number for number, column in enumerate(self.columns)}
        self._at = {name: [places[column] for column in named] for name, named in self.plan.columns.items() if named}
        self._words = {
            name: {**usual, **{plain(word): meaning for word, meaning in self.plan.words.get(name, {}).items()}}
            for name, usual in WORDS.items()
        }
        self.meanings = {name: Counter() for name in WORDS if name in self._at}

    def read(self, row: int, cells: Sequence[str]) -> Draft | Problem:
        """Return the ticket that a row describes, or the first reason why it can't be one."""
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            return Problem(row, None, Reason("too-many-cells", columns=len(self.columns)))
        try:
            return self._draft(row, cells)
        except _Bad as bad:
            named = self.plan.columns.get(bad.field, ()) if bad.field else ()
            return Problem(row, named[0] if named else None, bad.reason)

    def meaning_of(self, name: ImportField, word: str) -> str | None:
        """Return what a word of the file is taken for."""
        return self._words[name].get(plain(word))

    def _draft(self, row: int, cells: Sequence[str]) -> Draft:
        for name, places in self._at.items():
            for place in places:
                if place < len(cells) and (damage := damage_of(cells[place].strip(), is_numbered=name in NUMBERED)):
                    raise _Bad(name, damage)
        description, title = self._prose(cells), self._text(cells, F.TITLE)
        if not (description or title):
            raise _Bad(F.DESCRIPTION if F.DESCRIPTION in self._at else F.TITLE, Reason("words-missing"))
        address, flat, postcode = (self._text(cells, name) for name in (F.ADDRESS, F.FLAT, F.POSTCODE))
        if not (address or postcode):
            raise _Bad(F.ADDRESS, Reason("address-missing"))
        known_postcode = POSTCODE.fullmatch(postcode) or POSTCODE.search(address)
        when = self._text(cells, F.REPORTED_AT)
        e_mail = self._text(cells, F.REPORTER_EMAIL)
        if e_mail and not E_MAIL.fullmatch(e_mail):
            raise _Bad(F.REPORTER_EMAIL, Reason("e-mail-unreadable"))
        draft = Draft(
            row=row,
            reference=self._text(cells, F.EXTERNAL_REFERENCE),
            title=title or _first_words(description),
            description=description or title,
            address=address,
            postcode=" ".join(known_postcode.groups()).upper() if known_postcode else "",
            flat=flat,
            written=", ".join(part for part in (_flat_in_words(flat), address, postcode) if part),
            category=Category(self._meaning(cells, F.CATEGORY) or Category.OTHER),
            priority=Priority(self._meaning(cells, F.PRIORITY) or Priority.P3),
            status=TicketStatus(self._meaning(cells, F.STATUS) or TicketStatus.NEW),
            reported_at=self._moment(when),
            reporter_name=self._text(cells, F.REPORTER_NAME),
            reporter_email=e_mail,
            reporter_phone=with_lost_zero(self._text(cells, F.REPORTER_PHONE)),
        )
        return draft if draft.reference else _named_by_its_words(draft, when)

    def _text(self, cells: Sequence[str], name: ImportField) -> str:
        places = self._at.get(name, ())
        text = ", ".join(filter(None, (line(cells[place]) for place in places if place < len(cells))))
        if name in NUMBERED:
            text = text.removeprefix("'")  # the sign by which a spreadsheet keeps a number as text
        if name is F.ADDRESS:
            text = re.sub(r"(^|, )(\d+[A-Za-z]?), ", r"\1\2 ", text, count=1)  # a house number of a column of its own
        return self._short_enough(name, text)

    def _prose(self, cells: Sequence[str]) -> str:
        places = self._at.get(F.DESCRIPTION, ())
        return self._short_enough(F.DESCRIPTION, prose(cells[places[0]]) if places and places[0] < len(cells) else "")

    def _short_enough(self, name: ImportField, text: str) -> str:
        if len(text) > (longest := LONGEST.get(name, LONGEST_TITLE)):
            raise _Bad(name, Reason("cell-too-long", longest=longest))
        return text

    def _meaning(self, cells: Sequence[str], name: ImportField) -> str | None:
        word = self._text(cells, name)
        if not word:
            return None
        seen = self.meanings[name]
        if word in seen or len(seen) < MOST_MEANINGS:
            seen[word] += 1
        if (meaning := self.meaning_of(name, word)) is None:
            raise _Bad(name, Reason("word-unknown"))
        return meaning

    def _moment(self, text: str) -> datetime | None:
        if not text:
            return None
        read = self.calendar.read(text)
        if isinstance(read, Reason):
            raise _Bad(F.REPORTED_AT, read)
        return read


class _Bad(Exception):
    """A row ends here."""

    def __init__(self, name: ImportField | None, reason: Reason) -> None:
        super().__init__(reason.key)
        self.field, self.reason = name, reason


def dates_in(plan: Plan, columns: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> Iterable[str]:
    """Yield what the column of dates holds."""
    if named := plan.columns.get(F.REPORTED_AT):
        place = list(columns).index(named[0])
        yield from (line(cells[place]) for _, cells in rows if place < len(cells))


def damage_of(cell: str, *, is_numbered: bool) -> Reason | None:
    """Return why a cell no longer holds what was once written in it."""
    if EXCEL_ERROR.fullmatch(cell):
        return Reason("excel-error")
    if FORMULA.fullmatch(cell):
        return Reason("formula")
    if not is_numbered:
        return None
    if SCIENTIFIC.fullmatch(cell):
        return Reason("number-shortened")
    return Reason("number-made-a-date") if MADE_A_DATE.fullmatch(cell) else None


def _first_words(description: str) -> str:
    text = line(re.split(r"(?<=[.!?])\s|\n", description, maxsplit=1)[0])
    if len(text) <= SHORT_TITLE:
        return text
    return (
        text[: SHORT_TITLE - 1].rpartition(" ")[0].rstrip(" ,;:-") + "…"
        if " " in text[:SHORT_TITLE]
        else text[:SHORT_TITLE]
    )


def _flat_in_words(flat: str) -> str:
    return f"Flat {flat}" if flat and not re.search(r"[a-z]{3}", flat, re.IGNORECASE) else flat


def with_lost_zero(text: str) -> str:
    """Give back the zero that a spreadsheet takes from the beginning of a number."""
    bare = re.sub(r"[\s().-]", "", text)
    return f"0{bare}" if LOST_ZERO.fullmatch(bare) else text


def _named_by_its_words(draft: Draft, when: str) -> Draft:
    """Name a row without a reference by what it tells, so that the same row again is the same ticket.

    What changes while somebody works on it (status, priority) is left out.
    """
    told = f"{draft.title}\x1f{draft.description}\x1f{draft.written}\x1f{when}\x1f{draft.reporter_name}"
    return replace(draft, reference=f"{NAMED_BY_ITS_WORDS}{sha256(told.encode()).hexdigest()[:24]}")
