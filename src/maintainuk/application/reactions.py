"""When this happens, that follows: the whole of the product's cause and effect, on one page.

A reaction returns rows to write or jobs to promise; they commit together with the change that caused them.
Each event is also written to the audit log (`unit_of_work.py`), so no reaction does that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from maintainuk.application.jobs import Job, SendEmail
from maintainuk.domain.base import Entity, Event
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.messaging import (
    Message,
    MessageChannel,
    MessageFailed,
    MessagePromised,
    MessageSent,
    MessageTemplate,
    MessageUnknown,
)
from maintainuk.domain.tickets import TicketCommented, TicketOwnerChanged, TicketPriorityChanged, TicketReported
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility


@dataclass(frozen=True, slots=True)
class Moment:
    """Who caused an event, and when."""

    actor_id: UUID | None
    now: datetime


Reaction = Callable[[Any, Moment], Iterable[Entity | Job]]


def acknowledge(happened: TicketReported, moment: Moment) -> Iterable[Entity | Job]:
    """Promise the tenant who reported a repair that it has arrived."""
    if happened.reporter_id is None:
        return
    message = Message(
        org_id=happened.org_id,
        ticket_id=happened.ticket_id,
        recipient_id=happened.reporter_id,
        channel=MessageChannel.EMAIL,
        template=MessageTemplate.TICKET_ACKNOWLEDGEMENT,
        created_at=moment.now,
    )
    message.promised()
    yield message
    yield SendEmail(message_id=message.id)


def on_the_timeline(
    kind: TimelineKind,
    tell: Callable[[Any], dict[str, Any]] = lambda _: {},
    *,
    words: Callable[[Any], str | None] = lambda _: None,
    visibility: Visibility = Visibility.INTERNAL,
) -> Reaction:
    """Return a reaction that adds a line to the ticket's story, and tells open screens that it is there."""

    def write(happened: Any, moment: Moment) -> Iterable[Entity | Job]:  # noqa: ANN401  (each kind has its own event)
        """Add a line to the timeline and tell open screens."""
        yield TimelineEvent(
            org_id=happened.org_id,
            ticket_id=happened.ticket_id,
            kind=kind,
            actor_id=moment.actor_id,
            body=words(happened),
            data=tell(happened),
            visibility=visibility,
            occurred_at=moment.now,
        )
        yield LiveEvent(
            org_id=happened.org_id,
            ticket_id=happened.ticket_id,
            kind=kind,
            actor_id=moment.actor_id,
            at=moment.now,
        )

    return write


def _change(happened: TicketPriorityChanged | TicketOwnerChanged) -> dict[str, Any]:
    return {
        "from": None if happened.before is None else str(happened.before),
        "to": None if happened.after is None else str(happened.after),
    }


def _message(happened: MessagePromised | MessageSent) -> dict[str, Any]:
    return {"messageId": str(happened.message_id), "channel": happened.channel, "template": happened.template}


def _failed_message(happened: MessageFailed | MessageUnknown) -> dict[str, Any]:
    return {
        "messageId": str(happened.message_id),
        "channel": happened.channel,
        "template": happened.template,
        "reason": happened.reason,
    }


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    TicketReported: [on_the_timeline(TimelineKind.REPORTED, visibility=Visibility.TENANT), acknowledge],
    TicketPriorityChanged: [on_the_timeline(TimelineKind.PRIORITY_CHANGED, _change)],
    TicketOwnerChanged: [on_the_timeline(TimelineKind.OWNER_CHANGED, _change)],
    TicketCommented: [on_the_timeline(TimelineKind.COMMENTED, words=lambda happened: happened.body)],
    MessagePromised: [on_the_timeline(TimelineKind.MESSAGE_PROMISED, _message, visibility=Visibility.TENANT)],
    MessageSent: [on_the_timeline(TimelineKind.MESSAGE_SENT, _message, visibility=Visibility.TENANT)],
    MessageFailed: [on_the_timeline(TimelineKind.MESSAGE_FAILED, _failed_message)],
    MessageUnknown: [on_the_timeline(TimelineKind.MESSAGE_UNKNOWN, _failed_message)],
}
