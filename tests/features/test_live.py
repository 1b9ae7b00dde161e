"""What an open screen is told, across API processes, with Valkey and without."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from maintainuk.bootstrap import Services
from maintainuk.domain.errors import TooManyScreens
from maintainuk.domain.live import LiveEvent
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.hints import CHANGES
from maintainuk.infrastructure.live import stream as live_stream
from maintainuk.infrastructure.live.hub import LiveHub
from maintainuk.infrastructure.live.stream import LiveStream
from maintainuk.infrastructure.repositories.live import LiveEvents
from tests.desk import Desk
from tests.visitor import Visitor

PATIENCE = 30
WITHOUT_VALKEY = {"redis_url": None}
VALKEY_IS_GONE = {"redis_url": SecretStr("redis://127.0.0.1:1")}


class Screen:
    """Somebody's open screen: reads server-sent events as a browser would."""

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        self._frames = frames
        self.last_id: str | None = None

    async def next(self) -> tuple[str, dict]:
        """The next event that is more than a comment."""
        async with asyncio.timeout(PATIENCE):
            async for frame in self._frames:
                fields = dict(
                    line.split(": ", 1) for line in frame.decode().strip().split("\n") if not line.startswith(":")
                )
                self.last_id = fields.get("id", self.last_id)
                if "event" in fields:
                    return fields["event"], json.loads(fields["data"])
        raise EOFError

    async def frame(self) -> bytes:
        """The next piece of the stream as it travels."""
        return await anext(self._frames)

    async def until(self, kind: str) -> dict:
        """The first change of that kind."""
        while True:
            event, data = await self.next()
            if (event, data.get("kind")) == ("ticket-changed", kind):
                return data


@asynccontextmanager
async def process_of(desk: Desk, **settings: Any) -> AsyncIterator[LiveHub]:
    """Another API process' hub."""
    services = Services(desk.trial.services.settings.model_copy(update=settings))
    await services.live.open()
    yield services.live
    await services.live.close()
    await services.database.close()
    if services.circuit.redis:
        await services.circuit.redis.aclose()


async def actor_of(desk: Desk) -> Actor:
    claims = desk.world.tokens.verify(desk.headers["Authorization"].removeprefix("Bearer "))
    return Actor(
        org_id=desk.org_id,
        user_id=desk.staff.id,
        name=desk.staff.name,
        role=desk.staff.role,
        session_id=claims.session_id,
    )


@asynccontextmanager
async def screen_of(desk: Desk, hub: LiveHub, last_read: int | None = None) -> AsyncIterator[Screen]:
    actor = await actor_of(desk)
    stream = await hub.follow(actor, last_read)
    yield Screen(aiter(stream))
    hub.leave(actor, stream)


@pytest.mark.parametrize("valkey", [{}, WITHOUT_VALKEY, VALKEY_IS_GONE], ids=["hinted", "without Valkey", "gone"])
async def test_a_screen_at_another_process_hears_of_a_change(desk: Desk, valkey: dict):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk, **valkey) as hub, screen_of(desk, hub) as screen:
        await desk.prioritise(ticket_id, "P1", version=1)

        heard = await screen.until("priority_changed")

    assert heard == {
        "ticketId": str(ticket_id),
        "version": 2,
        "kind": "priority_changed",
        "actorId": str(desk.staff.id),
    }


async def test_a_screen_goes_on_hearing_when_valkey_drops_the_line(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk) as hub, screen_of(desk, hub) as screen:
        await desk.prioritise(ticket_id, "P1", version=1)
        await screen.until("priority_changed")

        await desk.trial.services.circuit.redis.client_kill_filter(_type="pubsub")
        await desk.comment(ticket_id, "Still there?")

        await screen.until("commented")


async def test_a_hint_that_names_no_organisation_costs_only_itself(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk) as hub, screen_of(desk, hub) as screen:
        await desk.prioritise(ticket_id, "P1", version=1)
        await screen.until("priority_changed")

        for nonsense in (b"no id", b"\xff"):
            await desk.trial.services.circuit.redis.publish(CHANGES, nonsense)
        await desk.comment(ticket_id, "Still there?")

        await screen.until("commented")


async def test_another_organisation_hears_nothing(desk: Desk, foreign_desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    theirs = await foreign_desk.world.ticket(foreign_desk.org_id, foreign_desk.home)
    async with process_of(desk) as hub, screen_of(foreign_desk, hub) as screen:
        await desk.prioritise(ticket_id, "P1", version=1)
        await foreign_desk.prioritise(theirs, "P2", version=1)

        assert (await screen.next())[1]["ticketId"] == str(theirs)


async def test_a_screen_that_comes_back_catches_up_on_what_it_missed(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk) as hub:
        async with screen_of(desk, hub) as screen:
            await desk.prioritise(ticket_id, "P1", version=1)
            await screen.until("priority_changed")
        await desk.comment(ticket_id, "Nobody was watching.")
        await desk.assign(ticket_id, desk.staff.id, version=3)

        async with screen_of(desk, hub, last_read=int(screen.last_id)) as back:
            assert (await back.until("commented"))["version"] == 4
            await back.until("owner_changed")


async def test_a_line_that_breaks_before_the_missed_changes_are_told_resumes_where_it_was(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk) as hub:
        async with screen_of(desk, hub) as screen:
            await desk.prioritise(ticket_id, "P1", version=1)
            await screen.until("priority_changed")
        await desk.comment(ticket_id, "Nobody was watching.")

        async with screen_of(desk, hub, last_read=int(screen.last_id)) as broken:
            assert await broken.frame() == b": connected\n\n"


async def test_what_happens_while_a_screen_catches_up_is_told_after_what_it_missed(desk: Desk):
    missed, fresh = (live_stream.Change(seq, UUID(int=seq), 1, "commented", None) for seq in (1, 2))
    stream = LiveStream(session_id=None, user_id=None)
    stream.tell(fresh, live_stream.frame_of(fresh))
    stream.catch_up(2, [missed])
    screen = Screen(aiter(stream))

    assert [(await screen.next())[1]["ticketId"] for _ in range(2)] == [str(missed.ticket_id), str(fresh.ticket_id)]


async def test_a_change_that_committed_late_is_told_though_a_later_one_was_read(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    def changed(kind: str) -> LiveEvent:
        return LiveEvent(org_id=desk.org_id, ticket_id=ticket_id, kind=kind, actor_id=None, at=datetime.now(UTC))

    async with process_of(desk, **WITHOUT_VALKEY) as hub, screen_of(desk, hub) as screen:
        async with desk.world.owner.session(desk.org_id) as slow:
            slow.add(changed("began first"))
            await slow.flush()
            await desk.world.add(desk.org_id, changed("began second"))
            await screen.until("began second")
            await slow.commit()

        await screen.until("began first")


@pytest.mark.parametrize("last_read", [0, 1, 10**15, -1])
async def test_a_screen_whose_place_is_not_known_reads_everything_again(desk: Desk, last_read: int):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with process_of(desk) as hub, screen_of(desk, hub, last_read=last_read) as screen:
        assert await screen.next() == ("resync", {})

        await desk.prioritise(ticket_id, "P1", version=1)
        await screen.until("priority_changed")


async def test_changes_older_than_a_day_are_forgotten_and_resuming_there_reads_everything_again(desk: Desk):
    now = datetime.now(UTC)
    old, young = (
        LiveEvent(
            org_id=desk.org_id, ticket_id=uuid4(), kind="commented", actor_id=None, at=now - timedelta(hours=hours)
        )
        for hours in (25, 23)
    )
    await desk.world.add(desk.org_id, old, young)

    async with desk.trial.services.database.session(desk.org_id) as session, session.begin():
        pruned = await LiveEvents(session).prune(now - timedelta(hours=24))

    assert pruned == 1
    assert await desk.world.count(desk.org_id, LiveEvent) == 1
    async with process_of(desk) as hub, screen_of(desk, hub, last_read=old.seq) as screen:
        assert (await screen.next())[0] == "resync"


async def test_signing_out_ends_the_stream_at_once(desk: Desk, visitor: Callable[..., Visitor]):
    nia = visitor()
    token = (await nia.signs_in(desk.staff)).json()["data"]["accessToken"]
    signed_in = Desk(desk.trial, desk.world, desk.staff, desk.home, {"Authorization": f"Bearer {token}"})
    async with process_of(desk) as hub, screen_of(signed_in, hub) as screen, screen_of(desk, hub) as other:
        await nia.signs_out()

        assert (await screen.next())[0] == "signed-out"
        with pytest.raises(EOFError):
            await screen.next()
        await desk.comment(await desk.world.ticket(desk.org_id, desk.home), "Her other browser goes on.")
        await other.until("commented")


async def test_somebody_who_leaves_hears_no_more_and_a_colleague_does(desk: Desk):
    colleague = await desk.beside(name="Owen Baptiste")
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    async with (
        process_of(desk, **WITHOUT_VALKEY) as hub,
        screen_of(desk, hub) as gone,
        screen_of(colleague, hub) as stays,
    ):
        await desk.world.disable(desk.staff)
        assert (await gone.next())[0] == "signed-out"

        await colleague.prioritise(ticket_id, "P1", version=1)
        await stays.until("priority_changed")


def test_a_slow_screen_is_told_to_read_again_instead_of_filling_the_memory():
    stream = LiveStream(session_id=None, user_id=None)
    for seq in range(live_stream.MOST_WAITING + 50):
        stream.tell(live_stream.Change(seq, UUID(int=seq), 1, "commented", None), b"event")
    stream.end()

    async def read() -> list[bytes]:
        return [frame async for frame in stream]

    frames = asyncio.run(read())
    assert frames[0].startswith(f"id: {live_stream.MOST_WAITING}\nevent: resync".encode())
    assert len(frames) == 50


async def test_nobody_keeps_more_screens_open_than_anybody_looks_at(desk: Desk):
    actor = await actor_of(desk)
    async with process_of(desk) as hub:
        streams = [await hub.follow(actor, None) for _ in range(12)]

        with pytest.raises(TooManyScreens):
            await hub.follow(actor, None)

        hub.leave(actor, streams[0])
        await hub.follow(actor, None)


async def test_an_open_stream_holds_no_connection_to_the_database(desk: Desk):
    async with process_of(desk) as hub, screen_of(desk, hub):
        async with asyncio.timeout(PATIENCE):
            while hub._database.engine.pool.checkedout():  # now and then it looks for itself
                await asyncio.sleep(0.01)


async def test_the_stream_is_served_as_server_sent_events_that_nothing_holds_back(desk: Desk):
    seen: dict = {}
    status = await _open(desk, seen)

    assert status == 200
    assert seen["content-type"].startswith("text/event-stream")
    assert (seen["cache-control"], seen["x-accel-buffering"]) == ("no-store", "no")
    assert seen["body"].startswith(": connected\nid: ")


async def test_without_a_sign_in_there_is_no_stream(desk: Desk):
    answer = await desk.http.get("/api/v1/live")

    assert answer.status_code == 401


async def _open(desk: Desk, seen: dict | None = None) -> int:
    """Open the stream over ASGI, read its beginning and go away, as httpx's transport cannot."""
    seen = {} if seen is None else seen
    began, gone = asyncio.Event(), asyncio.Event()
    asked = False

    async def receive() -> dict:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            seen["status"] = message["status"]
            seen.update((name.decode(), value.decode()) for name, value in message["headers"])
        elif message["body"]:
            seen["body"] = message["body"].decode()
            began.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/v1/live",
        "raw_path": b"/api/v1/live",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in desk.headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("testserver", 80),
    }
    serving = asyncio.create_task(desk.trial.app(scope, receive, send))
    async with asyncio.timeout(PATIENCE):
        await began.wait()
        gone.set()
        await serving
    return seen["status"]
