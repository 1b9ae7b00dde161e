"""Keeps outside the database whom organisations have forgotten, and forgets them again after a restore."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from random import uniform
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from maintainuk.application.privacy import Ledger, PrivacyService
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.permissions import Actor
from maintainuk.domain.ports import StorageUnavailable
from maintainuk.infrastructure.repositories.organisations import Organisations

EVERY = 60.0
TROUBLE = (SQLAlchemyError, OSError, TimeoutError, StorageUnavailable)

log = structlog.get_logger("maintainuk.worker")


def ledger_of(org_id: UUID) -> str:
    """Return where the ledger of an organisation is kept: ids and moments, nothing of anybody."""
    return f"erasures/{org_id}.json"


async def keep_ledgers_for_ever(services: WorkerServices) -> None:
    """Write down every minute whom somebody has forgotten since, and look at once whether a backup remembers them.

    A restored database is opened by a worker that has just started: before anything else, it forgets again.
    """
    kept: dict[UUID, int] = {}
    is_replayed = False
    while True:
        try:
            if not is_replayed:
                if count := await replay_ledgers(services):
                    log.warning("A restored backup remembered people; they are forgotten again", count=count)
                is_replayed = True
            await keep_ledgers(services, kept)
        except TROUBLE as error:
            log.warning("The erasures' ledgers wait for the next minute", error=type(error).__name__)
        await asyncio.sleep(uniform(0.2, 1.0) * EVERY)


async def keep_ledgers(services: WorkerServices, kept: dict[UUID, int] | None = None) -> None:
    """Add to each organisation's ledger what is new; a restored database takes nothing out of one."""
    kept = {} if kept is None else kept
    for org_id in await _organisations(services):
        async with _opening(services, org_id) as work:
            present = await PrivacyService(work).ledger()
        if kept.get(org_id, 0) != len(present):
            both = dict(await read_ledger(services, org_id)) | dict(present)
            lines = [{"person": str(one), "at": at.isoformat()} for one, at in both.items()]
            await services.files.put(ledger_of(org_id), json.dumps(lines).encode())
            kept[org_id] = len(present)


async def read_ledger(services: WorkerServices, org_id: UUID) -> Ledger:
    """Return whom an organisation has forgotten, as it stands outside the database."""
    try:
        lines = json.loads(await services.files.get(ledger_of(org_id)))
    except FileNotFoundError:
        return []
    return [(UUID(line["person"]), datetime.fromisoformat(line["at"])) for line in lines]


async def replay_ledgers(services: WorkerServices) -> int:
    """Forget again whom a restored backup remembers, in every organisation, and return how many."""
    forgotten = 0
    for org_id in await _organisations(services):
        if ledger := await read_ledger(services, org_id):
            async with _opening(services, org_id) as work:
                forgotten += await PrivacyService(work).replay(ledger)
    return forgotten


async def _organisations(services: WorkerServices) -> list[UUID]:
    async with services.database.installation() as session:
        return list(await Organisations(session).ids())


@asynccontextmanager
async def _opening(services: WorkerServices, org_id: UUID) -> AsyncIterator[UnitOfWork]:
    async with unit_of_work(services.database.session(org_id), Actor.system(org_id), services.clock()) as work:
        yield work
