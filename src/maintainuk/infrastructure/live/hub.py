"""Telling open screens what has changed, across all API processes.

Each process reads new rows of `live_events` once for each organisation that has a screen open here, and hands them to
its screens. A hint over Redis says when to read; without Redis, and while it is gone, the hub looks once a second.
Rows are the truth: a lost hint makes news late, at most by a beat, and never loses any.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from maintainuk.domain.errors import TooManyScreens
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.background import end
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.hints import CHANGES
from maintainuk.infrastructure.live.stream import BEAT, LiveStream, frame_of
from maintainuk.infrastructure.repositories.live import LiveEvents

log = structlog.get_logger("maintainuk.live")

LOOK = 1.0
"""Seconds between two looks while no hints arrive."""

GATHER = 0.05
"""Seconds to wait after a hint: what happens in one moment is read at once."""

MARGIN = 1.5
"""By how much longer than any transaction a change with a smaller number is waited for: clocks differ a little."""

LISTEN = 2.0
"""Seconds of silence after which Redis is asked whether it is still there."""

MOST_MISSED = 500
"""More than this, and reading everything again is cheaper."""

MOST_SCREENS = 12
"""Live screens one person may keep open in one process."""


class _Watch:
    """One organisation's open screens, and which of its changes have been read."""

    def __init__(self, org_id: UUID) -> None:
        self.org_id = org_id
        self.streams: set[LiveStream] = set()
        self.stirred = asyncio.Event()
        self.horizon = 0
        self.known: dict[int, float] = {}
        self.tending: asyncio.Task[None] | None = None
        self.is_placed = asyncio.Lock()

    @property
    def newest(self) -> int:
        return max(self.known, default=self.horizon)

    def settle(self, overlap: timedelta) -> None:
        """Move the horizon up to what was read long enough ago that nothing before it can still commit."""
        old = time.monotonic() - overlap.total_seconds()
        settled = [seq for seq, read_at in self.known.items() if read_at < old]
        self.horizon = max(settled, default=self.horizon)
        for seq in [seq for seq in self.known if seq <= self.horizon]:
            del self.known[seq]


class LiveHub:
    """All live screens of this process."""

    def __init__(self, database: Database, redis: "Redis | None", *, longest_transaction: float) -> None:
        """Look at the rows of `database`; a change may become visible up to `longest_transaction` seconds late."""
        self._overlap = timedelta(seconds=MARGIN * longest_transaction)
        self._database = database
        self._redis = redis
        self._watches: dict[UUID, _Watch] = {}
        self._is_hinted = False
        self._is_closed = False
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen for hints."""
        if self._redis is not None:
            self._listening = asyncio.create_task(self._listen(self._redis), name="live-hints")

    async def close(self) -> None:
        """End every stream, also those opened from now on, so that nobody waits for this process."""
        self._is_closed = True
        watches = list(self._watches.values())
        for watch in watches:
            for stream in watch.streams:
                stream.end()
        await end([self._listening, *(watch.tending for watch in watches)])

    def stir(self, org_id: UUID) -> None:
        """Have a look soon, if anybody here is watching this organisation."""
        if watch := self._watches.get(org_id):
            watch.stirred.set()

    async def follow(self, actor: Actor, last_read: int | None) -> LiveStream:
        """Open a stream for a screen that has read up to `last_read`. Whoever opens it must `leave` it.

        Raises `TooManyScreens`.
        """
        watch = self._watches.setdefault(actor.org_id, _Watch(actor.org_id))
        if Counter(stream.user_id for stream in watch.streams)[actor.user_id] >= MOST_SCREENS:
            raise TooManyScreens(most=MOST_SCREENS)
        stream = LiveStream(session_id=actor.session_id, user_id=actor.user_id)
        if self._is_closed:
            stream.end()
            return stream
        watch.streams.add(stream)
        try:
            async with watch.is_placed:
                if watch.tending is None:
                    await self._place(watch)
                    watch.tending = asyncio.create_task(self._tend(watch), name=f"live-{watch.org_id}")
            if last_read is None:
                stream.start(watch.newest)
            else:
                await self._resume(watch, stream, last_read)
        except BaseException:
            self.leave(actor, stream)
            raise
        return stream

    def leave(self, actor: Actor, stream: LiveStream) -> None:
        """Close a stream that nobody reads any more."""
        if watch := self._watches.get(actor.org_id):
            watch.streams.discard(stream)
            if not watch.streams:
                del self._watches[actor.org_id]
                if watch.tending:
                    watch.tending.cancel()

    async def _place(self, watch: _Watch) -> None:
        async with self._database.session(watch.org_id) as session:
            place = await LiveEvents(session).place(self._overlap)
        watch.horizon, watch.known = place.horizon, dict.fromkeys(place.known, time.monotonic())

    async def _resume(self, watch: _Watch, stream: LiveStream, last_read: int) -> None:
        async with self._database.session(watch.org_id) as session:
            missed = await LiveEvents(session).missed(last_read, limit=MOST_MISSED, overlap=self._overlap)
        if missed is None:
            stream.start(watch.newest)
            stream.resync()
        else:
            stream.catch_up(watch.newest, missed)

    async def _tend(self, watch: _Watch) -> None:
        """Look when there is a hint, and often enough without one."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT if self._is_hinted else LOOK):
                    await watch.stirred.wait()
                await asyncio.sleep(GATHER)
            watch.stirred.clear()
            try:
                await self._look(watch)
            except Exception as error:  # noqa: BLE001  (the database may be gone; its screens stay and wait)
                log.warning("live look failed", error=type(error).__name__)
                await asyncio.sleep(LOOK)

    async def _look(self, watch: _Watch) -> None:
        """Read what is new, tell it to every screen, and end the screens of people who may no longer look."""
        watch.settle(self._overlap)
        streams = list(watch.streams)
        sessions = {stream.session_id for stream in streams if stream.session_id}
        async with self._database.session(watch.org_id) as session:
            changes = await LiveEvents(session).since(watch.horizon, watch.known)
            welcome = await LiveEvents(session).welcome(sessions)
        now = time.monotonic()
        watch.known.update((change.seq, now) for change in changes)
        frames = [(change, frame_of(change)) for change in changes]
        for stream in watch.streams:
            if stream.session_id in sessions - welcome:
                stream.sign_out()
            for change, frame in frames:
                stream.tell(change, frame)

    async def _listen(self, redis: Redis) -> None:
        """Hear hints while Redis is there, and come back to it when it is."""
        while True:
            try:
                async with redis.pubsub() as hints:
                    await hints.subscribe(CHANGES)
                    self._switch(is_hinted=True)
                    await self._hear(hints)
            except Exception as error:  # noqa: BLE001  (without hints the hub looks for itself; it must know that)
                if self._is_hinted:
                    log.warning("live hints lost", error=type(error).__name__)
            self._switch(is_hinted=False)
            await asyncio.sleep(LOOK)

    async def _hear(self, hints: "PubSub") -> None:
        is_silent = False
        while True:
            heard = await hints.get_message(timeout=LISTEN)
            if heard is None:
                if is_silent:
                    raise TimeoutError
                await hints.ping()
            elif heard["type"] == "message":
                try:
                    self.stir(UUID(heard["data"].decode()))
                except ValueError:
                    log.warning("live hint names no organisation")
            is_silent = heard is None

    def _switch(self, *, is_hinted: bool) -> None:
        """Change between listening and looking; whatever happened between the two is looked for now."""
        self._is_hinted = is_hinted
        for watch in self._watches.values():
            watch.stirred.set()
