"""By when a tenant hears from the organisation."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintainuk.domain.clocks import answer_due, end_of_working_day, is_working_day
from maintainuk.domain.organisations import Nation
from maintainuk.domain.taxonomy import Priority

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001  (hypothesis adds the zone)


def london(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("priority", "reported", "due"),
    [
        (Priority.P1, london(2026, 12, 25, 23, 30), london(2026, 12, 26, 0, 30)),
        (Priority.P2, london(2026, 11, 23, 9, 30), london(2026, 11, 23, 13, 30)),
        (Priority.P2, london(2026, 11, 20, 16, 0), london(2026, 11, 23, 12, 0)),  # over a weekend
        (Priority.P2, london(2026, 11, 22, 3, 0), london(2026, 11, 23, 13, 0)),  # reported on a Sunday night
        (Priority.P3, london(2026, 11, 20, 18, 0), london(2026, 11, 23, 17, 0)),
        (Priority.P4, london(2026, 12, 24, 10, 0), london(2026, 12, 30, 17, 0)),  # Christmas, Boxing Day on a Monday
    ],
)
def test_an_answer_is_due_in_working_time_and_for_an_emergency_at_any_time(priority, reported, due):
    assert answer_due(priority, reported.astimezone(UTC), Nation.ENGLAND) == due


def test_each_nation_has_its_own_bank_holidays():
    second_of_january = date(2026, 1, 2)

    assert is_working_day(second_of_january, Nation.ENGLAND)
    assert not is_working_day(second_of_january, Nation.SCOTLAND)
    assert not is_working_day(date(2026, 7, 13), Nation.NORTHERN_IRELAND)


@given(MOMENTS, st.sampled_from(Priority), st.sampled_from(Nation))
def test_an_answer_is_never_due_before_the_report_nor_while_the_office_is_shut(reported, priority, nation):
    due = answer_due(priority, reported, nation)

    assert due > reported
    if priority is not Priority.P1:
        local = due.astimezone(LONDON)
        assert is_working_day(local.date(), nation)
        assert time(9) <= local.time() <= time(17)


@given(MOMENTS, st.integers(1, 30), st.sampled_from(Nation))
def test_working_days_are_counted_as_a_slow_clerk_would(reported, days, nation):
    day, left = reported.astimezone(LONDON).date(), days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, nation)

    assert end_of_working_day(reported, days, nation) == datetime.combine(day, time(17), LONDON)
