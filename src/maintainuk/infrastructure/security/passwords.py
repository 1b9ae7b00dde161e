"""Passwords: Argon2id, and the BCrypt hashes that imports bring along until their owners next sign in."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import urandom
from threading import BoundedSemaphore
from typing import TypeGuard, TypeVar

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from maintainuk.domain.errors import Busy
from maintainuk.domain.passwords import LONGEST, as_typed

ARGON2ID = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's parameters: 19 MiB, two passes, one lane."""

BCRYPT_READS = 72
THREADS = 2
WAITING = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is right, and the hash to keep from now on when the stored one is of an older kind."""

    is_right: bool
    better_hash: str | None = None


class Passwords:
    """Hashes and checks passwords on threads of their own, so that no request waits behind them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._places = BoundedSemaphore(THREADS + WAITING)
        self._nobodys = _hash_of_nothing()

    async def hash(self, password: str) -> str:
        """Return what to keep of a new password."""
        return await self._on_a_thread(ARGON2ID.hash, as_typed(password))

    async def check(self, password: object, stored: str | None) -> Verdict:
        """Say whether `password` is the one `stored` was made from.

        With nothing stored the work is the same and the answer is no: time must not tell who has an account. What no
        person can have typed is refused without work, whoever it is for. Raises `Busy` when too many are waiting.
        """
        if not is_possible(password):
            return Verdict(is_right=False)
        verdict = await self._on_a_thread(_check, as_typed(password), stored or self._nobodys)
        return verdict if stored else Verdict(is_right=False)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _on_a_thread(self, work: Callable[..., T], *arguments: str) -> T:
        if not self._places.acquire(blocking=False):
            raise Busy
        job = self._threads.submit(work, *arguments)
        job.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(job)


def is_possible(password: object) -> TypeGuard[str]:
    """Say whether somebody can have typed this: text, not endless, and without halves of characters."""
    if not isinstance(password, str) or not 0 < len(password) <= LONGEST:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in password)


def _hash_of_nothing() -> str:
    """Return a hash that no password has and that costs as much to check as any other."""
    salt, digest = (b64encode(urandom(length)).decode().rstrip("=") for length in (16, 32))
    kind = ARGON2ID
    return f"$argon2id$v=19$m={kind.memory_cost},t={kind.time_cost},p={kind.parallelism}${salt}${digest}"


def _check(password: str, stored: str) -> Verdict:
    if stored.startswith("$2"):
        return _check_imported(password, stored)
    try:
        ARGON2ID.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return Verdict(is_right=False)
    return Verdict(is_right=True, better_hash=ARGON2ID.hash(password) if ARGON2ID.check_needs_rehash(stored) else None)


def _check_imported(password: str, stored: str) -> Verdict:
    # BCrypt reads 72 bytes, and the systems these come from cut off the rest in silence; bcrypt 5 raises instead.
    # Their owners can only get in if we cut as well. The Argon2id hash that replaces it is of the whole password.
    try:
        is_right = bcrypt.checkpw(password.encode()[:BCRYPT_READS], stored.encode())
    except ValueError:
        return Verdict(is_right=False)
    return Verdict(is_right=is_right, better_hash=ARGON2ID.hash(password) if is_right else None)
