"""The poster in a hallway: what staff print, and what becomes of the old one when it has got about."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import Nation
from maintainuk.infrastructure.images.qr_code import QUIET_ZONE
from tests.desk import Desk, desk_of
from tests.portal import Phone

HOMES = "/api/v1/links/homes"


@pytest.fixture
async def desk(trial, world) -> Desk:
    return await desk_of(trial, world)


async def poster_of(desk: Desk, home_id=None):
    answer = await desk.http.get(f"{HOMES}/{home_id or desk.home.unit_id}", headers=desk.headers)
    assert answer.status_code == 200
    return answer.json()["data"]


async def replace(desk: Desk, home_id=None, **headers: str):
    path = f"{HOMES}/{home_id or desk.home.unit_id}/replacement"
    return await desk.http.post(path, headers=desk.headers | headers)


def dark_squares(path: str) -> set[tuple[int, int]]:
    """The squares that an SVG path of our kind fills."""
    squares = set()
    for run in path.removeprefix("M").removesuffix("z").split("zM"):
        start, rest = run.split("h", 1)
        x, y = map(int, start.split())
        squares |= {(x + step, y) for step in range(int(rest.split("v")[0]))}
    return squares


async def test_the_poster_says_where_it_hangs_and_whom_to_call_and_names_nobody(desk: Desk):
    poster = await poster_of(desk)

    assert poster["address"] == "14 Ash Grove, Leeds, LS6 1AA"
    assert poster["organisation"] == {"name": "Fairweather Lettings", "phone": "01632 960 001", "logo": None}
    assert poster["gasEmergency"]["number"] == "0800 111 999"
    assert poster["url"] == f"{poster['portal']}/h/{poster['code']}"
    assert "Aisha" not in str(poster)


async def test_the_gas_emergency_number_is_that_of_the_homes_nation(desk: Desk):
    home = await desk.world.home(desk.org_id, address="8 Antrim Road", nation=Nation.NORTHERN_IRELAND)

    assert (await poster_of(desk, home.unit_id))["gasEmergency"]["number"] == "0800 002 001"


async def test_the_qr_code_is_drawn_with_an_empty_margin_around_its_three_eyes(desk: Desk):
    drawn = (await poster_of(desk))["qrCode"]

    dark, far = dark_squares(drawn["path"]), drawn["size"] - QUIET_ZONE - 1
    assert {min(x for x, _ in dark), min(y for _, y in dark)} == {QUIET_ZONE}
    assert {max(x for x, _ in dark), max(y for _, y in dark)} == {far}
    assert {(QUIET_ZONE, QUIET_ZONE), (far, QUIET_ZONE), (QUIET_ZONE, far)} <= dark
    assert (drawn["size"] - 2 * QUIET_ZONE - 17) % 4 == 0


async def test_a_poster_printed_twice_is_the_same_poster(desk: Desk):
    assert await poster_of(desk) == await poster_of(desk)


async def test_a_blocks_common_parts_have_a_poster_of_their_own(desk: Desk):
    in_the_flat, in_the_hall = await poster_of(desk), await poster_of(desk, desk.home.property_id)

    assert in_the_flat["code"] != in_the_hall["code"]


async def test_after_a_replacement_the_old_poster_stops_working_and_the_new_one_works(desk: Desk):
    old = Phone(desk, (await poster_of(desk))["code"])
    sent = await old.sends("The hall light flickers.")

    answer = await replace(desk)

    assert (answer.status_code, answer.json()["data"]) == (201, None)
    refused = await old.get("/home")
    assert (refused.status_code, refused.json()["error"]["code"]) == (410, "link-revoked")
    new = await poster_of(desk)
    assert new["code"] != old.token
    assert (await Phone(desk, new["code"]).get("/home")).status_code == 200
    assert (await sent.get("/status")).status_code == 200


async def test_a_replacement_touches_no_other_poster(desk: Desk):
    neighbour = await desk.world.home(desk.org_id, address="16 Ash Grove")
    next_door = Phone(desk, (await poster_of(desk, neighbour.unit_id))["code"])
    await poster_of(desk)

    await replace(desk)

    assert (await next_door.get("/home")).status_code == 200


async def test_a_nervous_click_replaces_once(desk: Desk):
    await poster_of(desk)
    key = {"Idempotency-Key": str(uuid4())}

    await replace(desk, **key)
    new = await poster_of(desk)
    await replace(desk, **key)

    assert (await poster_of(desk))["code"] == new["code"]


async def test_a_replacement_is_on_record_and_its_code_is_not(desk: Desk):
    await poster_of(desk)

    await replace(desk)

    async with desk.world.owner.session(desk.org_id) as session:
        entries = (await session.scalars(select(AuditLog).where(AuditLog.action == "PosterReplaced"))).all()
    assert [(entry.actor_id, entry.subject_id, entry.data) for entry in entries] == [
        (desk.staff.id, desk.home.unit_id, {"switched_off": 1})
    ]


@pytest.mark.parametrize("role", [BuiltInRole.FINANCE, BuiltInRole.AUDITOR])
async def test_who_only_reads_prints_a_poster_and_replaces_none(desk: Desk, role: BuiltInRole):
    reader = await desk.beside(role)

    code = (await poster_of(reader))["code"]

    assert (await replace(reader)).status_code == 403
    assert (await poster_of(desk))["code"] == code


async def test_anothers_home_has_no_poster(desk: Desk, trial, world):
    neighbour = await desk_of(trial, world)
    code = (await poster_of(desk))["code"]

    answers = [
        await neighbour.http.get(f"{HOMES}/{desk.home.unit_id}", headers=neighbour.headers),
        await replace(neighbour, desk.home.unit_id),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await Phone(desk, code).get("/home")).status_code == 200
