"""Keeping the keys young: a new version for an organisation, and its rows sealed anew while everybody works on."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.sealing import KeyPurpose
from maintainuk.infrastructure.database.sealing import LEAD, sealed_tables
from maintainuk.infrastructure.repositories.sealing import BEFORE_ALL, OrganisationKeys, SealedRows
from maintainuk.infrastructure.security.sealing import MasterKeys

Opening = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
OLDEST = timedelta(days=365)
"""How long one key of an organisation seals."""
KNOWN_TO_ALL = timedelta(seconds=LEAD)
"""After that every process has looked."""


class KeyService:
    """The keys of one organisation. Each step is a transaction of its own: nobody waits for a long one."""

    def __init__(self, opening: Opening, masters: MasterKeys) -> None:
        self._opening = opening
        self._masters = masters

    async def rotate(self, *, lead: timedelta = KNOWN_TO_ALL, if_older_than: timedelta | None = None) -> int | None:
        """Begin a new version and return it; nothing when there is none to follow, or it is young enough."""
        async with self._opening() as work:
            keys = OrganisationKeys(work.session)
            if if_older_than is not None:
                present = [key for key in await keys.all() if key.purpose is KeyPurpose.DATA]
                if not present or present[-1].created_at > work.now - if_older_than:
                    return None
            version = await keys.add_version(self._masters, at=work.now, lead=lead)
            if version is not None:
                work.audit("KeyBegun", data={"version": version})
            return version

    async def renew(self) -> int:
        """Seal anew all that an older key has sealed, and return how many rows; then older keys only open backups."""
        renewed = 0
        for entity, names in sealed_tables():
            after: UUID | None = BEFORE_ALL
            while after is not None:
                async with self._opening() as work:
                    portion = await SealedRows(work.session).renew(entity, names, after)
                renewed, after = renewed + portion.renewed, portion.after
        async with self._opening() as work:
            await self._retire(work)
        return renewed

    async def rewrap(self) -> int:
        """Wrap the organisation's keys with the newest master key, and return how many; no row is touched."""
        async with self._opening() as work:
            count = await OrganisationKeys(work.session).rewrap(self._masters)
            if count:
                work.audit("KeysRewrapped", data={"master_version": self._masters.newest, "keys": count})
            return count

    async def _retire(self, work: UnitOfWork) -> None:
        data = [key for key in await OrganisationKeys(work.session).all() if key.purpose is KeyPurpose.DATA]
        begun = [key for key in data if key.active_from <= work.now]
        waiting = [key for key in begun[:-1] if key.retired_at is None]
        if waiting and not await SealedRows(work.session).older_than(begun[-1].version):
            for key in waiting:
                key.retired_at = work.now
