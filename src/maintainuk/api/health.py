"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable

from asyncpg import UndefinedTableError
from fastapi import Request
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeout
from sqlalchemy.exc import ProgrammingError

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.errors import is_unavailable
from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.api.wording import FIELDS, in_words
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import DomainError, Reason
from maintainuk.infrastructure.embedded.disk import is_full
from maintainuk.infrastructure.storage.files import folder_of

PATIENCE = 2.0
"""Seconds each part has to answer."""

MACHINES_ASK = "Load balancers ask this; it says nothing about anybody."

router = Router(tags=["health"])


class Liveness(View):
    """The process answers."""

    status: str = "alive"


class Readiness(View):
    """The server can work; `degraded` names the parts it does without, with what that means."""

    status: str
    degraded: dict[str, str]


class NotReady(DomainError):
    """A part that nothing works without does not answer; `error.fields` names it."""

    code, status = "not-ready", 503


@router.head("/health", include_in_schema=False)
@router.get("/health")
@public(MACHINES_ASK)
async def liveness() -> ApiResponse[Liveness]:
    """Say that the process lives. Asks no other part: restarting this one would not mend them."""
    return ApiResponse(data=Liveness())


@router.head("/health/ready", include_in_schema=False)
@router.get("/health/ready")
@public(MACHINES_ASK)
async def readiness(request: Request) -> ApiResponse[Readiness]:
    """Say whether requests can be served; 503 while the database, or a required Redis, is away.

    A full disk under the files (and under the embedded PostgreSQL) degrades: people can still read.
    """
    services: Services = request.app.state.services
    database, redis, disk = await asyncio.gather(
        _problem(lambda: _database(services)),
        _problem(lambda: _redis(services)),
        _problem(lambda: asyncio.to_thread(_disk, services)),
    )
    failing = {"postgresql": database} if database else {}
    if redis and services.settings.redis_required:
        failing["redis"] = redis
    if failing:
        raise NotReady(fields=failing)
    degraded = {}
    if redis:
        degraded["redis"] = _in_words(redis, Reason("without-redis"))
    if disk:  # out of service, even what can still be read could not be
        degraded["disk"] = _in_words(disk, Reason("without-room"))
    return ApiResponse(data=Readiness(status="degraded" if degraded else "ready", degraded=degraded))


def _in_words(*reasons: Reason) -> str:
    return " ".join(in_words(reason, FIELDS) for reason in reasons)


async def _problem(ask: Callable[[], Awaitable[Reason | None]]) -> Reason | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await ask()
    except (TimeoutError, RedisTimeout):
        return Reason("part-silent")
    except Exception as error:  # noqa: BLE001  (whatever it is, the part is not there)
        if isinstance(error, ProgrammingError) and isinstance(error.orig and error.orig.__cause__, UndefinedTableError):
            return Reason("database-empty")
        if is_unavailable(error) or isinstance(error, RedisConnectionError):
            return Reason("part-unreachable")
        return Reason("part-refuses")


async def _database(services: Services) -> Reason | None:
    revision, needed = await services.database.revision(), services.newest_revision
    return Reason("database-of-another-release", present=revision, needed=needed) if revision != needed else None


def _disk(services: Services) -> Reason | None:
    folder = folder_of(services.settings.storage_url)
    return Reason("disk-full") if folder and is_full(folder) else None


async def _redis(services: Services) -> Reason | None:
    if services.circuit.redis is not None:
        await services.circuit.redis.ping()
    return None
