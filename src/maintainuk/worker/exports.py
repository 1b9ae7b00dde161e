"""Writing everything an organisation owns into one file."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from maintainuk.application.jobs import PackExport
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Providers
from maintainuk.domain.errors import NotFound
from maintainuk.domain.exports import ITS_TURN, ExportStatus, Packed
from maintainuk.domain.outbox import OutboxStatus
from maintainuk.domain.ports import Busy, Receipt
from maintainuk.infrastructure.repositories.exports import Exports
from maintainuk.infrastructure.security.sealed_files import new_key
from maintainuk.worker.handlers import Settled, handles
from maintainuk.worker.retries import FIVE_OVER_AN_HOUR

LONGEST: Final = 6 * 3_600.0
"""Seconds. The lease is renewed all the while, as long as the worker lives."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write, under which name and sealed with what."""

    org_id: UUID
    export_id: UUID
    file_id: UUID
    key: str


@handles(PackExport, retries=FIVE_OVER_AN_HOUR, deadline=LONGEST)
class PackExportHandler:
    """Write one file. Each attempt begins anew under another name, so that of a dead worker's nothing is taken over."""

    def __init__(self, providers: Providers) -> None:
        self.provider = providers.packer

    async def prepare(self, job: PackExport, work: UnitOfWork) -> Wanted | Settled:
        """Begin from the beginning, unless nobody wants it any more; while another is written here, it waits."""
        if self.provider.is_busy:
            raise Busy(ITS_TURN)
        try:
            export = await Exports(work.session).get(job.export_id, held=True)
        except NotFound:
            return Settled(OutboxStatus.CANCELLED, "export-gone")
        if export.status is not ExportStatus.MAKING:
            return Settled(OutboxStatus.CANCELLED, f"already-{export.status}")
        key = new_key()
        return Wanted(export.org_id, export.id, export.start_anew(key), key)

    async def send(self, prepared: Wanted, *, key: str) -> Packed:  # noqa: ARG002  (the name of the file is the key)
        """Have it written."""
        return await self.provider.pack(prepared.org_id, prepared.export_id, prepared.file_id, prepared.key)

    async def complete(self, job: PackExport, receipt: Receipt, work: UnitOfWork) -> None:
        """Let it be fetched; one that somebody stopped meanwhile is swept away."""
        assert isinstance(receipt, Packed)
        export = await Exports(work.session).get(job.export_id, held=True)
        if receipt.is_stopped or export.status is not ExportStatus.MAKING or export.file_id != receipt.file_id:
            return
        export.made(
            entries=receipt.entries, size=receipt.size, sha256=receipt.sha256, missing=receipt.missing, at=work.now
        )

    async def gave_up(self, job: PackExport, status: OutboxStatus, reason: str, work: UnitOfWork) -> None:  # noqa: ARG002
        """Say that it can't be had, and why."""
        export = await Exports(work.session).get(job.export_id, held=True)
        export.failed("too-large" if reason == "too-large" else "gave-up", at=work.now)
