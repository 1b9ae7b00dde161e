"""Forgets each night what has been kept long enough: in portions, once a day for each organisation."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from maintainuk.application.retention import RetentionService
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.london import LONDON, london_day
from maintainuk.domain.photos import PhotoSize, copy_of, original_of
from maintainuk.domain.retention import RetentionKind
from maintainuk.infrastructure.repositories.retention import Retention
from maintainuk.worker.rounds import again_and_again, at_work, in_each_organisation

EVERY = 1800.0
NIGHT = range(2, 6)
"""Hours in London: nobody works then, and what is forgotten has gone before the office opens."""
MOST_PORTIONS = 250
"""Of a kind in one night: what is left waits for the next one."""


async def forget_for_ever(services: WorkerServices) -> None:
    """Look twice an hour whether it is night."""

    async def by_night() -> None:
        if services.clock().astimezone(LONDON).hour in NIGHT:
            await forget_all(services)

    await again_and_again(by_night, name="retention", every=EVERY)


async def forget_all(services: WorkerServices) -> Counter[str]:
    """Forget in every organisation what is due today, unless a worker has begun with it already."""
    total: Counter[str] = Counter()

    async def forget(org_id: UUID) -> int:
        forgotten = await forget_due(services, org_id)
        total.update(forgotten)
        return forgotten.total()

    await in_each_organisation(services, forget, name="retention")  # where it stopped, tomorrow night goes on
    return total


async def forget_due(services: WorkerServices, org_id: UUID) -> Counter[str]:
    """Forget what is due in one organisation today, and write down how much of what."""
    today = london_day(services.clock())
    async with at_work(services, org_id) as work:
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
    async with at_work(services, org_id) as work:
        run = await Retention(work.session).run(run_id)
        run.ended_at, run.forgotten = work.now, dict(+forgotten)
        work.audit("RetentionRan", subject_id=run_id, data=dict(+forgotten))
    return +forgotten


async def _forget_portion(services: WorkerServices, org_id: UUID, kind: RetentionKind, now: datetime) -> int:
    async with at_work(services, org_id) as work:
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
