"""Bringing checked files in, portion by portion."""

from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.imports import ImportService
from maintainuk.application.jobs import ImportTickets
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.imports import ImportStatus, Plan
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Receipt, RowsRead
from maintainuk.infrastructure.repositories.imports import Imports
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.retries import EIGHT_OVER_A_DAY


@dataclass(frozen=True, slots=True)
class Portion:
    """What to read next of which file."""

    org_id: UUID
    import_id: UUID
    plan: Plan
    begins: int


@handles(ImportTickets, retries=EIGHT_OVER_A_DAY)
class ImportTicketsHandler:
    """Bring one portion in and promise the next in the same transaction: a worker's death repeats and loses nothing.

    Each portion is a job of its own, so that a large file keeps nobody waiting.
    """

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.tables

    async def prepare(self, job: ImportTickets, work: UnitOfWork) -> Portion | Settled:
        """Look where the import stands, unless it ended."""
        try:
            run = await Imports(work.session).get(job.import_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "import-gone")
        if run.status is not ImportStatus.RUNNING:
            return Settled(OutboxStatus.CANCELLED, f"already-{run.status}")
        return Portion(run.org_id, run.id, run.plan, run.done)

    async def send(self, prepared: Portion, *, key: str) -> RowsRead:  # noqa: ARG002  (the place in the file is the key)
        """Have the rows read."""
        return await self.provider.portion(prepared.org_id, prepared.import_id, prepared.plan, prepared.begins)

    async def complete(self, job: ImportTickets, receipt: Receipt, work: UnitOfWork) -> None:
        """Write them, and go on."""
        assert isinstance(receipt, RowsRead)
        run = await ImportService(work).bring_in(job.import_id, receipt)
        if run.status is ImportStatus.RUNNING:
            work.promise(job)

    async def gave_up(self, job: ImportTickets, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say that it stopped; what is in stays in, and the same file again brings in the rest."""
        run = await Imports(work.session).get(job.import_id, held=True)
        if run.status is ImportStatus.RUNNING:
            run.finish(at=work.now, failure="gave-up")
