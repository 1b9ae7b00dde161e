"""The jobs the outbox may carry: a name and a payload of ids, nothing else.

A payload never holds personal data: it is stored, logged and counted. Handlers read what they need when they run.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Job(BaseModel):
    """Something to do after this commits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    priority: ClassVar[int] = 5
    """0 is claimed first, 9 last."""

    @property
    def rank(self) -> int:
        """How urgent this one is."""
        return self.priority


class SendEmail(Job):
    """Deliver one e-mail that a `Message` row describes."""

    name = "send-email"
    message_id: UUID
    is_alarm: bool = False

    @property
    def rank(self) -> int:
        """An alarm overtakes everything that waits."""
        return 0 if self.is_alarm else self.priority


class AskAdvisor(Job):
    """Put one ticket's words to the advisor; the `AiJob` row says which (the seed's `ai-job`)."""

    name = "ai-job"
    priority = 6
    ai_job_id: UUID


class ProcessPhoto(Job):
    """Redraw one photo, so that it can be shown."""

    name = "process-photo"
    photo_id: UUID


class DiscardOriginal(Job):
    """Remove what was sent as a photo: its copies are there, or it was refused."""

    name = "discard-original"
    photo_id: UUID


class DrawDocument(Job):
    """Draw the next pages of one document, so that they can be shown."""

    name = "draw-document"
    priority = 6
    document_id: UUID


class DiscardDocument(Job):
    """Remove what was sent as a document, when nothing is left to be learned from it."""

    name = "discard-document"
    file_id: UUID


class ImportTickets(Job):
    """Bring in the rows of one checked file."""

    name = "import-tickets"
    priority = 7
    import_id: UUID


class ImportPortfolio(Job):
    """Look at, bring in or take back the next portion of a file of homes, tenancies, people or contractors."""

    name = "import-portfolio"
    priority = 7
    import_id: UUID


class PackExport(Job):
    """Write everything the organisation owns into one file."""

    name = "pack-export"
    priority = 8
    export_id: UUID


class NoOperation(Job):
    """Do nothing: how long the machinery itself takes, for `doctor` and `bench`."""

    name = "no-operation"
    priority = 9


JOBS: dict[str, type[Job]] = {
    job.name: job
    for job in (
        *(SendEmail, AskAdvisor, ProcessPhoto, DiscardOriginal, DrawDocument, DiscardDocument),
        *(ImportTickets, ImportPortfolio, PackExport, NoOperation),
    )
}
