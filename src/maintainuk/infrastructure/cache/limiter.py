"""Slowing down whoever asks too often."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis

from maintainuk.infrastructure.cache.redis import Circuit


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more is allowed, and if not, after how many seconds it will be."""

    is_allowed: bool
    retry_after: int = 0


class Limiter:
    """Counts exactly, over a moving window: for guesses at passwords, where each one matters.

    All API processes count together through Redis; without it each counts for itself.
    """

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._together: MovingWindowRateLimiter | None = None
        if circuit.redis is not None:
            self._together = MovingWindowRateLimiter(
                RedisStorage(
                    "async+redis://",
                    implementation="redispy",
                    key_prefix="maintainuk:limits",
                    connection_pool=circuit.redis.connection_pool,  # type: ignore[arg-type]  # stated too narrowly
                )
            )

    async def hit(self, key: str, limit: int, seconds: int) -> Verdict:
        """Count one attempt of `key`, of which `limit` are allowed in any `seconds`. A refused one is not counted."""
        item = RateLimitItemPerSecond(limit, seconds)

        async def together(_: Redis) -> Verdict:
            assert self._together is not None
            return await _hit(self._together, item, key)

        verdict = await self._circuit.ask(together, otherwise=None)
        return verdict or await _hit(self._alone, item, key)


async def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItemPerSecond, key: str) -> Verdict:
    if await limiter.hit(item, key):
        return Verdict(is_allowed=True)
    window = await limiter.get_window_stats(item, key)
    return Verdict(is_allowed=False, retry_after=max(1, math.ceil(window.reset_time - time.time())))
