"""Who has asked how often this minute, counted here and told to the other processes once a second.

A request never waits for Redis to be counted: two exact counts there cost more than all other layers together. The
price is that several processes may together let through what one of them takes in a second too much.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from maintainuk.infrastructure.background import end
from maintainuk.infrastructure.cache.redis import Circuit

WINDOW = 60
TELL_EVERY = 1.0


@dataclass(slots=True)
class Count:
    """One key's requests in the present window: those of all processes as last heard, and ours not told yet."""

    heard: int = 0
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of key may ask in a window, what is left of it, and in how many seconds it is full again."""

    kind: str
    limit: int
    left: int
    """Below zero: this request was one too many."""
    resets_in: int


class Shares:
    """Counts requests by key in fixed windows of a minute."""

    def __init__(self, circuit: Circuit, *, clock: Callable[[], float] = time.time) -> None:
        self._circuit = circuit
        self._clock = clock
        self._window = 0
        self._counts: dict[tuple[str, object], Count] = {}
        self._telling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to exchange counts with the other processes."""
        if self._circuit.redis is not None:
            self._telling = asyncio.create_task(self._tell_for_ever(), name="shares")

    async def close(self) -> None:
        """Stop."""
        await end([self._telling])

    def take(self, kind: str, key: object, limit: int) -> Share:
        """Count one request of `key`; one too many is refused and not counted."""
        now = self._clock()
        window = int(now) // WINDOW
        if window != self._window:
            self._window = window
            self._counts.clear()
        if (count := self._counts.get((kind, key))) is None:
            count = self._counts[kind, key] = Count()
        left = limit - count.heard - count.untold - 1
        if left >= 0:
            count.untold += 1
        return Share(kind, limit, left, (window + 1) * WINDOW - int(now))

    async def tell(self) -> None:
        """Tell our counts and hear everybody's."""
        window = self._window
        told = [(key, count, count.untold) for key, count in self._counts.items() if count.untold]
        if not told:
            return

        async def exchange(redis: Redis) -> list[int]:
            async with redis.pipeline(transaction=False) as pipeline:
                for (kind, key), _, untold in told:
                    name = f"maintainuk:shares:{window}:{kind}:{key}"
                    pipeline.incrby(name, untold)
                    pipeline.expire(name, 2 * WINDOW)
                return (await pipeline.execute())[::2]

        if (totals := await self._circuit.ask(exchange, None)) is None:
            return
        for (_, count, untold), heard in zip(told, totals, strict=True):
            count.heard = heard
            count.untold -= untold

    async def _tell_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY)
            await self.tell()
