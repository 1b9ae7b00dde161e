"""Delivering what is said to people."""

from datetime import timedelta
from email.utils import formataddr

from maintainuk.application.jobs import SendEmail
from maintainuk.application.links import LinkService, path_of
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.messaging import MessageStatus, MessageTemplate
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Email, Receipt
from maintainuk.infrastructure.repositories.messaging import Correspondence, Messages
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.letters import one_line, write
from maintainuk.worker.retries import EIGHT_OVER_A_DAY

ONE_ALARM = timedelta(minutes=15)
"""So long one letter speaks for the same danger of the same home and link, while nobody has acknowledged it."""


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
        if found.message.status is not MessageStatus.QUEUED:
            return Settled(OutboxStatus.CANCELLED, f"already-{found.message.status}")
        if not self.provider.is_there:
            return _suppressed(found, "no-mailer", work)
        if not found.address:
            return _suppressed(found, "no-address", work)
        if await Messages(work.session).told_lately(found, since=work.now - ONE_ALARM):
            return _suppressed(found, "told-lately", work)
        letter = write(found, await self._link(found, work))
        return Email(
            org_id=found.message.org_id,
            sender=formataddr((one_line(found.organisation.name), self._from)),
            to=found.address,
            subject=letter.subject,
            html=letter.html,
            text=letter.text,
        )

    async def _link(self, found: Correspondence, work: UnitOfWork) -> str:
        """Return where the letter leads: into the staff app, to the report's own page, or into the portal."""
        message, ticket = found.message, found.ticket
        if message.template is MessageTemplate.DANGER_ALERT:
            return f"{self._site.address}/app/tickets/{message.ticket_id}"
        links = LinkService(work.session, self._site.link_secrets)
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
        message = await Messages(work.session).get(job.message_id)
        message.sent(provider=receipt.provider, reference=receipt.reference, at=work.now)

    async def gave_up(self, job: SendEmail, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:
        """Tell the ticket's story that it will not arrive, or that nobody can tell."""
        message = await Messages(work.session).get(job.message_id)
        if status is OutboxStatus.UNKNOWN:
            message.lost_sight_of(reason, at=work.now)
        else:
            message.failed(reason, at=work.now)


def _suppressed(found: Correspondence, reason: str, work: UnitOfWork) -> Settled:
    found.message.suppressed(reason, at=work.now)
    return Settled(OutboxStatus.SUPPRESSED, reason)
