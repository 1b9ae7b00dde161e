"""The letter about a danger: one for the same danger of the same home, while nobody has acknowledged it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from maintainuk.domain.base import new_id
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.reports import Report
from maintainuk.infrastructure.repositories.tickets import Tickets
from tests.worker.conftest import Office
from tests.world import Home


@pytest.fixture
async def home(office: Office) -> Home:
    """A home of an organisation that somebody hears about dangers for."""
    settings = OrganisationSettings(
        org_id=office.org_id, emergency_email="oncall@example.com", updated_at=office.world.now
    )
    await office.world.add(office.org_id, settings)
    return await office.world.home(office.org_id)


async def endangered(office: Office, home: Home, link_id: UUID, danger: Danger = Danger.GAS_SMELL) -> UUID:
    """A danger reported through a link, its letter promised, and the worker's turn."""
    ticket_id = await office.world.ticket(office.org_id, home)
    report = {"submission_key": uuid4(), "link_id": link_id, "submitted_at": office.world.now}
    await office.world.add(office.org_id, Report(org_id=office.org_id, ticket_id=ticket_id, **report))
    async with office.world.work(office.org_id) as work:
        (await Tickets(work.session, WHOLE_ORGANISATION).locked(ticket_id)).endangered(danger, at=work.now)
    await office.work()
    return ticket_id


async def statuses(office: Office) -> list[str]:
    return [row["status"] for row in await office.all("messages")]


async def test_a_second_report_of_the_same_danger_is_kept_and_writes_no_second_letter(office: Office, home: Home):
    link_id = new_id()

    for _ in range(3):
        await endangered(office, home, link_id)

    assert await statuses(office) == ["sent", "suppressed", "suppressed"]
    assert len(office.mailer.taken) == 1
    waiting = [row["danger_acknowledged_at"] for row in await office.all("maintenance_tickets")]
    assert waiting == [None, None, None]


@pytest.mark.parametrize("other", ["danger", "link", "home"])
async def test_what_is_another_danger_link_or_home_is_told(office: Office, home: Home, other: str):
    link_id = new_id()
    await endangered(office, home, link_id)
    changes: dict[str, Any] = {"danger": Danger.FIRE if other == "danger" else Danger.GAS_SMELL}

    elsewhere = await office.world.home(office.org_id) if other == "home" else home
    await endangered(office, elsewhere, new_id() if other == "link" else link_id, **changes)

    assert await statuses(office) == ["sent", "sent"]


async def test_once_somebody_looked_after_the_first_another_is_told_again(office: Office, home: Home):
    link_id = new_id()
    first = await endangered(office, home, link_id)
    async with office.world.work(office.org_id) as work:
        (await Tickets(work.session, WHOLE_ORGANISATION).locked(first)).acknowledge_danger(None, at=work.now)

    await endangered(office, home, link_id)

    assert await statuses(office) == ["sent", "sent"]


async def test_after_a_quarter_of_an_hour_the_same_danger_is_told_again(office: Office, home: Home):
    link_id = new_id()
    await endangered(office, home, link_id)
    office.late = timedelta(minutes=16)

    await endangered(office, home, link_id)

    assert await statuses(office) == ["sent", "sent"]


async def test_a_letter_that_never_went_out_silences_no_other(office: Office, home: Home):
    link_id = new_id()
    office.mailer.trouble.append(ConnectionResetError())
    await endangered(office, home, link_id)

    await endangered(office, home, link_id)

    assert await statuses(office) == ["queued", "sent"]
