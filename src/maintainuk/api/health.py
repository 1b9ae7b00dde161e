"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable

from asyncpg import UndefinedTableError
from fastapi import Request
from sqlalchemy.exc import ProgrammingError

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import DomainError
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


@router.get("/health")
@public(MACHINES_ASK)
async def liveness() -> ApiResponse[Liveness]:
    """Say that the process lives. Asks no other part: restarting this one would not mend them."""
    return ApiResponse(data=Liveness())


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
    failing = {"postgresql": [database]} if database else {}
    if redis and services.settings.redis_required:
        failing["redis"] = [redis]
    if failing:
        raise NotReady("Not ready: see the named parts.", fields=failing)
    degraded = {}
    if redis:
        degraded["redis"] = f"{redis} Answers are not cached, and limits and live updates count per process."
    if disk:  # out of service, even what can still be read could not be
        degraded["disk"] = f"{disk} What is saved can be read; changes may be refused. Free some space."
    return ApiResponse(data=Readiness(status="degraded" if degraded else "ready", degraded=degraded))


async def _problem(ask: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await ask()
    except ProgrammingError as error:
        if isinstance(error.orig and error.orig.__cause__, UndefinedTableError):
            return "The database is empty. Run: maintainuk migrate."
        return "It refused a simple question."
    except Exception:  # noqa: BLE001  (whatever it is, the part is not there)
        return f"It does not answer within {PATIENCE:.0f} seconds."


async def _database(services: Services) -> str:
    revision = await services.database.revision()
    if revision != services.newest_revision:
        return f"It is at migration {revision}, this release needs {services.newest_revision}. Run: maintainuk migrate."
    return ""


def _disk(services: Services) -> str:
    folder = folder_of(services.settings.storage_url)
    return "The disk that keeps the files is full." if folder and is_full(folder) else ""


async def _redis(services: Services) -> str:
    if services.circuit.redis is not None:
        await services.circuit.redis.ping()
    return ""
