"""Delivering what is said to people."""

from datetime import timedelta
from email.utils import formataddr

from maintainuk.application.jobs import SendEmail
from maintainuk.application.links import LinkService, path_of
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.branding import logo_path
from maintainuk.domain.consents import ContactPurpose, ContactWay
from maintainuk.domain.errors import NotFound
from maintainuk.domain.invitations import InvitationState
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.messaging import Message, MessageStatus, MessageTemplate
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Email, Receipt
from maintainuk.infrastructure.repositories.consents import Consents
from maintainuk.infrastructure.repositories.messaging import Correspondence, Messages
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.letters import PRODUCT, one_line, write
from maintainuk.worker.retries import EIGHT_OVER_A_DAY

ONE_ALARM = timedelta(minutes=15)
"""So long one letter speaks for the same danger of the same home and link, while nobody has acknowledged it."""

A_DAY = timedelta(days=1)
MOST_TO_STRANGER = 3
"""Acknowledgements a day to an address that is in nobody's tenancy."""

PAGES = {
    MessageTemplate.SECURITY_CHANGED: "/app/profile",
    MessageTemplate.ADMINISTRATION_CHANGED: "/app/settings/audit",
    MessageTemplate.SUPPORT_BEGAN: "/app/settings/support",
    MessageTemplate.EXPORT_ASKED: "/app/settings/export",
}
"""Pages of the staff app that letters to staff lead to."""

UNASKED = frozenset(
    {
        MessageTemplate.TICKET_ACKNOWLEDGEMENT,
        MessageTemplate.TICKET_QUESTION,
        MessageTemplate.TICKET_APPROVED,
        MessageTemplate.TICKET_REJECTED,
        MessageTemplate.TICKET_CANCELLED,
    }
)
"""Letters that go out by themselves; all others somebody has asked for, or they are no tenants' letters."""


@handles(SendEmail, retries=EIGHT_OVER_A_DAY)
class SendEmailHandler:
    """Deliver one e-mail. Safe to run twice: the provider sees the same key each time."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.mailer
        self._from = providers.mail_sender
        self._site = providers.site

    async def prepare(self, job: SendEmail, work: UnitOfWork) -> Email | Settled:
        """Write the letter, unless it was sent, its ticket is gone, or nobody could deliver or receive it."""
        try:
            found = await Messages(work.session).correspondence(job.message_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "message-gone")
        work.has_log = found.organisation.waits_until is None
        if found.message.status is not MessageStatus.QUEUED:
            return Settled(OutboxStatus.CANCELLED, f"already-{found.message.status}")
        if reason := await self._why_not(found, work):
            found.message.suppressed(reason, at=work.now)
            return Settled(OutboxStatus.SUPPRESSED, reason)
        logo = logo_path(found.organisation.id, found.organisation.logo)
        letter = write(found, await self._link(found, work), logo=f"{self._site.address}{logo}" if logo else None)
        return Email(
            org_id=found.message.org_id,
            sender=formataddr((self._sender(found), self._from)),
            to=found.address or "",  # there is one: `_why_not`
            subject=letter.subject,
            html=letter.html,
            text=letter.text,
        )

    @staticmethod
    def _sender(found: Correspondence) -> str:
        """Return who writes; what somebody called an organisation that nobody has confirmed is no sender's name."""
        return PRODUCT if found.organisation.waits_until else one_line(found.organisation.name)

    async def _why_not(self, found: Correspondence, work: UnitOfWork) -> str | None:
        """Return the code of the reason for not writing, if there is one."""
        if reason := self._cannot(found):
            return reason
        if found.invitation is not None and found.invitation.state(work.now) is not InvitationState.WAITING:
            return "invitation-over"
        if await Messages(work.session).told_lately(found, since=work.now - ONE_ALARM):
            return "told-lately"
        if await self._is_objected_to(found, work):
            return "objected"
        return "too-many-letters" if await self._is_too_much(found, work) else None

    def _cannot(self, found: Correspondence) -> str | None:
        """Return why nothing could go out at all; a danger is told, also while its organisation is suspended."""
        if not self.provider.is_there:
            return "no-mailer"
        if found.organisation.suspended_at is not None and found.message.template is not MessageTemplate.DANGER_ALERT:
            return "organisation-suspended"
        return None if found.address else "no-address"

    async def _is_objected_to(self, found: Correspondence, work: UnitOfWork) -> bool:
        """Letters about repairs need no consent, but whoever objected to e-mail gets none; asked-for links they do."""
        if found.recipient is None or found.message.template not in UNASKED:
            return False
        return not await Consents(work.session).may_write(found.recipient.id, ContactWay.EMAIL, ContactPurpose.REPAIRS)

    async def _is_too_much(self, found: Correspondence, work: UnitOfWork) -> bool:
        """Whoever photographs a poster can have us write to anybody: a few letters may be a mistake, more are not."""
        if found.is_tenant or found.message.template is not MessageTemplate.TICKET_ACKNOWLEDGEMENT:
            return False
        return await Messages(work.session).written_to_stranger(found, since=work.now - A_DAY) >= MOST_TO_STRANGER

    async def _link(self, found: Correspondence, work: UnitOfWork) -> str:
        """Return where the letter leads: into the staff app, to the report's own page, or into the portal."""
        message, ticket = found.message, found.ticket
        if message.template is MessageTemplate.DANGER_ALERT:
            return f"{self._site.address}/app/tickets/{message.ticket_id}"
        if (page := PAGES.get(message.template)) is not None:
            return f"{self._site.address}{page}"
        links = LinkService(work.session, self._site.link_secrets)
        if message.template is MessageTemplate.PASSWORD_RESET:
            assert message.user_id is not None
            secret = links.make(message.org_id, LinkPurpose.PASSWORD_RESET, message.user_id, work.now).secret
            return f"{self._site.address}{path_of(LinkPurpose.PASSWORD_RESET, secret)}"
        if message.invitation_id is not None:
            secret = await links.secret_for(message.org_id, LinkPurpose.INVITATION, message.invitation_id, work.now)
            return f"{self._site.address}{path_of(LinkPurpose.INVITATION, secret)}"
        purpose, subject = (
            (LinkPurpose.STATUS, ticket.id) if ticket is not None else (LinkPurpose.ENTRY, message.recipient_id)
        )
        assert subject is not None
        if purpose is LinkPurpose.ENTRY:
            secret = links.make(message.org_id, purpose, subject, work.now).secret
        else:
            secret = await links.secret_for(message.org_id, purpose, subject, work.now)
        return f"{self._site.address}{path_of(purpose, secret)}"

    async def send(self, prepared: Email, *, key: str) -> Receipt:
        """Hand it to the mailer."""
        return await self.provider.send(prepared, idempotency_key=key)

    async def complete(self, job: SendEmail, receipt: Receipt, work: UnitOfWork) -> None:
        """Tell the ticket's story that it was sent."""
        message = await self._told_of(job, work)
        message.sent(provider=receipt.provider, reference=receipt.reference, at=work.now)

    async def gave_up(self, job: SendEmail, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:
        """Tell the ticket's story that it will not arrive, or that nobody can tell."""
        message = await self._told_of(job, work)
        if status is OutboxStatus.UNKNOWN:
            message.lost_sight_of(reason, at=work.now)
        else:
            message.failed(reason, at=work.now)

    @staticmethod
    async def _told_of(job: SendEmail, work: UnitOfWork) -> Message:
        """Return the message; an organisation that nobody has confirmed keeps no log of it."""
        message = await Messages(work.session).get(job.message_id)
        if message.invitation_id is not None:
            work.has_log = (await SettingsOf(work.session).organisation()).waits_until is None
        return message
