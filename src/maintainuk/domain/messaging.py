"""What is said to people outside the organisation, and whether it reached them (product specification §6.9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from maintainuk.domain.base import Entity, Event, OwnedByOrganisation, belongs_to, one_of


class MessageChannel(StrEnum):
    """The way a message travels."""

    EMAIL = "email"


class MessageStatus(StrEnum):
    """How far an outgoing message has come."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


class MessageTemplate(StrEnum):
    """The fixed texts the product writes; each is a pair of HTML and plain text in the catalogue."""

    TICKET_ACKNOWLEDGEMENT = "ticket-acknowledgement"
    TICKET_QUESTION = "ticket-question"
    TICKET_APPROVED = "ticket-approved"
    TICKET_REJECTED = "ticket-rejected"
    TICKET_CANCELLED = "ticket-cancelled"
    DANGER_ALERT = "danger-alert"
    """To the organisation's emergency contact, who is no person of its files: such a message has no recipient."""
    ENTRY_LINK = "entry-link"
    """A way into the portal; about no ticket."""
    PASSWORD_RESET = "password-reset"  # noqa: S105  (no password)
    """A way for staff to choose a new password."""
    SECURITY_CHANGED = "security-changed"
    """Tells staff that their password or second factor was changed: by them, or by somebody else."""
    INVITATION = "invitation"
    """A place in the organisation, for the address that the invitation names; such a message has no recipient."""
    ADMINISTRATION_CHANGED = "administration-changed"
    """Tells an administrator that another changed how people sign in, or made a role that may do more than theirs."""
    SUPPORT_BEGAN = "support-began"
    """Tells an administrator that somebody of the platform looks at the organisation's tickets, and for how long."""
    EXPORT_ASKED = "export-asked"
    """Tells an administrator that somebody is taking along everything the organisation has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent(Event):
    """Something that happened to a message, mostly about a ticket."""

    ticket_id: UUID | None
    message_id: UUID
    channel: MessageChannel
    template: MessageTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePromised(MessageEvent):
    """The product will write to somebody, as soon as this commits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(MessageEvent):
    """A provider has taken the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(MessageEvent):
    """The message will not arrive; `reason` is a code, never an address."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnknown(MessageEvent):
    """Nobody can tell whether the message arrived; `reason` is a code, never an address."""

    reason: str


class Message(OwnedByOrganisation, Entity, kw_only=True):
    """One message: to one person or to the emergency contact, mostly about one ticket."""

    __tablename__ = "messages"
    __table_args__ = (
        belongs_to("maintenance_tickets", "ticket_id"),
        belongs_to("people", "recipient_id"),
        belongs_to("users", "user_id"),
        belongs_to("invitations", "invitation_id"),
        Index(None, "org_id", "ticket_id"),
    )

    ticket_id: Mapped[UUID | None] = mapped_column(default=None)
    recipient_id: Mapped[UUID | None] = mapped_column(default=None)
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    """Whom it is for when that is a member of staff, who is no person of the files."""
    invitation_id: Mapped[UUID | None] = mapped_column(default=None)
    channel: Mapped[MessageChannel] = mapped_column(one_of(MessageChannel, "channel"))
    template: Mapped[MessageTemplate] = mapped_column(one_of(MessageTemplate, "template"))
    status: Mapped[MessageStatus] = mapped_column(one_of(MessageStatus, "status"), default=MessageStatus.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(default=None)
    provider: Mapped[str | None] = mapped_column(default=None)
    provider_reference: Mapped[str | None] = mapped_column(default=None)

    def promised(self) -> None:
        """Say that the message is to be sent; called once, by whoever makes it."""
        self.happened.append(MessagePromised(**self._told()))

    def sent(self, *, provider: str, reference: str, at: datetime) -> None:
        """Record that a provider took the message; a second time changes nothing."""
        if self.status is MessageStatus.SENT:
            return
        self.status, self.sent_at = MessageStatus.SENT, at
        self.provider, self.provider_reference = provider, reference
        self.happened.append(MessageSent(**self._told()))

    def failed(self, reason: str, *, at: datetime) -> None:
        """Record that the message will not arrive, and why (a code)."""
        self.status, self.failed_at, self.failure = MessageStatus.FAILED, at, reason
        self.happened.append(MessageFailed(reason=reason, **self._told()))

    def lost_sight_of(self, reason: str, *, at: datetime) -> None:
        """Record that it may have been sent and may not, and why nobody can tell (a code)."""
        self.status, self.failed_at, self.failure = MessageStatus.UNKNOWN, at, reason
        self.happened.append(MessageUnknown(reason=reason, **self._told()))

    def suppressed(self, reason: str, *, at: datetime) -> None:
        """Record that the message must not or cannot be sent to this person, and why (a code)."""
        self.status, self.failed_at, self.failure = MessageStatus.SUPPRESSED, at, reason
        self.happened.append(MessageFailed(reason=reason, **self._told()))

    def _told(self) -> dict[str, Any]:
        return {
            "org_id": self.org_id,
            "ticket_id": self.ticket_id,
            "message_id": self.id,
            "channel": self.channel,
            "template": self.template,
        }
