"""Taking an import back: what nobody has worked with since goes, and what stays keeps what hangs on it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.import_records import ImportChange
from maintainuk.domain.landlords import Landlord
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from tests.importing import FLATS, HEADER, HOMES_ALONE, HOUSE, TENANCIES_ALONE, Importing, importing_at
from tests.trial import Trial
from tests.world import World


@pytest.fixture
async def importing(trial: Trial, world: World) -> AsyncIterator[Importing]:
    async with importing_at(trial, world) as importing:
        yield importing


async def test_an_import_is_undone_as_if_it_had_never_been(importing):
    first = await importing.brought_in(HEADER + HOUSE)
    await importing.brought_in(HEADER + HOUSE.replace("AISHA.Khan", "aisha") + FLATS)
    (_, second) = reversed((await importing.call("GET", ""))["items"])

    undone = await importing.undone(second["id"])

    assert (undone["status"], undone["stayed"]) == ("undone", 0)
    assert {one.email for one in await importing.all(Person) if one.name == "Aisha Khan"} == {"aisha.khan@example.com"}
    assert len(await importing.all(Unit)) == 1
    assert await importing.all(ImportChange) == []

    undone = await importing.undone(first["id"])

    assert undone["stayed"] == 1  # the person whose address came and went again has been touched since
    assert await importing.all(Property) == await importing.all(Tenancy) == await importing.all(Landlord) == []


async def test_what_somebody_has_worked_with_since_stays_and_is_named(importing):
    run = await importing.brought_in(HEADER + HOUSE + FLATS)
    house = next(one for one in await importing.all(Unit) if one.external_reference == "HM-1")
    body = {"title": "No heat", "description": "None.", "propertyId": str(house.property_id), "unitId": str(house.id)}
    answer = await importing.desk.http.post("/api/v1/tickets", json=body, headers=importing.desk.headers)
    assert answer.status_code == 201, answer.text

    undone = await importing.undone(run["id"])

    assert undone["stayed"] > 0
    assert [one.external_reference for one in await importing.all(Unit)] == ["HM-1"]
    assert any("14 Kestrel Way stays" in reason for _, _, reason in await importing.problems(run["id"]))


async def test_a_house_that_stays_keeps_its_home_and_who_lives_there(importing):
    run = await importing.brought_in(HEADER + HOUSE + FLATS)
    house = next(one for one in await importing.all(Property) if one.address_line == "14 Kestrel Way")
    body = {"propertyId": str(house.id), "kind": "key_safe", "text": "By the back door.", "startsOn": "2026-01-05"}
    answer = await importing.desk.http.post("/api/v1/hints", json=body, headers=importing.desk.headers)
    assert answer.status_code == 201, answer.text

    await importing.undone(run["id"])

    assert [one.id for one in await importing.all(Property)] == [house.id]
    assert [(one.property_id, one.external_reference) for one in await importing.all(Unit)] == [(house.id, "HM-1")]
    (tenancy,) = await importing.all(Tenancy)
    living = {one.person_id for one in await importing.all(TenancyMember) if one.tenancy_id == tenancy.id}
    assert {one.name for one in await importing.all(Person) if one.id in living} == {"Aisha Khan", "Omar Khan"}


async def test_a_home_that_stays_keeps_who_lives_in_it_and_the_undo_says_so(importing):
    run = await importing.brought_in(HEADER + HOUSE + FLATS)
    flat = next(one for one in await importing.all(Unit) if one.external_reference == "HM-2")
    house = next(one for one in await importing.all(Unit) if one.external_reference == "HM-1")
    for home in (flat, house):
        body = {"title": "No heat", "description": "None.", "propertyId": str(home.property_id), "unitId": str(home.id)}
        answer = await importing.desk.http.post("/api/v1/tickets", json=body, headers=importing.desk.headers)
        assert answer.status_code == 201, answer.text

    undone = await importing.undone(run["id"])

    assert undone["status"] == "undone"
    assert [one.external_reference for one in await importing.all(Unit)] == ["HM-1", "HM-2"]
    assert [one.external_reference for one in await importing.all(Tenancy)] == ["T-1", "T-2"]
    living = {one.person_id for one in await importing.all(TenancyMember)}
    assert {one.name for one in await importing.all(Person) if one.id in living} == {
        "Aisha Khan",
        "Omar Khan",
        "Tomasz Nowak",
    }
    told = [reason for _, _, reason in await importing.problems(run["id"])]
    assert any("The tenancy at Flat 1, Kestrel Court stays, with its tenants" in one for one in told)
    assert any("The tenancy at 14 Kestrel Way stays, with its tenants" in one for one in told)


async def test_a_tenancy_that_somebody_else_has_joined_keeps_everybody(importing):
    await importing.brought_in(HOMES_ALONE, kind="homes")
    run = await importing.brought_in(TENANCIES_ALONE, kind="tenancies")
    (tenancy,) = await importing.all(Tenancy)
    joins = {"role": "joint", "person": {"name": "Bilal Hussain"}}
    path = f"/api/v1/tenancies/{tenancy.id}/members"
    answer = await importing.desk.http.post(path, json=joins, headers=importing.desk.headers)
    assert answer.status_code == 201, answer.text

    await importing.undone(run["id"])

    assert len(await importing.all(TenancyMember)) == 2


async def test_the_history_of_a_thing_tells_who_brought_it_in_and_what_a_file_changed(importing):
    await importing.brought_in(HEADER + HOUSE)
    await importing.brought_in(
        HEADER + HOUSE.replace("7700900123", "+44 7700 900999").replace("Kestrel Way", "Kite Way")
    )
    aisha = next(one for one in await importing.all(Person) if one.name == "Aisha Khan")
    (house,) = await importing.all(Property)
    world, org_id = importing.desk.world, importing.desk.org_id
    admin = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))

    async def history(subject: Any) -> list[dict[str, Any]]:
        answer = await importing.desk.http.get("/api/v1/audit", params={"subjectId": str(subject)}, headers=admin)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]["items"]

    changed, made = await history(aisha.id)
    of_house = await history(house.id)

    assert [changed["action"], made["action"]] == ["ChangedByImport", "PortionImported"]
    assert {one["actor"]["id"] for one in (changed, made)} == {str(importing.desk.staff.id)}
    assert changed["data"]["changes"] == {"phone": [True, True]}
    answer = await importing.desk.http.get(f"/api/v1/audit/{changed['id']}", headers=admin)
    assert answer.json()["data"]["values"] == {"phone": ["+447700900123", "+447700900999"]}
    assert [one["action"] for one in of_house] == ["ChangedByImport", "PortionImported"]
    assert of_house[0]["data"]["changes"] == {"address_line": ["14 Kestrel Way", "14 Kite Way"]}


async def test_what_an_undo_puts_back_stands_in_its_history(importing):
    await importing.brought_in(HEADER + HOUSE)
    run = await importing.brought_in(HEADER + HOUSE.replace("Kestrel Way", "Kite Way"))
    (house,) = await importing.all(Property)

    await importing.undone(run["id"])

    rows = [one for one in await importing.all(AuditLog) if one.subject_id == house.id]
    assert [one.action for one in rows] == ["ChangedByImport", "PutBackByUndo"]
    assert rows[1].data["changes"] == {"address_line": ["14 Kite Way", "14 Kestrel Way"]}
    assert {one.actor_id for one in rows} == {importing.desk.staff.id}
