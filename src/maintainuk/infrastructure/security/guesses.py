"""Counting guesses at passwords, so that nobody gets many: ten in five minutes for an account, and for an address.

Links asked for, and reports that a link brings, are counted the same way; whoever asks refuses in words of its own.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from redis.asyncio import Redis

from maintainuk.domain.errors import TooManyAttempts
from maintainuk.infrastructure.cache.redis import Circuit

GUESSES = 10
WINDOW = 300
"""Seconds. The window slides: there is no moment at which everything is forgotten at once."""

REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Guess:
    """One attempt that is being counted, under each of its names; the first is the account's."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many guesses a name has in the window, and when the oldest was made (Unix seconds)."""

    guesses: int
    oldest: float


class Guesses:
    """Counts in Redis across all API processes, and in this one besides: nobody gains when Redis is slow or gone."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._here = GuessesHere()

    async def take(self, *names: str) -> Guess:
        """Count an attempt before any work is done for it, so that fifty at once don't slip through together.

        Raises `TooManyAttempts` when one of the names has had its share; a refused attempt does not prolong the wait.
        """
        now = time.time()
        guess = Guess(secrets.token_hex(8), names)
        counts = self._here.count(guess, now) + await self._circuit.ask(lambda redis: _count(redis, guess, now), [])
        if full := [count.oldest for count in counts if count.guesses > GUESSES]:
            await self._take_back(guess, names)
            wait = max(1, ceil(max(full) + WINDOW - now))
            raise TooManyAttempts(minutes=ceil(wait / 60), retry_after=wait)
        return guess

    async def was_right(self, guess: Guess) -> None:
        """Forget the account's wrong guesses; from the other counts only this attempt is taken back."""
        account, *others = guess.names
        await self._circuit.ask(lambda redis: redis.delete(_key(account)), None)
        self._here.forget(account)
        await self._take_back(guess, others)

    async def _take_back(self, guess: Guess, names: Sequence[str]) -> None:
        async def remove(redis: Redis) -> None:
            for name in names:
                await redis.zrem(_key(name), guess.id)

        await self._circuit.ask(remove, None)
        self._here.take_back(guess, names)


class GuessesHere:
    """The count of one process."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, float]] = {}

    def count(self, guess: Guess, now: float) -> list[Count]:
        """Add a guess under its names and return their counts."""
        if len(self._made) >= REMEMBERED:
            self._made = {name: made for name in self._made if (made := self._recent(name, now))}
        counts = []
        for name in guess.names:
            made = self._made[name] = self._recent(name, now) | {guess.id: now}
            counts.append(Count(len(made), min(made.values())))
        return counts

    def forget(self, name: str) -> None:
        """Begin a name's count again."""
        self._made.pop(name, None)

    def take_back(self, guess: Guess, names: Sequence[str]) -> None:
        """Take one guess from the counts of these names."""
        for name in names:
            self._made.get(name, {}).pop(guess.id, None)

    def _recent(self, name: str, now: float) -> dict[str, float]:
        return {id_: at for id_, at in self._made.get(name, {}).items() if at > now - WINDOW}


async def _count(redis: Redis, guess: Guess, now: float) -> list[Count]:
    async with redis.pipeline(transaction=True) as together:
        for name in guess.names:
            key = _key(name)
            together.zremrangebyscore(key, "-inf", now - WINDOW)
            together.zadd(key, {guess.id: now})
            together.expire(key, WINDOW)
            together.zcard(key)
            together.zrange(key, 0, 0, withscores=True)
        answers = await together.execute()
    return [Count(guesses, oldest[0][1]) for guesses, oldest in zip(answers[3::5], answers[4::5], strict=True)]


def _key(name: str) -> str:
    return f"guesses:{name}"


def neighbourhood(address: str) -> str:
    """Return what counts as one address: a household has one IPv4 address, or 2^64 of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
