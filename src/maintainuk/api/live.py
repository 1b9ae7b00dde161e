"""Live updates over HTTP."""

import re
from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import StreamingResponse

from maintainuk.api.routing import Router
from maintainuk.api.security import allowed
from maintainuk.application.live import LiveService
from maintainuk.domain.permissions import Actor, Permission

router = Router(prefix="/api/v1/live", tags=["live"])

PLACE = re.compile("[0-9]{1,18}")
UNKNOWN_PLACE = -1
"""Stands for a Last-Event-ID that is no number: nothing is known of what that screen has read."""


class EventStream(StreamingResponse):
    """Server-sent events, which no cache may keep and no proxy may hold back."""

    media_type = "text/event-stream"


@router.get(
    "",
    response_class=EventStream,
    responses={
        200: {
            "description": "`ticket-changed` {ticketId, version, kind, actorId} · `organisation-changed` {kind} ·"
            " `resync`: read everything again ·"
            " `signed-out`: the session has ended · a comment every 15 seconds.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def follow_changes(
    request: Request,
    actor: Annotated[Actor, allowed(Permission.TICKETS_READ)],
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", description="The id of the last event that was read, to resume.")
    ] = None,
) -> EventStream:
    """Follow what happens to the organisation's tickets."""
    service = LiveService(request.app.state.services.live, actor)
    stream = await service.follow(_place(last_event_id))
    return EventStream(service.events(stream), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _place(last_event_id: str | None) -> int | None:
    if not last_event_id:
        return None
    return int(last_event_id) if PLACE.fullmatch(last_event_id) else UNKNOWN_PLACE
