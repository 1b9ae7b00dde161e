"""Gives each organisation a new key once a year, and seals with it what older ones have sealed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import uniform
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from maintainuk.application.sealing import OLDEST, KeyService, Opening
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.permissions import Actor
from maintainuk.infrastructure.repositories.organisations import Organisations
from maintainuk.infrastructure.security.sealing import CannotOpen, MasterKeys

EVERY = 3600.0
TROUBLE = (SQLAlchemyError, OSError, TimeoutError, CannotOpen)

log = structlog.get_logger("maintainuk.worker")


async def renew_for_ever(services: WorkerServices) -> None:
    """Look every hour whose key is old, and go on where rows wait to be sealed anew."""
    while True:
        await asyncio.sleep(uniform(0.05, 1.0) * EVERY)
        await renew_all(services)


async def renew_all(services: WorkerServices) -> int:
    """Do so for all organisations, one after the other, and return how many rows were sealed anew."""
    async with services.database.installation() as session:
        organisations = await Organisations(session).ids()
    renewed = 0
    for org_id in organisations:
        keys = keys_of(services, org_id)
        try:
            await keys.rotate(if_older_than=OLDEST)
            count = await keys.renew()
        except TROUBLE as error:
            log.warning("An organisation's keys wait for the next hour", org_id=str(org_id), error=type(error).__name__)
        else:
            renewed += count
            if count:
                log.info("Sealed anew", org_id=str(org_id), count=count)
    return renewed


def keys_of(services: WorkerServices, org_id: UUID) -> KeyService:
    """Return who looks after the keys of one organisation."""
    return KeyService(_opening(services, org_id), MasterKeys.of(services.settings))


def _opening(services: WorkerServices, org_id: UUID) -> Opening:
    @asynccontextmanager
    async def opening() -> AsyncIterator[UnitOfWork]:
        async with unit_of_work(services.database.session(org_id), Actor.system(org_id), services.clock()) as work:
            yield work

    return opening
