"""What people do with the photos of a repair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import IllegalTransition, TooManyPhotos
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Permission
from maintainuk.domain.photos import MOST_PHOTOS, Photo, plausible
from maintainuk.domain.ticket_lifecycle import LIFECYCLE, TicketAction
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.repositories.photos import Photos
from maintainuk.infrastructure.repositories.tickets import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that has arrived whole and is kept under the photo's id."""

    photo_id: UUID
    key: UUID
    """The sender's own: the same one again is the same photo."""
    size: int
    captured_at: datetime | None = None


class PhotoService:
    """What people do with the photos of a repair."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.photos = Photos(work.session)

    async def of_ticket(self, ticket_id: UUID) -> Sequence[Photo]:
        """Return a ticket's photos in the order they came. Raises `NotFound` for a ticket that isn't ours."""
        await self._within(Permission.TICKETS_READ).require(ticket_id)
        return await self.photos.of_ticket(ticket_id)

    async def expect(self, ticket_id: UUID, key: UUID) -> Photo | None:
        """Say before anything is sent whether it may be: nothing, or the photo if it has come already.

        Raises `NotFound`, `IllegalTransition` for a finished ticket, and `TooManyPhotos`. The ticket is held until the
        transaction ends, so that what is true here stays true.
        """
        ticket = await self._within(Permission.TICKETS_UPDATE).locked(ticket_id)
        if known := await self.photos.sent_as(ticket_id, key):
            return known
        if not self._takes_photos(ticket):
            allowed = LIFECYCLE.allowed(ticket.status)
            raise IllegalTransition(what=ticket.reference, state=ticket.status, allowed=allowed)
        if await self.photos.count(ticket_id) >= MOST_PHOTOS:
            raise TooManyPhotos(most=MOST_PHOTOS)
        return None

    async def receive(self, ticket_id: UUID, upload: Upload) -> Photo:
        """Take in a file that has arrived; it is drawn as soon as this commits. Raises what `expect` does."""
        if known := await self.expect(ticket_id, upload.key):
            return known
        photo = Photo(
            org_id=self.work.actor.org_id,
            id=upload.photo_id,
            ticket_id=ticket_id,
            upload_key=upload.key,
            uploaded_by=self.work.actor.user_id,
            bytes_received=upload.size,
            captured_at=plausible(upload.captured_at, at=self.work.now),
            received_at=self.work.now,
        )
        photo.received()
        self.work.session.add(photo)
        await self.work.session.flush()
        return photo

    def _within(self, permission: Permission) -> Tickets:
        """Return what the person's role reaches; a report's link has shown already which one it opens."""
        is_visitor = self.work.actor.user_id is None
        return Tickets(self.work.session, WHOLE_ORGANISATION if is_visitor else self.work.actor.require(permission))

    def _takes_photos(self, ticket: MaintenanceTicket) -> bool:
        """Staff may add one to a ticket that is done, as they may a note; a tenant reports anew."""
        if self.work.actor.user_id is None:
            return ticket.hears_tenant(self.work.now)
        return TicketAction.COMMENT in LIFECYCLE.allowed(ticket.status)
