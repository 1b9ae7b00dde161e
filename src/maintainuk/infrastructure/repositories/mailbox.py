"""Reading the embedded mailbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from maintainuk.domain.errors import NotFound
from maintainuk.domain.mailbox import MailboxMessage

ENVELOPE = (
    MailboxMessage.org_id,
    MailboxMessage.id,
    MailboxMessage.recipient,
    MailboxMessage.sender,
    MailboxMessage.subject,
    MailboxMessage.received_at,
)


class Mailbox:
    """The delivered e-mails of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def newest(
        self, limit: int, *, before: tuple[datetime, UUID] | None = None, words: str = ""
    ) -> Sequence[MailboxMessage]:
        """Return the envelopes of the newest e-mails, those older than `before`, with these words in them."""
        place = (MailboxMessage.received_at, MailboxMessage.id)
        query = (
            select(MailboxMessage)
            .options(load_only(*ENVELOPE, raiseload=True))
            .order_by(*(column.desc() for column in place))
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(*place) < before)
        if words:
            fields = (MailboxMessage.recipient, MailboxMessage.subject)
            query = query.where(or_(*(func.strpos(func.lower(field), words.lower()) > 0 for field in fields)))
        return (await self.session.scalars(query)).all()

    async def get(self, message_id: UUID) -> MailboxMessage:
        """Return one e-mail, whole. Raises `NotFound`."""
        query = select(MailboxMessage).where(MailboxMessage.id == message_id)
        if (message := await self.session.scalar(query)) is None:
            raise NotFound("no-such-e-mail")
        return message
