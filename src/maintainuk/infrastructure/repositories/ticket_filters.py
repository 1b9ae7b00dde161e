"""Which tickets a list is asked for, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from maintainuk.domain.taxonomy import Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus


class TicketSort(StrEnum):
    """In which order a list of tickets is read."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PRIORITY = "priority"
    ALARM = "alarm"
    """Alarms that nobody has looked at first, each part newest first."""
    UPDATED = "updated"


class Mark(StrEnum):
    """What a ticket of a list may wait for."""

    SUGGESTION = "suggestion"
    """An advisor's suggestion that somebody can decide about now."""
    ALARM = "alarm"
    """An alarm that nobody has looked at."""


class Whose(StrEnum):
    """Asks for tickets by who sees them through, without naming anybody."""

    MINE = "mine"
    NOBODYS = "nobody's"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets are wanted; whatever is left empty does not narrow."""

    statuses: Sequence[TicketStatus] = ()
    priorities: Sequence[Priority] = ()
    owner: UUID | Whose | None = None
    property_id: UUID | None = None
    is_open: bool = False
    is_home_unknown: bool = False
    mark: Mark | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class TicketPosition:
    """Where a page of a list ended: the last row's place in every order."""

    priority: Priority
    has_alarm: bool
    at: datetime
    id: UUID
