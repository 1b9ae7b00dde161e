"""What comes in and goes out by file, in processes as people run them: whole, and with no more memory for more rows.

The figures of files as large as they get are `./maintainuk bench portfolio_import` and `./maintainuk bench export`.
"""

import asyncio
from typing import Any

import psutil
import pytest

from bench import export, portfolio_import
from bench._crew import crew
from bench._scales import Scales
from bench._served import Desk, clicks, desk, served
from maintainuk.infrastructure.exports.verify import verify
from tests.exporting import Unpacked

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

HOMES, TICKETS = 2_000, 2_000


@pytest.fixture
def kept(pristine_settings, tmp_path):
    """Settings of a database of our own, and files that outlive a process."""
    return pristine_settings.model_copy(
        update={"storage_url": f"file://{tmp_path}/files", "requests_per_minute": 100_000}
    )


@pytest.fixture
async def at_work(kept, tmp_path):
    """Somebody of another organisation who opens their list meanwhile, and scales under API and worker."""
    async with served(kept, tmp_path / "api.log") as api, crew(kept, tmp_path / "log") as workers:
        other, waits = await desk(kept, api.http), list[float]()
        worker = psutil.Process((await workers.hire()).process.pid)
        clicking = asyncio.create_task(clicks(other, waits))
        with Scales(api.process, every=0.2) as server, Scales(worker, every=0.2) as hand:
            yield other, (server, hand)
        assert not clicking.done(), "a click elsewhere was refused"
        assert waits
        clicking.cancel()


async def test_a_portfolio_comes_in_whole_and_again_changes_nothing(kept, at_work):
    other, scales = at_work
    staff = await desk(kept, other.http)
    content = portfolio_import.table(HOMES)

    *_, first = await portfolio_import.bring_in(staff, content)
    *_, again = await portfolio_import.bring_in(staff, content)

    assert (first["created"], first["alreadyThere"], first["bad"]) == (HOMES, 0, 0)
    assert (again["created"], again["updated"], again["alreadyThere"]) == (0, 0, HOMES)
    assert max(one.most for one in scales) <= portfolio_import.LARGEST


async def test_everything_goes_along_whole(kept, at_work, tmp_path):
    other, scales = at_work
    org_id = await export.filled(kept, TICKETS)
    staff: Desk = await export.administrator(kept, org_id, other)

    _, _, told = await export.taken_along(staff)
    await export.fetched(staff, told, tmp_path / "everything.zip")

    verdict = verify(tmp_path / "everything.zip")
    assert (verdict.findings, verdict.sha256, verdict.entries) == ([], told["sha256"], told["entries"])
    unpacked = Unpacked((tmp_path / "everything.zip").read_bytes())
    rows: dict[str, Any] = {entry["path"]: entry.get("rows") for entry in unpacked.manifest["entries"]}
    assert rows["tables/maintenance_tickets.csv"] == TICKETS
    assert rows["tables/timeline_events.csv"] == 3 * TICKETS
    assert rows["tables/people.csv"] == TICKETS // export.TICKETS_OF_ONE
    assert max(one.most for one in scales) <= export.LARGEST
