"""Draws the pages of documents that have arrived, and keeps them."""

from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Final
from uuid import UUID

from maintainuk.domain.documents import (
    DocumentRefusal,
    DrawnPage,
    original_of,
    page_of,
)
from maintainuk.domain.photos import PhotoRefusal
from maintainuk.domain.ports import Busy, FileStore, PagesDrawn, Receipt
from maintainuk.infrastructure.images.bounded import BoundedRedraw
from maintainuk.infrastructure.images.bounded_pages import PORTION, Portion, draw_pages
from maintainuk.infrastructure.images.pages import HEAD, is_pdf

A_TURN: Final = timedelta(seconds=2)
"""About what ten pages take; a photo, which somebody looks for on the same page, waits less and so comes first."""
ALIKE: Final = {
    PhotoRefusal.NOT_AN_IMAGE: DocumentRefusal.UNSUPPORTED_FORMAT,
}
"""What is no photo is no document either; the other reasons are called the same."""


class Copyist:
    """A `PageCopyist` that has pages drawn by the child process that photos are drawn in, a portion at a time."""

    name = "copyist"
    is_idempotent = True
    """A page drawn twice is the same page."""

    def __init__(self, files: FileStore, drawing: BoundedRedraw | None = None, *, portion: int = PORTION) -> None:
        self._files, self._portion = files, portion
        self._drawing = drawing or BoundedRedraw()

    @property
    def is_busy(self) -> bool:
        """Whether another photo or document is being drawn; there is room for one at a time."""
        return self._drawing.is_busy

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Nobody asks: what broke off is drawn again."""

    async def draw(self, org_id: UUID, document_id: UUID, file_id: UUID, *, behind: int) -> PagesDrawn:
        """Keep the pages behind the first so many, as far as there was time. Raises `Busy`."""
        if self.is_busy:
            raise Busy(A_TURN)
        with TemporaryFile() as document:  # on disk and without a name: the child reads it, and nobody else
            try:
                async for part in self._files.stream(original_of(org_id, file_id)):
                    document.write(part)
            except FileNotFoundError:
                return self._told(document_id, refusal=DocumentRefusal.DAMAGED)
            document.flush()
            document.seek(0)
            is_paged = is_pdf(document.read(HEAD))
            portion = await (self._pages(document, behind) if is_paged else self._picture(document))
        if isinstance(portion, DocumentRefusal):
            return self._told(document_id, refusal=portion)
        for number, page in enumerate(portion.pages, behind + 1):
            await self._files.put(page_of(org_id, document_id, number), page)
        return PagesDrawn(
            self.name, str(document_id), pages=tuple(portion.sizes), behind=behind, of=portion.of, is_kept=is_paged
        )

    async def discard(self, org_id: UUID, file_id: UUID) -> Receipt:
        """Keep what was sent no longer."""
        await self._files.delete(original_of(org_id, file_id))
        return Receipt(self.name, str(file_id))

    async def _pages(self, document: IO[bytes], behind: int) -> Portion | DocumentRefusal:
        return await draw_pages(self._drawing, document, behind=behind, portion=self._portion)

    async def _picture(self, document: IO[bytes]) -> Portion | DocumentRefusal:
        drawn = await self._drawing.draw(document)
        if isinstance(drawn, PhotoRefusal):
            return ALIKE.get(drawn) or DocumentRefusal(drawn.value)
        return Portion(of=1, sizes=[DrawnPage(width=drawn.width, height=drawn.height)], pages=[drawn.display])

    def _told(self, document_id: UUID, *, refusal: DocumentRefusal) -> PagesDrawn:
        return PagesDrawn(self.name, str(document_id), refusal=refusal)
