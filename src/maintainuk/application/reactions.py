"""When this happens, that follows: the whole of the product's cause and effect, on one page.

A reaction returns rows to write or jobs to promise; they commit together with the change that caused them.
Each event is also written to the audit log (`unit_of_work.py`), so no reaction does that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from maintainuk.application.jobs import (
    AskAdvisor,
    DiscardDocument,
    DiscardOriginal,
    DrawDocument,
    ImportPortfolio,
    ImportTickets,
    Job,
    PackExport,
    ProcessPhoto,
    SendEmail,
)
from maintainuk.domain.ai import AdviceAsked, AdviceDecided, AdviceFailed, AdviceGiven
from maintainuk.domain.base import Entity, Event
from maintainuk.domain.documents import DocumentAdvanced, DocumentReady, DocumentReceived, DocumentRefused
from maintainuk.domain.exports import ExportAsked, ExportCancelled, ExportFailed, ExportMade
from maintainuk.domain.imports import (
    ImportAdvanced,
    ImportCancelled,
    ImportCheckAsked,
    ImportEnded,
    ImportKind,
    ImportStarted,
    ImportUndoAsked,
)
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
from maintainuk.domain.photos import PhotoReady, PhotoReceived, PhotoRefused
from maintainuk.domain.taxonomy import Channel
from maintainuk.domain.ticket_events import (
    AlarmRepeated,
    ContactLeft,
    DangerAcknowledged,
    DangerReleased,
    DangerReported,
    HazardLowered,
    HazardRaised,
    HomeFound,
    InfoReceived,
    NextStepPlanned,
    ReporterFound,
    ReviewAsked,
    TenantAsked,
    TenantWrote,
    TicketApproved,
    TicketCancelled,
    TicketClassified,
    TicketCommented,
    TicketImported,
    TicketNews,
    TicketOwnerChanged,
    TicketPriorityChanged,
    TicketRejected,
    TicketReported,
    TicketTriageBegun,
)
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility


@dataclass(frozen=True, slots=True)
class Moment:
    """Who caused an event, and when."""

    actor_id: UUID | None
    now: datetime


Reaction = Callable[[Any, Moment], Iterable[Entity | Job]]


def write_to_reporter(template: MessageTemplate) -> Reaction:
    """Return a reaction that promises an e-mail to whoever reported the repair, if anybody is known."""

    def write(happened: TicketNews, moment: Moment) -> Iterable[Entity | Job]:
        """Promise whoever reported it an e-mail."""
        if happened.reporter_id is not None:
            yield from _letter(happened, moment, template, happened.reporter_id)

    return write


def raise_the_alarm(happened: DangerReported | AlarmRepeated, moment: Moment) -> Iterable[Entity | Job]:
    """Promise the organisation's emergency contact an e-mail, before all other post."""
    yield from _letter(happened, moment, MessageTemplate.DANGER_ALERT, None)


def _letter(
    happened: TicketNews | DangerReported | AlarmRepeated,
    moment: Moment,
    template: MessageTemplate,
    recipient_id: UUID | None,
) -> Iterable[Entity | Job]:
    message = Message(
        org_id=happened.org_id,
        ticket_id=happened.ticket_id,
        recipient_id=recipient_id,
        channel=MessageChannel.EMAIL,
        template=template,
        created_at=moment.now,
    )
    message.promised()
    yield message
    yield SendEmail(message_id=message.id, is_alarm=template is MessageTemplate.DANGER_ALERT)


def redraw(happened: PhotoReceived, _: Moment) -> Iterable[Entity | Job]:
    """Promise that the photo can soon be seen."""
    yield ProcessPhoto(photo_id=happened.photo_id)


def discard_original(happened: PhotoReady | PhotoRefused, _: Moment) -> Iterable[Entity | Job]:
    """Promise that what was sent is gone: it says where it was taken, and nobody has looked through it."""
    yield DiscardOriginal(photo_id=happened.photo_id)


def draw_pages(happened: DocumentReceived | DocumentAdvanced, _: Moment) -> Iterable[Entity | Job]:
    """Promise that the next pages can soon be seen."""
    yield DrawDocument(document_id=happened.document_id)


def discard_document(happened: DocumentReady | DocumentRefused, _: Moment) -> Iterable[Entity | Job]:
    """Promise that what was sent is gone, unless it waits in quarantine for somebody who can look through it."""
    if happened.file_id and not (isinstance(happened, DocumentReady) and happened.is_kept):
        yield DiscardDocument(file_id=happened.file_id)


def ask_advisor(happened: AdviceAsked, _: Moment) -> Iterable[Entity | Job]:
    """Promise to put the ticket to the advisor."""
    yield AskAdvisor(ai_job_id=happened.ai_job_id)


def bring_in(happened: ImportStarted, _: Moment) -> Iterable[Entity | Job]:
    """Promise to bring the first portion of a file in; each portion promises the next."""
    if happened.kind is ImportKind.TICKETS:
        yield ImportTickets(import_id=happened.import_id)
    else:
        yield ImportPortfolio(import_id=happened.import_id)


def go_through_portfolio(happened: ImportCheckAsked | ImportUndoAsked, _: Moment) -> Iterable[Entity | Job]:
    """Go through a file, or through what it made, portion by portion."""
    yield ImportPortfolio(import_id=happened.import_id)


def pack(happened: ExportAsked, _: Moment) -> Iterable[Entity | Job]:
    """Promise to write everything into one file."""
    yield PackExport(export_id=happened.export_id)


def tell_of_import(happened: TicketImported, moment: Moment) -> Iterable[Entity | Job]:
    """Begin the ticket's story quietly: nobody is written to, and open screens are told once for many tickets."""
    yield TimelineEvent(
        org_id=happened.org_id,
        ticket_id=happened.ticket_id,
        kind=TimelineKind.REPORTED,
        actor_id=moment.actor_id,
        data={"channel": Channel.IMPORT},
        visibility=Visibility.TENANT,
        occurred_at=moment.now,
    )


def look_again(happened: ImportAdvanced, moment: Moment) -> Iterable[Entity | Job]:
    """Tell open lists that there is something new."""
    yield LiveEvent(
        org_id=happened.org_id,
        ticket_id=happened.ticket_id,
        kind=TimelineKind.REPORTED,
        actor_id=moment.actor_id,
        at=moment.now,
    )


def on_the_timeline(
    kind: TimelineKind,
    tell: Callable[[Any], dict[str, Any]] = lambda _: {},
    *,
    words: Callable[[Any], str | None] = lambda _: None,
    private: Callable[[Any], str | None] = lambda _: None,
    visibility: Visibility = Visibility.INTERNAL,
) -> Reaction:
    """Return a reaction that adds a line to the ticket's story, and tells open screens that it is there."""

    def write(happened: Any, moment: Moment) -> Iterable[Entity | Job]:  # noqa: ANN401  (each kind has its own event)
        """Add a line to the timeline and tell open screens."""
        if happened.ticket_id is None:
            return
        yield TimelineEvent(
            org_id=happened.org_id,
            ticket_id=happened.ticket_id,
            kind=kind,
            actor_id=moment.actor_id,
            body=words(happened),
            private=private(happened),
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


def _change(happened: TicketPriorityChanged | TicketOwnerChanged | HazardRaised | HazardLowered) -> dict[str, Any]:
    return {
        "from": None if happened.before is None else str(happened.before),
        "to": None if happened.after is None else str(happened.after),
    }


def _hazard(happened: HazardRaised) -> dict[str, Any]:
    cause = {"aiJobId": str(happened.ai_job_id)} if happened.ai_job_id else {}
    return _change(happened) | cause


def _message(happened: MessagePromised | MessageSent) -> dict[str, Any]:
    return {"messageId": str(happened.message_id), "channel": happened.channel, "template": happened.template}


def _failed_message(happened: MessageFailed | MessageUnknown) -> dict[str, Any]:
    return {
        "messageId": str(happened.message_id),
        "channel": happened.channel,
        "template": happened.template,
        "reason": happened.reason,
    }


def _classification(happened: TicketClassified) -> dict[str, Any]:
    return {
        "category": happened.category,
        "trade": happened.trade,
        "priority": happened.priority,
        "hazardClass": happened.hazard_class,
        "responsibility": happened.responsibility,
    }


def _photo(happened: PhotoReceived | PhotoReady | PhotoRefused) -> dict[str, Any]:
    reason = {"reason": happened.reason} if isinstance(happened, PhotoRefused) else {}
    return {"photoId": str(happened.photo_id), **reason}


def _advice(happened: AdviceAsked | AdviceGiven | AdviceFailed | AdviceDecided) -> dict[str, Any]:
    told: dict[str, Any] = {"aiJobId": str(happened.ai_job_id)}
    if isinstance(happened, AdviceFailed):
        told["reason"] = happened.reason
    if isinstance(happened, AdviceDecided):
        told["decision"] = happened.decision
    return told


def _words(happened: Any) -> str:  # noqa: ANN401  (every event that carries words)
    return str(happened.body)


TENANT = Visibility.TENANT

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    TicketReported: [
        on_the_timeline(TimelineKind.REPORTED, visibility=TENANT),
        write_to_reporter(MessageTemplate.TICKET_ACKNOWLEDGEMENT),
    ],
    TicketImported: [tell_of_import],
    ImportStarted: [bring_in],
    ImportAdvanced: [look_again],
    ImportEnded: [],
    ImportCheckAsked: [go_through_portfolio],
    ImportUndoAsked: [go_through_portfolio],
    ImportCancelled: [],
    ExportAsked: [pack],
    ExportMade: [],
    ExportFailed: [],
    ExportCancelled: [],
    DangerReported: [
        on_the_timeline(TimelineKind.DANGER_REPORTED, lambda happened: {"danger": happened.danger}, visibility=TENANT),
        raise_the_alarm,
    ],
    AlarmRepeated: [raise_the_alarm],
    DangerAcknowledged: [on_the_timeline(TimelineKind.DANGER_ACKNOWLEDGED, visibility=TENANT)],
    DangerReleased: [on_the_timeline(TimelineKind.DANGER_RELEASED, visibility=TENANT)],
    TicketTriageBegun: [on_the_timeline(TimelineKind.TRIAGE_BEGUN)],
    TicketClassified: [on_the_timeline(TimelineKind.CLASSIFIED, _classification)],
    HazardRaised: [on_the_timeline(TimelineKind.HAZARD_RAISED, _hazard)],
    HazardLowered: [on_the_timeline(TimelineKind.HAZARD_LOWERED, _change, words=_words)],
    TenantAsked: [
        on_the_timeline(TimelineKind.TENANT_ASKED, words=_words, visibility=TENANT),
        write_to_reporter(MessageTemplate.TICKET_QUESTION),
    ],
    TenantWrote: [on_the_timeline(TimelineKind.TENANT_WROTE, words=_words, visibility=TENANT)],
    ReviewAsked: [on_the_timeline(TimelineKind.REVIEW_ASKED, visibility=TENANT)],
    ContactLeft: [
        on_the_timeline(TimelineKind.CONTACT_LEFT, private=lambda happened: happened.body, visibility=TENANT)
    ],
    ReporterFound: [write_to_reporter(MessageTemplate.TICKET_ACKNOWLEDGEMENT)],
    InfoReceived: [on_the_timeline(TimelineKind.INFO_RECEIVED)],
    TicketApproved: [
        on_the_timeline(TimelineKind.APPROVED, visibility=TENANT),
        write_to_reporter(MessageTemplate.TICKET_APPROVED),
    ],
    TicketRejected: [
        on_the_timeline(
            TimelineKind.REJECTED, lambda happened: {"reason": happened.reason}, words=_words, visibility=TENANT
        ),
        write_to_reporter(MessageTemplate.TICKET_REJECTED),
    ],
    TicketCancelled: [
        on_the_timeline(
            TimelineKind.CANCELLED, lambda happened: {"byTenant": happened.by_tenant}, words=_words, visibility=TENANT
        ),
        write_to_reporter(MessageTemplate.TICKET_CANCELLED),
    ],
    NextStepPlanned: [
        on_the_timeline(
            TimelineKind.NEXT_STEP_PLANNED, lambda happened: {"dueAt": happened.due_at.isoformat()}, words=_words
        )
    ],
    HomeFound: [on_the_timeline(TimelineKind.HOME_FOUND)],
    TicketPriorityChanged: [on_the_timeline(TimelineKind.PRIORITY_CHANGED, _change)],
    TicketOwnerChanged: [on_the_timeline(TimelineKind.OWNER_CHANGED, _change)],
    TicketCommented: [on_the_timeline(TimelineKind.COMMENTED, words=_words)],
    PhotoReceived: [on_the_timeline(TimelineKind.PHOTO_RECEIVED, _photo, visibility=TENANT), redraw],
    PhotoReady: [on_the_timeline(TimelineKind.PHOTO_READY, _photo, visibility=TENANT), discard_original],
    PhotoRefused: [on_the_timeline(TimelineKind.PHOTO_REFUSED, _photo, visibility=TENANT), discard_original],
    DocumentReceived: [draw_pages],
    DocumentAdvanced: [draw_pages],
    DocumentReady: [discard_document],
    DocumentRefused: [discard_document],
    AdviceAsked: [on_the_timeline(TimelineKind.ADVICE_ASKED, _advice), ask_advisor],
    AdviceGiven: [on_the_timeline(TimelineKind.ADVICE_GIVEN, _advice)],
    AdviceFailed: [on_the_timeline(TimelineKind.ADVICE_FAILED, _advice)],
    AdviceDecided: [on_the_timeline(TimelineKind.ADVICE_DECIDED, _advice)],
    MessagePromised: [on_the_timeline(TimelineKind.MESSAGE_PROMISED, _message, visibility=TENANT)],
    MessageSent: [on_the_timeline(TimelineKind.MESSAGE_SENT, _message, visibility=TENANT)],
    MessageFailed: [on_the_timeline(TimelineKind.MESSAGE_FAILED, _failed_message)],
    MessageUnknown: [on_the_timeline(TimelineKind.MESSAGE_UNKNOWN, _failed_message)],
}
