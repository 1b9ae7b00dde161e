"""Bringing checked files in, portion by portion."""

from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.imports import ImportService
from maintainuk.application.jobs import ImportPortfolio, ImportTickets
from maintainuk.application.portfolio_imports import PortfolioImportService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.imports import ImportKind, ImportStatus, Plan
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import LinesReceipt, Receipt, RowsRead
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
    key: str | None
    kind: ImportKind = ImportKind.TICKETS
    status: ImportStatus = ImportStatus.RUNNING


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
        return Portion(run.org_id, run.id, run.plan, run.done, run.file_key)

    async def send(self, prepared: Portion, *, key: str) -> RowsRead:  # noqa: ARG002  (the place in the file is the key)
        """Have the rows read."""
        return await self.provider.portion(
            prepared.org_id, prepared.import_id, prepared.plan, prepared.begins, key=prepared.key
        )

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


GOES_ON = frozenset({ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING})


@handles(ImportPortfolio, retries=EIGHT_OVER_A_DAY)
class ImportPortfolioHandler:
    """Deal with one portion and promise the next in the same transaction, whichever way the file goes."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.tables

    async def prepare(self, job: ImportPortfolio, work: UnitOfWork) -> Portion | Settled:
        """Look where the import stands, unless it ended or was stopped."""
        try:
            run = await Imports(work.session).get(job.import_id)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "import-gone")
        if run.status not in GOES_ON:
            return Settled(OutboxStatus.CANCELLED, f"already-{run.status}")
        return Portion(run.org_id, run.id, run.plan, run.done, run.file_key, run.kind, run.status)

    async def send(self, prepared: Portion, *, key: str) -> LinesReceipt:  # noqa: ARG002  (the place in the file is the key)
        """Have the rows read, where a file is read."""
        org_id, import_id, begins = prepared.org_id, prepared.import_id, prepared.begins
        if prepared.status is ImportStatus.UNDOING:
            return LinesReceipt(self.provider.name, str(import_id), begins=0)
        if prepared.key is None:
            return LinesReceipt(self.provider.name, str(import_id), begins=begins, failure="file-gone")
        if prepared.status is ImportStatus.RUNNING:
            return await self.provider.kept_lines(org_id, import_id, begins, key=prepared.key)
        return await self.provider.look_at(org_id, import_id, prepared.kind, prepared.plan, begins, key=prepared.key)

    async def complete(self, job: ImportPortfolio, receipt: Receipt, work: UnitOfWork) -> None:
        """Compare, write or take back, and go on."""
        assert isinstance(receipt, LinesReceipt)
        service = PortfolioImportService(work)
        status = (await Imports(work.session).get(job.import_id, held=True)).status
        if status is ImportStatus.CHECKING:
            run = await service.look_at(job.import_id, receipt)
        elif status is ImportStatus.RUNNING:
            run = await service.bring_in(job.import_id, receipt)
        elif status is ImportStatus.UNDOING:
            run = await service.take_back(job.import_id)
        else:
            return
        if run.status is status:
            work.promise(job)

    async def gave_up(self, job: ImportPortfolio, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say that it stopped; what is in stays in, and the same file again brings in the rest."""
        run = await Imports(work.session).get(job.import_id, held=True)
        if run.status in GOES_ON:
            run.finish(at=work.now, failure="gave-up")
