"""Finding maintenance tickets."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.tickets import MaintenanceTicket


class Tickets:
    """The tickets of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def locked(self, ticket_id: UUID) -> MaintenanceTicket:
        """Return the ticket, held until the transaction ends."""
        query = select(MaintenanceTicket).where(MaintenanceTicket.id == ticket_id).with_for_update()
        if (ticket := await self.session.scalar(query)) is None:
            raise NotFound("There is no such ticket.")
        return ticket
