"""Seals what was written to the audit logs, once a minute."""

from functools import partial
from uuid import UUID

from maintainuk.application.audit import Sealer
from maintainuk.bootstrap import WorkerServices
from maintainuk.worker.rounds import again_and_again, at_work, in_each_organisation

EVERY = 60.0


async def seal_for_ever(services: WorkerServices) -> None:
    """Seal every organisation's log every minute."""
    await again_and_again(partial(seal_all, services), name="audit", every=EVERY)


async def seal_all(services: WorkerServices) -> int:
    """Seal what waits in all organisations and return how many rows; several workers take turns at each."""
    return await in_each_organisation(services, lambda org_id: sealer_of(services, org_id).seal(), name="audit")


def sealer_of(services: WorkerServices, org_id: UUID) -> Sealer:
    """Return who seals and proves the log of one organisation."""
    return Sealer(partial(at_work, services, org_id), services.audit_chain, services.files)
