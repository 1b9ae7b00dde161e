"""What the law calls a tenancy, and the parts people have in one."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

EARLIEST: Final = date(1900, 1, 1)
"""No tenancy of somebody who lives began before; it is a slip of the finger."""
AHEAD: Final = timedelta(days=2 * 366)
"""A tenancy that is agreed may begin later; one further ahead is a slip, too."""


class TenancyKind(StrEnum):
    """What the law calls a tenancy; each nation has names of its own."""

    ASSURED = "assured"
    """England since 1 May 2026: periodic, whatever was written before."""
    SECURE = "secure"
    INTRODUCTORY = "introductory"
    OCCUPATION_CONTRACT = "occupation_contract"
    PRIVATE_RESIDENTIAL = "private_residential"
    SCOTTISH_SECURE = "scottish_secure"
    PRIVATE_NI = "private_ni"
    REGULATED = "regulated"
    LICENCE = "licence"
    LEASE = "lease"
    OTHER = "other"


class TenancyRole(StrEnum):
    """A person's part in a tenancy: who is written to first, who holds it too, who only lives there."""

    LEAD = "lead"
    JOINT = "joint"
    HOUSEHOLD = "household"
