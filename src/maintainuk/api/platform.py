"""Looking after the organisations of an installation over HTTP: for those who run it, and nobody of an organisation."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

from maintainuk.api import idempotency
from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.founding import NewOrganisationInput
from maintainuk.api.routing import Router
from maintainuk.api.security import claims_of, enter, origin_of, trace_parent
from maintainuk.application.platform import Desk, PlatformService
from maintainuk.application.unit_of_work import unit_of_work
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import NotPermitted, Reason
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.domain.platform import LONGEST_REASON, Steward
from maintainuk.domain.support import SHORTEST_REASON
from maintainuk.domain.values import prose
from maintainuk.infrastructure.repositories.platform import Held, Platform
from maintainuk.infrastructure.repositories.second_factors import SecondFactors

router = Router(prefix="/api/v1/platform", tags=["platform"])

ONE = "/organisations/{organisation_id}"


async def _of_the_platform(request: Request) -> AsyncIterator[Desk]:
    """Hand out a desk to an administrator of the platform, whom their own session proves, and to nobody else."""
    services: Services = request.app.state.services
    claims = claims_of(request)
    session, actor = await enter(services, claims, None)
    async with unit_of_work(
        session, actor, services.clock(), trace_parent=trace_parent(), origin=origin_of(request), hints=services.hints
    ) as own:
        identity_id = await Platform(own.session).administering(claims.session_id, own.now)
        if identity_id is None:
            raise NotPermitted("not-of-the-platform")
        if not services.settings.is_demo and not await SecondFactors(own.session).confirmed(identity_id):
            raise NotPermitted("platform-needs-second-factor")
        await idempotency.claim(request, own)
        steward = Steward(identity_id=identity_id, name=actor.name, session_id=claims.session_id, org_id=actor.org_id)
        yield Desk(steward, own, services.database, services.hints)


_of_the_platform.reason = "asks for an administrator of the platform"  # type: ignore[attr-defined]
_of_the_platform.of_the_platform = True  # type: ignore[attr-defined]
AtTheDesk = Annotated[Desk, Depends(_of_the_platform, scope="function")]


def _reason(text: str) -> str:
    return prose(text)


REASON = typed(
    _reason,
    LONGEST_REASON,
    empty=Reason("reason-too-short", shortest=SHORTEST_REASON),
    long=Reason("reason-too-long", longest=LONGEST_REASON),
)


class HeldOrganisation(View):
    """An organisation as the platform knows it: what it is, and how much it has. Nothing of what is in it."""

    id: UUID
    name: str
    kind: OrganisationKind
    nation: Nation
    homes: int
    users: int = Field(description="People who may sign in.")
    created_at: datetime
    suspended_at: datetime | None
    suspended_because: str | None
    waits_until: datetime | None = Field(description="Of a sign-up that nobody has confirmed: when it is forgotten.")
    is_yours: bool = Field(description="Whether you have signed in through it.")


class HeldOrganisations(View):
    """Every organisation of the installation, by name."""

    items: list[HeldOrganisation]


class SuspensionInput(Input):
    """Why an organisation is suspended; the platform alone reads it."""

    reason: Annotated[str, REASON]


@router.get("/organisations")
async def list_organisations(desk: AtTheDesk) -> ApiResponse[HeldOrganisations]:
    """List the organisations of this installation with their numbers; those who run it see no row of theirs."""
    found = await PlatformService(desk).organisations()
    return ApiResponse(data=HeldOrganisations(items=[shown(one, desk) for one in found]))


@router.post("/organisations", status_code=201)
async def create_organisation(
    new: NewOrganisationInput, request: Request, desk: AtTheDesk
) -> ApiResponse[HeldOrganisation]:
    """Make an organisation and invite its first administrator, who chooses their own name and password."""
    services: Services = request.app.state.services
    service = PlatformService(desk)
    org_id = await service.create(new.wanted(), services.foundations)
    return ApiResponse(data=shown(await service.organisation(org_id), desk))


@router.get(ONE)
async def read_held_organisation(organisation_id: UUID, desk: AtTheDesk) -> ApiResponse[HeldOrganisation]:
    """Read one organisation's numbers."""
    return ApiResponse(data=shown(await PlatformService(desk).organisation(organisation_id), desk))


@router.put(ONE + "/suspension")
async def suspend_organisation(
    organisation_id: UUID, why: SuspensionInput, desk: AtTheDesk
) -> ApiResponse[HeldOrganisation]:
    """Shut an organisation at once: its people, programs and links are told so, and only letters of dangers go out."""
    service = PlatformService(desk)
    await service.suspend(organisation_id, why.reason)
    return ApiResponse(data=shown(await service.organisation(organisation_id), desk))


@router.delete(ONE + "/suspension")
async def lift_suspension(organisation_id: UUID, desk: AtTheDesk) -> ApiResponse[HeldOrganisation]:
    """Let an organisation work again, with everything as it was."""
    service = PlatformService(desk)
    await service.lift(organisation_id)
    return ApiResponse(data=shown(await service.organisation(organisation_id), desk))


def shown(held: Held, desk: Desk) -> HeldOrganisation:
    """Return an organisation as the platform sees it."""
    one = held.organisation
    facts: dict[str, Any] = {
        name: getattr(one, name)
        for name in ("id", "name", "kind", "nation", "created_at", "suspended_at", "suspended_because", "waits_until")
    }
    return HeldOrganisation(homes=held.homes, users=held.users, is_yours=one.id == desk.steward.org_id, **facts)
