"""By when a tenant hears from the organisation: working time in the nation where the home stands (specification §8).

Pure functions over instants. The full engine with policies, pauses and statutory clocks builds on the same calendar.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from holidays import country_holidays

from maintainuk.domain.london import LONDON, london_day
from maintainuk.domain.organisations import Nation
from maintainuk.domain.taxonomy import Priority

OPENS, CLOSES = time(9), time(17)
FRIDAY = 4

EMERGENCY_ANSWER = timedelta(hours=1)
WORKING_ANSWERS: Mapping[Priority, timedelta] = MappingProxyType({Priority.P2: timedelta(hours=4)})
"""Hours of an open office."""
ANSWER_DAYS: Mapping[Priority, int] = MappingProxyType({Priority.P3: 1, Priority.P4: 2})
"""Whole working days, the day of the report not counted."""


def answer_due(priority: Priority, reported_at: datetime, nation: Nation) -> datetime:
    """Return the instant (UTC) by which a person answers a report of this priority."""
    if priority is Priority.P1:
        return reported_at + EMERGENCY_ANSWER
    if priority in WORKING_ANSWERS:
        return _after_working_time(reported_at, WORKING_ANSWERS[priority], nation)
    return end_of_working_day(reported_at, ANSWER_DAYS[priority], nation)


def end_of_working_day(start: datetime, days: int, nation: Nation) -> datetime:
    """Return when the office closes on the given working day after `start`; day 1 is the first after its date."""
    following = _working_days(london_day(start) + timedelta(days=1), nation)
    for _ in range(days - 1):
        next(following)
    return _at(next(following), CLOSES)


def is_working_day(day: date, nation: Nation) -> bool:
    """Say whether offices in this nation are open: Monday to Friday without bank holidays."""
    return day.weekday() <= FRIDAY and day not in _holidays(nation, day.year)


def _after_working_time(start: datetime, amount: timedelta, nation: Nation) -> datetime:
    left = amount
    for day in _working_days(london_day(start), nation):
        begins, ends = max(start, _at(day, OPENS)), _at(day, CLOSES)
        if begins >= ends:
            continue
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError


def _working_days(first: date, nation: Nation) -> Iterator[date]:
    day = first
    while True:
        if is_working_day(day, nation):
            yield day
        day += timedelta(days=1)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(ZoneInfo("UTC"))


@cache
def _holidays(nation: Nation, year: int) -> frozenset[date]:
    return frozenset(country_holidays("GB", subdiv=nation.value, years=year))
