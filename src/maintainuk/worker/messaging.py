"""Delivering what is said to people."""

from email.utils import formataddr

from maintainuk.application.jobs import SendEmail
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.messaging import MessageStatus
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Email, Receipt
from maintainuk.infrastructure.repositories.messaging import Messages
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.letters import acknowledgement, one_line
from maintainuk.worker.retries import EIGHT_OVER_A_DAY


@handles(SendEmail, retries=EIGHT_OVER_A_DAY)
class SendEmailHandler:
    """Deliver one e-mail. Safe to run twice: the provider sees the same key each time."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.mailer
        self._from = providers.mail_sender

    async def prepare(self, job: SendEmail, work: UnitOfWork) -> Email | Settled:
        """Write the letter, unless it was sent, its ticket is gone, or nobody could deliver or receive it."""
        try:
            report = await Messages(work.session).report(job.message_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "message-gone")
        if report.message.status is not MessageStatus.QUEUED:
            return Settled(OutboxStatus.CANCELLED, f"already-{report.message.status}")
        if not self.provider.is_there:
            report.message.suppressed("no-mailer", at=work.now)
            return Settled(OutboxStatus.SUPPRESSED, "no-mailer")
        if not report.recipient.email:
            report.message.suppressed("no-address", at=work.now)
            return Settled(OutboxStatus.SUPPRESSED, "no-address")
        letter = acknowledgement(report.ticket, report.recipient, report.home, report.unit, report.organisation)
        return Email(
            org_id=report.message.org_id,
            sender=formataddr((one_line(report.organisation.name), self._from)),
            to=report.recipient.email,
            subject=letter.subject,
            html=letter.html,
            text=letter.text,
        )

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
