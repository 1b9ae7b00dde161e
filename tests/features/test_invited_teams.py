"""An invitation may name teams: whoever takes it works in those that are there then."""

from uuid import uuid4

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.teams import Team
from tests.desk import Desk, desk_of
from tests.features.test_invitations import accept, invite, tokens, waiting


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def team(desk: Desk, name: str) -> Team:
    its = Team(org_id=desk.org_id, name=name)
    await desk.world.add(desk.org_id, its)
    return its


async def test_an_invitation_names_teams_and_whoever_takes_it_is_in_those_that_are_still_there(desk: Desk, visitor):
    north, gone, other = [await team(desk, name) for name in ("North", "Gone", "Other")]

    await invite(desk, teamIds=[str(north.id), str(gone.id)])
    (before,) = await waiting(desk)
    teams = (await desk.http.get("/api/v1/teams", headers=desk.headers)).json()["data"]["items"]
    version = next(one["version"] for one in teams if one["id"] == str(gone.id))
    dissolved = await desk.http.delete(f"/api/v1/teams/{gone.id}", headers=desk.headers | {"If-Match": f'"v{version}"'})
    (after,) = await waiting(desk)
    joined = await accept(visitor(), (await tokens(desk))[0])

    assert [one["name"] for one in before["teams"]] == ["Gone", "North"]
    assert (dissolved.status_code, [one["name"] for one in after["teams"]]) == (200, ["North"])
    assert joined.status_code == 200
    teams = (await desk.http.get("/api/v1/teams", headers=desk.headers)).json()["data"]["items"]
    members = {one["name"]: [member["name"] for member in one["members"]] for one in teams}
    assert members == {"North": ["Zainab Malik"], "Other": []}
    assert other.name in members


async def test_somebody_who_changes_the_team_meanwhile_is_told_to_look_again(desk: Desk, visitor):
    north = await team(desk, "North")
    await invite(desk, teamIds=[str(north.id)])
    seen = (await desk.http.get("/api/v1/teams", headers=desk.headers)).json()["data"]["items"][0]["version"]
    await accept(visitor(), (await tokens(desk))[0])

    body = {"name": "North", "leadId": None, "memberIds": []}
    late = await desk.http.put(
        f"/api/v1/teams/{north.id}", json=body, headers=desk.headers | {"If-Match": f'"v{seen}"'}
    )

    assert late.status_code == 412


async def test_no_team_is_named_that_is_not_there_or_not_ours_or_for_nobody_at_a_desk(desk: Desk, foreign_desk: Desk):
    north, theirs = await team(desk, "North"), await team(foreign_desk, "Theirs")
    firm = Contractor(org_id=desk.org_id, name="Aire Heating")
    await desk.world.add(desk.org_id, firm)

    foreign = await invite(desk, teamIds=[str(theirs.id)])
    never = await invite(desk, teamIds=[str(uuid4())])
    outside = await invite(desk, role="Operative", subjectId=str(firm.id), teamIds=[str(north.id)])

    for answer in (foreign, never, outside):
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["teamIds"])
    assert foreign.json()["error"]["fields"] == never.json()["error"]["fields"]
    assert await waiting(desk) == []


async def test_a_contractors_administrator_names_no_teams(desk: Desk):
    north = await team(desk, "North")
    firm = Contractor(org_id=desk.org_id, name="Aire Heating")
    await desk.world.add(desk.org_id, firm)
    boss = await desk.world.staff(desk.org_id, BuiltInRole.CONTRACTOR_ADMIN, contractor_id=firm.id)
    at_work = Desk(desk.trial, desk.world, boss, desk.home, await desk.world.headers(boss))

    answer = await invite(at_work, "fitter@example.com", "Operative", teamIds=[str(north.id)])

    assert answer.status_code == 403
