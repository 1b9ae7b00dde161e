"""Who did what, when and from where: rows that are added and never changed, sealed into one chain per organisation."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation, belongs_to, belongs_to_organisation
from maintainuk.domain.sealing import Sealed

PREFIX_4, PREFIX_6 = 24, 48
"""As much of an address as tells one network from another, and not one home from its neighbour."""

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """From where somebody asked: the network of their address, and the kind of program."""

    network: str | None = None
    program: str | None = None

    @classmethod
    def of(cls, address: str, user_agent: str) -> "Origin":
        """Return the origin of a request, without what would single out a home or a machine."""
        return cls(network=network_of(address), program=program_of(user_agent))


NOWHERE: Final = Origin()
"""The product's own work begins on no network."""


def network_of(address: str) -> str | None:
    """Return the network of an IP address (IPv4 /24, IPv6 /48); nothing for what is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    prefix = PREFIX_6 if parsed.version == 6 else PREFIX_4  # noqa: PLR2004  (the two kinds of address)
    return str(ip_network((parsed, prefix), strict=False))


def program_of(user_agent: str) -> str | None:
    """Return browser and system in a few words; nothing when it says neither."""
    named = [next((name for mark, name in known if mark in user_agent), None) for known in (BROWSERS, SYSTEMS)]
    return " on ".join(filter(None, named)) or None


class AuditLog(OwnedByOrganisation, Entity, kw_only=True):
    """One thing somebody did; `actor_id` is empty when the product itself did it, or a program with an API key."""

    __tablename__ = "audit_log"
    __table_args__ = (
        belongs_to_organisation(),
        Index("ix_audit_log_newest", "org_id", "at", "id"),
        Index("ix_audit_log_subject", "org_id", "subject_id", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    subject_id: Mapped[UUID | None] = mapped_column(default=None)
    data: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    trace_id: Mapped[str | None] = mapped_column(default=None)
    network: Mapped[str | None] = mapped_column(default=None)
    program: Mapped[str | None] = mapped_column(default=None)
    key_id: Mapped[UUID | None] = mapped_column(default=None)
    """The API key it was done with."""


class AuditValue(OwnedByOrganisation, Entity, kw_only=True):
    """The text of a sealed column before and after a change, beside the entry that tells of it.

    It is no part of the chain, so that it can go with whom it is about; the entry goes on saying that it changed.
    """

    __tablename__ = "audit_values"
    __table_args__ = (
        belongs_to("audit_log", "entry_id"),
        Index(None, "org_id", "entry_id"),
        Index(None, "org_id", "about_id"),
    )

    entry_id: Mapped[UUID]
    about_id: Mapped[UUID]
    """The row that was changed."""
    name: Mapped[str]
    before: Mapped[str | None] = mapped_column(Sealed("audit_values.before"), default=None)
    after: Mapped[str | None] = mapped_column(Sealed("audit_values.after"), default=None)


class AuditSeal(OwnedByOrganisation, Entity, kw_only=True):
    """An audit row's place in its organisation's chain; `id` is the row's own."""

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("org_id", "seq"), belongs_to_organisation())

    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes]


class AuditHead(OwnedByOrganisation, Entity, kw_only=True):
    """The chain's last seal. Another copy is kept with the files: whoever cuts the table's end off forgets that one."""

    __tablename__ = "audit_heads"
    __table_args__ = (UniqueConstraint("org_id"), belongs_to_organisation())

    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    mac: Mapped[bytes] = mapped_column(default=b"")
    sealed_at: Mapped[datetime]


def head_of(org_id: UUID) -> str:
    """Return where the file store keeps the copy of an organisation's head."""
    return f"audit/{org_id}/head.json"
