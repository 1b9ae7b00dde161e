"""What is to be known before a door opens: hints, what a visit has to heed, and warranties."""

from datetime import timedelta
from typing import Any

import httpx

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import TICKETS, Desk


def day(desk: Desk, ahead: int) -> str:
    return str(desk.world.now.date() + timedelta(days=ahead))


async def hint(desk: Desk, **changes: Any) -> httpx.Response:
    body = {
        "propertyId": str(desk.home.property_id),
        "kind": "key_safe",
        "text": "By the back door.",
        "startsOn": day(desk, -10),
    }
    return await desk.http.post("/api/v1/hints", json=body | changes, headers=desk.headers)


async def site(desk: Desk, ticket_id: Any) -> dict[str, Any]:
    return (await desk.http.get(f"{TICKETS}/{ticket_id}/site", headers=desk.headers)).json()["data"]


async def test_a_ticket_shows_what_holds_at_its_home_today_and_alerts_first(desk: Desk):
    await hint(desk)
    await hint(desk, kind="asbestos_present", text="Artex ceilings, hall.", unitId=str(desk.home.unit_id))
    await hint(desk, kind="parking", endsOn=day(desk, -1))
    await hint(desk, kind="pet", startsOn=day(desk, 5))
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    shown = (await site(desk, ticket_id))["hints"]

    assert [(one["kind"], one["isAlert"]) for one in shown] == [("asbestos_present", True), ("key_safe", False)]
    listed = await desk.http.get("/api/v1/properties", params={"q": "ash grove"}, headers=desk.headers)
    assert listed.json()["data"]["items"][0]["alerts"] == 1


async def test_a_ticket_says_what_a_visit_has_to_heed_and_not_why_and_to_few(desk: Desk):
    body = {
        "kind": "hearing",
        "note": "Profoundly deaf.",
        "instruction": "Text on arrival.",
        "consentedOn": day(desk, -3),
        "consentChannel": "phone",
        "consentWording": "May we note this?",
    }
    await desk.http.post(f"/api/v1/people/{desk.home.tenant_id}/needs", json=body, headers=desk.headers)
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)
    finance = await desk.beside(BuiltInRole.FINANCE)

    shown = await site(desk, ticket_id)

    assert shown["instructions"] == ["Text on arrival."]
    assert "Profoundly" not in str(shown)
    assert (await site(finance, ticket_id))["instructions"] == []


async def test_a_ticket_warns_of_what_is_under_warranty(desk: Desk):
    body = {
        "propertyId": str(desk.home.property_id),
        "kind": "boiler",
        "make": "Worcester",
        "warrantyUntil": day(desk, 100),
        "warrantyWith": "Bosch Home",
        "warrantyPhone": "01632 960 500",
    }
    boiler = (await desk.http.post("/api/v1/assets", json=body, headers=desk.headers)).json()["data"]
    ticket_id = await desk.world.ticket(desk.org_id, desk.home)

    assert [one["warrantyWith"] for one in (await site(desk, ticket_id))["warranties"]] == ["Bosch Home"]

    gone = {name: value for name, value in body.items() if name != "propertyId"} | {"removedOn": day(desk, 0)}
    seen = desk.headers | {"If-Match": '"v1"'}
    await desk.http.put(f"/api/v1/assets/{boiler['id']}", json=gone, headers=seen)

    assert (await site(desk, ticket_id))["warranties"] == []


async def test_a_hint_of_a_home_names_a_home_of_that_building(desk: Desk):
    other = await desk.world.home(desk.org_id, address="3 Mill Lane")

    assert "unitId" in (await hint(desk, unitId=str(other.unit_id))).json()["error"]["fields"]
    assert "endsOn" in (await hint(desk, endsOn=day(desk, -20))).json()["error"]["fields"]


async def test_a_report_without_a_home_has_nothing_to_know(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, address_as_written="somewhere in Leeds")

    assert await site(desk, ticket_id) == {"hints": [], "instructions": [], "warranties": []}
