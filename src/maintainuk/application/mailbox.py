"""Looking into the embedded mailbox, which holds the e-mails of every organisation of the demo."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from maintainuk.domain.mailbox import MailboxMessage
from maintainuk.domain.ports import FileStore
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.mailbox import Mailbox
from maintainuk.infrastructure.repositories.organisations import Organisations


class DemoMailbox:
    """Demo mode only: it shows everybody's post. Each organisation is read through its own wall, one after another."""

    def __init__(self, database: Database, files: FileStore) -> None:
        self._database = database
        self._files = files

    async def newest(
        self, limit: int, *, before: tuple[datetime, UUID] | None = None, words: str = ""
    ) -> Sequence[MailboxMessage]:
        """Return the envelopes of the newest e-mails of all organisations, newest first."""
        async with self._database.installation() as session:
            organisations = await Organisations(session).ids()
        found: list[MailboxMessage] = []
        for org_id in organisations:
            async with self._database.session(org_id) as session:
                found += await Mailbox(session).newest(limit, before=before, words=words)
        return sorted(found, key=lambda message: (message.received_at, message.id), reverse=True)[:limit]

    async def read(self, org_id: UUID, message_id: UUID) -> MailboxMessage:
        """Return one e-mail. Raises `NotFound`."""
        async with self._database.session(org_id) as session:
            return await Mailbox(session).get(message_id)

    async def raw(self, org_id: UUID, message_id: UUID) -> bytes:
        """Return one e-mail as it would have travelled. Raises `NotFound` or `FileNotFoundError`."""
        return await self._files.get((await self.read(org_id, message_id)).raw_path)
