"""One pass over the rows of a file, and what was found on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from maintainuk.domain.import_dates import Calendar, order_of
from maintainuk.domain.import_rows import MOST_MEANINGS, Reader, check_columns, dates_in
from maintainuk.domain.imports import PORTION, PROBLEMS_KEPT, Draft, ImportField, Order, Plan, Problem, Tally

SAMPLES = 5


class Table(Protocol):
    """A file as rows."""

    columns: list[str]

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

    rows: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    samples: list[Draft] = field(default_factory=list)
    meanings: list[Meaning] = field(default_factory=list)

    def add(self, read: Sequence[Draft | Problem]) -> list[Draft]:
        """Count a portion and return its good rows."""
        drafts = [one for one in read if isinstance(one, Draft)]
        problems = [one for one in read if isinstance(one, Problem)]
        self.rows += len(read)
        self.bad += len(problems)
        self.problems += problems[: PROBLEMS_KEPT - len(self.problems)]
        self.samples += drafts[: SAMPLES - len(self.samples)]
        return drafts


class Reading:
    """One pass over a file by a plan, portion by portion."""

    def __init__(self, table: Table, plan: Plan, now: datetime, *, begins: int = 0) -> None:
        """Begin behind the first rows; which number of a date is the day is found out unless the plan says it."""
        check_columns(plan, table.columns)
        order = plan.order or order_of(dates_in(plan, table.columns, table.rows()))
        self.plan = replace(plan, order=order)
        self._reader = Reader(self.plan, table.columns, Calendar(order, now))
        self._rows = islice(table.rows(), begins, None)

    @property
    def order(self) -> Order:
        """Which number of a date was taken for the day."""
        return self.plan.order or Order.DAY_FIRST

    def portion(self, size: int = PORTION) -> list[Draft | Problem]:
        """Read the next rows; none when there are no more."""
        return [self._reader.read(number, cells) for number, cells in islice(self._rows, size)]

    def meanings(self) -> list[Meaning]:
        """Return what words were taken for so far, the most frequent first."""
        return [
            Meaning(name, word, self._reader.meaning_of(name, word), times)
            for name, words in self._reader.meanings.items()
            for word, times in words.most_common(MOST_MEANINGS)
        ]
