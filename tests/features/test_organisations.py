"""What an organisation decides: whom a danger reaches at any hour, and whether AI may propose."""

import asyncio

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk, desk_of
from tests.portal import phone_at

ORGANISATION = "/api/v1/organisation"
GOOD = {"emergencyEmail": "oncall@example.com", "emergencyPhone": "01632 960 001", "isAiOn": True}


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def change(desk: Desk, version: int, **changes):
    seen = {"If-Match": f'"v{version}"'}
    return await desk.http.put(ORGANISATION, json=GOOD | changes, headers=desk.headers | seen)


async def read(desk: Desk):
    return await desk.http.get(ORGANISATION, headers=desk.headers)


async def test_at_first_nobody_is_told_of_a_danger_and_ai_may_propose(desk: Desk):
    answer = await read(desk)

    assert answer.headers["ETag"] == '"v0"'
    settings = answer.json()["data"]
    assert (settings["name"], settings["emergencyEmail"], settings["hasEmergencyContact"]) == (
        "Fairweather Lettings",
        None,
        False,
    )
    assert settings["isAiOn"]


async def test_an_administrator_says_whom_a_danger_reaches(desk: Desk):
    answer = await change(desk, 0)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"v1"')
    assert answer.json()["data"] == (await read(desk)).json()["data"]
    assert {name: answer.json()["data"][name] for name in GOOD} == GOOD
    assert answer.json()["data"]["hasEmergencyContact"]


async def test_the_first_contact_is_told_of_the_dangers_that_nobody_looks_after(desk: Desk):
    phone = await phone_at(desk)
    await phone.report(danger="gas_smell")
    await phone.report(danger="fire")
    seen = (await desk.get()).json()["data"]["items"][0]
    await desk.put(f"/{seen['id']}/danger/acknowledgement", {}, seen["version"])
    before = len(await desk.world.promised(desk.org_id))

    await change(desk, 0)
    await change(desk, 1, emergencyEmail="somebody.else@example.com")

    assert len(await desk.world.promised(desk.org_id)) == before + 1


async def test_an_emptied_field_is_nobody(desk: Desk):
    await change(desk, 0)

    answer = await change(desk, 1, emergencyEmail=" ", emergencyPhone=None)

    assert (answer.json()["data"]["emergencyEmail"], answer.json()["data"]["hasEmergencyContact"]) == (None, False)


async def test_of_two_administrators_at_once_one_is_told_to_look_again(desk: Desk):
    colleague = await desk.beside(BuiltInRole.ORG_ADMIN)

    answers = await asyncio.gather(change(desk, 0), change(colleague, 0, emergencyPhone="01632 960 002"))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    late = next(answer for answer in answers if answer.status_code == 412)
    assert late.json()["error"]["current"] == (await read(desk)).json()["data"]


@pytest.mark.parametrize("email", ["oncall", "oncall@", "a b@example.com", "x" * 250 + "@example.com", "a@b@c.com"])
async def test_an_address_that_reaches_nobody_is_refused(desk: Desk, email: str):
    answer = await change(desk, 0, emergencyEmail=email)

    assert answer.json()["error"]["fields"] == {"emergencyEmail": ["Enter an e-mail address like name@example.com."]}


@pytest.mark.parametrize("phone", ["ring the office", "12", "+44" * 20])
async def test_a_number_nobody_can_ring_is_refused(desk: Desk, phone: str):
    assert "emergencyPhone" in (await change(desk, 0, emergencyPhone=phone)).json()["error"]["fields"]


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role is not BuiltInRole.ORG_ADMIN])
async def test_everybody_reads_and_only_an_administrator_changes(desk: Desk, role: BuiltInRole):
    colleague = await desk.beside(role)

    assert (await read(colleague)).status_code == 200
    assert (await change(colleague, 0)).status_code == 403


async def test_an_organisation_reads_its_own(desk: Desk, foreign_desk: Desk):
    await change(desk, 0)

    assert (await read(foreign_desk)).json()["data"]["emergencyEmail"] is None
