"""An API process that dies between a change and its answer: whoever asks again gets one change, and its answer."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bench._served import served
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.settings import Mode, Settings
from tests.world import World

pytestmark = pytest.mark.faults

REPORTS, ROUNDS = 60, 4
Answers = dict[str, httpx.Response]


async def test_whatever_was_sent_when_the_api_is_killed_happens_once_and_is_answered_the_same(
    pristine_settings: Settings, tmp_path: Path
) -> None:
    settings = pristine_settings.model_copy(update={"mode": Mode.LIVE, "requests_per_minute": 100_000})
    world = World(pristine_settings)
    org_id = await world.organisation()
    home = await world.home(org_id)
    headers = await world.headers(await world.staff(org_id))
    chance, half_way = Random(14), 0

    for turn in range(ROUNDS):
        titles = [f"Tap {turn}-{number} drips" for number in range(REPORTS)]
        before: Answers = {}
        enough = chance.randrange(1, REPORTS // 2)
        with suppress(httpx.TransportError):
            async with served(settings, tmp_path / "api.log") as api:
                sending = asyncio.create_task(send(api.http, headers, home.property_id, titles, before))
                while len(before) < enough:
                    await asyncio.sleep(0.001)
                api.process.kill()
                await sending
        known = await tickets(world, org_id)
        half_way += len([title for title in titles if title in known and title not in before])

        again: Answers = {}
        async with served(settings, tmp_path / "api.log") as api:
            await send(api.http, headers, home.property_id, titles, again)

        assert {answer.status_code for answer in again.values()} == {201}
        assert again.keys() == set(titles)
        assert {title: answer.content for title, answer in before.items()}.items() <= {
            title: answer.content for title, answer in again.items()
        }.items()
        found = await tickets(world, org_id)
        assert sorted(found) == sorted(set(found))
        assert set(titles) <= set(found)

    assert half_way, "nothing was ever killed between its change and its answer"
    await world.close()


async def send(
    http: httpx.AsyncClient, headers: dict[str, str], property_id: Any, titles: Sequence[str], answers: Answers
) -> None:
    """Send every report at once, each with a key of its own; what is answered stands in `answers`."""

    async def one(title: str) -> None:
        body = {"title": title, "description": "Since this morning.", "propertyId": str(property_id)}
        with suppress(httpx.TransportError):
            key = {"Idempotency-Key": title.replace(" ", "-")}
            answers[title] = await http.post("/api/v1/tickets", json=body, headers=headers | key)

    await asyncio.gather(*map(one, titles))


async def tickets(world: World, org_id: Any) -> list[str]:
    """The titles of all tickets there are."""
    async with world.owner.session(org_id) as session:
        return list(await session.scalars(select(MaintenanceTicket.title)))
