"""On which ways people may be written to, over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from maintainuk.api.contact import Note
from maintainuk.api.days import Day
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.consents import ConsentFacts, ConsentService, standing
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.consents import ContactPurpose, ContactWay
from maintainuk.domain.people import ConsentChannel
from maintainuk.domain.permissions import Permission

router = Router(prefix="/api/v1/people", tags=["consents"])


class ConsentStanding(View):
    """Whether somebody may be written to now. `isGiven` is null while they have never said anything."""

    way: ContactWay
    purpose: ContactPurpose
    may_write: bool
    is_given: bool | None
    since: date | None


class ConsentWording(View):
    """What somebody is told when they are asked; a changed text has another version."""

    way: ContactWay
    purpose: ContactPurpose
    version: str
    text: str


class ConsentView(View):
    """That somebody agreed, or took it back: how, when, to which words, and who wrote it down."""

    id: UUID
    way: ContactWay
    purpose: ContactPurpose
    is_given: bool
    told_by: ConsentChannel
    told_on: date
    wording: str | None
    wording_version: str | None
    note: str | None
    recorded_at: datetime
    recorded_by: str | None


class ConsentList(View):
    """Where somebody stands, everything they ever said (the latest first), and what to ask them with."""

    standing: list[ConsentStanding]
    history: list[ConsentView]
    wordings: list[ConsentWording]


class ConsentInput(Input):
    """What somebody said, how and when; words are needed when they agreed."""

    way: ContactWay
    purpose: ContactPurpose
    is_given: bool
    told_by: ConsentChannel
    told_on: Day
    wording: Note = None
    note: Note = None


@router.get("/{person_id}/consents")
async def list_consents(
    person_id: UUID, work: Annotated[UnitOfWork, permitted(Permission.PEOPLE_READ)]
) -> ApiResponse[ConsentList]:
    """Read on which ways somebody may be written to, and how they said so."""
    return await _shown(ConsentService(work), person_id)


@router.post("/{person_id}/consents", status_code=201)
async def record_consent(
    person_id: UUID, said: ConsentInput, work: Annotated[UnitOfWork, permitted(Permission.PEOPLE_WRITE)]
) -> ApiResponse[ConsentList]:
    """Write down that somebody agreed to be written to, or took it back; nothing written before is changed."""
    service = ConsentService(work)
    await service.record(person_id, ConsentFacts(**dict(said)))
    await work.session.flush()
    return await _shown(service, person_id)


async def _shown(service: ConsentService, person_id: UUID) -> ApiResponse[ConsentList]:
    history = await service.history(person_id)
    names = await service.recorders(history)
    return ApiResponse(
        data=ConsentList(
            standing=[ConsentStanding.model_validate(one, from_attributes=True) for one in standing(history)],
            history=[
                ConsentView(
                    id=one.id,
                    way=one.way,
                    purpose=one.purpose,
                    is_given=one.is_given,
                    told_by=one.told_by,
                    told_on=one.told_on,
                    wording=one.wording,
                    wording_version=one.wording_version,
                    note=one.note,
                    recorded_at=one.recorded_at,
                    recorded_by=names.get(one.recorded_by) if one.recorded_by else None,
                )
                for one in history
            ],
            wordings=[ConsentWording.model_validate(one, from_attributes=True) for one in await service.wordings()],
        )
    )
