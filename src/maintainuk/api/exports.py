"""Taking along everything an organisation owns, over HTTP.

What carries a password is a PUT: with a POST comes an Idempotency-Key, and a plain hash of the body would be kept.
"""

import base64
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.passwords import Password
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, origin_of, permitted, permitted_anew, public, trace_parent
from maintainuk.application.exports import ExportFetching, ExportService
from maintainuk.application.passwords import prove_again
from maintainuk.application.unit_of_work import UnitOfWork, unit_of_work
from maintainuk.bootstrap import Services
from maintainuk.domain.exports import Export, ExportGone, ExportStatus, export_file
from maintainuk.domain.permissions import Actor, Permission
from maintainuk.infrastructure.security.sealed_files import opened

router = Router(prefix="/api/v1/organisation/exports", tags=["exports"])
files = Router(tags=["exports"])

Taking = Annotated[UnitOfWork, permitted(Permission.SETTINGS_WRITE)]
Anew = Annotated[Opening, permitted_anew(Permission.SETTINGS_WRITE)]


class ExportProof(Input):
    """One's password, typed again; whoever signed in with the organisation's own accounts sends none."""

    password: Password = None


class ExportView(View):
    """Everything the organisation owns as one ZIP file, or how far it has come.

    `done` of `total` rows and files are in it; `total` is 0 until it begins. `sha256` is of the ZIP file.
    """

    id: UUID
    status: ExportStatus
    asked_by: str | None = Field(description="Their name; null when they are not here any more.")
    asked_at: datetime
    done: int
    total: int
    entries: int
    size: int = Field(description="Bytes.")
    sha256: str | None
    missing: int = Field(description="Files that a row names and that are no longer kept.")
    failure: str | None
    ended_at: datetime | None
    expires_at: datetime | None
    taken: int = Field(description="How often somebody was told where to fetch it.")


class ExportList(View):
    """What was taken along lately, the newest first; `needsPassword`: how one proves again who one is."""

    items: list[ExportView]
    needs_password: bool


class ExportAddress(View):
    """Where a browser fetches the file, from the root of the site; it has to begin within a minute."""

    address: str
    file_name: str
    sha256: str | None


@router.get("")
async def list_exports(work: Taking) -> ApiResponse[ExportList]:
    """List what was taken along lately, the newest first. It takes all that an administrator may."""
    service = ExportService(work)
    return ApiResponse(
        data=ExportList(
            items=[_shown(one, name, work.now) for one, name in await service.page()],
            needs_password=await service.needs_password(),
        )
    )


@router.put("", status_code=202)
async def ask_for_export(proof: ExportProof, request: Request, work: Taking) -> ApiResponse[ExportView]:
    """Have everything written into one file; follow it with `GET`. While one is being made, that is it.

    Every administrator is written to.
    """
    service = ExportService(work)
    await prove_again(work, _services(request).sign_in, proof.password)
    return ApiResponse(data=_shown(*await service.ask(), work.now))


@router.get("/{export_id}")
async def read_export(export_id: UUID, work: Taking) -> ApiResponse[ExportView]:
    """Say how far it has come."""
    return ApiResponse(data=_shown(*await ExportService(work).read(export_id), work.now))


@router.post("/{export_id}/cancel")
async def cancel_export(export_id: UUID, request: Request, opening: Anew) -> ApiResponse[ExportView]:
    """Stop it, or throw away what was made."""
    async with opening() as work:
        export, name = await ExportService(work).cancel(export_id)
        told = _shown(export, name, work.now)
    if export.file_id is not None:  # nobody can open it any more; what a worker still writes is swept away
        await _services(request).files.delete(export_file(export.org_id, export.file_id))
    return ApiResponse(data=told)


@router.put("/{export_id}/address")
async def hand_out_export(
    export_id: UUID, proof: ExportProof, request: Request, response: Response, work: Taking
) -> ApiResponse[ExportAddress]:
    """Tell where to fetch it. Each time stands in the audit log."""
    services, service = _services(request), ExportService(work)
    await prove_again(work, services.sign_in, proof.password)
    export = await service.take(export_id)
    response.headers["Cache-Control"] = "no-store"
    address = services.export_links.address(export.org_id, export.id, work.now)
    name = file_name(await service.organisation(), export.asked_at)
    return ApiResponse(data=ExportAddress(address=address, file_name=name, sha256=export.sha256))


@files.get("/exports/{export_id}.zip", include_in_schema=False)
@public("its signature, good for a minute, is given only to those who may have it and have proven who they are")
async def fetch_export(
    export_id: UUID,
    request: Request,
    expires: Annotated[int, Query(ge=0, le=10**11)],
    signature: Annotated[str, Query(max_length=100)],
) -> Response:
    """Send the file bit by bit, opened on its way."""
    services, now = _services(request), _services(request).clock()
    org_id = services.export_links.owner(export_id, expires, signature, now)
    async with unit_of_work(
        services.database.session(org_id),
        Actor.system(org_id),
        now,
        trace_parent=trace_parent(),
        origin=origin_of(request),
    ) as work:
        fetching = ExportFetching(work)
        export, name = await fetching.fetch(export_id), await fetching.organisation()
    assert export.file_id is not None
    assert export.file_key is not None
    parts = opened(export.file_key, services.files.stream(export_file(org_id, export.file_id)))
    try:
        first = await anext(parts)
    except FileNotFoundError:
        raise ExportGone from None
    digest = base64.b64encode(bytes.fromhex(export.sha256 or "")).decode()
    return StreamingResponse(
        _from(first, parts),
        media_type="application/zip",
        headers={
            "Content-Length": str(export.size),
            "Content-Disposition": f'attachment; filename="{file_name(name, export.asked_at)}"',
            "Repr-Digest": f"sha-256=:{digest}:",
            "Cache-Control": "no-store",
        },
    )


def file_name(organisation: str, made_at: datetime) -> str:
    """Return what the file is called on somebody's disk: letters, figures and hyphens only."""
    words = re.sub(r"[^a-z0-9]+", "-", organisation.lower()).strip("-")[:60] or "organisation"
    return f"{words}-{made_at:%Y-%m-%d}.zip"


async def _from(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _shown(export: Export, asked_by: str | None, now: datetime) -> ExportView:
    return ExportView(
        id=export.id,
        status=ExportStatus.GONE if export.is_over(now) else export.status,
        asked_by=asked_by,
        asked_at=export.asked_at,
        done=export.done,
        total=export.total,
        entries=export.entries,
        size=export.size,
        sha256=export.sha256,
        missing=export.missing,
        failure=export.failure,
        ended_at=export.ended_at,
        expires_at=export.expires_at,
        taken=export.taken,
    )
