"""Who lives where is a question about a day: a tenancy that is yet to begin is no present one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from maintainuk.domain.people import Tenancy
from maintainuk.domain.privacy import CannotErase
from maintainuk.infrastructure.repositories.privacy import Privacy
from tests.desk import TICKETS, Desk


@pytest.fixture
async def later(desk: Desk) -> UUID:
    """The desk's home was given back, and is let again to the same person from next week on."""
    today = desk.world.now.date()
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        begins = update(Tenancy).where(Tenancy.id == desk.home.tenancy_id)
        await session.execute(begins.values(started_on=today + timedelta(days=7)))
    return desk.home.tenancy_id


async def get(desk: Desk, path: str, **asked: Any) -> Any:
    return (await desk.http.get(f"/api/v1{path}", params=asked, headers=desk.headers)).json()["data"]


async def test_its_home_is_vacant_until_then(desk: Desk, later: UUID):
    (row,) = (await get(desk, "/properties", vacant=True))["items"]
    shown = await get(desk, f"/properties/{desk.home.property_id}")

    assert (row["let"], row["homes"]) == (0, 1)
    assert shown["units"][0]["tenancy"] is None
    assert [one["id"] for one in (await get(desk, "/tenancies", unit=desk.home.unit_id))["items"]] == [str(later)]


async def test_a_repair_reported_meanwhile_belongs_to_no_tenancy(desk: Desk, later: UUID):
    answer = await desk.report(reporterId=None)

    ticket = (await desk.http.get(f"{TICKETS}/{answer.json()['data']['id']}", headers=desk.headers)).json()["data"]
    assert answer.status_code == 201
    assert str(later) not in str(ticket)
    homes = (await get(desk, "/properties/homes", q="ash grove"))["items"]
    assert homes[0]["tenancy"] is None


async def test_whoever_is_about_to_move_in_can_be_found_and_not_forgotten(desk: Desk, later: UUID):
    found = await get(desk, "/search", q="aisha khan")
    async with desk.world.owner.session(desk.org_id) as session:
        with pytest.raises(CannotErase) as refused:
            await Privacy(session).require_unneeded(desk.home.tenant_id)

    assert "Aisha Khan" in str(found)
    assert refused.value.reason.key == "cannot-erase-who-lives-here"


async def test_on_its_first_day_it_is_present(desk: Desk):
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        begins = update(Tenancy).where(Tenancy.id == desk.home.tenancy_id)
        await session.execute(begins.values(started_on=desk.world.now.date()))

    shown = await get(desk, f"/properties/{desk.home.property_id}")

    assert shown["units"][0]["tenancy"]["people"][0]["name"] == "Aisha Khan"


async def test_on_the_day_it_was_given_back_it_is_over(desk: Desk):
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        ends = update(Tenancy).where(Tenancy.id == desk.home.tenancy_id)
        await session.execute(ends.values(ended_on=desk.world.now.date()))

    shown = await get(desk, f"/properties/{desk.home.property_id}")

    assert shown["units"][0]["tenancy"] is None
