"""Bringing tickets in from a file that another system wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of
from maintainuk.domain.errors import DomainError, Reason
from maintainuk.domain.organisations import Nation
from maintainuk.domain.sealing import Sealed
from maintainuk.domain.taxonomy import Category, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 50_000
PROBLEMS_KEPT = 200
"""Bad rows that are named one by one; the others are counted."""
UNDO_WITHIN = timedelta(days=30)
"""How long it is remembered what an import made and what stood there before."""
PORTION = 500
"""Rows that are brought in by one transaction."""


class Order(StrEnum):
    """Which of two numbers of a date is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    MIXED = "mixed"


class ImportStatus(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportKind(StrEnum):
    """What a row of a file is about."""

    TICKETS = "tickets"
    HOMES = "homes"
    PROPERTIES = "properties"
    UNITS = "units"
    TENANCIES = "tenancies"
    PEOPLE = "people"
    CONTRACTORS = "contractors"


class ImportField(StrEnum):
    """What a column may tell of a ticket."""

    EXTERNAL_REFERENCE = "external_reference"
    TITLE = "title"
    DESCRIPTION = "description"
    ADDRESS = "address"
    POSTCODE = "postcode"
    FLAT = "flat"
    CATEGORY = "category"
    PRIORITY = "priority"
    STATUS = "status"
    REPORTED_AT = "reported_at"
    REPORTER_NAME = "reporter_name"
    REPORTER_EMAIL = "reporter_email"
    REPORTER_PHONE = "reporter_phone"


class FileUnreadable(DomainError):
    """The file is no table of tickets that can be read; the sentence says what to do with it."""

    code, status = "file-unreadable", 422


class ImportNotReady(DomainError):
    """The import does not stand where this can be done."""

    code, status = "import-not-ready", 409


class HasBadRows(DomainError):
    """Rows are bad, and nobody has said that they shall be left out."""

    code, status = "import-has-bad-rows", 409


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: which columns tell what, what its words mean, and which number of a date is the day."""

    columns: Mapping[Any, tuple[str, ...]]
    """By `ImportField`, or by the field of another kind of file."""
    words: Mapping[Any, Mapping[str, str]] = field(default_factory=dict)
    order: Order | None = None
    """None: as the file's own dates show."""
    left_out: frozenset[int] = frozenset()
    """Rows that repeat or contradict an earlier row of the file, found when all rows were checked."""
    nation: Nation | None = None
    """Of homes near a border whose rows say none; None: they have to say it."""
    unused: tuple[str, ...] = ()
    """Columns that somebody looked at and left out: in the next file like it they are not guessed again."""

    def kept(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "columns": {name: list(columns) for name, columns in self.columns.items()},
            "words": {name: dict(words) for name, words in self.words.items()},
            "order": self.order,
            "left_out": sorted(self.left_out),
            "nation": self.nation,
            "unused": list(self.unused),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Plan":
        """Return what was kept as JSON."""
        return cls(
            {name: tuple(columns) for name, columns in kept["columns"].items()},
            kept["words"],
            Order(kept["order"]) if kept["order"] else None,
            frozenset(kept.get("left_out", ())),
            Nation(kept["nation"]) if kept.get("nation") else None,
            tuple(kept.get("unused", ())),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row can't be brought in: the row as a spreadsheet counts it, its column, and the reason."""

    row: int
    column: str | None
    reason: Reason

    def kept(self) -> dict[str, Any]:
        """Return it as JSON; it repeats nothing of what the row holds."""
        return {"row": self.row, "column": self.column, "reason": self.reason.key, "facts": self.reason.facts}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Problem":
        """Return what was kept as JSON."""
        return cls(kept["row"], kept["column"], Reason.kept(kept["reason"], kept["facts"]))


NAMED_BY_ITS_WORDS = "row-"
"""How the reference begins that a row without one gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A good row: the ticket that it will be."""

    row: int
    reference: str
    title: str
    description: str
    address: str
    postcode: str
    flat: str
    written: str
    """The whole address as it was written."""
    category: Category
    priority: Priority
    status: TicketStatus
    reported_at: datetime | None
    reporter_name: str
    reporter_email: str
    reporter_phone: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What became, or would become, of a number of good rows."""

    created: int = 0
    already_there: int = 0
    home_unknown: int = 0
    updated: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(Event):
    """Somebody decided to bring a checked file in."""

    import_id: UUID
    kind: ImportKind = ImportKind.TICKETS


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCheckAsked(Event):
    """Somebody said how a file is read, and wants to know what it would become."""

    import_id: UUID
    kind: ImportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCancelled(Event):
    """Somebody stopped an import; what is in stays in until it is undone."""

    import_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndoAsked(Event):
    """Somebody wants everything back as it was before an import."""

    import_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAdvanced(Event):
    """A portion of a file came in; `ticket_id` is the last of its tickets, so that open lists look again once."""

    import_id: UUID
    ticket_id: UUID
    created: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEnded(Event):
    """A file is in as far as it can be; `failure` says why it is not."""

    import_id: UUID
    failure: str | None


class ImportRun(OwnedByOrganisation, Entity, kw_only=True):
    """One file on its way in: which column means what, what is wrong with which row, and how far it has come."""

    __tablename__ = "import_runs"
    __table_args__ = (
        belongs_to("users", "started_by"),
        belongs_to("users", "undone_by"),
        Index(None, "org_id", "created_at"),
    )

    file_name: Mapped[str]
    kind: Mapped[ImportKind] = mapped_column(
        one_of(ImportKind, "kind"), default=ImportKind.TICKETS, server_default=ImportKind.TICKETS.value
    )
    file_key: Mapped[str | None] = mapped_column(Sealed("import_runs.file_key"), default=None)
    """What its file is sealed with while it waits (base64); once that is gone, nobody reads the file any more."""
    status: Mapped[ImportStatus] = mapped_column(one_of(ImportStatus, "status"), default=ImportStatus.UPLOADED)
    mapping: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """The `Plan` by which it is read, and what was found when it was checked: problems, and rows said twice."""
    skips_bad_rows: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    already_there: Mapped[int] = mapped_column(default=0)
    undone: Mapped[int] = mapped_column(default=0, server_default="0")
    stayed: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many could not be, because somebody has worked with them since."""
    bad: Mapped[int] = mapped_column(default=0)
    home_unknown: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(default=None)
    started_by: Mapped[UUID | None] = mapped_column(default=None)
    undone_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def plan(self) -> Plan:
        """How it is read."""
        return Plan.of(self.mapping)

    @property
    def repeated(self) -> int:
        """How many rows say exactly what an earlier row of the file says."""
        return int(self.mapping.get("repeated", 0))

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the first bad rows."""
        return [Problem.of(kept) for kept in self.mapping.get("problems", [])]

    def checked(self, plan: Plan, *, rows: int, bad: int, problems: Sequence[Problem], repeated: int = 0) -> None:
        """Note how it will be read and what was found; as often as somebody changes their mind before it starts."""
        self._require(ImportStatus.UPLOADED, ImportStatus.CHECKED)
        self.status, self.rows, self.bad = ImportStatus.CHECKED, rows, bad
        told = [problem.kept() for problem in problems[:PROBLEMS_KEPT]]
        self.mapping = plan.kept() | {"problems": told, "repeated": repeated}

    def start(self, *, skip_bad: bool, by: UUID | None) -> None:
        """Decide to bring it in. Without `skip_bad`, one bad row keeps all out."""
        self._require(ImportStatus.CHECKED)
        if self.bad and not skip_bad:
            raise HasBadRows(bad=self.bad)
        self.status, self.skips_bad_rows, self.started_by = ImportStatus.RUNNING, skip_bad, by
        self.done = self.created = self.updated = self.already_there = 0
        self.happened.append(ImportStarted(org_id=self.org_id, import_id=self.id, kind=self.kind))

    def advance(self, rows: int, tally: Tally, last_ticket: UUID | None) -> None:
        """Note that so many more rows of the file are dealt with."""
        self._require(ImportStatus.RUNNING)
        self._count(rows, tally)
        self.home_unknown += tally.home_unknown
        if last_ticket is not None:
            told = ImportAdvanced(org_id=self.org_id, import_id=self.id, ticket_id=last_ticket, created=tally.created)
            self.happened.append(told)

    def ask_check(self, plan: Plan) -> None:
        """Have every row read by a plan and compared with what is there; as often as somebody changes their mind."""
        self._require(ImportStatus.UPLOADED, ImportStatus.CHECKED)
        self.status, self.mapping = ImportStatus.CHECKING, plan.kept()
        self.done = self.created = self.updated = self.already_there = self.bad = 0
        self.happened.append(ImportCheckAsked(org_id=self.org_id, import_id=self.id, kind=self.kind))

    def looked_at(self, rows: int, *, bad: int, repeated: int, tally: Tally, is_last: bool) -> None:
        """Note that so many more rows were compared."""
        self._require(ImportStatus.CHECKING)
        self._count(rows, tally)
        self.bad += bad
        self.mapping = self.mapping | {"repeated": self.repeated + repeated}
        if is_last:
            self.status, self.rows = ImportStatus.CHECKED, self.done

    def brought_in(self, rows: int, *, bad: int, tally: Tally, at: datetime) -> None:
        """Note that so many more rows were written; the last of them ends it."""
        self._require(ImportStatus.RUNNING)
        self._count(rows, tally)
        self.bad += bad
        if self.done >= self.rows:
            self.finish(at=at)

    def cancel(self, *, at: datetime) -> None:
        """Stop it where it stands, or give it up before it starts."""
        self._require(ImportStatus.UPLOADED, ImportStatus.CHECKING, ImportStatus.CHECKED, ImportStatus.RUNNING)
        self.status, self.finished_at, self.file_key = ImportStatus.CANCELLED, at, None
        self.happened.append(ImportCancelled(org_id=self.org_id, import_id=self.id))

    def undo(self, *, at: datetime, by: UUID | None) -> None:
        """Take away what it made and put back what it changed, as long as that is remembered."""
        if self.finished_at is None:
            raise ImportNotReady(state=self.status)
        if not self.can_be_undone(at):
            raise ImportNotReady("import-too-old-to-undo")
        self.status, self.undone, self.stayed, self.undone_by = ImportStatus.UNDOING, 0, 0, by
        self.happened.append(ImportUndoAsked(org_id=self.org_id, import_id=self.id))

    def taken_back(self, *, undone: int, stayed: int, is_over: bool) -> None:
        """Note how much was taken back, and what could not be."""
        self._require(ImportStatus.UNDOING)
        self.undone += undone
        self.stayed += stayed
        if is_over:
            self.status = ImportStatus.UNDONE

    def can_be_undone(self, now: datetime) -> bool:
        """Say whether it wrote anything that is still remembered."""
        ended = {ImportStatus.FINISHED, ImportStatus.FAILED, ImportStatus.CANCELLED}
        has_written = self.kind is not ImportKind.TICKETS and self.created + self.updated > 0
        return bool(self.status in ended and has_written and self.finished_at and now < self.finished_at + UNDO_WITHIN)

    def _count(self, rows: int, tally: Tally) -> None:
        self.done += rows
        self.created += tally.created
        self.updated += tally.updated
        self.already_there += tally.already_there

    def finish(self, *, at: datetime, failure: str | None = None) -> None:
        """End it: every row is dealt with, or the file can no longer be read."""
        self.status = ImportStatus.FAILED if failure else ImportStatus.FINISHED
        self.failure, self.finished_at, self.file_key = failure, at, None
        self.happened.append(ImportEnded(org_id=self.org_id, import_id=self.id, failure=failure))

    def _require(self, *statuses: ImportStatus) -> None:
        if self.status not in statuses:
            raise ImportNotReady(state=self.status)
