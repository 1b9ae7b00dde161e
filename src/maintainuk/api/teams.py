"""Teams over HTTP: who is in them, which homes they look after, and who answers for all of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from maintainuk.api.envelope import ApiResponse, Input, View, typed
from maintainuk.api.preconditions import IfMatch, name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.api.users import NamedThing
from maintainuk.application.teams import NewTeam, TeamAtWork, TeamService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, NotFound, Reason
from maintainuk.domain.permissions import Permission
from maintainuk.domain.values import line
from maintainuk.infrastructure.repositories.teams import Area

router = Router(prefix="/api/v1/teams", tags=["teams"])

LONGEST_NAME = 60
MOST_MEMBERS = 500
MOST_PROPERTIES = 1_000

Managing = Annotated[UnitOfWork, permitted(Permission.USERS_MANAGE)]
Town = Annotated[str, Field(min_length=1, max_length=200)]
Outward = Annotated[str, Field(max_length=10)]


class TeamView(View):
    """A team; `properties` counts what it looks after."""

    id: UUID
    name: str
    lead_id: UUID | None
    members: list[NamedThing]
    properties: int
    version: int


class HeadOfServiceView(NamedThing):
    """Who answers for the service; `isNamed` is false where an administrator stands in."""

    is_named: bool


class TeamList(View):
    """Teams, by name."""

    items: list[TeamView]
    head_of_service: HeadOfServiceView | None


class TeamInput(Input):
    """What a team is called, who leads it and who is in it."""

    name: Annotated[
        str,
        typed(line, LONGEST_NAME, empty=Reason("name-empty"), long=Reason("name-too-long", longest=LONGEST_NAME)),
    ]
    lead_id: UUID | None
    member_ids: Annotated[list[UUID], Field(max_length=MOST_MEMBERS)]

    def settled(self) -> NewTeam:
        """Return it as the use case knows it."""
        return NewTeam(name=self.name, lead_id=self.lead_id, member_ids=self.member_ids)


class TeamArea(View):
    """How many properties of a town's part a team looks after; without a team, nobody in particular does."""

    town: str
    outward: str = Field(description="The first half of the postcodes there, such as LS6.")
    team_id: UUID | None
    properties: int


class TeamAreaList(View):
    """Areas, by town and postcode."""

    items: list[TeamArea]


class AreaInput(Input):
    """A town's part, as postcodes divide it."""

    town: Town
    outward: Outward


class HandOver(Input):
    """Whole areas and single properties, for a team, or for nobody in particular."""

    team_id: UUID | None
    areas: Annotated[list[AreaInput], Field(max_length=MOST_PROPERTIES)] = Field(default_factory=list)
    property_ids: Annotated[list[UUID], Field(max_length=MOST_PROPERTIES)] = Field(default_factory=list)
    only_nobodys: bool = Field(False, description="Leave what another team looks after as it is.")


class HandedOver(View):
    """How many properties have got another team."""

    properties: int


class NewHeadOfService(Input):
    """Who answers for the service; nobody: an administrator does."""

    user_id: UUID | None


@router.get("")
async def list_teams(work: Managing) -> ApiResponse[TeamList]:
    """List the teams, and who answers for all of them."""
    return ApiResponse(data=await _listed(TeamService(work)))


@router.post("", status_code=201)
async def create_team(new: TeamInput, response: Response, work: Managing) -> ApiResponse[TeamView]:
    """Make a team."""
    service = TeamService(work)
    return await _shown(service, await service.create(new.settled()), response)


@router.get("/areas")
async def list_areas(work: Managing) -> ApiResponse[TeamAreaList]:
    """List the areas where there are properties, with the teams that look after them."""
    items = [
        TeamArea(town=town, outward=outward, team_id=team_id, properties=count)
        for town, outward, team_id, count in await TeamService(work).areas()
    ]
    return ApiResponse(data=TeamAreaList(items=items))


@router.put("/areas")
async def hand_over_properties(new: HandOver, work: Managing) -> ApiResponse[HandedOver]:
    """Let a team look after whole areas or single properties."""
    count = await TeamService(work).hand_over(
        new.team_id,
        areas=[Area(area.town, area.outward) for area in new.areas],
        property_ids=new.property_ids,
        only_nobodys=new.only_nobodys,
    )
    return ApiResponse(data=HandedOver(properties=count))


@router.put("/head-of-service")
async def name_head_of_service(new: NewHeadOfService, work: Managing) -> ApiResponse[TeamList]:
    """Say who hears of what nobody else has dealt with."""
    service = TeamService(work)
    await service.name_head_of_service(new.user_id)
    return ApiResponse(data=await _listed(service))


@router.put("/{team_id}")
async def change_team(
    team_id: UUID, new: TeamInput, version: IfMatch, response: Response, work: Managing
) -> ApiResponse[TeamView]:
    """Rename a team, or change who is in it."""
    service = TeamService(work)
    try:
        await service.change(team_id, new.settled(), version=version)
    except ChangedMeanwhile as too_late:
        too_late.current = await _one(service, team_id)
        raise
    return await _shown(service, team_id, response)


@router.delete("/{team_id}")
async def delete_team(team_id: UUID, version: IfMatch, work: Managing) -> ApiResponse[None]:
    """Dissolve a team that looks after nothing any more."""
    await TeamService(work).delete(team_id, version=version)
    return ApiResponse(data=None)


async def _listed(service: TeamService) -> TeamList:
    head = await service.head_of_service()
    return TeamList(
        items=[_view(one) for one in await service.all()],
        head_of_service=HeadOfServiceView(id=head.user.id, name=head.user.name, is_named=head.is_named)
        if head
        else None,
    )


async def _one(service: TeamService, team_id: UUID) -> TeamView:
    for one in await service.all():
        if one.team.id == team_id:
            return _view(one)
    raise NotFound("no-such-team")


async def _shown(service: TeamService, team_id: UUID, response: Response) -> ApiResponse[TeamView]:
    view = await _one(service, team_id)
    response.headers["ETag"] = name_version(view.version)
    return ApiResponse(data=view)


def _view(one: TeamAtWork) -> TeamView:
    return TeamView(
        id=one.team.id,
        name=one.team.name,
        lead_id=one.team.lead_id,
        members=[NamedThing(id=user.id, name=user.name) for user in one.members],
        properties=one.properties,
        version=one.team.version,
    )
