"""How a worker shows that it lives: a session advisory lock, which PostgreSQL drops the moment the worker dies."""

from random import randrange

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

WORKER_LOCK = 727003
"""The first half of the lock's key; the second half is the worker's number, which claimed rows hold as `locked_by`."""

LARGEST_NUMBER = 2**31 - 1

LIVING_WORKERS = f"""
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {WORKER_LOCK} AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def any_number() -> int:
    """Return a number that no other worker is likely to have."""
    return randrange(1, LARGEST_NUMBER)


async def show_presence(connection: asyncpg.Connection, number: int) -> int:
    """Take the lock on this connection and return the worker's number.

    It is `number` unless somebody holds that: our own old connection, when the server has not noticed its end yet.
    """
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", WORKER_LOCK, number):
        number = any_number()
    return number


async def living_workers(connection: AsyncConnection) -> list[int]:
    """Return the numbers of the workers that live, on whichever machine."""
    return list(await connection.scalars(text(LIVING_WORKERS)))
