"""Lists as CSV over HTTP, in the very columns of the templates: what comes back unchanged changes nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator

from maintainuk.api.contractors import Near
from maintainuk.api.import_templates import title_of
from maintainuk.api.routing import Router
from maintainuk.api.security import Opening, permitted_anew
from maintainuk.application.portfolio_exports import PortfolioExportService, Portion
from maintainuk.domain.contractors import ContractorStatus
from maintainuk.domain.import_kinds import KINDS
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission
from maintainuk.domain.properties import PropertyKind
from maintainuk.domain.taxonomy import Trade
from maintainuk.domain.values import line
from maintainuk.infrastructure.csv_export import MARK
from maintainuk.infrastructure.csv_export import lines as csv_lines
from maintainuk.infrastructure.repositories.buildings import PropertyFilter
from maintainuk.infrastructure.repositories.contractors import ContractorFilter

router = Router(prefix="/api/v1", tags=["portfolio exports"])

CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "The table.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}
Words = Annotated[str, Query(max_length=200, description="As in the list."), AfterValidator(line)]
Next = Callable[[PortfolioExportService, Any], Awaitable[Portion]]


class Told(StrEnum):
    """What a line of a file about properties is of."""

    PROPERTIES = "properties"
    UNITS = "units"
    HOMES = "homes"
    TENANCIES = "tenancies"


@router.get("/properties/export", response_class=Response, responses=CSV)
async def export_properties(  # noqa: PLR0913  (one parameter for each filter)
    opening: Annotated[Opening, permitted_anew(Permission.PROPERTIES_READ)],
    *,
    told: Annotated[Told, Query(description="Buildings, homes, homes with their tenancies, or tenancies.")],
    q: Words = "",
    kind: PropertyKind | None = None,
    nation: Nation | None = None,
    landlord: Annotated[UUID | None, Query(description="Only those in the portfolios of this landlord.")] = None,
    vacant: Annotated[bool, Query(description="Only those with a home that nobody rents.")] = False,
) -> Response:
    """Take a list of properties along as CSV, with their homes or tenancies if wanted. Each taking is audited."""
    wanted = PropertyFilter(words=q, kind=kind, nation=nation, landlord_id=landlord, is_vacant=vacant)
    return await _table(opening, ImportKind(told), lambda service, after: service.properties(wanted, after))


@router.get("/people/export", response_class=Response, responses=CSV)
async def export_people(opening: Annotated[Opening, permitted_anew(Permission.PEOPLE_READ)], q: Words = "") -> Response:
    """Take a list of people along as CSV, each with where they live. Each taking is audited."""
    return await _table(opening, ImportKind.PEOPLE, lambda service, after: service.people(q, after))


@router.get("/contractors/export", response_class=Response, responses=CSV)
async def export_contractors(  # noqa: PLR0913  (one parameter for each filter)
    opening: Annotated[Opening, permitted_anew(Permission.CONTRACTORS_READ)],
    *,
    q: Words = "",
    trade: Trade | None = None,
    status: ContractorStatus | None = None,
    near: Near = "",
    on: Annotated[date | None, Query(description="Who may be given work that day.")] = None,
) -> Response:
    """Take a list of contractors along as CSV. Each taking is audited."""
    wanted = ContractorFilter(words=q, trade=trade, status=status, near=near, on=on)
    return await _table(opening, ImportKind.CONTRACTORS, lambda service, after: service.contractors(wanted, after))


async def _table(opening: Opening, kind: ImportKind, next_portion: Next) -> Response:
    """Answer portion by portion: whoever reads slowly keeps no transaction open, and each one proves the permission."""
    fields = [column.field for column in KINDS[kind].columns]

    async def portion(after: Any) -> Portion:  # noqa: ANN401  (what the list goes on behind)
        async with opening() as work:
            service = PortfolioExportService(work, kind)
            if after is None:
                service.began()
            return await next_portion(service, after)

    first = await portion(None)

    async def written() -> AsyncIterator[str]:
        yield MARK + csv_lines([[title_of(kind, field) for field in fields]]) + _lines(fields, first)
        after = first.after
        while after is not None:
            found = await portion(after)
            yield _lines(fields, found)
            after = found.after

    return StreamingResponse(
        written(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}.csv"', "Cache-Control": "no-store"},
    )


def _lines(fields: Sequence[str], portion: Portion) -> str:
    return csv_lines([line.get(field) for field in fields] for line in portion.lines)
