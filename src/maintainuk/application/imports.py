"""Bringing tickets in from a file: look at it, decide how it is read, check every row, and only then write."""

from collections.abc import Sequence
from uuid import UUID

from maintainuk.application.import_rows import Rows
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import NotFound
from maintainuk.domain.import_reading import Survey
from maintainuk.domain.imports import Draft, ImportKind, ImportRun, ImportStatus, Tally
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.ports import RowsRead
from maintainuk.infrastructure.repositories.imports import Imports


class ImportService:
    """What people do with files of tickets."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.imports = Imports(work.session)

    def require(self) -> None:
        """Refuse unless the person takes in repairs at the desk."""
        self.work.actor.require(Permission.TICKETS_CREATE, at_least=Scope.TEAM)

    async def received(self, import_id: UUID, file_name: str, *, key: str | None = None) -> ImportRun:
        """Take note of a file that is kept and can be read."""
        self.require()
        run = ImportRun(
            org_id=self.work.actor.org_id,
            id=import_id,
            file_name=file_name,
            file_key=key,
            started_by=self.work.actor.user_id,
            created_at=self.work.now,
        )
        self.work.session.add(run)
        self.work.audit("ImportReceived", subject_id=import_id)
        await self.work.session.flush()
        return run

    async def read(self, import_id: UUID) -> ImportRun:
        """Return an import. Raises `NotFound`."""
        self.require()
        return await self._tickets(import_id)

    async def look_up(self, drafts: Sequence[Draft]) -> Tally:
        """Say what would become of good rows; nothing is written."""
        self.require()
        return (await Rows(self.work).look_up(drafts))[0]

    async def checked(self, import_id: UUID, survey: Survey) -> ImportRun:
        """Note how a file will be read and what was found."""
        self.require()
        run = await self._tickets(import_id, held=True)
        run.checked(
            survey.settled, rows=survey.rows, bad=survey.bad, repeated=survey.repeated, problems=survey.problems
        )
        await self.work.session.flush()
        return run

    async def start(self, import_id: UUID, *, skip_bad: bool) -> ImportRun:
        """Promise to bring a checked file in; started twice is started once."""
        self.require()
        run = await self._tickets(import_id, held=True)
        if run.status is not ImportStatus.RUNNING:
            run.start(skip_bad=skip_bad, by=self.work.actor.user_id)
            await self.work.session.flush()
        return run

    async def _tickets(self, import_id: UUID, *, held: bool = False) -> ImportRun:
        run = await self.imports.get(import_id, held=held)
        if run.kind is not ImportKind.TICKETS:
            raise NotFound("no-such-import")
        return run

    async def bring_in(self, import_id: UUID, read: RowsRead) -> ImportRun:
        """Write a portion; one that was written before is left as it is."""
        run = await self.imports.get(import_id, held=True)
        if run.status is not ImportStatus.RUNNING or run.done != read.begins:
            return run
        if read.failure is not None:
            run.finish(at=self.work.now, failure=read.failure)
        else:
            tally, last = await Rows(self.work).bring_in(read.drafts)
            run.advance(read.rows, tally, last)
            if read.is_last:
                run.finish(at=self.work.now)
        await self.work.session.flush()
        return run
