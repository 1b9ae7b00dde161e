"""What a row of a file says there is: homes, tenancies, people, firms; or every reason why it says nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import islice
from typing import Any, Final

from maintainuk.domain.errors import Invalid, Reason
from maintainuk.domain.formulas import as_meant
from maintainuk.domain.import_cells import Unreadable, Value
from maintainuk.domain.import_dates import Calendar, DatesShown, dates_shown
from maintainuk.domain.import_guesses import plain
from maintainuk.domain.import_kinds import KINDS, MOST_TENANTS
from maintainuk.domain.import_reading import Table
from maintainuk.domain.import_rows import damage_of
from maintainuk.domain.imports import ImportKind, Order, Plan, Problem
from maintainuk.domain.london import LONDON, london_day
from maintainuk.domain.organisations import Nation
from maintainuk.domain.properties import nation_at
from maintainuk.domain.tenancies import AHEAD, EARLIEST
from maintainuk.domain.values import line, uprn

FIRST_DAY: Final = datetime.combine(EARLIEST, time(), LONDON)
DAYS: Final = frozenset({"started_on", "ended_on"})
WAYS: Final = ("email", "phone")


@dataclass(frozen=True)
class Line:
    """A good row, as a spreadsheet counts it, and what its cells say in our own way of writing."""

    row: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """Return what it says of a field; nothing is an empty text."""
        value = self.values.get(name, "")
        assert isinstance(value, str)
        return value

    def day(self, name: str) -> date | None:
        """Return a day that it names."""
        return date.fromisoformat(text) if (text := self.text(name)) else None

    def several(self, name: str) -> list[str]:
        """Return what it says of a field that may hold several."""
        value = self.values.get(name, [])
        assert isinstance(value, list)
        return value

    def somebody(self, who: str) -> tuple[str, str, str] | None:
        """Return the name, e-mail address and phone number of a person whom it names."""
        name = self.text(f"{who}_name")
        return (name, self.text(f"{who}_email"), self.text(f"{who}_phone")) if name else None

    @cached_property
    def tenants(self) -> list[tuple[str, str, str]]:
        """Whom it names as tenants, the lead first; nobody twice."""
        found = (self.somebody(f"tenant_{number}") for number in range(1, MOST_TENANTS + 1))
        return list(dict.fromkeys(one for one in found if one))


@dataclass(slots=True)
class LinesRead:
    """A portion of a file: its good rows, all that is wrong with others, and how many only repeat an earlier one."""

    rows: int = 0
    bad: int = 0
    repeated: int = 0
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_plan(kind: ImportKind, plan: Plan, columns: Sequence[str]) -> None:
    """Refuse a plan that names columns the file hasn't, or leaves out what no row can do without."""
    known, wanted = set(columns), KINDS[kind].by_field
    if any(column not in known for named in plan.columns.values() for column in named):
        raise Invalid(fields={"columns": Reason("column-unknown")})
    if any(name not in wanted for name in plan.columns):
        raise Invalid(fields={"columns": Reason("field-unknown")})
    if any(len(named) > 1 for named in plan.columns.values()):
        raise Invalid(fields={"columns": Reason("one-column-each-here")})
    missing = [one.names[0] for one in wanted.values() if one.is_needed and not plan.columns.get(one.field)]
    if missing:
        names = ", ".join(missing)
        raise Invalid(fields={"columns": Reason("columns-needed", names=names)})


class PortfolioReading:
    """One way through a file by a plan; what earlier rows hold already is found out in a pass before."""

    def __init__(self, table: Table, kind: ImportKind, plan: Plan, now: datetime) -> None:
        check_plan(kind, plan, table.columns)
        self.kind = kind
        self._usual = plan.nation
        self._table = table
        self._columns = table.columns
        places = {column: place for place, column in enumerate(table.columns)}
        wanted = KINDS[kind].by_field
        self._cells = sorted(
            ((wanted[name], places[named[0]]) for name, named in plan.columns.items() if named),
            key=lambda pair: pair[1],
        )
        self._named = {name: named[0] for name, named in plan.columns.items() if named}
        self.dates = self._dates_shown()
        self._calendar = Calendar(plan.order or self.dates.order, now, AHEAD, FIRST_DAY)
        self._earlier = _Earlier(kind, self._rows_in_brief())
        self._rows = iter(table.rows())
        self.position = 0

    @property
    def order(self) -> Order:
        """Which number of a date is taken for the day."""
        return self._calendar.order

    def _dates_shown(self) -> DatesShown:
        """Return what the file's own dates show: a pass over all rows, before any is read for good."""
        places = [place for column, place in self._cells if column.field in DAYS]
        return dates_shown(
            line(cells[place]) for _, cells in self._table.rows() for place in places if place < len(cells)
        )

    def skip_to(self, begins: int) -> None:
        """Go on behind the first rows."""
        next(islice(self._rows, begins - self.position, begins - self.position), None)
        self.position = begins

    def portion(self, size: int) -> LinesRead:
        """Read the next rows; fewer than `size` when there are no more."""
        read = LinesRead()
        for row, cells in islice(self._rows, size):
            read.rows += 1
            if self._earlier.says_the_same(row, cells):
                read.repeated += 1
                continue
            values, problems = self._read(row, cells)
            if not problems:
                problems = [
                    self._problem(row, name, reason) for name, reason in self._earlier.clashes(row, values, self._day)
                ]
            if problems:
                read.bad += 1
                read.problems += problems
            else:
                read.lines.append(Line(row, values))
        self.position += read.rows
        return read

    def _read(self, row: int, cells: Sequence[str]) -> tuple[dict[str, Value], list[Problem]]:
        if any(cell.strip() for cell in cells[len(self._columns) :]):
            return {}, [Problem(row, None, Reason("too-many-cells", columns=len(self._columns)))]
        values: dict[str, Value] = {}
        problems = []
        for column, place in self._cells:
            written = cells[place] if place < len(cells) else ""
            meant = as_meant(written)
            text = line(meant)
            try:
                if not text:
                    if column.is_needed:
                        raise Unreadable(Reason("cell-missing"))  # noqa: TRY301  (told like the others)
                    continue
                if meant == written and (damage := damage_of(text, is_numbered=column.is_numbered)):
                    raise Unreadable(damage)  # noqa: TRY301
                values[column.field] = self._day(text, column.field) if column.field in DAYS else column.read(text)
            except Unreadable as unreadable:
                problems.append(self._problem(row, column.field, unreadable.reason))
        if not problems:
            problems = [
                self._problem(row, name, reason) for name, reason in _contradictions(self.kind, values, self._usual)
            ]
        return values, problems

    def _day(self, text: str, field: str = "") -> str:
        read = self._calendar.read(text)
        if isinstance(read, Reason):
            raise Unreadable(read)
        day = london_day(read)
        if field == "ended_on" and day > london_day(self._calendar.now):
            raise Unreadable(Reason("end-to-come"))
        return day.isoformat()

    def _problem(self, row: int, name: str, reason: Reason) -> Problem:
        return Problem(row, self._named.get(name), reason)

    def _rows_in_brief(self) -> Iterator[tuple[int, Sequence[str], Mapping[str, str]]]:
        places = [(column.field, place) for column, place in self._cells if column.field in _COMPARED]
        for row, cells in self._table.rows():
            yield row, cells, {name: as_meant(cells[place]).strip() for name, place in places if place < len(cells)}


def _contradictions(  # noqa: C901
    kind: ImportKind, values: dict[str, Value], usual: Nation | None
) -> Iterator[tuple[str, Reason]]:
    """Yield what can't be true together; settle the nation, which a postcode may tell, and near a border the plan."""
    if "postcode" in values:
        said = Nation(str(values["nation"])) if "nation" in values else None
        try:
            values["nation"] = nation_at(str(values["postcode"]), said, near_border=usual)
        except Invalid as refusal:
            yield "nation" if said else "postcode", refusal.fields["nation"]
    started, ended = values.get("started_on"), values.get("ended_on")
    if ended and started and str(ended) < str(started):
        yield "ended_on", Reason("ends-before-it-starts")
    if kind in {ImportKind.HOMES, ImportKind.TENANCIES}:
        has_tenant = any(values.get(f"tenant_{number}_name") for number in range(1, MOST_TENANTS + 1))
        is_let = bool(started or ended or values.get("tenancy_kind") or values.get("tenancy_reference"))
        if has_tenant and not started:
            yield "started_on", Reason("tenancy-needs-start")
        if is_let and not has_tenant:
            yield "tenant_1_name", Reason("tenancy-needs-tenant")
    if kind is ImportKind.PEOPLE and values.get("role") and not values.get("tenancy_reference"):
        yield "role", Reason("role-needs-tenancy")
    if values.get("landlord_company") and not values.get("landlord_name"):
        values["landlord_name"] = values["landlord_company"]
    whom = [f"tenant_{number}" for number in range(1, MOST_TENANTS + 1)] + ["landlord", "contact"]
    for who in whom:
        if not values.get(f"{who}_name") and any(values.get(f"{who}_{way}") for way in WAYS):
            yield f"{who}_name", Reason("somebody-without-name")


_COMPARED: Final = frozenset(
    {
        "reference", "uprn", "address_line", "flat", "town", "postcode", "property_reference", "home_reference",
        "tenancy_reference", "started_on", "ended_on", "name", "email",
    }
)  # fmt: skip


class _Earlier:
    """Which row of a file was the first to say something that only one may say."""

    def __init__(self, kind: ImportKind, rows: Iterator[tuple[int, Sequence[str], Mapping[str, str]]]) -> None:
        self._kind = kind
        self._told: dict[int, int] = {}
        self._first: dict[tuple[str, str], int] = {}
        self._blocks: dict[str, tuple[int, str]] = {}
        self._lettings: dict[str, list[tuple[int, str, str]]] = {}
        for row, cells, brief in rows:
            self._told.setdefault(hash(tuple(cells)), row)
            for key in self._keys(brief):
                self._first.setdefault(key, row)
            if kind is ImportKind.HOMES and (block := brief.get("property_reference")):
                self._blocks.setdefault(block, (row, _place(brief)))
            if kind is ImportKind.TENANCIES and (home := brief.get("home_reference")):
                self._lettings.setdefault(home, []).append(
                    (row, brief.get("started_on", ""), brief.get("ended_on", ""))
                )

    def says_the_same(self, row: int, cells: Sequence[str]) -> bool:
        """Say whether an earlier row has the very same cells."""
        return self._told.get(hash(tuple(cells)), row) < row

    def clashes(self, row: int, values: Mapping[str, Any], day: Any) -> Iterator[tuple[str, Reason]]:  # noqa: ANN401
        """Yield what an earlier row has said already or said otherwise."""
        brief = {name: value for name, value in values.items() if isinstance(value, str)}
        for name, text in self._keys(brief):
            if (first := self._first.get((name, text), row)) < row:
                yield _CLASHES[name](first)
        if block := self._blocks.get(brief.get("property_reference", "")):
            first, place = block
            if first < row and place != _place(brief):
                yield "property_reference", Reason("block-elsewhere-in-row", row=first)
        own = brief.get("started_on", ""), brief.get("ended_on", "")
        for other, started, ended in self._lettings.get(brief.get("home_reference", ""), ()):
            if other < row and _overlap(own, _days(started, ended, day)):
                yield "started_on", Reason("tenancy-overlaps-row", row=other)
                return

    def _keys(self, brief: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        if reference := brief.get("reference"):
            yield "reference", reference
        if number := brief.get("uprn"):
            yield "uprn", _bare_uprn(number)
        if tenancy := brief.get("tenancy_reference") if self._kind is ImportKind.HOMES else None:
            yield "tenancy", tenancy
        if self._kind in {ImportKind.HOMES, ImportKind.PROPERTIES} and brief.get("address_line"):
            yield "home", f"{_place(brief)}|{_flat(brief)}"
        if self._kind is ImportKind.UNITS and brief.get("property_reference"):
            yield "home", f"{brief['property_reference']}|{_flat(brief)}"
        if self._kind is ImportKind.PEOPLE and brief.get("email"):
            yield "person", f"{plain(brief.get('name', ''))}|{brief['email'].casefold()}"


_CLASHES: Final[Mapping[str, Callable[[int], tuple[str, Reason]]]] = {
    "reference": lambda row: ("reference", Reason("reference-in-row", row=row)),
    "uprn": lambda row: ("uprn", Reason("uprn-in-row", row=row)),
    "tenancy": lambda row: ("tenancy_reference", Reason("tenancy-in-row", row=row)),
    "home": lambda row: ("reference", Reason("home-in-row", row=row)),
    "person": lambda row: ("email", Reason("person-in-row", row=row)),
}
"""At which field it is told, and how, that an earlier row says the same."""


def _place(brief: Mapping[str, str]) -> str:
    code = "".join(brief.get("postcode", "").upper().split())
    return f"{plain(brief.get('address_line', ''))}|{code}"


def _flat(brief: Mapping[str, str]) -> str:
    return plain(brief.get("flat", "")).removeprefix("flat ")


def _bare_uprn(text: str) -> str:
    try:
        return uprn(text.removeprefix("'").removesuffix(".0"))
    except ValueError:
        return text


def _days(started: str, ended: str, day: Any) -> tuple[str, str]:  # noqa: ANN401
    try:
        return day(started), day(ended) if ended else ""
    except Unreadable:
        return "", ""


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two tenancies share a day; the next may begin on the day the home was given back."""
    return bool(one[0] and other[0]) and (not one[1] or other[0] < one[1]) and (not other[1] or one[0] < other[1])
