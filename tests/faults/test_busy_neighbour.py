"""An organisation that asks for very much at once: everybody else's work goes on, and its own comes to its end."""

import pytest

from bench._crew import crew
from bench._homes import posters, reported
from bench._served import desk, served
from bench.journey import ask_about_all, neighbour, until_advised, until_seen

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
MANY = 80


async def test_a_click_elsewhere_is_answered_while_most_of_a_bulk_still_waits(pristine_settings, tmp_path):
    settings = pristine_settings.model_copy(update={"storage_url": f"file://{tmp_path}/files"})
    async with served(settings, tmp_path / "api.log") as api, crew(settings, tmp_path / "log") as workers:
        staff = await desk(settings, api.http)
        tickets = await reported(settings, staff.org_id, MANY)
        other = await neighbour(settings, api.http, every=0.1)
        await workers.hire()

        bulk = await ask_about_all(staff, tickets, other, workers)

        assert bulk.answered == MANY
        assert bulk.left > MANY // 2
        assert len(bulk.letters) == len(bulk.clicks)


async def test_a_report_comes_to_the_screen_and_a_click_to_its_suggestion(pristine_settings, tmp_path):
    settings = pristine_settings.model_copy(update={"storage_url": f"file://{tmp_path}/files"})
    async with served(settings, tmp_path / "api.log") as api, crew(settings, tmp_path / "log") as workers:
        staff = await desk(settings, api.http)
        codes = await posters(settings, staff.org_id, 1)
        (ticket,) = await reported(settings, staff.org_id, 1)
        await workers.hire()

        async with staff.screen() as screen:
            await until_seen(staff, screen, codes)
            await until_advised(staff, screen, ticket)

        listed = (await staff.get("/api/v1/tickets?limit=50"))["items"]
        assert len(listed) == 2
        assert (await staff.get(f"/api/v1/tickets/{ticket}/ai-job"))["job"]["suggestion"]
