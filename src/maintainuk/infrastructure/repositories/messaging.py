"""Finding what was or will be said to people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.messaging import Message, MessageStatus, MessageTemplate
from maintainuk.domain.organisations import Organisation, OrganisationSettings
from maintainuk.domain.people import Person, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.reports import Report
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.sealing import entered

REPEATS = {
    MessageTemplate.TICKET_QUESTION: TimelineKind.TENANT_ASKED,
    MessageTemplate.TICKET_REJECTED: TimelineKind.REJECTED,
}
"""Letters that repeat what staff wrote, and the line of the story that has the words."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A message with all that its letter may speak of; a home is there only with a ticket whose home is known."""

    message: Message
    organisation: Organisation
    settings: OrganisationSettings | None
    ticket: MaintenanceTicket | None
    recipient: Person | None
    home: Property | None
    unit: Unit | None
    is_tenant: bool
    """Whether the recipient lives, or lived, in one of the organisation's homes; nobody vouches for the others."""
    invitation: Invitation | None
    words: str | None
    """What staff wrote to the tenant and the letter repeats: a question, or why a report leads to no repair."""
    gave_times: bool = False
    """Whether the tenant said when they are at home."""
    user: User | None = None
    """The member of staff whom it is for."""

    @property
    def address(self) -> str | None:
        """Where the letter goes: to its recipient, to whom an invitation names, or to the emergency contact."""
        if self.message.template is MessageTemplate.DANGER_ALERT:
            return self.settings.emergency_email if self.settings else None
        if self.user is not None:
            return self.user.email
        if self.invitation is not None:
            return self.invitation.email
        return self.recipient.email if self.recipient else None

    @property
    def name(self) -> str | None:
        """What the letter calls its reader."""
        reader = self.user or self.recipient
        return reader.name if reader else None


IS_TENANT = exists().where(TenancyMember.person_id == Message.recipient_id)


class Messages:
    """The messages of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, message_id: UUID) -> Message:
        """Return one message. Raises `NotFound`."""
        if (message := await self.session.scalar(select(Message).where(Message.id == message_id))) is None:
            raise NotFound("no-such-message")
        return message

    async def correspondence(self, message_id: UUID) -> Correspondence:
        """Return a message with its ticket, its recipient and the home it is about. Raises `NotFound`."""
        query = (
            select(
                *(Message, Organisation, OrganisationSettings, MaintenanceTicket, Person, Property, Unit),
                IS_TENANT,
                Invitation,
            )
            .join(Organisation, Organisation.id == Message.org_id)
            .outerjoin(OrganisationSettings, OrganisationSettings.org_id == Message.org_id)
            .outerjoin(MaintenanceTicket, MaintenanceTicket.id == Message.ticket_id)
            .outerjoin(Person, Person.id == Message.recipient_id)
            .outerjoin(Invitation, Invitation.id == Message.invitation_id)
            .outerjoin(Property, Property.id == MaintenanceTicket.property_id)
            .outerjoin(Unit, Unit.id == MaintenanceTicket.unit_id)
            .where(Message.id == message_id)
        )
        if (row := (await self.session.execute(query)).one_or_none()) is None:
            raise NotFound("no-such-message")
        message: Message = row[0]
        return Correspondence(
            *row,
            words=await self._words(message),
            gave_times=await self._gave_times(message),
            user=await self._user(message),
        )

    async def _user(self, message: Message) -> User | None:
        if message.user_id is None:
            return None
        query = select(User).where(User.id == message.user_id, User.status == UserStatus.ACTIVE)
        return (await self.session.scalars(query)).one_or_none()

    async def _gave_times(self, message: Message) -> bool:
        report = await self.session.scalar(select(Report).where(Report.ticket_id == message.ticket_id))
        return report is not None and bool(report.times)

    async def told_lately(self, about: Correspondence, *, since: datetime) -> bool:
        """Say whether the emergency contact has had a letter about the same danger, home and link `since` then.

        Only a letter that was sent counts, and only while its alarm is unacknowledged: no danger goes untold.
        """
        ticket = about.ticket
        if about.message.template is not MessageTemplate.DANGER_ALERT or ticket is None or ticket.property_id is None:
            return False
        link = select(Report.link_id).where(Report.ticket_id == ticket.id).scalar_subquery()
        query = (
            select(Message.id)
            .join(MaintenanceTicket, MaintenanceTicket.id == Message.ticket_id)
            .join(Report, Report.ticket_id == MaintenanceTicket.id)
            .where(
                Message.template == MessageTemplate.DANGER_ALERT,
                Message.status == MessageStatus.SENT,
                Message.sent_at > since,
                MaintenanceTicket.id != ticket.id,
                MaintenanceTicket.danger == ticket.danger,
                MaintenanceTicket.danger_acknowledged_at.is_(None),
                MaintenanceTicket.property_id == ticket.property_id,
                MaintenanceTicket.unit_id.is_not_distinct_from(ticket.unit_id),
                Report.link_id == link,
            )
            .limit(1)
        )
        return await self.session.scalar(query) is not None

    async def written_to_stranger(self, about: Correspondence, *, since: datetime) -> int:
        """Return how many letters `since` then went to the address of somebody whom nobody knows as a tenant."""
        keys = await entered(self.session)
        if keys is None or not about.address:
            return 0
        query = (
            select(func.count())
            .select_from(Message)
            .join(Person, Person.id == Message.recipient_id)
            .where(
                Person.email_index == keys.email(about.address),
                Message.status == MessageStatus.SENT,
                Message.sent_at > since,
                Message.template == about.message.template,
            )
        )
        return await self.session.scalar(query) or 0

    async def _words(self, message: Message) -> str | None:
        kind = REPEATS.get(message.template)
        if kind is None:
            return None
        query = (
            select(TimelineEvent.body)
            .where(
                TimelineEvent.ticket_id == message.ticket_id,
                TimelineEvent.kind == kind,
                TimelineEvent.occurred_at == message.created_at,
            )
            .order_by(TimelineEvent.seq.desc())
            .limit(1)
        )
        words: str | None = await self.session.scalar(query)
        return words
