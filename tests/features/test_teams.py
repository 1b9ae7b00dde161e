"""Teams: who looks after which homes, and what a colleague sees of them."""

import asyncio

import pytest
from sqlalchemy import update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.users import User, UserStatus
from tests.desk import Desk, desk_of
from tests.features.test_users import audited

TEAMS = "/api/v1/teams"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def make(desk: Desk, name: str, *members: Desk, lead: Desk | None = None):
    body = {
        "name": name,
        "leadId": str(lead.staff.id) if lead else None,
        "memberIds": [str(member.staff.id) for member in members],
    }
    return await desk.http.post(TEAMS, json=body, headers=desk.headers)


async def hand_over(desk: Desk, team_id: str | None, **what):
    return await desk.http.put(f"{TEAMS}/areas", json={"teamId": team_id} | what, headers=desk.headers)


async def test_a_team_has_a_name_a_lead_and_members(desk: Desk):
    owen = await desk.beside(name="Owen Baptiste")

    made = await make(desk, "North", owen, desk, lead=owen)

    assert made.status_code == 201
    team = made.json()["data"]
    assert [one["name"] for one in team["members"]] == ["Nia Prosser", "Owen Baptiste"]
    assert (team["leadId"], team["properties"]) == (str(owen.staff.id), 0)
    listed = (await desk.http.get(TEAMS, headers=desk.headers)).json()["data"]
    assert listed["items"] == [team]


async def test_teams_of_the_same_people_made_at_once_in_another_order_do_not_wait_for_each_other_for_ever(desk: Desk):
    people = [await desk.beside() for _ in range(20)]

    for turn in range(4):
        made = await asyncio.gather(
            make(desk, f"North {turn}", *people), make(desk, f"South {turn}", *reversed(people))
        )

        assert [answer.status_code for answer in made] == [201, 201]


async def test_whole_areas_change_hands_and_with_them_what_a_colleague_sees(desk: Desk):
    owen, mine = await desk.beside(name="Owen Baptiste"), await desk.beside(name="Imran Iqbal")
    north, south = [(await make(desk, name, who)).json()["data"] for name, who in (("North", owen), ("South", mine))]
    await desk.world.home(desk.org_id, address="2 Elm Row", postcode="LS7 4AA")
    await desk.world.ticket(desk.org_id, desk.home)
    assert (len(await owen.titles()), len(await mine.titles())) == (1, 1)  # nobody's homes are everybody's

    answer = await hand_over(desk, north["id"], areas=[{"town": "Leeds", "outward": "LS6"}])

    assert answer.json()["data"]["properties"] == 1
    assert (len(await owen.titles()), len(await mine.titles())) == (1, 0)
    areas = (await desk.http.get(f"{TEAMS}/areas", headers=desk.headers)).json()["data"]["items"]
    assert [(one["outward"], one["teamId"], one["properties"]) for one in areas] == [
        ("LS6", north["id"], 1),
        ("LS7", None, 1),
    ]
    only_nobodys = await hand_over(
        desk, south["id"], areas=[{"town": "Leeds", "outward": area} for area in ("LS6", "LS7")], onlyNobodys=True
    )
    assert only_nobodys.json()["data"]["properties"] == 1
    single = await hand_over(desk, None, propertyIds=[str(desk.home.property_id)])
    assert single.json()["data"]["properties"] == 1
    assert (len(await owen.titles()), len(await mine.titles())) == (1, 1)
    assert {"TeamCreated", "PropertiesHandedOver"} <= await audited(desk)


async def test_nothing_named_changes_nothing(desk: Desk):
    team = (await make(desk, "North")).json()["data"]

    assert (await hand_over(desk, team["id"])).json()["data"]["properties"] == 0


async def test_who_joins_a_team_sees_its_homes_at_once(desk: Desk):
    owen = await desk.beside(name="Owen Baptiste")
    team = (await make(desk, "North")).json()["data"]
    await hand_over(desk, team["id"], propertyIds=[str(desk.home.property_id)])
    await desk.world.ticket(desk.org_id, desk.home)
    assert await owen.titles() == []

    changed = await desk.http.put(
        f"{TEAMS}/{team['id']}",
        json={"name": "North", "leadId": None, "memberIds": [str(owen.staff.id)]},
        headers=desk.headers | {"If-Match": f'"v{team["version"]}"'},
    )

    assert changed.json()["data"]["version"] > team["version"]
    assert len(await owen.titles()) == 1
    late = await desk.http.put(
        f"{TEAMS}/{team['id']}",
        json={"name": "North", "leadId": None, "memberIds": []},
        headers=desk.headers | {"If-Match": f'"v{team["version"]}"'},
    )
    assert late.status_code == 412
    assert late.json()["error"]["current"]["members"][0]["name"] == "Owen Baptiste"


async def test_a_team_is_dissolved_once_it_looks_after_nothing(desk: Desk):
    team = (await make(desk, "North", desk)).json()["data"]
    await hand_over(desk, team["id"], propertyIds=[str(desk.home.property_id)])
    seen = desk.headers | {"If-Match": '"v1"'}

    busy = await desk.http.delete(f"{TEAMS}/{team['id']}", headers=seen)
    await hand_over(desk, None, propertyIds=[str(desk.home.property_id)])

    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "in-use")
    assert (await desk.http.delete(f"{TEAMS}/{team['id']}", headers=seen)).status_code == 200


async def test_a_lead_is_a_member_and_a_name_stands_once(desk: Desk, foreign_desk: Desk):
    owen = await desk.beside(name="Owen Baptiste")
    await make(desk, "North")

    assert "leadId" in (await make(desk, "South", lead=owen)).json()["error"]["fields"]
    assert "name" in (await make(desk, "NORTH")).json()["error"]["fields"]
    assert "memberIds" in (await make(desk, "West", foreign_desk)).json()["error"]["fields"]


async def test_an_administrator_answers_for_the_service_until_somebody_is_named(desk: Desk):
    manager = await desk.beside(BuiltInRole.MANAGER, name="Joanne Whitaker")

    async def head():
        return (await desk.http.get(TEAMS, headers=desk.headers)).json()["data"]["headOfService"]

    assert (await head())["name"], (await head())["isNamed"] == ("Nia Prosser", False)
    body = {"userId": str(manager.staff.id)}
    named = await desk.http.put(f"{TEAMS}/head-of-service", json=body, headers=desk.headers)
    assert (named.json()["data"]["headOfService"]["name"], (await head())["isNamed"]) == ("Joanne Whitaker", True)

    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await session.execute(update(User).where(User.id == manager.staff.id).values(status=UserStatus.DISABLED))

    assert await head() == {"id": str(desk.staff.id), "name": "Nia Prosser", "isNamed": False}
    assert "HeadOfServiceNamed" in await audited(desk)


async def test_another_organisations_team_gets_nothing_and_gives_nothing(desk: Desk, foreign_desk: Desk):
    boss = await foreign_desk.beside(BuiltInRole.ORG_ADMIN)
    theirs = (await make(boss, "North")).json()["data"]

    assert (await hand_over(desk, theirs["id"], propertyIds=[str(desk.home.property_id)])).status_code == 404
    mine = (await make(desk, "North")).json()["data"]
    taken = await hand_over(desk, mine["id"], propertyIds=[str(foreign_desk.home.property_id)])
    assert taken.json()["data"]["properties"] == 0
