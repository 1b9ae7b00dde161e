"""Taking along everything an organisation owns: asked for, made in the background, fetched within a day."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from maintainuk.application.administrators import tell_administrators
from maintainuk.application.passwords import own_session
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import OrganisationSuspended
from maintainuk.domain.exports import NEEDS, Export
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.permissions import Scope
from maintainuk.domain.users import User
from maintainuk.infrastructure.repositories.exports import Exports
from maintainuk.infrastructure.repositories.organisations import SettingsOf

MOST_SHOWN: Final = 20

Told = tuple[Export, str | None]
"""An export, and the name of who asked for it."""


class ExportService:
    """What administrators do with exports; who they are is proven again before (`application/passwords.py`)."""

    def __init__(self, work: UnitOfWork) -> None:
        for permission in NEEDS:
            work.actor.require(permission, at_least=Scope.ORG)
        self.work = work
        self.exports = Exports(work.session)

    async def needs_password(self) -> bool:
        """Say whether they prove who they are by a password, and not by a sign-in of their organisation's own."""
        return not (await own_session(self.work)).is_vouched

    async def organisation(self) -> str:
        """Return the organisation's name."""
        return (await SettingsOf(self.work.session).organisation()).name

    async def page(self) -> Sequence[Told]:
        """Return what was made lately, the newest first."""
        found = await self.exports.newest(MOST_SHOWN)
        return [(one, await self._asked_by(one)) for one in found]

    async def read(self, export_id: UUID) -> Told:
        """Return one. Raises `NotFound`."""
        export = await self.exports.get(export_id)
        return export, await self._asked_by(export)

    async def ask(self) -> Told:
        """Promise to make one, unless one is being made already: then that is it. Every administrator is written to."""
        await self.exports.take_turn(self.work.actor.org_id)
        if (making := await self.exports.making()) is not None:
            return making, await self._asked_by(making)
        new = Export(org_id=self.work.actor.org_id, asked_by=self.work.actor.user_id, asked_at=self.work.now)
        new.asked()
        self.work.session.add(new)
        await tell_administrators(self.work, MessageTemplate.EXPORT_ASKED)
        await self.work.session.flush()
        return new, self.work.actor.name

    async def cancel(self, export_id: UUID) -> Told:
        """Stop it, or throw away what was made."""
        export = await self.exports.get(export_id, held=True)
        export.cancel(at=self.work.now)
        await self.work.session.flush()
        return export, await self._asked_by(export)

    async def take(self, export_id: UUID) -> Export:
        """Let somebody have it; each time stands in the audit log. Raises `ExportNotReady`, `ExportGone`."""
        export = await self.exports.get(export_id, held=True)
        export.take(at=self.work.now)
        self.work.audit("ExportHandedOut", subject_id=export.id, data={"sha256": export.sha256, "times": export.taken})
        await self.work.session.flush()
        return export

    async def _asked_by(self, export: Export) -> str | None:
        if export.asked_by is None:
            return None
        user = await self.work.session.get(User, (export.org_id, export.asked_by))
        return user.name if user else None


class ExportFetching:
    """Sending the file to whoever was told where it is; the address is the proof."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.settings = SettingsOf(work.session)

    async def organisation(self) -> str:
        """Return the organisation's name."""
        return (await self.settings.organisation()).name

    async def fetch(self, export_id: UUID) -> Export:
        """Return it, and note from where it was fetched. Raises `ExportGone`, `OrganisationSuspended`."""
        export = await Exports(self.work.session).get(export_id)
        export.must_be_there(self.work.now)
        if (await self.settings.organisation()).suspended_at is not None:
            raise OrganisationSuspended
        self.work.audit("ExportFetched", subject_id=export.id, data={"sha256": export.sha256})
        return export
