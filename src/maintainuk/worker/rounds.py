"""Rounds: what the worker does beside its jobs, for one organisation after the other, again and again.

Whatever goes wrong in one of them, the others and all deliveries go on: an alarm must never wait for a key.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import uniform
from uuid import UUID

import structlog

from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.repositories.organisations import Organisations

log = structlog.get_logger("maintainuk.worker")


async def again_and_again(
    go_round: Callable[[], Awaitable[object]], *, name: str, every: float, at_once: bool = False
) -> None:
    """Go round for ever, about `every` seconds; several workers spread out by chance."""
    if not at_once:
        await asyncio.sleep(uniform(0.01, 0.1) * every)
    while True:
        try:
            await go_round()
        except Exception:
            log.exception("A round failed; the next one comes", round=name)
        await asyncio.sleep(uniform(0.5, 1.0) * every)


async def in_each_organisation(services: WorkerServices, visit: Callable[[UUID], Awaitable[int]], *, name: str) -> int:
    """Visit all organisations and return the sum; one that can't be opened keeps none of the others waiting.

    Nothing is due in one that nobody has confirmed, and nothing may be written there that would outlive it.
    """
    async with services.database.installation() as session:
        organisations = await Organisations(session).confirmed()
    total = 0
    for org_id in organisations:
        try:
            total += await visit(org_id)
        except Exception:
            log.exception("An organisation waits for the next round", round=name, org_id=str(org_id))
    return total


@asynccontextmanager
async def at_work(services: WorkerServices, org_id: UUID) -> AsyncIterator[UnitOfWork]:
    """Open a unit of work of the product itself in one organisation."""
    session = services.database.session(org_id)
    async with unit_of_work(session, Actor.system(org_id), services.clock(), hints=services.hints) as work:
        yield work
