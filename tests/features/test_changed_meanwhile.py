"""Whoever comes second is shown how it is now, so that they can look and save once more."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk

Made = tuple[str, dict[str, Any]]


async def _send(desk: Desk, method: str, path: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    seen = {} if version is None else {"If-Match": f'"v{version}"'}
    return await desk.http.request(method, f"/api/v1{path}", json=body, headers=desk.headers | seen)


async def _post(desk: Desk, path: str, body: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = (await _send(desk, "POST", path, body)).json()["data"]
    return made


def _day(desk: Desk, ahead: int) -> str:
    return str(desk.world.now.date() + timedelta(days=ahead))


async def _portfolio(desk: Desk) -> Made:
    landlord = await _post(desk, "/landlords", {"person": {"name": "Beverley Ackroyd"}})
    (one,) = (await _post(desk, f"/landlords/{landlord['id']}/portfolios", {"name": "Headingley"}))["portfolios"]
    return f"/landlords/{landlord['id']}/portfolios/{one['id']}", {"name": "Headingley", "approvalLimit": 50_000}


async def _unit(desk: Desk) -> Made:
    return f"/properties/units/{desk.home.unit_id}", {"externalReference": "LS-14"}


async def _end_of_tenancy(desk: Desk) -> Made:
    return f"/tenancies/{desk.home.tenancy_id}/end", {"endedOn": _day(desk, -10)}


async def _firm(desk: Desk) -> str:
    firm = {"name": "Aire Valley Heating", "trades": ["gas_engineer"], "areas": []}
    return f"/contractors/{(await _post(desk, '/contractors', firm))['id']}"


async def _suspension(desk: Desk) -> Made:
    return f"{await _firm(desk)}/status", {"status": "suspended", "reason": "No insurance."}


async def _accreditation(desk: Desk) -> Made:
    firm, shown = await _firm(desk), {"scheme": "gas_safe", "number": "512345", "expiresOn": _day(desk, 200)}
    (one,) = (await _post(desk, f"{firm}/accreditations", shown))["accreditations"]
    return f"{firm}/accreditations/{one['id']}", shown | {"number": "598765"}


async def _hint(desk: Desk) -> Made:
    hint = {"kind": "key_safe", "text": "By the back door.", "startsOn": _day(desk, -10)}
    made = await _post(desk, "/hints", hint | {"propertyId": str(desk.home.property_id)})
    return f"/hints/{made['id']}", hint | {"text": "By the side door."}


async def _asset(desk: Desk) -> Made:
    made = await _post(desk, "/assets", {"kind": "boiler", "propertyId": str(desk.home.property_id)})
    return f"/assets/{made['id']}", {"kind": "boiler", "make": "Ideal"}


async def _document(desk: Desk) -> Made:
    facts = {"title": "Gas record", "kind": "gas_record", "audiences": []}
    made = await _post(desk, "/documents", facts | {"propertyId": str(desk.home.property_id)})
    return f"/documents/{made['id']}", facts | {"title": "Gas record of 2026"}


@pytest.mark.parametrize(
    "made",
    [_portfolio, _unit, _end_of_tenancy, _suspension, _accreditation, _hint, _asset, _document],
    ids=lambda made: made.__name__,
)
async def test_a_refusal_shows_what_the_one_who_was_quicker_wrote(
    desk: Desk, made: Callable[[Desk], Coroutine[Any, Any, Made]]
):
    path, change = await made(desk)

    won = await _send(desk, "PUT", path, change, 1)
    late = await _send(desk, "PUT", path, change, 1)

    assert (won.status_code, late.status_code) == (200, 412)
    assert late.json()["error"]["current"] == won.json()["data"]


async def test_whoever_approves_what_has_changed_is_shown_what_it_says_now(desk: Desk):
    path, change = await _accreditation(desk)
    won = await _send(desk, "PUT", path, change, 1)
    manager = await desk.beside(BuiltInRole.MANAGER, name="Zara Osei")

    late = await _send(manager, "PUT", f"{path}/approval", {}, 1)

    assert late.json()["error"]["current"] == won.json()["data"]
