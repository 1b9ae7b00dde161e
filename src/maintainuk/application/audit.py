"""Who did what: looking it up, sealing it, and proving that nobody has changed it since."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.audit import head_of
from maintainuk.domain.errors import NotFound
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.ports import FileStore
from maintainuk.infrastructure.database.reading import Columns
from maintainuk.infrastructure.repositories.audit import AuditEntries, AuditFilter, AuditSeals
from maintainuk.infrastructure.security.audit_chain import AuditChain, Fault, Finding, Head, Inspection

PORTION: Final = 5_000
MOST_EXPORTED: Final = 20_000
LOOKED_BACK: Final = timedelta(days=1)
"""How far behind the last sealing the sealer looks for rows that were committed late."""
SEALED_WITHIN: Final = timedelta(minutes=15)
"""A row that has no seal by then was not written by the product, or nobody seals."""
MOST_FINDINGS: Final = 1_000


class AuditService:
    """An organisation's audit log, for those who may read it."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.entries = AuditEntries(work.session)

    async def page(
        self, wanted: AuditFilter, *, limit: int, after: tuple[datetime, UUID] | None
    ) -> list[dict[str, Any]]:
        """Return up to `limit` rows, newest first."""
        self._may_read()
        return await self._all_shown(await self.entries.page(wanted, limit=limit, after=after))

    async def read(self, entry_id: UUID) -> dict[str, Any]:
        """Return one row, with the texts it keeps sealed for those who may know people. Raises `NotFound`."""
        self._may_read()
        if (row := await self.entries.one(entry_id)) is None:
            raise NotFound("no-such-entry")
        values: dict[str, tuple[str | None, str | None]] = {}
        if self.work.actor.may(Permission.PEOPLE_READ):
            values = {value.name: (value.before, value.after) for value in await self.entries.values(entry_id)}
        if values:
            self.work.audit("AuditValuesRead", subject_id=entry_id)
        (shown,) = await self._all_shown([row])
        return shown | {"values": values}

    async def export(self, wanted: AuditFilter) -> list[dict[str, Any]]:
        """Return the newest rows, at most `MOST_EXPORTED` and one; that somebody took them along is a row itself."""
        self._may_read()
        found = await self._all_shown(await self.entries.page(wanted, limit=MOST_EXPORTED + 1))
        self.work.audit("AuditExported", data={"rows": min(len(found), MOST_EXPORTED)})
        return found

    async def _all_shown(self, found: Sequence[Columns]) -> list[dict[str, Any]]:
        """Name who acted: the organisation's own people, and those of the platform who were let in to look."""
        strangers = {row.actor_id for row in found if row.actor_id and row.actor_name is None}
        names = await self.entries.supporters(strangers) if strangers else {}
        return [_shown(row, row.actor_name or names.get(row.actor_id)) for row in found]

    def _may_read(self) -> None:
        self.work.actor.require(Permission.AUDIT_READ, at_least=Scope.ORG)


def _shown(row: Columns, name: str | None) -> dict[str, Any]:
    facts = row._asdict() | {"actor_name": name}
    facts["actor"] = {"id": row.actor_id, "name": name} if row.actor_id else None
    facts["is_sealed"] = row.seq is not None
    return facts


Opening = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals one organisation's rows behind the chain's end, and proves the chain."""

    opening: Opening
    chain: AuditChain
    files: FileStore

    async def seal(self) -> int:
        """Seal what waits and return how many rows; the copy of the head follows the commit."""
        total = 0
        while True:
            async with self.opening() as work:
                sealed, head = await self._seal_portion(work)
                org_id = work.actor.org_id
            total += sealed
            if sealed:
                await self.files.put(head_of(org_id), json.dumps({"seq": head.seq, "mac": head.mac.hex()}).encode())
            if sealed < PORTION:
                return total

    async def _seal_portion(self, work: UnitOfWork) -> tuple[int, Head]:
        seals = AuditSeals(work.session)
        head = await seals.head(at=work.now)
        since = head.sealed_at - LOOKED_BACK if head.seq else datetime.min.replace(year=1970, tzinfo=work.now.tzinfo)
        waiting = await seals.unsealed(since=since, limit=PORTION)
        made = []
        for row in waiting:
            head.seq, head.mac = head.seq + 1, self.chain.seal(row, seq=head.seq + 1, previous=head.mac)
            made.append({"id": row.id, "seq": head.seq, "mac": head.mac})
        if made:
            # While more wait than one portion, the next look begins where this one ended, however long ago that was.
            head.sealed_at = work.now if len(made) < PORTION else max(row.at for row in waiting)
            await seals.keep(made)
        return len(made), Head(head.seq, head.mac)

    async def verify(self) -> tuple[int, list[Finding]]:
        """Return how many rows are sealed, and all that is wrong with them."""
        async with self.opening() as work:
            seals = AuditSeals(work.session)
            kept = await seals.present_head()
            heads = [Head(kept.seq, kept.mac)] if kept is not None and kept.seq else []
            if (copy := await self._copy(work.actor.org_id)) is not None:
                heads.append(copy)
            inspection = Inspection(self.chain, heads)
            while portion := await seals.portion(after=inspection.seq, limit=PORTION):
                for sealed in portion:
                    inspection.look_at(sealed)
            findings = inspection.end()
            kept = await seals.present_head()  # again: what was sealed meanwhile is proven by the head it moved
            if inspection.seq and (kept is None or kept.seq < inspection.seq):
                findings.append(Finding(Fault.UNPROVEN, inspection.seq))
            overdue = await seals.never_sealed(before=work.now - SEALED_WITHIN, limit=MOST_FINDINGS)
            findings += [Finding(Fault.INSERTED, entry_id=entry) for entry in overdue]
        return inspection.seq, findings

    async def _copy(self, org_id: UUID) -> Head | None:
        try:
            kept = json.loads(await self.files.get(head_of(org_id)))
        except FileNotFoundError:
            return None
        return Head(int(kept["seq"]), bytes.fromhex(kept["mac"]))
