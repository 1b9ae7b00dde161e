"""Landlords with their portfolios, and the homes in them."""

from typing import Any

import httpx

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk

LANDLORDS = "/api/v1/landlords"
ACKROYD: dict[str, Any] = {
    "company": "Ackroyd Estates Ltd",
    "person": {"name": "Beverley Ackroyd", "phone": "01632 960 210"},
    "approvalLimit": 25_000,
    "emergencyLimit": 100_000,
}


async def send(desk: Desk, method: str, path: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    seen = {} if version is None else {"If-Match": f'"v{version}"'}
    return await desk.http.request(method, f"{LANDLORDS}{path}", json=body, headers=desk.headers | seen)


async def test_a_landlord_has_limits_in_pence_and_somebody_to_speak_to(desk: Desk):
    answer = await send(desk, "POST", "", ACKROYD)

    shown = answer.json()["data"]
    assert (shown["name"], shown["personName"], shown["phone"]) == (
        "Ackroyd Estates Ltd",
        "Beverley Ackroyd",
        "01632 960210",
    )
    assert (shown["approvalLimit"], shown["emergencyLimit"]) == (25_000, 100_000)


async def test_a_landlord_is_found_by_company_and_by_name(desk: Desk):
    shown = (await send(desk, "POST", "", ACKROYD)).json()["data"]
    await send(desk, "POST", "", {"person": {"name": "Delroy Francis"}})

    for words in ("ackroyd est", "beverley"):
        answer = await desk.http.get(LANDLORDS, params={"q": words}, headers=desk.headers)
        assert [one["id"] for one in answer.json()["data"]["items"]] == [shown["id"]]


async def test_a_property_joins_a_portfolio_and_shows_whose_it_is(desk: Desk):
    landlord = (await send(desk, "POST", "", ACKROYD)).json()["data"]
    grown = await send(desk, "POST", f"/{landlord['id']}/portfolios", {"name": "Headingley", "approvalLimit": 50_000})
    (portfolio,) = grown.json()["data"]["portfolios"]

    body = {"addressLine": "14 Ash Grove", "town": "Leeds", "postcode": "LS6 1AA", "portfolioId": portfolio["id"]}
    changed = await desk.http.put(
        f"/api/v1/properties/{desk.home.property_id}", json=body, headers=desk.headers | {"If-Match": '"v1"'}
    )

    assert changed.json()["data"]["landlord"] == {"id": landlord["id"], "name": "Ackroyd Estates Ltd"}
    again = (await desk.http.get(f"{LANDLORDS}/{landlord['id']}", headers=desk.headers)).json()["data"]
    assert again["portfolios"][0]["properties"] == 1


async def test_a_portfolio_has_a_name_of_its_own(desk: Desk):
    landlord = (await send(desk, "POST", "", ACKROYD)).json()["data"]
    await send(desk, "POST", f"/{landlord['id']}/portfolios", {"name": "Leeds"})

    again = await send(desk, "POST", f"/{landlord['id']}/portfolios", {"name": "Leeds"})

    assert again.json()["error"]["fields"] == {"name": ["This landlord has a portfolio of that name."]}


async def test_a_negative_limit_is_refused(desk: Desk):
    assert "approvalLimit" in (await send(desk, "POST", "", ACKROYD | {"approvalLimit": -1})).json()["error"]["fields"]


async def test_a_landlord_sees_themselves_and_no_other(desk: Desk):
    landlord = (await send(desk, "POST", "", ACKROYD)).json()["data"]
    other = (await send(desk, "POST", "", {"person": {"name": "Delroy Francis"}})).json()["data"]
    staff = await desk.world.staff(desk.org_id, BuiltInRole.LANDLORD, name="Bev Ackroyd", landlord_id=landlord["id"])
    headers = await desk.world.headers(staff)

    listed = (await desk.http.get(LANDLORDS, headers=headers)).json()["data"]["items"]

    assert [one["id"] for one in listed] == [landlord["id"]]
    assert (await desk.http.get(f"{LANDLORDS}/{other['id']}", headers=headers)).status_code == 404
