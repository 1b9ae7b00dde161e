"""The connection to Redis or Valkey, which is a help and never a need."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from maintainuk.settings import Settings

T = TypeVar("T")
E = TypeVar("E")

log = structlog.get_logger("maintainuk.redis")

PATIENCE = 0.25
"""Seconds one call may take before the request goes on without it."""

REST = 3.0
"""Seconds to leave it alone after a failure."""


class Circuit:
    """Asks Redis while it answers. After a failure, nobody waits for it again before `REST` has passed."""

    def __init__(self, redis: "Redis | None", *, clock: Callable[[], float] = time.monotonic) -> None:
        self.redis = redis
        self._clock = clock
        self._open_until = 0.0
        self._is_down = False

    @property
    def may_be_asked(self) -> bool:
        """Whether asking is worth a try: there is a Redis, and the circuit is not open after a failure."""
        return self.redis is not None and self._clock() >= self._open_until

    @property
    def is_up(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.redis is not None and not self._is_down

    async def ask(self, call: "Callable[[Redis], Awaitable[T]]", otherwise: E) -> T | E:
        """Return what Redis answers, or `otherwise` when there is none or it fails."""
        if not self.may_be_asked:
            return otherwise
        assert self.redis is not None
        try:
            answer = await call(self.redis)
        except (RedisError, OSError, TimeoutError) as error:
            self._open_until = self._clock() + REST
            if not self._is_down:
                log.warning("redis unreachable", error=type(error).__name__)
            self._is_down = True
            return otherwise
        if self._is_down:
            self._is_down = False
            log.info("redis is back")
        return answer


def redis_of(settings: Settings) -> "Redis | None":
    """Return a client, or None when the installation has no Redis. It connects when it is first asked."""
    if settings.redis_url is None:
        return None
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
        protocol=3,
    )
