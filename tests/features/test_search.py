"""One box finds a ticket by its reference, people by who they are and homes by where they are."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.infrastructure.repositories import reach
from tests.trial import Trial
from tests.world import Staff, World


@pytest.fixture
def http(trial: Trial) -> httpx.AsyncClient:
    return trial.http


@pytest.fixture
async def nia(world: World) -> Staff:
    return await world.staff(await world.organisation())


async def found(http: httpx.AsyncClient, headers: dict[str, str], words: str) -> dict[str, list[dict[str, Any]]]:
    answer = await http.get("/api/v1/search", params={"q": words}, headers=headers)
    assert answer.status_code == 200, answer.text
    kinds: dict[str, list[dict[str, Any]]] = answer.json()["data"]
    return kinds


async def names(http: httpx.AsyncClient, headers: dict[str, str], words: str) -> list[str]:
    return [one["name"] for one in (await found(http, headers, words))["people"]]


async def test_a_person_is_found_by_beginnings_of_their_names_and_shown_where_they_live(
    http: httpx.AsyncClient, world: World, nia: Staff
) -> None:
    home = await world.home(nia.org_id, tenant="Siân O'Brien-Łukasik", label="Flat 9", address="12 Quarry Bank")
    headers = await world.headers(nia)

    for words in ("sian", "SIÂN luk", "o'brien", "brien sia", "lukasik"):
        assert await names(http, headers, words) == ["Siân O'Brien-Łukasik"], words
    for words in ("si", "ian", "sian khan", "brian"):
        assert await names(http, headers, words) == [], words

    (person,) = (await found(http, headers, "obrien"))["people"]
    assert person["home"] == {
        "unitId": str(home.unit_id),
        "unitLabel": "Flat 9",
        "propertyId": str(home.property_id),
        "address": "12 Quarry Bank, Leeds",
        "postcode": "LS6 1AA",
    }


async def test_a_person_is_found_by_their_whole_address_or_number_however_it_is_written(
    http: httpx.AsyncClient, world: World, nia: Staff
) -> None:
    await world.home(nia.org_id, tenant="Ifeoma Osei", email="ifeoma@example.com")
    headers = await world.headers(nia)

    for words in ("IFEOMA@example.com", "07700900123", "+44 7700 900 123"):
        assert await names(http, headers, words) == ["Ifeoma Osei"], words
    assert await names(http, headers, "ifeoma@example") == []


async def test_a_home_is_found_by_any_words_of_its_whole_address(
    http: httpx.AsyncClient, world: World, nia: Staff
) -> None:
    await world.home(nia.org_id, address="3 Mill Lane", label="Flat 2", postcode="BD1 4QX")
    await world.home(nia.org_id, address="3 Mill Lane", label="Flat 3", postcode="BD1 4QX")
    headers = await world.headers(nia)

    async def labels(words: str) -> list[str]:
        return [one["unitLabel"] for one in (await found(http, headers, words))["homes"]]

    assert await labels("flat 2 mill") == ["Flat 2"]
    assert await labels("bd14qx") == ["Flat 2", "Flat 3"]
    assert await labels("leeds 3 mill lane") == ["Flat 2", "Flat 3"]
    assert await labels("mill%") == []
    assert await labels("3") == []


async def test_a_home_is_found_under_its_new_address(http: httpx.AsyncClient, world: World, nia: Staff) -> None:
    home = await world.home(nia.org_id, address="3 Mill Lane", label="Flat 2")
    await world.moved(nia.org_id, home, address="5 Canal Walk")
    headers = await world.headers(nia)

    assert (await found(http, headers, "mill lane"))["homes"] == []
    assert len((await found(http, headers, "flat 2 canal"))["homes"]) == 1


async def test_a_ticket_is_found_by_its_reference(http: httpx.AsyncClient, world: World, nia: Staff) -> None:
    ticket_id = await world.ticket(nia.org_id, number=10_482)
    headers = await world.headers(nia)

    for words in ("T-10482", "t10482", "10482"):
        assert [one["id"] for one in (await found(http, headers, words))["tickets"]] == [str(ticket_id)]
    assert (await found(http, headers, "1048"))["tickets"] == []


async def test_nothing_of_another_organisation_or_out_of_reach_is_found(
    http: httpx.AsyncClient, world: World, nia: Staff
) -> None:
    theirs = await world.staff(await world.organisation("Other Homes"))
    away = await world.home(nia.org_id, tenant="Zofia Nowak", address="1 Elm Row")
    await world.looked_after(nia.org_id, away, team="North")
    await world.add(theirs.org_id, Person(org_id=theirs.org_id, name="Zofia Nowak"))
    await world.ticket(nia.org_id, away, number=10_777)

    stranger = await world.headers(theirs)
    assert [len(some) for some in (await found(http, stranger, "zofia")).values()] == [0, 1, 0]
    assert (await found(http, stranger, "T-10777"))["tickets"] == []
    tenant = await world.headers(await world.staff(nia.org_id, BuiltInRole.TENANT))
    for words in ("zofia", "elm row", "T-10777"):
        assert all(not some for some in (await found(http, tenant, words)).values()), words


@pytest.mark.parametrize("scope", Scope)
async def test_whether_somebody_is_within_reach_is_asked_of_them_alone(world: World, nia: Staff, scope: Scope) -> None:
    asked = select(Person.__table__.c.id).where(reach.people(scope))
    given = reach.values(Reach(scope=scope)) | {"org": nia.org_id}
    async with world.owner.session(nia.org_id) as session:
        connection = await session.connection()
        statement = asked.compile(connection.sync_engine, compile_kwargs={"render_postcompile": True})
        values = [(statement.params | given)[name] for name in statement.positiontup or ()]
        plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", tuple(values))

    lines = [line for (line,) in plan]

    # A team's coordinator waited five seconds for eight of 500,000 people, while everybody's homes were read.
    assert not [line for line in lines if "hashed SubPlan" in line]
