"""The firms that do the work: what they do and where, what they show, and who comes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk

CONTRACTORS = "/api/v1/contractors"
FIRM: dict[str, Any] = {"name": "Aire Valley Heating", "trades": ["gas_engineer"], "areas": ["ls", "bd3"]}


async def send(desk: Desk, method: str, path: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    seen = {} if version is None else {"If-Match": f'"v{version}"'}
    return await desk.http.request(method, f"{CONTRACTORS}{path}", json=body, headers=desk.headers | seen)


def day(desk: Desk, ahead: int) -> str:
    return str(desk.world.now.date() + timedelta(days=ahead))


async def with_gas_safe(desk: Desk, ahead: int = 200) -> dict[str, Any]:
    firm = (await send(desk, "POST", "", FIRM)).json()["data"]
    shown = {"scheme": "gas_safe", "number": "512345", "expiresOn": day(desk, ahead)}
    return (await send(desk, "POST", f"/{firm['id']}/accreditations", shown)).json()["data"]


async def test_a_firm_has_trades_and_areas_and_whom_to_ring(desk: Desk):
    answer = await send(desk, "POST", "", FIRM | {"contact": {"name": "Marek Nowicki", "phone": "07700 900321"}})

    shown = answer.json()["data"]
    assert (shown["trades"], shown["areas"], shown["status"]) == (["gas_engineer"], ["LS", "BD3"], "active")
    assert (shown["contact"]["name"], shown["contact"]["phone"]) == ("Marek Nowicki", "07700 900321")


@pytest.mark.parametrize("area", ["", "ZZ", "LS6 3AB", "12", "LEEDS"])
async def test_what_is_no_postcode_area_is_refused(desk: Desk, area: str):
    answer = await send(desk, "POST", "", FIRM | {"areas": [area]})

    assert answer.json()["error"]["fields"]["areas.0"] == ["Give postcode areas or districts, such as LS or BD3."]


async def test_what_a_firm_shows_counts_once_a_manager_has_approved_it_and_until_it_changes(desk: Desk):
    firm = await with_gas_safe(desk)
    (shown,) = firm["accreditations"]
    path = f"/{firm['id']}/accreditations/{shown['id']}"
    manager = await desk.beside(BuiltInRole.MANAGER, name="Zara Osei")

    by_coordinator = await send(desk, "PUT", f"{path}/approval", {}, 1)
    approved = await send(manager, "PUT", f"{path}/approval", {}, 1)
    body = {"scheme": "gas_safe", "number": "598765", "expiresOn": day(desk, 300)}
    changed = await send(desk, "PUT", path, body, 2)

    assert (shown["isGood"], by_coordinator.status_code) == (False, 403)
    assert approved.json()["data"]["accreditations"][0]["isGood"]
    assert not changed.json()["data"]["accreditations"][0]["isGood"]


async def test_what_has_run_out_is_counted_and_cannot_be_approved(desk: Desk):
    firm = await with_gas_safe(desk, ahead=-1)
    manager = await desk.beside(BuiltInRole.MANAGER)

    answer = await send(
        manager, "PUT", f"/{firm['id']}/accreditations/{firm['accreditations'][0]['id']}/approval", {}, 1
    )

    assert answer.status_code == 422
    assert (firm["expired"], firm["expiring"], firm["unapproved"]) == (1, 0, 1)


async def test_insurance_names_the_sum_insured(desk: Desk):
    firm = (await send(desk, "POST", "", FIRM)).json()["data"]
    body = {"scheme": "public_liability", "number": "PL-88", "expiresOn": day(desk, 90)}

    without = await send(desk, "POST", f"/{firm['id']}/accreditations", body)
    good = await send(desk, "POST", f"/{firm['id']}/accreditations", body | {"cover": 500_000_000})

    assert without.json()["error"]["fields"] == {"cover": ["Give the sum insured."]}
    assert good.json()["data"]["accreditations"][0]["cover"] == 500_000_000


async def test_a_suspension_has_a_reason_and_ends(desk: Desk):
    firm = (await send(desk, "POST", "", FIRM)).json()["data"]
    path = f"/{firm['id']}/status"

    without = await send(desk, "PUT", path, {"status": "suspended"}, 1)
    held = await send(desk, "PUT", path, {"status": "suspended", "reason": "Insurance not shown."}, 1)
    back = await send(desk, "PUT", path, {"status": "active"}, 2)

    assert "reason" in without.json()["error"]["fields"]
    assert held.json()["data"]["suspension"] == "Insurance not shown."
    assert (back.json()["data"]["status"], back.json()["data"]["suspension"]) == ("active", None)


async def test_operatives_come_and_go(desk: Desk):
    firm = (await send(desk, "POST", "", FIRM)).json()["data"]
    body = {"person": {"name": "Ioana Radu"}, "card": "GS-118"}

    came = (await send(desk, "POST", f"/{firm['id']}/operatives", body)).json()["data"]
    left = await send(desk, "PUT", f"/{firm['id']}/operatives/{came['operatives'][0]['id']}/end", {})

    assert came["operatives"][0]["person"]["name"] == "Ioana Radu"
    assert left.json()["data"]["operatives"][0]["leftOn"]


async def test_a_firm_names_its_own_operatives_and_gives_them_no_reference_of_the_desk(desk: Desk):
    firm = (await send(desk, "POST", "", FIRM)).json()["data"]
    other = (await send(desk, "POST", "", FIRM | {"name": "Zeta Roofing"})).json()["data"]
    boss = await desk.beside(BuiltInRole.CONTRACTOR_ADMIN, contractor_id=UUID(firm["id"]))
    body = {"person": {"name": "Ioana Radu", "phone": "07700 900118", "externalReference": "T-1"}, "card": "GS-118"}

    came = await send(boss, "POST", f"/{firm['id']}/operatives", body)
    elsewhere = await send(boss, "POST", f"/{other['id']}/operatives", body)
    left = await send(boss, "PUT", f"/{firm['id']}/operatives/{came.json()['data']['operatives'][0]['id']}/end", {})

    assert (came.status_code, elsewhere.status_code, left.status_code) == (201, 404, 200)
    person = came.json()["data"]["operatives"][0]["person"]
    known = await desk.http.get(f"/api/v1/people/{person['id']}", headers=desk.headers)
    assert (known.json()["data"]["name"], known.json()["data"]["externalReference"]) == ("Ioana Radu", None)


async def test_a_list_is_narrowed_by_trade_and_state_and_turned_page_by_page(desk: Desk):
    await send(desk, "POST", "", FIRM)
    await send(desk, "POST", "", {"name": "Zeta Roofing", "trades": ["roofer"], "areas": []})

    async def names(**params: Any) -> list[str]:
        page = (await desk.http.get(CONTRACTORS, params=params, headers=desk.headers)).json()["data"]
        rest = await names(**params, cursor=page["nextCursor"]) if page["nextCursor"] and "cursor" not in params else []
        return [one["name"] for one in page["items"]] + rest

    assert await names(trade="roofer") == ["Zeta Roofing"]
    assert await names(status="suspended") == []
    assert await names(limit=1) == ["Aire Valley Heating", "Zeta Roofing"]


@pytest.mark.parametrize(
    ("areas", "place", "comes"),
    [
        (["LS"], "ls6 3ab", True),
        (["LS6"], "LS6", True),
        (["LS6"], "LS16 3AB", False),
        (["L"], "LS6 3AB", False),
        (["LS6"], "LS", False),
        ([], "EH6 5AA", True),
    ],
)
async def test_a_list_is_narrowed_to_who_comes_there(desk: Desk, areas, place, comes):
    await send(desk, "POST", "", FIRM | {"areas": areas})

    found = await desk.http.get(CONTRACTORS, params={"near": place}, headers=desk.headers)

    assert bool(found.json()["data"]["items"]) is comes


async def test_a_place_that_is_none_is_refused_in_words(desk: Desk):
    answer = await desk.http.get(CONTRACTORS, params={"near": "Timbuktu"}, headers=desk.headers)

    assert answer.json()["error"]["fields"] == {"near": ["Give postcode areas or districts, such as LS or BD3."]}


async def test_a_list_is_narrowed_to_who_may_be_given_work_on_a_day(desk: Desk):
    firm = await with_gas_safe(desk, ahead=100)
    manager = await desk.beside(BuiltInRole.MANAGER)
    insured = {"scheme": "public_liability", "number": "PL-88", "expiresOn": day(desk, 200), "cover": 500_000_000}
    shown = (await send(desk, "POST", f"/{firm['id']}/accreditations", insured)).json()["data"]["accreditations"]

    async def may(ahead: int, **params: str) -> bool:
        asked = {"on": day(desk, ahead)} | params
        answer = await desk.http.get(CONTRACTORS, params=asked, headers=desk.headers)
        return bool(answer.json()["data"]["items"])

    assert not await may(10)  # nobody has approved anything
    for one in shown:
        await send(manager, "PUT", f"/{firm['id']}/accreditations/{one['id']}/approval", {}, 1)
    assert await may(10)
    assert await may(150)
    assert not await may(201)
    assert await may(100, trade="gas_engineer")
    assert not await may(150, trade="gas_engineer"), "Gas Safe has run out by then"
    await send(desk, "PUT", f"/{firm['id']}/status", {"status": "suspended", "reason": "No."}, 1)
    assert not await may(10)
