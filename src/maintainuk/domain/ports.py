"""What the business asks of the outside world, in the business's own words."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """A finished letter: both parts say the same."""

    org_id: UUID
    sender: str
    to: str
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says when it has taken a message."""

    provider: str
    reference: str


class Undeliverable(Exception):
    """The provider refused for good; trying again will not help. The text is a code, never an address."""


class Mailer(Protocol):
    """Somebody who delivers e-mail."""

    name: str
    is_idempotent: bool
    """Whether the provider itself drops a second call with the same key."""

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        """Deliver once per key. Raises `Undeliverable` for good, anything else to be retried."""
        ...


class FileStore(Protocol):
    """Somewhere files are kept, by path."""

    async def put(self, path: str, content: bytes) -> None:
        """Keep `content` under `path`, replacing what was there."""
        ...

    async def get(self, path: str) -> bytes:
        """Return what is kept under `path`. Raises `FileNotFoundError`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob:
    """A promise that this worker holds the lease of; `(id, locked_by, attempts)` is its fence."""

    id: UUID
    org_id: UUID
    type: str
    payload: dict[str, Any]
    attempts: int
    locked_by: int
    trace_parent: str | None
    created_at: datetime
    available_at: datetime


class JobQueue(Protocol):
    """How promises reach workers; the outbox row stays the truth whichever transport carries them."""

    async def claim(self, limit: int) -> Sequence[ClaimedJob]:
        """Lease up to `limit` due jobs, most urgent and oldest first, each attempt counted before it starts."""
        ...

    async def renew(self, jobs: Sequence[ClaimedJob]) -> None:
        """Hold the leases for as long again."""
        ...

    async def complete(self, jobs: Sequence[ClaimedJob]) -> int:
        """Mark jobs done that had no effect of their own; returns how many were still ours."""
        ...

    async def retry(self, job: ClaimedJob, *, after: timedelta, error: str, counted: bool = True) -> None:
        """Put a job back for later; `counted=False` gives its attempt back (the provider asked us to wait)."""
        ...

    async def bury(self, job: ClaimedJob, *, error: str, status: str = "failed") -> None:
        """Give up on a job and keep it for people to look at."""
        ...

    def hints(self) -> AsyncIterator[None]:
        """Yield whenever new work may be waiting: on a hint after a commit, and at the latest every second."""
        ...


class Hints(Protocol):
    """Word of a commit to whoever waits for one. A hint that is lost costs time, never truth."""

    def jobs_waiting(self) -> None:
        """Say that promises are due. Returns at once; many in a row are told as one."""
        ...

    async def organisation_changed(self, org_id: UUID) -> None:
        """Forget what is remembered of the organisation, and wake the screens that look at it."""
        ...
