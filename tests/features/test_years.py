"""A year that nothing of today has is a slip of the finger, wherever a day is written down."""

from typing import Any

import pytest

from tests.desk import Desk

CONSENT = {"consentChannel": "phone", "consentWording": "May we note this?"}


def asked(desk: Desk, what: str, day: str) -> tuple[str, dict[str, Any], str]:
    home = {"propertyId": str(desk.home.property_id)}
    hint = home | {"kind": "pet", "text": "Dog", "startsOn": "2026-01-01"}
    need = CONSENT | {"kind": "hearing", "note": None, "instruction": "Text on arrival."}
    path, body, field = {
        "need": (f"/people/{desk.home.tenant_id}/needs", need, "consentedOn"),
        "hint begins": ("/hints", hint, "startsOn"),
        "hint ends": ("/hints", hint, "endsOn"),
        "asset": ("/assets", home | {"kind": "boiler"}, "installedOn"),
        "warranty": ("/assets", home | {"kind": "boiler"}, "warrantyUntil"),
    }[what]
    return path, body | {field: day}, field


@pytest.mark.parametrize("day", ["0001-01-01", "1800-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
@pytest.mark.parametrize("what", ["need", "hint begins", "hint ends", "asset", "warranty"])
async def test_it_is_refused_by_its_field(desk: Desk, what: str, day: str):
    path, body, field = asked(desk, what, day)

    refused = await desk.http.post(f"/api/v1{path}", json=body, headers=desk.headers)

    assert refused.status_code == 422
    assert refused.json()["error"]["fields"] == {field: ["Give a year from 1900 to 2100. Check the year."]}


@pytest.mark.parametrize("field", ["warrantyUntil", "removedOn"])
async def test_nothing_ends_before_it_was_installed(desk: Desk, field: str):
    body = {
        "propertyId": str(desk.home.property_id),
        "kind": "boiler",
        "installedOn": "2020-03-02",
        field: "2019-03-02",
    }

    refused = await desk.http.post("/api/v1/assets", json=body, headers=desk.headers)

    assert list(refused.json()["error"]["fields"]) == [field]
