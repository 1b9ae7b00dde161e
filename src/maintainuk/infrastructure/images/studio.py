"""Draws photos that have arrived, and keeps their copies."""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import Final
from uuid import UUID

from maintainuk.domain.photos import PhotoRefusal, PhotoSize, copy_of, original_of
from maintainuk.domain.ports import Busy, FileStore, PhotoCopies, Receipt
from maintainuk.infrastructure.images.bounded import BoundedRedraw

ONE_MOMENT: Final = timedelta(seconds=0.3)


class Studio:
    """A `PhotoStudio` that has its photos drawn by a child process with bounds."""

    name = "studio"
    is_idempotent = True
    """A photo drawn twice is the same photo."""

    def __init__(self, files: FileStore, drawing: BoundedRedraw | None = None) -> None:
        self._files = files
        self._drawing = drawing or BoundedRedraw()

    @property
    def is_busy(self) -> bool:
        """Whether another photo is being drawn; there is room for one at a time."""
        return self._drawing.is_busy

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Nobody asks: what broke off is drawn again."""

    async def draw(self, org_id: UUID, photo_id: UUID) -> PhotoCopies:
        """Keep the copies of a photo that has arrived; a second time replaces them. Raises `Busy`."""
        if self.is_busy:
            raise Busy(ONE_MOMENT)
        with TemporaryFile() as photo:  # on disk and without a name: the child reads it, and nobody else
            try:
                async for part in self._files.stream(original_of(org_id, photo_id)):
                    photo.write(part)
            except FileNotFoundError:
                return self._told(photo_id, refusal=PhotoRefusal.DAMAGED)
            photo.flush()
            drawn = await self._drawing.draw(photo)
        if isinstance(drawn, PhotoRefusal):
            return self._told(photo_id, refusal=drawn)
        await self._files.put(copy_of(org_id, photo_id, PhotoSize.THUMBNAIL), drawn.thumbnail)
        await self._files.put(copy_of(org_id, photo_id, PhotoSize.DISPLAY), drawn.display)
        return PhotoCopies(
            self.name, str(photo_id), width=drawn.width, height=drawn.height, captured_at=drawn.captured_at
        )

    async def discard_original(self, org_id: UUID, photo_id: UUID) -> Receipt:
        """Keep what was sent no longer."""
        await self._files.delete(original_of(org_id, photo_id))
        return Receipt(self.name, str(photo_id))

    def _told(self, photo_id: UUID, *, refusal: PhotoRefusal) -> PhotoCopies:
        return PhotoCopies(self.name, str(photo_id), refusal=refusal)
