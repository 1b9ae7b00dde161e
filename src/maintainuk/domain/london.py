"""The day it is for the people in this product: dates are London's, instants are UTC."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """Return the day it is in London at a moment: in summer it begins an hour before that of UTC."""
    return moment.astimezone(LONDON).date()
