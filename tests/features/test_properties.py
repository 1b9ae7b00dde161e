"""Finding the home that a repair is in, and the colleague to give it to."""

from datetime import timedelta

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from tests.desk import Desk


async def homes(desk: Desk, words: str = "") -> list[dict]:
    answer = await desk.http.get("/api/v1/properties/homes", params={"q": words}, headers=desk.headers)
    return answer.json()["data"]["items"]


async def test_a_home_is_shown_with_its_property_and_its_people(desk: Desk):
    assert await homes(desk) == [
        {
            "unitId": str(desk.home.unit_id),
            "unitLabel": "",
            "property": {
                "id": str(desk.home.property_id),
                "address": "14 Ash Grove, Leeds",
                "postcode": "LS6 1AA",
                "nation": "ENG",
            },
            "tenancy": {
                "id": str(desk.home.tenancy_id),
                "people": [{"id": str(desk.home.tenant_id), "name": "Aisha Khan"}],
            },
        }
    ]


@pytest.mark.parametrize("words", ["mill", "3 mill lane", "ls9", "LS98BB", "bronisława", "Mill Leeds"])
async def test_homes_are_found_by_address_postcode_and_people(desk: Desk, words: str):
    await desk.world.home(desk.org_id, address="3 Mill Lane", postcode="LS9 8BB", tenant="Bronisława Nowak")

    assert [home["property"]["address"] for home in await homes(desk, words)] == ["3 Mill Lane, Leeds"]


async def test_homes_stand_in_the_order_of_the_street_and_not_of_the_alphabet(desk: Desk):
    for address in ("100 Mill Lane", "2 Mill Lane", "10 Mill Lane", "1 Mill Lane", "12a Mill Lane", "12 Mill Lane"):
        await desk.world.home(desk.org_id, address=address)
    for label in ("Flat 10", "Flat 9", "Flat 1"):
        await desk.world.home(desk.org_id, address="Mill House, Mill Lane", label=label)

    found = [(home["property"]["address"].removesuffix(", Leeds"), home["unitLabel"]) for home in await homes(desk)]

    assert found == [
        ("14 Ash Grove", ""),
        *(("Mill House, Mill Lane", f"Flat {number}") for number in (1, 9, 10)),
        *((f"{number} Mill Lane", "") for number in ("1", "2", "10", "12", "12a", "100")),
    ]


async def test_the_lead_tenant_comes_first_and_those_who_left_do_not_come(desk: Desk):
    org_id = desk.org_id
    partner, before = Person(org_id=org_id, name="Aaron Khan"), Person(org_id=org_id, name="Morag Sinclair")
    ended = Tenancy(
        org_id=org_id,
        unit_id=desk.home.unit_id,
        started_on=desk.world.now.date() - timedelta(days=900),
        ended_on=desk.world.now.date() - timedelta(days=401),
    )
    await desk.world.add(
        org_id,
        partner,
        before,
        ended,
        TenancyMember(org_id=org_id, tenancy_id=ended.id, person_id=before.id, is_lead=True),
        TenancyMember(org_id=org_id, tenancy_id=desk.home.tenancy_id, person_id=partner.id),
    )

    (home,) = await homes(desk)

    assert [person["name"] for person in home["tenancy"]["people"]] == ["Aisha Khan", "Aaron Khan"]
    assert await homes(desk, "morag") == []


async def test_a_home_nobody_rents_has_no_tenancy(desk: Desk):
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        tenancy = await session.get_one(Tenancy, (desk.org_id, desk.home.tenancy_id))
        tenancy.ended_on = desk.world.now.date()

    assert (await homes(desk))[0]["tenancy"] is None


async def test_another_organisation_finds_no_homes(desk: Desk, foreign_desk: Desk):
    await desk.world.home(desk.org_id, address="3 Mill Lane")

    assert await homes(foreign_desk, "mill") == []


@pytest.mark.parametrize("words", ["%", "\\", "'", "\x00", "🏠"])
async def test_odd_words_find_no_homes_and_break_nothing(desk: Desk, words: str):
    if words != "\x00":  # without what cannot be stored nothing is left, and nothing finds all
        assert await homes(desk, words) == []
    else:
        assert len(await homes(desk, words)) == 1


async def test_colleagues_are_listed_by_name_and_those_who_left_cannot_be_given_a_ticket(desk: Desk):
    zara = await desk.beside(BuiltInRole.MANAGER, name="Zara Osei")
    gone = await desk.beside(name="Gethin Pugh")
    await desk.world.disable(gone.staff)

    answer = await desk.http.get("/api/v1/users", params={"assignable": True}, headers=desk.headers)
    everybody = await desk.http.get("/api/v1/users", headers=desk.headers)

    assert answer.json()["data"]["items"] == [
        {"id": str(desk.staff.id), "name": "Nia Prosser", "role": "Coordinator"},
        {"id": str(zara.staff.id), "name": "Zara Osei", "role": "Manager"},
    ]
    assert [user["name"] for user in everybody.json()["data"]["items"]] == ["Gethin Pugh", "Nia Prosser", "Zara Osei"]
