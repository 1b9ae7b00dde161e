"""When a job is tried again, and when to leave a provider alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import uniform

from maintainuk.domain.ports import Busy

JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Retries:
    """How long to wait after each failed attempt; after the last wait there is one more attempt, and then no other."""

    waits: tuple[timedelta, ...]

    @property
    def attempts(self) -> int:
        """How often the job is tried at most."""
        return len(self.waits) + 1

    def after(self, attempt: int) -> timedelta | None:
        """Return the wait after this failed attempt, a little off so that many jobs don't return at once, or None."""
        if attempt > len(self.waits):
            return None
        return self.waits[attempt - 1] * uniform(1 - JITTER, 1 + JITTER)


def _seconds(*waits: float) -> Retries:
    return Retries(tuple(timedelta(seconds=wait) for wait in waits))


FIVE_FROM_FIVE_SECONDS = _seconds(5, 10, 20, 40)
FIVE_OVER_AN_HOUR = _seconds(5, 60, 600, 3_000)
EIGHT_OVER_A_DAY = _seconds(5, 30, 180, 900, 3_600, 5 * 3_600, 17 * 3_600)
"""For messages to people (product specification §6.8): a provider may be down for a night."""


class Breaker:
    """Leaves a provider alone after failures in a row, lets one call through to see, and opens again when it worked."""

    FAILURES = 5
    SHORTEST, LONGEST = 5.0, 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    def admit(self) -> None:
        """Let a call through, or raise `Busy` with how long to wait."""
        now = self._clock()
        if now < self._closed_until:
            raise Busy(timedelta(seconds=self._closed_until - now))
        if self._failures >= self.FAILURES:
            self._closed_until = now + self._pause  # this one tries; the others wait for what becomes of it

    def worked(self) -> None:
        """Note that the provider answered as it should."""
        self._failures, self._closed_until = 0, 0.0

    def failed(self) -> None:
        """Note that the provider failed."""
        self._failures += 1
        if self._failures >= self.FAILURES:
            self._closed_until = self._clock() + self._pause

    def asked_to_wait(self, wait: timedelta) -> None:
        """Note that the provider asked us to wait: all of us."""
        self._closed_until = max(self._closed_until, self._clock() + wait.total_seconds())

    @property
    def _pause(self) -> float:
        return min(self.SHORTEST * 2.0 ** (self._failures - self.FAILURES), self.LONGEST)
