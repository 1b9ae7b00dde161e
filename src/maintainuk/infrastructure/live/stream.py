"""One open screen's stream of server-sent events (the HTML standard's text/event-stream)."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from maintainuk.domain.live import Change

BEAT = 15.0
"""Seconds of silence after which a comment says that the stream still lives."""

MOST_WAITING = 256
"""Events a slow screen may leave unread before it is told to read everything again instead."""


class LiveStream:
    """What one screen is told. Filled by the hub, emptied by whoever iterates; it never grows beyond `MOST_WAITING`."""

    def __init__(self, *, session_id: UUID | None, user_id: UUID | None) -> None:
        self.session_id = session_id
        self.user_id = user_id
        self._waiting: deque[bytes] = deque()
        self._told: set[int] = set()
        self._newest = 0
        self._stirred = asyncio.Event()
        self._has_ended = False

    def start(self, newest: int) -> None:
        """Tell the screen where it stands, so that it can resume from here before anything has happened."""
        self._newest = newest
        self._push(f": connected\nid: {newest}\n\n".encode())

    def catch_up(self, newest: int, missed: list[Change]) -> None:
        """Tell what happened while the screen was away, before all else; what the hub brings of it later is dropped.

        No place is told before the missed changes are: a line that broke in between would resume behind them.
        """
        self._newest = newest
        self._told = {change.seq for change in missed}
        self._waiting.extendleft(reversed([b": connected\n\n", *map(frame_of, missed)]))
        self._stirred.set()

    def resync(self) -> None:
        """Tell the screen to read everything again, because what it missed is not known."""
        self._waiting.clear()
        self._push(_frame("resync", {}, seq=self._newest))

    def tell(self, change: Change, frame: bytes) -> None:
        """Pass on a change; a screen that reads too slowly gets one `resync` for all it left unread."""
        self._newest = max(self._newest, change.seq)
        if change.seq in self._told:
            return
        if len(self._waiting) >= MOST_WAITING:
            self.resync()
        else:
            self._push(frame)

    def sign_out(self) -> None:
        """End the stream because its reader may no longer look."""
        self._waiting.clear()
        self._push(_frame("signed-out", {}))
        self.end()

    def end(self) -> None:
        """End the stream once everything in it has been read."""
        self._has_ended = True
        self._stirred.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if self._has_ended:
                return
            self._stirred.clear()
            try:
                async with asyncio.timeout(BEAT):
                    await self._stirred.wait()
            except TimeoutError:
                yield b": beat\n\n"

    def _push(self, frame: bytes) -> None:
        self._waiting.append(frame)
        self._stirred.set()


def frame_of(change: Change) -> bytes:
    """Return a change as it goes over the wire."""
    if change.ticket_id is None:
        return _frame("organisation-changed", {"kind": change.kind}, seq=change.seq)
    return _frame(
        "ticket-changed",
        {
            "ticketId": str(change.ticket_id),
            "version": change.version,
            "kind": change.kind,
            "actorId": str(change.actor_id) if change.actor_id else None,
        },
        seq=change.seq,
    )


def _frame(event: str, data: dict[str, Any], *, seq: int | None = None) -> bytes:
    # A reader dispatches an event only when it has data, so even `resync` carries an empty object.
    place = "" if seq is None else f"id: {seq}\n"
    return f"{place}event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
