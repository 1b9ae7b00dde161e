"""The embedded mailbox: delivers every e-mail to a page of the product, and to nobody else."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import new_id
from maintainuk.domain.mailbox import MailboxMessage, letters_of
from maintainuk.domain.ports import Email, FileStore, Receipt, Undeliverable

DOMAIN = "mailbox.maintainuk.example.com"


class EmbeddedMailbox:
    """A `Mailer` that needs no account. Like the good providers it drops a second call with the same key."""

    name = "embedded"
    is_there = True
    is_idempotent = True

    def __init__(
        self, session_of: Callable[[UUID], AsyncSession], files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        self._session_of = session_of
        self._files = files
        self._clock = clock

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        """Keep the e-mail as a row and as the raw message."""
        receipt = _receipt(idempotency_key)
        at = self._clock()
        path = f"{letters_of(email.org_id)}/{idempotency_key}.eml"
        # The file comes first: a row that people can open must have its raw copy.
        await self._files.put(path, mime(email, message_id=receipt.reference, at=at))
        row = {
            "org_id": email.org_id,
            "id": new_id(),
            "key": idempotency_key,
            "recipient": email.to,
            "sender": email.sender,
            "subject": email.subject,
            "html": email.html,
            "text": email.text,
            "received_at": at,
            "raw_path": path,
        }
        async with self._session_of(email.org_id) as session:
            await session.execute(insert(MailboxMessage).on_conflict_do_nothing(), [row])
            await session.commit()
        return receipt

    async def look_up(self, org_id: UUID, key: str) -> Receipt | None:
        """Find an e-mail that arrived under the key."""
        async with self._session_of(org_id) as session:
            arrived = await session.scalar(select(MailboxMessage.id).where(MailboxMessage.key == key))
        return _receipt(key) if arrived else None


def mime(email: Email, *, message_id: str, at: datetime) -> bytes:
    """Return the e-mail as it travels. Raises `Undeliverable` when a header would break out of its line."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = email.sender
        message["To"] = email.to
        message["Subject"] = email.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
    except ValueError:
        raise Undeliverable("bad-header") from None
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message.as_bytes()


def _receipt(key: str) -> Receipt:
    return Receipt(EmbeddedMailbox.name, f"<{key}@{DOMAIN}>")
