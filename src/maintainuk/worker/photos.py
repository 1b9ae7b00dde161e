"""Drawing photos anew, and removing what was sent."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from maintainuk.application.jobs import DiscardOriginal, ProcessPhoto
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.photos import PhotoRefusal, PhotoStatus
from maintainuk.domain.ports import Busy, PhotoCopies, Receipt
from maintainuk.infrastructure.repositories.photos import Photos
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.retries import EIGHT_OVER_A_DAY

ONE_MOMENT: Final = timedelta(seconds=0.3)
"""About half of what a photo takes."""

Place = tuple[UUID, UUID]
"""An organisation and its photo."""


@handles(ProcessPhoto, retries=EIGHT_OVER_A_DAY)
class ProcessPhotoHandler:
    """Draw one photo anew. Safe to run twice: its copies are replaced by the same."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.studio

    async def prepare(self, job: ProcessPhoto, work: UnitOfWork) -> Place | Settled:
        """Find the photo, unless it was drawn already; one that must wait goes back, so that other jobs need not."""
        if self.provider.is_busy:
            raise Busy(ONE_MOMENT)
        try:
            photo = await Photos(work.session).get(job.photo_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "photo-gone")
        if photo.status is not PhotoStatus.RECEIVED:
            return Settled(OutboxStatus.CANCELLED, f"already-{photo.status}")
        return photo.org_id, photo.id

    async def send(self, prepared: Place, *, key: str) -> PhotoCopies:  # noqa: ARG002  (the photo's id is the key)
        """Have it drawn."""
        return await self.provider.draw(*prepared)

    async def complete(self, job: ProcessPhoto, receipt: Receipt, work: UnitOfWork) -> None:
        """Let it be seen, or say why it can't be."""
        assert isinstance(receipt, PhotoCopies)
        photo = await Photos(work.session).get(job.photo_id)
        if receipt.refusal is not None:
            photo.refused(receipt.refusal, at=work.now)
        else:
            photo.ready(width=receipt.width, height=receipt.height, captured_at=receipt.captured_at, at=work.now)

    async def gave_up(self, job: ProcessPhoto, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say that it can't be shown; its sender may send it again."""
        photo = await Photos(work.session).get(job.photo_id)
        photo.refused(PhotoRefusal.TOO_SLOW, at=work.now)


@handles(DiscardOriginal, retries=EIGHT_OVER_A_DAY)
class DiscardOriginalHandler:
    """Remove the file that was sent. A second time there is nothing left to remove."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.studio

    async def prepare(self, job: DiscardOriginal, work: UnitOfWork) -> Place:
        """Say whose it is."""
        return work.actor.org_id, job.photo_id

    async def send(self, prepared: Place, *, key: str) -> Receipt:  # noqa: ARG002
        """Have it removed."""
        return await self.provider.discard_original(*prepared)

    async def complete(self, job: DiscardOriginal, receipt: Receipt, work: UnitOfWork) -> None:
        """Nothing of ours speaks of originals."""

    async def gave_up(self, job: DiscardOriginal, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:
        """Leave it to the hourly sweep."""
