"""The embedded mailbox: what stands in for an e-mail provider in demo mode."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, OwnedByOrganisation
from maintainuk.domain.sealing import Sealed


class MailboxMessage(OwnedByOrganisation, Entity, kw_only=True):
    """A delivered e-mail; its key is what the sender calls it, and arrives once."""

    __tablename__ = "mailbox_messages"
    __table_args__ = (
        Index("uq_mailbox_messages_key", "org_id", "key", unique=True),
        Index("ix_mailbox_messages_newest", "org_id", "received_at", "id"),
    )

    key: Mapped[str]
    recipient: Mapped[str] = mapped_column(Sealed("mailbox_messages.recipient"))
    sender: Mapped[str]
    subject: Mapped[str] = mapped_column(Sealed("mailbox_messages.subject"))
    html: Mapped[str] = mapped_column(Sealed("mailbox_messages.html"))
    text: Mapped[str] = mapped_column(Sealed("mailbox_messages.text"))
    received_at: Mapped[datetime]
    raw_path: Mapped[str]


def letters_of(org_id: UUID) -> str:
    """Return the folder of an organisation's e-mails as they would have travelled."""
    return f"mailbox/{org_id}"
