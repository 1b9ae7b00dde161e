"""The audit log over HTTP."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.pagination import Cursor, Cursors, Limit
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.audit import MOST_EXPORTED, AuditService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.permissions import Permission
from maintainuk.infrastructure.csv_export import table
from maintainuk.infrastructure.repositories.audit import AuditFilter

router = Router(prefix="/api/v1/audit", tags=["audit"])

CURSORS: Cursors[tuple[datetime, UUID]] = Cursors(tuple[datetime, UUID])
NEWEST_FIRST = "newest"
COLUMNS = ("at", "actor_name", "actor_id", "key_id", "action", "subject_id", "network", "program", "trace_id")


class AuditActor(View):
    """Who did it; the name is empty for somebody of the platform."""

    id: UUID
    name: str | None


class AuditEntry(View):
    """One thing somebody did.

    `actor` is empty when the product itself did it or a program with the API key `keyId`; what `data` holds depends on
    `action`, and its `changes` has, by field, what was before and after. `isSealed`: it is part of the chain.
    """

    id: UUID
    at: datetime
    actor: AuditActor | None
    key_id: UUID | None
    action: str
    subject_id: UUID | None
    data: dict[str, Any]
    network: str | None
    program: str | None
    trace_id: str | None
    is_sealed: bool


class AuditDetail(AuditEntry):
    """An entry with the texts kept sealed beside it, by field, before and after; gone with whom they are about."""

    values: dict[str, tuple[str | None, str | None]]


class AuditPage(View):
    """Part of the log, newest first; `nextCursor` asks for what was before, and is null at the beginning."""

    items: list[AuditEntry]
    next_cursor: str | None


class AuditExport(View):
    """A table for a spreadsheet; `isComplete` says whether it has all rows that were asked for."""

    file_name: str
    content: str
    rows: int
    is_complete: bool


async def wanted_entries(
    actor_id: Annotated[UUID | None, Query(alias="actorId", description="Only what this person did.")] = None,
    action: Annotated[str | None, Query(max_length=80, description="Only this kind of thing.")] = None,
    subject_id: Annotated[UUID | None, Query(alias="subjectId", description="Only what happened to this.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Not before then.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before then.")] = None,
) -> AuditFilter:
    """Return which rows the request asks for."""
    return AuditFilter(actor=actor_id, action=action, subject=subject_id, since=since, until=until)


Wanted = Annotated[AuditFilter, Depends(wanted_entries)]
Reader = Annotated[UnitOfWork, permitted(Permission.AUDIT_READ, by_keys=True)]


@router.get("")
async def list_audit_entries(
    work: Reader, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[AuditPage]:
    """List who did what, newest first."""
    after = CURSORS.read(cursor, NEWEST_FIRST)
    found = await AuditService(work).page(wanted, limit=limit + 1, after=after)
    next_cursor = CURSORS.next(NEWEST_FIRST, [(one["at"], one["id"]) for one in found], limit)
    items = [AuditEntry.model_validate(one) for one in found[:limit]]
    return ApiResponse(data=AuditPage(items=items, next_cursor=next_cursor))


@router.get("/export")
async def export_audit(work: Reader, wanted: Wanted) -> ApiResponse[AuditExport]:
    """Take the log along as CSV, newest first, at most 20,000 rows; that this was done is in the log, too."""
    found = await AuditService(work).export(wanted)
    lines = [[*(_cell(one[name]) for name in COLUMNS), json.dumps(one["data"])] for one in found[:MOST_EXPORTED]]
    return ApiResponse(
        data=AuditExport(
            file_name=f"audit-{work.now:%Y-%m-%d}.csv",
            content=table([*COLUMNS, "data"], lines),
            rows=len(lines),
            is_complete=len(found) <= MOST_EXPORTED,
        )
    )


@router.get("/{entry_id}")
async def read_audit_entry(entry_id: UUID, work: Reader) -> ApiResponse[AuditDetail]:
    """Read one entry of the log with what names and numbers were before and after; that you did is in the log, too."""
    return ApiResponse(data=AuditDetail.model_validate(await AuditService(work).read(entry_id)))


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
