"""Gives each organisation a new key once a year, and seals with it what older ones have sealed."""

from functools import partial
from uuid import UUID

import structlog

from maintainuk.application.sealing import OLDEST, KeyService
from maintainuk.bootstrap import WorkerServices
from maintainuk.infrastructure.security.sealing import MasterKeys
from maintainuk.worker.rounds import again_and_again, at_work, in_each_organisation

EVERY = 3600.0

log = structlog.get_logger("maintainuk.worker")


async def renew_for_ever(services: WorkerServices) -> None:
    """Look every hour whose key is old, and go on where rows wait to be sealed anew."""
    await again_and_again(partial(renew_all, services), name="keys", every=EVERY)


async def renew_all(services: WorkerServices) -> int:
    """Do so for all organisations, one after the other, and return how many rows were sealed anew."""

    async def renew(org_id: UUID) -> int:
        keys = keys_of(services, org_id)
        await keys.rotate(if_older_than=OLDEST)
        if count := await keys.renew():
            log.info("Sealed anew", org_id=str(org_id), count=count)
        return count

    return await in_each_organisation(services, renew, name="keys")


def keys_of(services: WorkerServices, org_id: UUID) -> KeyService:
    """Return who looks after the keys of one organisation."""
    return KeyService(partial(at_work, services, org_id), MasterKeys.of(services.settings))
