"""Keeping open screens up to date."""

from collections.abc import AsyncIterator

from maintainuk.domain.permissions import Actor, Permission, Scope
from maintainuk.infrastructure.live.hub import LiveHub
from maintainuk.infrastructure.live.stream import LiveStream


class LiveService:
    """What a screen is told while somebody looks at it."""

    def __init__(self, hub: LiveHub, actor: Actor) -> None:
        self.hub = hub
        self.actor = actor

    async def follow(self, last_read: int | None) -> LiveStream:
        """Begin to follow the organisation's tickets, from what the screen read last. Raises `TooManyScreens`."""
        self.actor.require(Permission.TICKETS_READ, at_least=Scope.TEAM)
        return await self.hub.follow(self.actor, last_read)

    async def events(self, stream: LiveStream) -> AsyncIterator[bytes]:
        """Yield the stream's events until its reader goes away or may no longer look."""
        try:
            async for frame in stream:
                yield frame
        finally:
            self.hub.leave(self.actor, stream)
