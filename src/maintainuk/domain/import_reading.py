"""One pass over the rows of a file, and what was found on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Protocol

from maintainuk.domain.errors import Reason
from maintainuk.domain.import_dates import Calendar, DatesShown, dates_shown
from maintainuk.domain.import_rows import MOST_MEANINGS, Reader, check_columns, dates_in
from maintainuk.domain.imports import (
    NAMED_BY_ITS_WORDS,
    PORTION,
    PROBLEMS_KEPT,
    Draft,
    ImportField,
    Order,
    Plan,
    Problem,
    Tally,
)

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that an earlier row of the file makes superfluous, or that contradicts it."""

    row: int


class Table(Protocol):
    """A file as rows."""

    columns: list[str]
    header_row: int
    """Where the names of the columns stand."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header with their numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word of the file is taken for, and in how many rows it stands; nothing when nobody has said."""

    field: ImportField
    word: str
    meaning: str | None
    rows: int


@dataclass(slots=True)
class Survey:
    """What a file would become: nothing of it is written."""

    plan: Plan
    rows: int = 0
    bad: int = 0
    repeated: int = 0
    """Rows that say exactly what an earlier row says; one that says something else under its name is bad."""
    problems: list[Problem] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    samples: list[Draft] = field(default_factory=list)
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Reference -> the first row that bears it, and a fingerprint of what it says."""
    _left_out: set[int] = field(default_factory=set)

    @property
    def settled(self) -> Plan:
        """The plan by which the file is brought in: what was found to be said twice is left out."""
        return replace(self.plan, left_out=frozenset(self._left_out))

    def add(self, read: Sequence[Draft | Problem | LeftOut]) -> list[Draft]:
        """Count a portion and return its good rows."""
        compared = [self._compared(one) if isinstance(one, Draft) else one for one in read]
        drafts = [one for one in compared if isinstance(one, Draft)]
        problems = [one for one in compared if isinstance(one, Problem)]
        self.rows += len(read)
        self.bad += len(problems)
        self.repeated += len(read) - len(drafts) - len(problems)
        self.problems += problems[: PROBLEMS_KEPT - len(self.problems)]
        self.samples += drafts[: SAMPLES - len(self.samples)]
        return drafts

    def _compared(self, draft: Draft) -> Draft | Problem | LeftOut:
        told = hash(replace(draft, row=0))
        first_row, first_told = self._seen.setdefault(draft.reference, (draft.row, told))
        if first_row == draft.row:
            return draft
        self._left_out.add(draft.row)
        if told == first_told:
            return LeftOut(draft.row)
        if draft.reference.startswith(NAMED_BY_ITS_WORDS):
            return Problem(draft.row, None, Reason("words-again", row=first_row))
        column = self.plan.columns[ImportField.EXTERNAL_REFERENCE][0]
        return Problem(draft.row, column, Reason("reference-again", row=first_row))


class Reading:
    """One pass over a file by a plan, portion by portion."""

    def __init__(self, table: Table, plan: Plan, now: datetime, *, begins: int = 0) -> None:
        """Begin behind the first rows; which number of a date is the day is found out unless the plan says it."""
        check_columns(plan, table.columns)
        self._table = table
        self.plan = plan
        self.plan = replace(plan, order=plan.order or self.dates.order)
        self._reader = Reader(self.plan, table.columns, Calendar(self.order, now))
        self._rows = islice(table.rows(), begins, None)

    @cached_property
    def dates(self) -> DatesShown:
        """What the file's own dates show, whatever the plan says: a pass over all rows."""
        return dates_shown(dates_in(self.plan, self._table.columns, self._table.rows()))

    @property
    def order(self) -> Order:
        """Which number of a date was taken for the day."""
        return self.plan.order or Order.DAY_FIRST

    def portion(self, size: int = PORTION) -> list[Draft | Problem | LeftOut]:
        """Read the next rows; none when there are no more."""
        left_out, read = self.plan.left_out, self._reader.read
        return [
            LeftOut(number) if number in left_out else read(number, cells) for number, cells in islice(self._rows, size)
        ]

    def meanings(self) -> list[Meaning]:
        """Return what words were taken for so far, the most frequent first."""
        return [
            Meaning(name, word, self._reader.meaning_of(name, word), times)
            for name, words in self._reader.meanings.items()
            for word, times in words.most_common(MOST_MEANINGS)
        ]
