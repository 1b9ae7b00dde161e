"""The chain that an audit log is sealed into: each seal depends on the row, its place and every row before it.

The key is never in the database: who can write there can make rows, and no seals.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, Protocol
from uuid import UUID

from maintainuk.settings import Settings

BEGINNING: Final = b""
"""What the first seal follows."""

LATE_AFTER: Final = timedelta(minutes=5)
"""A row is written within a transaction, which ends long before: one that claims an earlier time was slipped in."""


class Row(Protocol):
    """An audit row, as columns."""

    org_id: UUID
    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    subject_id: UUID | None
    data: Mapping[str, Any]
    trace_id: str | None
    network: str | None
    program: str | None
    key_id: UUID | None


class AuditChain:
    """Makes seals, and finds what does not fit its seal."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.lasting_key("audit-chain")

    def seal(self, row: Row, *, seq: int, previous: bytes) -> bytes:
        """Return the seal of a row at its place (32 bytes)."""
        return hmac.digest(self._key, b"%d:%d:%s" % (seq, len(previous), previous) + _canonical(row), sha256)


def _canonical(row: Row) -> bytes:
    ids = (row.org_id, row.id, row.actor_id, row.subject_id, row.key_id)
    told = [
        *(None if one is None else str(one) for one in ids),
        row.at.astimezone(UTC).isoformat(),
        row.action,
        row.data,
        row.trace_id,
        row.network,
        row.program,
    ]
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


class Fault(StrEnum):
    """What may be wrong with a log."""

    EDITED = "edited"
    """The row is not the one that was sealed at this place."""
    REMOVED = "removed"
    """A sealed row, or a seal, is gone."""
    INSERTED = "inserted"
    """A row was never sealed, though later ones were, or claims a time long before its place."""
    CUT = "cut"
    """The log ends before the last seal that was kept apart."""
    UNPROVEN = "unproven"
    """The head kept in the database or with the files is no seal of this chain."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, with its place in the chain where it has one."""

    fault: Fault
    seq: int | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A chain's end, as it was kept."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal with its row; the row is missing when somebody removed it."""

    seq: int
    mac: bytes
    entry_id: UUID
    row: Row | None


@dataclass(slots=True)
class Inspection:
    """Walks a chain from its first seal to its last and keeps what is wrong."""

    chain: AuditChain
    heads: Sequence[Head] = ()
    findings: list[Finding] = field(default_factory=list)
    seq: int = 0
    _previous: bytes = BEGINNING
    _latest: datetime | None = None
    _wanted: dict[int, set[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for head in self.heads:
            self._wanted.setdefault(head.seq, set()).add(head.mac)

    def look_at(self, sealed: Sealed) -> None:
        """Look at the next seal, in the order of their places."""
        if sealed.seq != self.seq + 1:
            self.findings.append(Finding(Fault.REMOVED, self.seq + 1))
        row = sealed.row
        if row is None:
            self.findings.append(Finding(Fault.REMOVED, sealed.seq, sealed.entry_id))
        elif not hmac.compare_digest(self.chain.seal(row, seq=sealed.seq, previous=self._previous), sealed.mac):
            if sealed.seq == self.seq + 1:  # behind a gap nothing can fit, and the gap is told
                self.findings.append(Finding(Fault.EDITED, sealed.seq, sealed.entry_id))
        elif self._latest is not None and row.at < self._latest - LATE_AFTER:
            self.findings.append(Finding(Fault.INSERTED, sealed.seq, sealed.entry_id))
        if row is not None and (self._latest is None or row.at > self._latest):
            self._latest = row.at
        if any(mac != sealed.mac for mac in self._wanted.pop(sealed.seq, ())):
            self.findings.append(Finding(Fault.UNPROVEN, sealed.seq))
        self.seq, self._previous = sealed.seq, sealed.mac

    def end(self) -> list[Finding]:
        """Return all that is wrong, now that the last seal has been seen."""
        self.findings.extend(Finding(Fault.CUT, seq) for seq in sorted(self._wanted) if seq > self.seq)
        return self.findings
