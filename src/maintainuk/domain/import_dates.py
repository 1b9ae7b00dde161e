"""Dates as people and spreadsheets write them, read as in the United Kingdom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from maintainuk.domain.errors import Reason
from maintainuk.domain.imports import Order
from maintainuk.domain.london import LONDON

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
EXCEL_BEGINS: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's day has no zone until we give it one)
EXCEL_DAYS: Final = range(20_000, 80_000)
"""1954 to 2119."""
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LAST_MONTH: Final = 12
THIS_CENTURY: Final = 70
"""Two digits below this are of this century."""

TIME = r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.]?(?P<month>\d{{1,2}})[-/.]?(?P<day>\d{{1,2}}){TIME}{ZONE}", re.IGNORECASE
)
NUMBERS = re.compile(
    rf"(?P<first>\d{{1,2}})[-/. ](?P<second_>\d{{1,2}})[-/. ](?P<year>\d{{4}}|\d{{2}}){TIME}", re.IGNORECASE
)
WORDS = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[- ]+(?:of )?(?P<name>[a-z]{{3,9}})\.?,?[- ]+"
    rf"(?P<year>\d{{4}}|\d{{2}}){TIME}",
    re.IGNORECASE,
)
AMERICAN_WORDS = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(?P<name>[a-z]{{3,9}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){TIME}",
    re.IGNORECASE,
)
SERIAL = re.compile(r"(?P<days>\d{5})(?P<part>\.\d+)?")


@dataclass(frozen=True, slots=True)
class OpenDate:
    """A date that can be read both ways, and both readings."""

    written: str
    day_first: date
    month_first: date


@dataclass(frozen=True, slots=True)
class DatesShown:
    """The order that the dates of a column show: the day first, unless some date can only be American."""

    order: Order
    undecided: OpenDate | None
    """One of the dates when no date of the column shows which of its numbers is the day."""


def dates_shown(texts: Iterable[str]) -> DatesShown:
    """Find out which number of a column's dates is the day."""
    british = american = False
    undecided = None
    for text in texts:
        if found := NUMBERS.fullmatch(text):
            first, second = int(found["first"]), int(found["second_"])
            british |= second <= LAST_MONTH < first
            american |= first <= LAST_MONTH < second
            undecided = undecided or _both_ways(text, found)
    if british and american:
        return DatesShown(Order.MIXED, None)
    order = Order.MONTH_FIRST if american else Order.DAY_FIRST
    return DatesShown(order, None if british or american else undecided)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dates of one file are read at one moment."""

    order: Order
    now: datetime
    ahead: timedelta = timedelta()
    """How far to come a date may be."""
    earliest: datetime = EARLIEST

    def read(self, text: str) -> datetime | Reason:
        """Return the moment in UTC, or what is wrong with it; a day without a time begins at midnight in London."""
        try:
            read = self._read(text)
        except (ValueError, OverflowError):
            return Reason("date-unreadable")
        if isinstance(read, Reason):
            return read
        at = (read if read.tzinfo else read.replace(tzinfo=LONDON)).astimezone(UTC)
        if at > self.now + self.ahead:
            return Reason("date-too-far-ahead") if self.ahead else Reason("date-in-the-future")
        if at < self.earliest:
            return Reason("date-too-old") if self.earliest == EARLIEST else Reason("date-before-1900")
        return at

    def is_date(self, text: str) -> bool:
        """Say whether this is a date, whenever it is."""
        read = self.read(text)
        return not isinstance(read, Reason) or read.key != "date-unreadable"

    def _read(self, text: str) -> datetime | Reason:
        if found := SERIAL.fullmatch(text):
            if (days := int(found["days"])) not in EXCEL_DAYS:
                return Reason("date-unreadable")
            return EXCEL_BEGINS + timedelta(seconds=round((days + float(found["part"] or 0)) * 86_400))
        if found := YEAR_FIRST.fullmatch(text):
            return _moment(found, int(found["year"]), int(found["month"]), int(found["day"]))
        if found := NUMBERS.fullmatch(text):
            return self._by_order(found)
        if found := WORDS.fullmatch(text) or AMERICAN_WORDS.fullmatch(text):
            month = MONTHS.index(found["name"][:3].lower()) + 1
            return _moment(found, _year(found["year"]), month, int(found["day"]))
        return Reason("date-unreadable")

    def _by_order(self, found: re.Match[str]) -> datetime | Reason:
        first, second = int(found["first"]), int(found["second_"])
        is_open = first <= LAST_MONTH and second <= LAST_MONTH and first != second
        if is_open and self.order is Order.MIXED:
            return Reason("date-ambiguous")
        month_first = self.order is Order.MONTH_FIRST if is_open else second > LAST_MONTH
        day, month = (second, first) if month_first else (first, second)
        return _moment(found, _year(found["year"]), month, day)


def _both_ways(text: str, found: re.Match[str]) -> OpenDate | None:
    first, second, year = int(found["first"]), int(found["second_"]), _year(found["year"])
    if first == second or not (0 < first <= LAST_MONTH and 0 < second <= LAST_MONTH and year):
        return None
    return OpenDate(text, date(year, second, first), date(year, first, second))


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004  (as people shorten it)
        return year
    return year + (2000 if year < THIS_CENTURY else 1900)


def _moment(found: re.Match[str], year: int, month: int, day: int) -> datetime:
    parts = found.groupdict()
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if half := parts["half"]:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts.get("zone")))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
