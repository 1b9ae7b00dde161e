"""Dates as people type them: a year that no home, certificate or person of today has is a slip of the finger."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from maintainuk.api.wording import mistake
from maintainuk.domain.errors import Reason

FIRST, LAST = 1900, 2100
"""Years."""


def _of_today(day: date) -> date:
    if not FIRST <= day.year <= LAST:
        raise mistake(Reason("year-slipped", first=str(FIRST), last=str(LAST)))
    return day


Day = Annotated[date, AfterValidator(_of_today)]
