"""Keeps outside the database whom organisations have forgotten, and forgets them again after a restore."""

import json
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from maintainuk.application.privacy import Ledger, PrivacyService
from maintainuk.bootstrap import WorkerServices
from maintainuk.worker.rounds import again_and_again, at_work, in_each_organisation

EVERY = 60.0

log = structlog.get_logger("maintainuk.worker")


def ledger_of(org_id: UUID) -> str:
    """Return where the ledger of an organisation is kept: ids and moments, nothing of anybody."""
    return f"erasures/{org_id}.json"


async def keep_ledgers_for_ever(services: WorkerServices) -> None:
    """Write down every minute whom somebody has forgotten since, and look at once whether a backup remembers them.

    A restored database is opened by a worker that has just started: before anything else, it forgets again.
    """
    kept: dict[UUID, int] = {}

    async def keep(org_id: UUID) -> int:
        if org_id not in kept:
            if count := await replay_ledger(services, org_id):
                log.warning("A restored backup remembered people; they are forgotten again", count=count)
            kept[org_id] = 0
        kept[org_id] = await keep_ledger(services, org_id, known=kept[org_id])
        return 0

    go_round = partial(in_each_organisation, services, keep, name="erasures")
    await again_and_again(go_round, name="erasures", every=EVERY, at_once=True)


async def keep_ledgers(services: WorkerServices) -> None:
    """Add to each organisation's ledger what is new."""
    await in_each_organisation(services, lambda org_id: keep_ledger(services, org_id), name="erasures")


async def keep_ledger(services: WorkerServices, org_id: UUID, *, known: int = 0) -> int:
    """Add to the ledger what is new and return how many it has; a restored database takes nothing out of one."""
    async with at_work(services, org_id) as work:
        present = await PrivacyService(work).ledger()
    if known != len(present):
        both = dict(await read_ledger(services, org_id)) | dict(present)
        lines = [{"person": str(one), "at": at.isoformat()} for one, at in both.items()]
        await services.files.put(ledger_of(org_id), json.dumps(lines).encode())
    return len(present)


async def read_ledger(services: WorkerServices, org_id: UUID) -> Ledger:
    """Return whom an organisation has forgotten, as it stands outside the database."""
    try:
        lines = json.loads(await services.files.get(ledger_of(org_id)))
    except FileNotFoundError:
        return []
    return [(UUID(line["person"]), datetime.fromisoformat(line["at"])) for line in lines]


async def replay_ledgers(services: WorkerServices) -> int:
    """Forget again whom a restored backup remembers, in every organisation, and return how many."""
    return await in_each_organisation(services, lambda org_id: replay_ledger(services, org_id), name="erasures")


async def replay_ledger(services: WorkerServices, org_id: UUID) -> int:
    """Forget again whom a restored backup remembers, in one organisation, and return how many."""
    if not (ledger := await read_ledger(services, org_id)):
        return 0
    async with at_work(services, org_id) as work:
        return await PrivacyService(work).replay(ledger)
