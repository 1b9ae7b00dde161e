"""Writing down buildings and homes, as somebody at a desk does it."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text, update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.properties import Property
from maintainuk.infrastructure.repositories.buildings import Buildings
from tests.desk import Desk

PROPERTIES = "/api/v1/properties"
HOUSE: dict[str, Any] = {"kind": "house", "addressLine": "3 Mill Lane", "town": "Leeds", "postcode": "ls98bb"}
BLOCK = HOUSE | {"kind": "block", "addressLine": "Wharf House, Canal Bank", "homes": ["Flat 1", "Flat 2", "Flat 10"]}


async def add(desk: Desk, body: dict[str, Any] = HOUSE, **changes: Any) -> httpx.Response:
    return await desk.http.post(PROPERTIES, json=body | changes, headers=desk.headers)


async def change(desk: Desk, shown: dict[str, Any], **changes: Any) -> httpx.Response:
    names = ("addressLine", "town", "postcode", "nation", "uprn", "externalReference", "tenure")
    body = {name: shown[name] for name in names} | changes
    seen = desk.headers | {"If-Match": f'"v{shown["version"]}"'}
    return await desk.http.put(f"{PROPERTIES}/{shown['id']}", json=body, headers=seen)


async def listed(desk: Desk, **params: Any) -> list[str]:
    answer = await desk.http.get(PROPERTIES, params=params, headers=desk.headers)
    return [one["addressLine"] for one in answer.json()["data"]["items"]]


def refused(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return answer.json()["error"]["fields"]


async def test_a_house_is_one_home_with_its_postcode_in_order_and_its_nation_from_there(desk: Desk):
    answer = await add(desk, uprn=" 000100023336956", tenure="private_rent")

    shown = answer.json()["data"]
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"v1"')
    assert (shown["postcode"], shown["nation"], shown["uprn"]) == ("LS9 8BB", "ENG", "100023336956")
    assert [unit["label"] for unit in shown["units"]] == [""]
    assert (await desk.http.get(answer.headers["Location"], headers=desk.headers)).json()["data"] == shown


async def test_a_block_has_its_homes_in_the_order_of_the_doors(desk: Desk):
    shown = (await add(desk, BLOCK)).json()["data"]

    more = await desk.http.post(
        f"{PROPERTIES}/{shown['id']}/units", json={"label": "Flat 3", "uprn": "10001"}, headers=desk.headers
    )

    assert [unit["label"] for unit in more.json()["data"]["units"]] == ["Flat 1", "Flat 2", "Flat 3", "Flat 10"]


@pytest.mark.parametrize("code", ["SY1 2AB", "CH1 1AA", "HR3 5AA", "LD1 5AA", "NP16 5AA", "DG16 5AA", "TD15 1AA"])
async def test_near_a_border_somebody_says_which_nation(desk: Desk, code: str):
    assert "nation" in refused(await add(desk, postcode=code))

    said = await add(desk, postcode=code, nation="WLS" if code[0] in "SCHLN" else "SCT")

    assert said.status_code == 201


async def test_a_nation_that_the_postcode_denies_is_refused(desk: Desk):
    assert "nation" in refused(await add(desk, nation="SCT"))


@pytest.mark.parametrize("code", ["", "LS9", "LS9 8B", "QQ9 8BB", "LS9 8CI", "JE2 3AB", "GIR 0AA", "'; DROP TABLE"])
async def test_what_is_no_uk_postcode_is_refused(desk: Desk, code: str):
    assert refused(await add(desk, postcode=code)) == {"postcode": ["Enter a UK postcode like LS6 3AB."]}


@pytest.mark.parametrize("uprn", ["abc", "1234567890123", "-5", "12.5", "٣"])
async def test_what_is_no_uprn_is_refused(desk: Desk, uprn: str):
    assert "uprn" in refused(await add(desk, uprn=uprn))


async def test_a_uprn_belongs_to_one_property_of_an_organisation_and_may_be_anothers(desk: Desk, foreign_desk: Desk):
    await add(desk, uprn="100023336956")

    answers = await asyncio.gather(*(add(desk, addressLine=f"{n} Elm Row", uprn="100023336956") for n in (1, 2)))

    assert all("Search for the number" in refused(answer)["uprn"][0] for answer in answers)
    assert await listed(desk, q="100023336956") == ["3 Mill Lane"]
    assert (await add(foreign_desk, uprn="100023336956")).status_code == 201


async def test_of_two_who_change_a_property_at_once_one_is_shown_what_the_other_wrote(desk: Desk):
    shown = (await add(desk)).json()["data"]

    answers = await asyncio.gather(change(desk, shown, town="York"), change(desk, shown, town="Hull"))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    late = next(answer for answer in answers if answer.status_code == 412)
    won = next(answer for answer in answers if answer.status_code == 200)
    assert late.json()["error"]["current"] == won.json()["data"]


async def test_properties_stand_in_the_order_of_the_street_page_by_page(desk: Desk):
    for number in ("100", "2", "10", "1"):
        await add(desk, addressLine=f"{number} Mill Lane")
    seen, cursor = [], None

    while cursor or not seen:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await desk.http.get(PROPERTIES, params=params, headers=desk.headers)).json()["data"]
        seen += [one["addressLine"] for one in page["items"]]
        cursor = page["nextCursor"]

    assert seen == ["14 Ash Grove", "1 Mill Lane", "2 Mill Lane", "10 Mill Lane", "100 Mill Lane"]


async def test_a_list_says_what_goes_on_and_can_be_narrowed(desk: Desk):
    await add(desk, BLOCK)
    await add(desk, postcode="EH6 5AA", town="Edinburgh", externalReference="EDI-7")
    await desk.world.ticket(desk.org_id, desk.home)

    answer = await desk.http.get(PROPERTIES, params={"q": "ash grove"}, headers=desk.headers)

    (home,) = answer.json()["data"]["items"]
    assert (home["homes"], home["let"], home["openTickets"], home["alerts"]) == (1, 1, 1, 0)
    assert await listed(desk, kind="block") == ["Wharf House, Canal Bank"]
    assert await listed(desk, nation="SCT") == await listed(desk, q="edi-7") == ["3 Mill Lane"]
    assert await listed(desk, vacant=True) == ["3 Mill Lane", "Wharf House, Canal Bank"]


async def test_a_building_is_part_of_an_estate_and_no_estate_is_part_of_one(desk: Desk):
    estate = (await add(desk, BLOCK)).json()["data"]
    part = (await add(desk, parentId=estate["id"])).json()["data"]

    assert part["parent"] == {"id": estate["id"], "name": "Wharf House, Canal Bank"}
    again = (await desk.http.get(f"{PROPERTIES}/{estate['id']}", headers=desk.headers)).json()["data"]
    assert [one["id"] for one in again["parts"]] == [part["id"]]
    other = (await add(desk, BLOCK, addressLine="Elm House")).json()["data"]
    for wrong in (part["id"], estate["id"]):
        assert "parentId" in refused(await change(desk, estate, parentId=wrong))
    assert "parentId" in refused(await change(desk, estate, parentId=other["id"]))


@pytest.mark.parametrize("role", [BuiltInRole.FINANCE, BuiltInRole.AUDITOR])
async def test_those_who_only_read_write_nothing_down(desk: Desk, role: BuiltInRole):
    colleague = await desk.beside(role)

    assert (await add(colleague)).status_code == 403
    assert await listed(colleague) == ["14 Ash Grove"]


async def test_another_organisation_sees_nothing(desk: Desk, foreign_desk: Desk):
    shown = (await add(desk)).json()["data"]

    assert (await foreign_desk.http.get(f"{PROPERTIES}/{shown['id']}", headers=foreign_desk.headers)).status_code == 404
    assert await listed(foreign_desk, q="mill") == []


async def test_a_uprn_that_another_has_leads_to_that_one_for_those_who_may_see_it(desk: Desk):
    taken = {"kind": "house", "addressLine": "3 Mill Lane", "town": "Leeds", "postcode": "LS9 8BB", "uprn": "72300"}
    first = (await desk.http.post("/api/v1/properties", json=taken, headers=desk.headers)).json()["data"]

    again = taken | {"addressLine": "5 Mill Lane"}
    second = await desk.http.post("/api/v1/properties", json=again, headers=desk.headers)

    assert second.json()["error"]["fields"].keys() == {"uprn"}
    assert second.json()["error"]["takenBy"] == first["id"]


async def change_home(desk: Desk, unit: dict[str, Any], **changes: Any) -> httpx.Response:
    seen = desk.headers | {"If-Match": f'"v{unit["version"]}"'}
    body = {"label": unit["label"]} | changes
    return await desk.http.put(f"{PROPERTIES}/units/{unit['id']}", json=body, headers=seen)


async def test_a_house_and_a_home_elsewhere_have_no_uprn_in_common_whichever_came_first(desk: Desk):
    house = (await add(desk, uprn="72300")).json()["data"]
    block = (await add(desk, BLOCK)).json()["data"]
    flat, other, _ = block["units"]
    assert (await change_home(desk, flat, uprn="72301")).status_code == 200

    answers = [
        (await change_home(desk, other, uprn="72300"), house),
        (
            await desk.http.post(
                f"{PROPERTIES}/{block['id']}/units", json={"label": "9", "uprn": "72300"}, headers=desk.headers
            ),
            house,
        ),
        (await add(desk, addressLine="5 Mill Lane", uprn="72301"), block),
        (await change(desk, house, uprn="72301", externalReference="M-3"), block),
    ]

    for answer, holder in answers:
        assert "Search for the number" in refused(answer)["uprn"][0]
        assert answer.json()["error"]["takenBy"] == holder["id"]


async def test_the_home_of_a_house_may_have_the_uprn_of_the_house(desk: Desk):
    house = (await add(desk, uprn="72300")).json()["data"]

    answer = await change_home(desk, house["units"][0], uprn="72300")

    assert answer.status_code == 200
    shown = answer.json()["data"]
    assert (await change(desk, shown, addressLine="3a Mill Lane")).status_code == 200


async def test_of_a_house_and_a_home_elsewhere_that_are_given_one_uprn_at_once_one_is_refused(desk: Desk):
    flat = (await add(desk, BLOCK)).json()["data"]["units"][0]

    answers = await asyncio.gather(add(desk, uprn="72300"), change_home(desk, flat, uprn="72300"))

    assert sorted(answer.is_success for answer in answers) == [False, True]


async def test_a_second_building_at_an_address_is_asked_about_and_the_first_is_named(desk: Desk):
    first = (await add(desk)).json()["data"]

    asked = [await add(desk, addressLine=line) for line in ("3 Mill Lane", "３ mill  lane,")]  # noqa: RUF001
    another = await add(desk, isAnother=True)
    elsewhere = await add(desk, postcode="LS9 8BD")

    for refusal in (answer.json()["error"] for answer in asked):
        assert (refusal["code"], refusal["takenBy"], list(refusal["fields"])) == (
            "looks-the-same",
            first["id"],
            ["isAnother"],
        )
    assert [answer.status_code for answer in (*asked, another, elsewhere)] == [409, 409, 201, 201]


async def test_a_building_is_not_moved_to_the_address_of_another_unless_somebody_says_so(desk: Desk):
    await add(desk)
    shown = (await add(desk, addressLine="5 Mill Lane")).json()["data"]

    asked = await change(desk, shown, addressLine="3 MILL LANE")
    moved = await change(desk, shown, addressLine="3 MILL LANE", isAnother=True)
    later = await change(desk, moved.json()["data"], tenure="social_rent")

    assert [answer.status_code for answer in (asked, moved, later)] == [409, 200, 200]


@pytest.mark.parametrize("label", ["１", "1", "flat 1", "Ｆｌａｔ　１", "Flat\u200b 1"])  # noqa: RUF001
async def test_a_flat_is_the_same_however_its_number_is_written(desk: Desk, label: str):
    shown = (await add(desk, BLOCK)).json()["data"]
    path = f"{PROPERTIES}/{shown['id']}/units"
    other = next(unit for unit in shown["units"] if unit["label"] == "Flat 2")
    seen = desk.headers | {"If-Match": f'"v{other["version"]}"'}

    again = await desk.http.post(path, json={"label": label}, headers=desk.headers)
    renamed = await desk.http.put(f"{PROPERTIES}/units/{other['id']}", json={"label": label}, headers=seen)
    twice = await add(desk, BLOCK, addressLine="Lock House", homes=["Flat 1", label])

    assert [list(refused(answer)) for answer in (again, renamed, twice)] == [["label"], ["label"], ["homes"]]


async def test_a_flat_may_be_spelled_anew(desk: Desk):
    shown = (await add(desk, BLOCK, homes=["flat １"])).json()["data"]  # noqa: RUF001
    (unit,) = shown["units"]
    seen = desk.headers | {"If-Match": f'"v{unit["version"]}"'}

    answer = await desk.http.put(f"{PROPERTIES}/units/{unit['id']}", json={"label": "Flat 1"}, headers=seen)

    assert unit["label"] == "flat 1"
    assert answer.json()["data"]["units"][0]["label"] == "Flat 1"


async def test_of_two_blocks_that_become_part_of_each_other_at_once_one_stays_whole(desk: Desk):
    first = (await add(desk, BLOCK)).json()["data"]
    second = (await add(desk, BLOCK, addressLine="Lock House")).json()["data"]
    is_waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")

    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        await Buildings(session, WHOLE_ORGANISATION).take_turn()
        becomes = update(Property).where(Property.id == UUID(first["id"]))
        await session.execute(becomes.values(parent_id=UUID(second["id"])))
        asking = asyncio.create_task(change(desk, second, parentId=first["id"]))
        while not asking.done() and not await session.scalar(is_waiting):
            await asyncio.sleep(0)

    assert list(refused(await asking)) == ["parentId"]
