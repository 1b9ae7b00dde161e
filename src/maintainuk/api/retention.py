"""How long things are kept and what a dispute holds, over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field

from maintainuk.api.contact import Note
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.preconditions import IfMatch
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.retention import HoldService, RetentionService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.london import london_day
from maintainuk.domain.permissions import Permission
from maintainuk.domain.retention import HoldSubject, RetentionKind, RetentionSource
from maintainuk.domain.values import prose

router = Router(prefix="/api/v1/privacy", tags=["retention"])

LONGEST = 240
Because = Annotated[str, Field(max_length=2_000), AfterValidator(prose), Field(min_length=1)]
Months = Annotated[int, Field(ge=0, le=LONGEST)]
Reading = Annotated[UnitOfWork, permitted(Permission.PRIVACY_READ)]
Managing = Annotated[UnitOfWork, permitted(Permission.RETENTION_MANAGE)]
OnDay = Annotated[date | None, Query(description="On which day; today when nothing is said.")]


class RetentionRuleView(View):
    """How long something is kept (months), how long it may be, and how many would be forgotten or held on the day."""

    kind: RetentionKind
    months: int
    default_months: int
    fewest_months: int
    most_months: int
    source: RetentionSource
    because: str | None
    changed_at: datetime | None
    changed_by: str | None
    version: int
    due: int
    held: int


class RetentionRunView(View):
    """One night's forgetting: how many of each kind. `endedAt` is null while it runs, or when it broke off."""

    ran_on: date
    ended_at: datetime | None
    forgotten: dict[RetentionKind, int]


class RetentionView(View):
    """Every rule with what it would mean on a day, and the last nights."""

    on: date
    rules: list[RetentionRuleView]
    runs: list[RetentionRunView]


class RetentionPreview(View):
    """How many would be forgotten on the day, and how many more if no dispute held them."""

    due: int
    held: int


class RetentionInput(Input):
    """How long to keep something from now on, and why."""

    months: Months
    because: Note = None


class HoldView(View):
    """That nothing about something may be forgotten: why, who said so, and until when."""

    id: UUID
    kind: HoldSubject
    subject_id: UUID
    subject: str
    reason: str
    placed_at: datetime
    placed_by: str | None
    lifted_at: datetime | None
    lifted_by: str | None
    lifted_because: str | None
    version: int


class HoldList(View):
    """Those that hold first."""

    items: list[HoldView]


class NewHold(Input):
    """What a dispute is about, and why nothing of it may be forgotten."""

    kind: HoldSubject
    subject_id: UUID
    reason: Because


class HoldLifting(Input):
    """Why the dispute is over."""

    because: Because


@router.get("/retention")
async def read_retention(work: Reading, on: OnDay = None) -> ApiResponse[RetentionView]:
    """Read how long things are kept, what would be forgotten on a day, and what was forgotten lately."""
    return await _rules(work, on)


@router.get("/retention/{retention_kind}/preview")
async def preview_retention(
    work: Reading, retention_kind: RetentionKind, months: Annotated[Months, Query()], on: OnDay = None
) -> ApiResponse[RetentionPreview]:
    """Say how many another rule would forget on a day, without forgetting anybody."""
    due, held = await RetentionService(work).preview(retention_kind, months, on or london_day(work.now))
    return ApiResponse(data=RetentionPreview(due=due, held=held))


@router.put("/retention/{retention_kind}")
async def change_retention(
    work: Managing, retention_kind: RetentionKind, new: RetentionInput, version: IfMatch
) -> ApiResponse[RetentionView]:
    """Keep something longer or shorter, within its bounds; the next night goes by it."""
    await RetentionService(work).change(retention_kind, new.months, new.because, version=version)
    await work.session.flush()
    return await _rules(work, None)


@router.get("/holds")
async def list_holds(work: Reading) -> ApiResponse[HoldList]:
    """List what may not be forgotten because of a dispute. Each reading is written to the audit log."""
    work.audit("HoldsRead")
    return await _holds(work)


@router.post("/holds", status_code=201)
async def place_hold(work: Managing, new: NewHold) -> ApiResponse[HoldList]:
    """Let nothing about a person, a property, a tenancy or a ticket be forgotten."""
    await HoldService(work).place(new.kind, new.subject_id, new.reason)
    return await _holds(work)


@router.put("/holds/{hold_id}/lifting")
async def lift_hold(work: Managing, hold_id: UUID, version: IfMatch, why: HoldLifting) -> ApiResponse[HoldList]:
    """Let the rules count again."""
    await HoldService(work).lift(hold_id, why.because, version=version)
    return await _holds(work)


async def _rules(work: UnitOfWork, on: date | None) -> ApiResponse[RetentionView]:
    service, day = RetentionService(work), on or london_day(work.now)
    rules = [
        RetentionRuleView(
            kind=one.kind,
            months=one.months,
            default_months=one.bounds.default,
            fewest_months=one.bounds.fewest,
            most_months=one.bounds.most,
            source=one.bounds.source,
            because=one.because,
            changed_at=one.changed_at,
            changed_by=one.changed_by,
            version=one.version,
            due=one.due,
            held=one.held,
        )
        for one in await service.rules(day)
    ]
    runs = [RetentionRunView.model_validate(one, from_attributes=True) for one in await service.runs()]
    return ApiResponse(data=RetentionView(on=day, rules=rules, runs=runs))


async def _holds(work: UnitOfWork) -> ApiResponse[HoldList]:
    await work.session.flush()
    holds, subjects, names = await HoldService(work).holds()
    items = [
        HoldView(
            id=one.id,
            kind=kind,
            subject_id=subject_id,
            subject=subjects.get(subject_id, ""),
            reason=one.reason,
            placed_at=one.placed_at,
            placed_by=names.get(one.placed_by) if one.placed_by else None,
            lifted_at=one.lifted_at,
            lifted_by=names.get(one.lifted_by) if one.lifted_by else None,
            lifted_because=one.lifted_because,
            version=one.version,
        )
        for one in holds
        for kind, subject_id in (one.subject,)
    ]
    return ApiResponse(data=HoldList(items=items))
