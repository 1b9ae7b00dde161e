"""Finding the photos of tickets."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.photos import Photo, PhotoStatus


class Photos:
    """The photos of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, photo_id: UUID) -> Photo:
        """Return one photo. Raises `NotFound`."""
        if (photo := await self.session.scalar(select(Photo).where(Photo.id == photo_id))) is None:
            raise NotFound("no-such-photo")
        return photo

    async def of_ticket(self, ticket_id: UUID) -> Sequence[Photo]:
        """Return a ticket's photos in the order they came."""
        query = select(Photo).where(Photo.ticket_id == ticket_id).order_by(Photo.received_at, Photo.id)
        return (await self.session.scalars(query)).all()

    async def sent_as(self, ticket_id: UUID, upload_key: UUID) -> Photo | None:
        """Return the photo that was sent to the ticket under this key."""
        query = select(Photo).where(Photo.ticket_id == ticket_id, Photo.upload_key == upload_key)
        photo: Photo | None = await self.session.scalar(query)
        return photo

    async def count(self, ticket_id: UUID) -> int:
        """Return how many photos the ticket carries; those that were refused are none."""
        query = select(func.count()).where(Photo.ticket_id == ticket_id, Photo.status != PhotoStatus.REFUSED)
        return (await self.session.scalar(query)) or 0

    async def waiting(self, photo_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these still wait to be drawn."""
        query = select(Photo.id).where(Photo.id.in_(photo_ids), Photo.status == PhotoStatus.RECEIVED)
        return set(await self.session.scalars(query))
