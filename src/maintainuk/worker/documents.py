"""Drawing the pages of documents, a portion at a time, and removing what was sent when nobody needs it any more."""

from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.jobs import DiscardDocument, DrawDocument
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.documents import DocumentRefusal, DocumentStatus
from maintainuk.domain.errors import NotFound
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Busy, PagesDrawn, Receipt
from maintainuk.infrastructure.images.copyist import A_TURN
from maintainuk.infrastructure.repositories.documents import EVERYTHING, Documents
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.retries import EIGHT_OVER_A_DAY


@dataclass(frozen=True, slots=True)
class Place:
    """A document of an organisation, and how many of its pages have been drawn."""

    org_id: UUID
    document_id: UUID
    file_id: UUID
    behind: int


@handles(DrawDocument, retries=EIGHT_OVER_A_DAY)
class DrawDocumentHandler:
    """Draw the next pages of one document. Safe to run twice: they are replaced by the same."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.copyist

    async def prepare(self, job: DrawDocument, work: UnitOfWork) -> Place | Settled:
        """Find how far it has come; one that must wait goes back, so that other jobs need not."""
        if self.provider.is_busy:
            raise Busy(A_TURN)
        try:
            document = await Documents(work.session, EVERYTHING).locked(job.document_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "document-gone")
        if document.status is not DocumentStatus.RECEIVED or document.file_id is None:
            return Settled(OutboxStatus.CANCELLED, f"already-{document.status}")
        return Place(document.org_id, document.id, document.file_id, len(document.pages))

    async def send(self, prepared: Place, *, key: str) -> PagesDrawn:  # noqa: ARG002  (page numbers are the key)
        """Have them drawn."""
        return await self.provider.draw(prepared.org_id, prepared.document_id, prepared.file_id, behind=prepared.behind)

    async def complete(self, job: DrawDocument, receipt: Receipt, work: UnitOfWork) -> None:
        """Let them be seen, or say why they can't be."""
        assert isinstance(receipt, PagesDrawn)
        document = await Documents(work.session, EVERYTHING).locked(job.document_id)
        if receipt.refusal is not None:
            document.refused(receipt.refusal)
        elif receipt.behind == len(document.pages):
            document.drawn(list(receipt.pages), of=receipt.of, is_kept=receipt.is_kept)

    async def gave_up(self, job: DrawDocument, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say that it can't be shown; its sender may send it again."""
        document = await Documents(work.session, EVERYTHING).locked(job.document_id)
        document.refused(DocumentRefusal.TOO_SLOW)


@handles(DiscardDocument, retries=EIGHT_OVER_A_DAY)
class DiscardDocumentHandler:
    """Remove the file that was sent. A second time there is nothing left to remove."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.copyist

    async def prepare(self, job: DiscardDocument, work: UnitOfWork) -> tuple[UUID, UUID]:
        """Say whose it is."""
        return work.actor.org_id, job.file_id

    async def send(self, prepared: tuple[UUID, UUID], *, key: str) -> Receipt:  # noqa: ARG002
        """Have it removed."""
        return await self.provider.discard(*prepared)

    async def complete(self, job: DiscardDocument, receipt: Receipt, work: UnitOfWork) -> None:
        """Nothing of ours speaks of what was sent."""

    async def gave_up(self, job: DiscardDocument, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:
        """Leave it to the hourly sweep."""
