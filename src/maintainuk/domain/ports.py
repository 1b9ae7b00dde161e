"""What the business asks of the outside world, in the business's own words."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from maintainuk.domain.address_books import FoundAddress, SoughtAddress
from maintainuk.domain.ai import Advice, AiFailure, ReportInWords
from maintainuk.domain.documents import DocumentRefusal, DrawnPage
from maintainuk.domain.emergencies import Heard
from maintainuk.domain.import_dates import OpenDate
from maintainuk.domain.imports import Draft, ImportKind, Order, Plan
from maintainuk.domain.permissions import Reach
from maintainuk.domain.photos import PhotoRefusal
from maintainuk.domain.portfolio_rows import LinesRead


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


class Busy(Exception):
    """The provider asks us to wait; that is no failure and counts as none."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("busy")
        self.retry_after = retry_after


class Unclear(Exception):
    """The provider can't say whether it took a message: a person must look, nothing is sent again."""


class DangerListener(Protocol):
    """Whoever reads a report as it comes in, so that a danger told in words alone is not left lying until Monday."""

    async def hears(self, report: ReportInWords) -> Heard | None:
        """Return the worst danger that the words tell of now, or nothing. Stays on this machine and keeps nothing."""
        ...


class Provider(Protocol):
    """Somebody outside who does something that can't be undone."""

    @property
    def name(self) -> str:
        """What logs, metrics and `provider_calls` call it."""
        ...

    @property
    def is_idempotent(self) -> bool:
        """Whether it drops a second call with the same key by itself."""
        ...

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Find what it took under our key; nothing when it took nothing. Raises `Unclear` when it can't say."""
        ...


class Mailer(Provider, Protocol):
    """Somebody who delivers e-mail."""

    @property
    def is_there(self) -> bool:
        """Whether letters go anywhere: without a mailer they are kept back, and not called sent."""
        ...

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        """Deliver once per key. Raises `Undeliverable` for good, `Busy` to wait, anything else to be retried."""
        ...


class NoAdvice(Exception):
    """The advisor will not answer this, however often it is asked; `reason` says why."""

    def __init__(self, reason: AiFailure) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Advisor(Protocol):
    """Somebody who reads a report and proposes a triage. Whoever asks checks the answer and redacts the question."""

    @property
    def name(self) -> str:
        """What logs, metrics and jobs call it."""
        ...

    async def advise(self, report: ReportInWords) -> Advice:
        """Propose a triage. Raises `NoAdvice` for good, `Busy` to wait, anything else to be tried again."""
        ...

    async def close(self) -> None:
        """Give back what it holds open."""
        ...


class Advisors(Protocol):
    """Whom each organisation asks: an advisor may have learned from what this one decided, and no other may know."""

    @property
    def name(self) -> str:
        """What logs, metrics and jobs call those who answer."""
        ...

    async def get_ready(self) -> None:
        """Load what answering needs, so that whoever asks first waits no longer than others."""
        ...

    async def close(self) -> None:
        """Give back whatever they hold open."""
        ...

    async def of(self, org_id: UUID) -> Advisor:
        """Return the advisor of this organisation, who knows what its people have decided so far."""
        ...


class StorageUnavailable(Exception):
    """Files can't be kept or read now; the text says what an operator can do about it."""


class FileTooLarge(Exception):
    """More bytes came than the file may have. Nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept, and since when."""

    path: str
    kept_since: datetime


class FileStore(Protocol):
    """Somewhere files are kept, by path. Every method raises `StorageUnavailable`."""

    async def put(self, path: str, content: bytes) -> None:
        """Keep `content` under `path`, replacing what was there."""
        ...

    async def get(self, path: str) -> bytes:
        """Return what is kept under `path`. Raises `FileNotFoundError`."""
        ...

    async def put_stream(self, path: str, content: AsyncIterator[bytes], *, at_most: int) -> int:
        """Keep what arrives bit by bit, whole or not at all, and return how many bytes. Raises `FileTooLarge`."""
        ...

    def stream(self, path: str) -> AsyncIterator[bytes]:
        """Yield what is kept under `path` bit by bit. Raises `FileNotFoundError`."""
        ...

    async def delete(self, path: str) -> None:
        """Keep it no longer; there may be nothing to remove."""
        ...

    def below(self, folder: str) -> AsyncIterator[StoredFile]:
        """Yield all files in a folder."""
        ...

    async def discard_unfinished(self, folder: str, *, before: datetime) -> int:
        """Remove what was last written to before then and never finished, and return how many files."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCopies(Receipt):
    """What became of a photo: its copies are kept, or it was refused."""

    width: int = 0
    height: int = 0
    captured_at: datetime | None = None
    refusal: PhotoRefusal | None = None


class PhotoStudio(Provider, Protocol):
    """Somebody who draws photos anew: what was sent is never shown to anybody."""

    @property
    def is_busy(self) -> bool:
        """Whether another photo is being drawn; there is room for one at a time."""
        ...

    async def draw(self, org_id: UUID, photo_id: UUID) -> PhotoCopies:
        """Keep the copies of a photo that has arrived; a second time replaces them. Raises `Busy`."""
        ...

    async def discard_original(self, org_id: UUID, photo_id: UUID) -> Receipt:
        """Keep what was sent no longer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesDrawn(Receipt):
    """What became of a document: its next pages are kept, or it was refused."""

    pages: Sequence[DrawnPage] = ()
    behind: int = 0
    """How many pages stand before them."""
    of: int = 0
    is_kept: bool = False
    """Whether the file stays in quarantine, until somebody can say that nothing is wrong with it."""
    refusal: DocumentRefusal | None = None


class PageCopyist(Provider, Protocol):
    """Somebody who draws the pages of documents: the file itself is never given to anybody."""

    @property
    def is_busy(self) -> bool:
        """Whether another file is being drawn; there is room for one at a time."""
        ...

    async def draw(self, org_id: UUID, document_id: UUID, file_id: UUID, *, behind: int) -> PagesDrawn:
        """Keep the pages behind the first so many, as far as there was time; a second time replaces them.

        Raises `Busy`.
        """
        ...

    async def discard(self, org_id: UUID, file_id: UUID) -> Receipt:
        """Keep what was sent no longer."""
        ...


class AddressBook(Protocol):
    """Somebody who knows addresses."""

    @property
    def name(self) -> str:
        """What logs and tests call it."""
        ...

    async def find(self, org_id: UUID, within: Reach, sought: SoughtAddress) -> Sequence[FoundAddress]:
        """Return what may be meant, none when nothing is known. Raises `AddressBookSilent`."""
        ...

    async def close(self) -> None:
        """Give back what it holds open."""
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


class QueueUnavailable(Exception):
    """The queue can't be reached now. Nothing is lost: try again a little later."""


class JobQueue(Protocol):
    """How promises reach one worker; the outbox row stays the truth whichever transport carries them.

    The queue remembers what it has handed out and keeps those leases until it is told how each job ended. Every method
    raises `QueueUnavailable` when it can't do its work; a job whose end could not be told is handed out again.
    """

    async def claim(self, limit: int) -> Sequence[ClaimedJob]:
        """Lease up to `limit` due jobs, the highest priority first; an attempt is counted before it starts."""
        ...

    async def complete(self, jobs: Sequence[ClaimedJob]) -> int:
        """Mark jobs done that had no effect of their own; returns how many were still ours."""
        ...

    async def retry(self, job: ClaimedJob, *, after: timedelta, error: str, counted: bool = True) -> None:
        """Put a job back for later; `counted=False` gives its attempt back (the provider asked us to wait)."""
        ...

    async def bury(self, job: ClaimedJob, *, error: str) -> None:
        """Give up on a job and keep it for people to look at (dead letter)."""
        ...

    async def give_back(self, jobs: Sequence[ClaimedJob]) -> None:
        """Return jobs that never started, attempt and all, so that another worker takes them at once."""
        ...

    def let_go(self, job: ClaimedJob) -> None:
        """Stop holding a job: its row says how it ended, or it could not be written and must be handed out again."""
        ...

    async def tend(self) -> int:
        """Renew our leases and free the jobs of dead workers; returns how many were freed. Called every second."""
        ...

    async def work_waiting(self, *, within: float) -> None:
        """Return when new work may be waiting, at the latest after `within` seconds."""
        ...

    async def close(self) -> None:
        """Leave the ranks of the living workers."""
        ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs of a type wait or lie dead, and for how many seconds the oldest has been due."""

    type: str
    status: str
    count: int
    oldest_age: float


class Hints(Protocol):
    """Word of a commit to whoever waits for one. A hint that is lost costs time, never truth."""

    def jobs_waiting(self) -> None:
        """Say that promises are due. Returns at once; many in a row are told as one."""
        ...

    async def organisation_changed(self, org_id: UUID) -> None:
        """Forget what is remembered of the organisation, and wake the screens that look at it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead(Receipt):
    """A portion of a file: its good rows, how many rows it is in all, and whether it was the last."""

    begins: int
    """How many rows stand before it."""
    rows: int = 0
    drafts: Sequence[Draft] = ()
    is_last: bool = True
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesReceipt(Receipt):
    """A portion of a portfolio's file; the first one says how its dates are read and which may mean two days."""

    begins: int
    read: LinesRead = field(default_factory=LinesRead)
    is_last: bool = True
    dates: tuple[Order, OpenDate | None] | None = None
    failure: str | None = None


class TableReader(Provider, Protocol):
    """Somebody who reads the rows of files that are on their way in."""

    async def portion(
        self, org_id: UUID, import_id: UUID, plan: Plan, begins: int, *, key: str | None = None
    ) -> RowsRead:
        """Read a portion of tickets behind the first `begins` rows; reading it again gives the same."""
        ...

    async def look_at(  # noqa: PLR0913  (what a portion is read by)
        self, org_id: UUID, import_id: UUID, kind: ImportKind, plan: Plan, begins: int, *, key: str
    ) -> LinesReceipt:
        """Read a portion of a portfolio, and keep its good rows until they are brought in."""
        ...

    async def kept_lines(self, org_id: UUID, import_id: UUID, begins: int, *, key: str) -> LinesReceipt:
        """Return the good rows of a portion that was looked at before."""
        ...
