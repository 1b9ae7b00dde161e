"""What the law calls a tenancy, and the parts people have in one."""

from enum import StrEnum


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
