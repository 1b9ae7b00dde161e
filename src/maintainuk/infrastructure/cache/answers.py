"""Answers worth remembering, in Redis: gone with the next change in their organisation, and after a few seconds.

They name people, so they are kept sealed: nobody reads them who has Redis alone.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from os import urandom
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio import Redis

from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.cache.redis import Circuit

NONCE = 12
STAMP = 16
"""Bytes of a generation: random, so that one which was evicted can never come back and vouch for old answers."""


def generation_of(org_id: UUID) -> str:
    """Return the key of the stamp that is replaced with every change in the organisation."""
    return f"maintainuk:generation:{org_id}"


def new_generation() -> bytes:
    """Return a stamp that never was."""
    return urandom(STAMP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer will be kept, and the generation it belongs to: the one that was there before it was read."""

    key: str
    generation: bytes


class Answers:
    """What one person was told, by organisation, role version, person and question."""

    def __init__(self, circuit: Circuit, *, key: bytes, seconds: int, is_behind: Callable[[UUID], bool]) -> None:
        self._sealing = AESGCM(key)
        self._circuit = circuit
        self._seconds = seconds
        self._is_behind = is_behind

    async def recall(self, actor: Actor, question: bytes) -> bytes | Place | None:
        """Return the answer, or the place to keep it at, or nothing when nothing can be kept just now."""
        if self._seconds == 0 or not self._circuit.may_be_asked or self._is_behind(actor.org_id):
            return None
        generation_key = generation_of(actor.org_id)
        role = sha256(f"{actor.role}:{actor.role_version}".encode()).hexdigest()[:16]
        key = f"maintainuk:answer:{actor.org_id}:{role}:{actor.user_id}:{sha256(question).hexdigest()[:32]}"

        async def look(redis: Redis) -> Sequence[Any]:
            return await redis.mget(generation_key, key)

        generation, kept = await self._circuit.ask(look, (None, None))
        if generation is None:
            await self._circuit.ask(lambda redis: redis.set(generation_key, new_generation(), nx=True), None)
            return None
        if kept is not None and kept[:STAMP] == generation:
            with suppress(InvalidTag):  # another secret key wrote it
                return self._sealing.decrypt(kept[STAMP : STAMP + NONCE], kept[STAMP + NONCE :], key.encode())
        return Place(key, generation)

    async def keep(self, place: Place, answer: bytes) -> None:
        """Keep an answer. If its organisation changed meanwhile, its generation is past and nobody will find it."""
        nonce = urandom(NONCE)
        sealed = place.generation + nonce + self._sealing.encrypt(nonce, answer, place.key.encode())
        await self._circuit.ask(lambda redis: redis.set(place.key, sealed, ex=self._seconds), None)
