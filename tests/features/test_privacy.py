"""Somebody asks about their own data: the clock runs, a copy goes out, or they are forgotten for good."""

import asyncio
import json
from contextlib import suppress
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import LargeBinary, delete, select, text, type_coerce, update

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import Person, Tenancy
from maintainuk.domain.privacy import Erasure, months_after
from maintainuk.settings import Settings
from maintainuk.worker.privacy import keep_ledgers, keep_ledgers_for_ever, ledger_of, replay_ledgers
from tests.trial import Trial
from tests.world import Home, World

TODAY = "2026-11-02"


class Office:
    """Whoever answers such requests, and one tenant who has moved out."""

    def __init__(self, http: httpx.AsyncClient, world: World) -> None:
        self.http, self.world = http, world

    async def opens(self) -> "Office":
        self.org_id = await self.world.organisation()
        self.headers = await self.world.headers(await self.world.staff(self.org_id, BuiltInRole.ORG_ADMIN))
        self.home: Home = await self.world.home(self.org_id, tenant="Ifeoma Osei", email="ifeoma@example.com")
        return self

    async def moves_out(self) -> None:
        async with self.world.owner.session(self.org_id) as session, session.begin():
            await session.execute(update(Tenancy).values(ended_on=date(2026, 11, 1)))

    async def asks(self, kind: str, on: str = TODAY) -> dict[str, Any]:
        body = {"personId": str(self.home.tenant_id), "kind": kind, "receivedOn": on}
        answer = await self.http.post("/api/v1/privacy/requests", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["data"]["items"][0]
        return found

    async def does(self, request: dict[str, Any], what: str, because: str | None = None) -> httpx.Response:
        return await self.http.put(
            f"/api/v1/privacy/requests/{request['id']}/{what}",
            json={"because": because} if because else None,
            headers=self.headers | {"If-Match": f'"v{request["version"]}"'},
        )

    async def in_clear(self) -> list[str]:
        async with self.world.owner.session(self.org_id) as session:
            return [name for name in await session.scalars(select(Person.name)) if name]


@pytest.fixture
async def office(trial: Trial, world: World) -> Office:
    return await Office(trial.http, world).opens()


def test_a_month_ends_on_the_corresponding_day_or_the_last() -> None:
    assert months_after(date(2026, 11, 2), 1) == date(2026, 12, 2)
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


async def test_the_clock_runs_from_the_day_somebody_asked_and_may_be_extended_once(office: Office) -> None:
    request = await office.asks("access")
    assert (request["personName"], request["dueOn"]) == ("Ifeoma Osei", "2026-12-02")

    extended = await office.does(request, "extension", "Six years of repairs.")
    (longer,) = extended.json()["data"]["items"]
    again = await office.does(longer, "extension", "And more.")

    assert longer["dueOn"] == "2027-02-02"
    assert (again.status_code, again.json()["error"]["code"]) == (409, "privacy-request-closed")
    assert (await office.does(request, "answer")).status_code == 412


@pytest.mark.parametrize(("still", "reason"), [("lives", "lives in one of your homes"), ("waits", "still open")])
async def test_nobody_is_forgotten_while_they_have_to_be_known(office: Office, still: str, reason: str) -> None:
    if still == "waits":
        await office.moves_out()
        await office.world.ticket(office.org_id, office.home)
    request = await office.asks("erasure")

    refused = await office.does(request, "answer")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cannot-erase")
    assert reason in refused.json()["error"]["message"]
    assert await office.in_clear() == ["Ifeoma Osei"]


async def test_whoever_is_forgotten_is_found_no_longer_and_their_repairs_stay(office: Office) -> None:
    await office.moves_out()
    await office.world.ticket(office.org_id, office.home, title="Tap drips", status="closed")
    request = await office.asks("erasure")

    answered = await office.does(request, "answer")

    assert answered.status_code == 200, answered.text
    assert answered.json()["data"]["items"][0]["personName"] == ""
    assert await office.in_clear() == []
    for words in ("ifeoma", "ifeoma@example.com", "07700 900123"):
        found = await office.http.get("/api/v1/search", params={"q": words}, headers=office.headers)
        assert found.json()["data"]["people"] == []
    tickets = await office.http.get("/api/v1/tickets", headers=office.headers)
    assert [ticket["title"] for ticket in tickets.json()["data"]["items"]] == ["Tap drips"]


async def test_a_restored_backup_is_made_to_forget_again(office: Office, settings: Settings) -> None:
    await office.moves_out()
    async with office.world.owner.session(office.org_id) as session:
        raw = [type_coerce(column, LargeBinary) for column in (Person.__table__.c.name, Person.__table__.c.email)]
        backup = (await session.execute(select(*raw, Person.name_tokens, Person.email_index))).one()
    request = await office.asks("erasure")
    assert (await office.does(request, "answer")).status_code == 200
    services = WorkerServices(settings.model_copy(update={"storage_url": "memory:///"}))
    await keep_ledgers(services)

    async with office.world.owner.session(office.org_id) as session, session.begin():
        await session.execute(delete(Erasure))
        await session.execute(
            text("UPDATE app.people SET name = :name, email = :email, name_tokens = :tokens, email_index = :index"),
            dict(zip(("name", "email", "tokens", "index"), backup, strict=True)),
        )
    assert await office.in_clear() == ["Ifeoma Osei"]

    assert await replay_ledgers(services) == 1
    assert await replay_ledgers(services) == 0
    await services.close()
    assert await office.in_clear() == []


async def test_a_worker_that_starts_beside_a_restored_database_makes_it_forget_before_it_keeps_any_ledger(
    office: Office, settings: Settings
) -> None:
    await office.moves_out()
    services = WorkerServices(settings.model_copy(update={"storage_url": "memory:///"}))
    ledger = [{"person": str(office.home.tenant_id), "at": "2026-11-02T09:00:00+00:00"}]
    await services.files.put(ledger_of(office.org_id), json.dumps(ledger).encode())

    starting = asyncio.create_task(keep_ledgers_for_ever(services))
    while await office.in_clear():
        await asyncio.sleep(0)
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting

    await services.close()
    assert await office.world.count(office.org_id, Erasure) == 1


async def test_only_those_who_may_erase_do(office: Office) -> None:
    await office.moves_out()
    request = await office.asks("erasure")
    office.headers = await office.world.headers(await office.world.staff(office.org_id, BuiltInRole.MANAGER))

    refused = await office.does(request, "answer")

    assert refused.status_code == 403
    assert await office.in_clear() == ["Ifeoma Osei"]
