"""Forgets each night what has been kept long enough: in portions, once a day for each organisation."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from random import uniform
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from maintainuk.application.retention import RetentionService
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.london import LONDON, london_day
from maintainuk.domain.permissions import Actor
from maintainuk.domain.photos import PhotoSize, copy_of, original_of
from maintainuk.domain.ports import StorageUnavailable
from maintainuk.domain.retention import RetentionKind
from maintainuk.infrastructure.repositories.organisations import Organisations
from maintainuk.infrastructure.repositories.retention import Retention

EVERY = 1800.0
NIGHT = range(2, 6)
"""Hours in London: nobody works then, and what is forgotten has gone before the office opens."""
MOST_PORTIONS = 250
"""Of a kind in one night: what is left waits for the next one."""
TROUBLE = (SQLAlchemyError, OSError, TimeoutError, StorageUnavailable)

log = structlog.get_logger("maintainuk.worker")


async def forget_for_ever(services: WorkerServices) -> None:
    """Look twice an hour whether it is night."""
    while True:
        await asyncio.sleep(uniform(0.1, 1.0) * EVERY)
        if services.clock().astimezone(LONDON).hour in NIGHT:
            await forget_all(services)


async def forget_all(services: WorkerServices) -> Counter[str]:
    """Forget in every organisation what is due today, unless a worker has begun with it already."""
    async with services.database.installation() as session:
        organisations = await Organisations(session).ids()
    total: Counter[str] = Counter()
    for org_id in organisations:
        try:
            total += await forget_due(services, org_id)
        except TROUBLE as error:  # tomorrow night comes for the rest
            log.warning("Forgetting stopped early", org_id=str(org_id), error=type(error).__name__)
    return total


async def forget_due(services: WorkerServices, org_id: UUID) -> Counter[str]:
    """Forget what is due in one organisation today, and write down how much of what."""
    today = london_day(services.clock())
    async with _opening(services, org_id) as work:
        run_id = await Retention(work.session).begin_run(today, work.now)
    forgotten: Counter[str] = Counter()
    if run_id is None:
        return forgotten
    for kind in RetentionKind:
        for _ in range(MOST_PORTIONS):
            count = await _forget_portion(services, org_id, kind, services.clock())
            forgotten[kind.value] += count
            if not count:
                break
    async with _opening(services, org_id) as work:
        run = await Retention(work.session).run(run_id)
        run.ended_at, run.forgotten = work.now, dict(+forgotten)
        work.audit("RetentionRan", subject_id=run_id, data=dict(+forgotten))
    return +forgotten


async def _forget_portion(services: WorkerServices, org_id: UUID, kind: RetentionKind, now: datetime) -> int:
    async with _opening(services, org_id) as work:
        service = RetentionService(work)
        ids = await service.portion(kind, london_day(now))
        if not ids:
            return 0
        if kind is RetentionKind.PHOTOS:  # the files first: a row that is left is found again tomorrow, a file is not
            await _delete_photos(services, org_id, ids)
        await service.forget(kind, ids)
        return len(ids)


async def _delete_photos(services: WorkerServices, org_id: UUID, ids: Sequence[UUID]) -> None:
    for photo_id in ids:
        for path in (original_of(org_id, photo_id), *(copy_of(org_id, photo_id, size) for size in PhotoSize)):
            await services.files.delete(path)


@asynccontextmanager
async def _opening(services: WorkerServices, org_id: UUID) -> AsyncIterator[UnitOfWork]:
    session = services.database.session(org_id)
    async with unit_of_work(session, Actor.system(org_id), services.clock(), hints=services.hints) as work:
        yield work
