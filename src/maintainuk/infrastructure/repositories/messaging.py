"""Finding what was or will be said to people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.messaging import Message
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.people import Person
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket


@dataclass(frozen=True, slots=True)
class Report:
    """A message with all that a letter about its ticket may speak of."""

    message: Message
    ticket: MaintenanceTicket
    recipient: Person
    home: Property
    unit: Unit | None
    organisation: Organisation


class Messages:
    """The messages of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, message_id: UUID) -> Message:
        """Return one message. Raises `NotFound`."""
        if (message := await self.session.scalar(select(Message).where(Message.id == message_id))) is None:
            raise NotFound("no-such-message")
        return message

    async def report(self, message_id: UUID) -> Report:
        """Return a message with its ticket, its recipient and the home it is about. Raises `NotFound`."""
        query = (
            select(Message, MaintenanceTicket, Person, Property, Unit, Organisation)
            .join(MaintenanceTicket, MaintenanceTicket.id == Message.ticket_id)
            .join(Person, Person.id == Message.recipient_id)
            .join(Property, Property.id == MaintenanceTicket.property_id)
            .outerjoin(Unit, Unit.id == MaintenanceTicket.unit_id)
            .join(Organisation, Organisation.id == Message.org_id)
            .where(Message.id == message_id)
        )
        if (row := (await self.session.execute(query)).one_or_none()) is None:
            raise NotFound("no-such-message")
        return Report(*row)
