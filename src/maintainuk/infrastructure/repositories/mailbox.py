"""Reading the embedded mailbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from maintainuk.domain.errors import NotFound
from maintainuk.domain.mailbox import MailboxMessage

PORTION = 500
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
        if words:
            return await self._found(words.lower(), limit, before)
        return await self._newest(limit, before)

    async def _found(self, words: str, limit: int, before: tuple[datetime, UUID] | None) -> list[MailboxMessage]:
        """Look into one portion after another: the words are sealed, and the demo's mailbox is small."""
        found: list[MailboxMessage] = []
        while len(found) < limit and (portion := await self._newest(PORTION, before)):
            found += [one for one in portion if words in one.recipient.lower() or words in one.subject.lower()]
            before = portion[-1].received_at, portion[-1].id
        return found[:limit]

    async def _newest(self, limit: int, before: tuple[datetime, UUID] | None) -> Sequence[MailboxMessage]:
        place = (MailboxMessage.received_at, MailboxMessage.id)
        query = (
            select(MailboxMessage)
            .options(load_only(*ENVELOPE, raiseload=True))
            .order_by(*(column.desc() for column in place))
            .limit(limit)
        )
        if before is not None:
            query = query.where(tuple_(*place) < before)
        return (await self.session.scalars(query)).all()

    async def get(self, message_id: UUID) -> MailboxMessage:
        """Return one e-mail, whole. Raises `NotFound`."""
        query = select(MailboxMessage).where(MailboxMessage.id == message_id)
        if (message := await self.session.scalar(query)) is None:
            raise NotFound("no-such-e-mail")
        return message
