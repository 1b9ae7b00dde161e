"""Seals what was written to the audit logs, once a minute."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import uniform
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from maintainuk.application.audit import Opening, Sealer
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.permissions import Actor
from maintainuk.domain.ports import StorageUnavailable
from maintainuk.infrastructure.repositories.organisations import Organisations

EVERY = 60.0
TROUBLE = (SQLAlchemyError, OSError, TimeoutError, StorageUnavailable)

log = structlog.get_logger("maintainuk.worker")


async def seal_for_ever(services: WorkerServices) -> None:
    """Seal every organisation's log every minute."""
    while True:
        await asyncio.sleep(uniform(0.2, 1.0) * EVERY)
        try:
            await seal_all(services)
        except TROUBLE as error:
            log.warning("Sealing waits for the next minute", error=type(error).__name__)


async def seal_all(services: WorkerServices) -> int:
    """Seal what waits in all organisations and return how many rows; several workers take turns at each."""
    async with services.database.installation() as session:
        organisations = await Organisations(session).ids()
    return sum([await sealer_of(services, org_id).seal() for org_id in organisations])


def sealer_of(services: WorkerServices, org_id: UUID) -> Sealer:
    """Return who seals and proves the log of one organisation."""
    return Sealer(_opening(services, org_id), services.audit_chain, services.files)


def _opening(services: WorkerServices, org_id: UUID) -> Opening:
    @asynccontextmanager
    async def opening() -> AsyncIterator[UnitOfWork]:
        async with unit_of_work(services.database.session(org_id), Actor.system(org_id), services.clock()) as work:
            yield work

    return opening
