"""A file from promise to tickets, and what happens when something comes in between."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from maintainuk.application.imports import ImportService
from maintainuk.domain.base import new_id
from maintainuk.domain.import_files import file_of
from maintainuk.domain.import_guesses import guess
from maintainuk.domain.imports import ImportRun, Plan
from maintainuk.infrastructure.import_files import ImportFiles
from maintainuk.worker.housekeeping import sweep
from maintainuk.worker.runner import Outcome

HEADER = "Ref,Description,Address,Postcode,Flat,Status,Reported,Tenant,Email\n"


@pytest.fixture(autouse=True)
def small_portions(office):
    tables = ImportFiles(office.services.files, office.now, portion=2)
    office.services.providers = replace(office.services.providers, tables=tables)


async def until_waiting(office) -> None:
    """Wait until somebody waits for a lock."""
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    while not await office.watch.fetchval(waits):
        await asyncio.sleep(0.01)


async def started(
    office, rows: str, *, bad: int = 0, left_out: frozenset[int] = frozenset(), repeated: int = 0
) -> UUID:
    """A file that was checked and started just now."""
    import_id = new_id()
    await office.services.files.put(file_of(office.org_id, import_id), (HEADER + rows).encode())
    columns = HEADER.strip().split(",")
    async with office.world.work(office.org_id) as work:
        run = ImportRun(id=import_id, org_id=office.org_id, file_name="repairs.csv", created_at=work.now)
        plan = Plan(guess(columns), left_out=left_out)
        run.checked(plan, rows=rows.count("\n"), bad=bad, problems=[], repeated=repeated)
        run.start(skip_bad=bad > 0, by=None)
        work.session.add(run)
    return import_id


async def work_it_off(office) -> list[Outcome]:
    outcomes = []
    while done := await office.ask_again():
        outcomes += done
    return outcomes


def row(number: int, **cells: str) -> str:
    values = {"Ref": f"R-{number}", "Description": f"Tap {number} drips", "Address": f"{number} Nowhere Street"} | cells
    return ",".join(values.get(name, "") for name in HEADER.strip().split(",")) + "\n"


async def run_of(office):
    (run,) = await office.all("import_runs")
    return {name: run[name] for name in ("status", "rows", "done", "created", "already_there", "home_unknown")}


async def test_rows_come_in_portion_by_portion_and_promise_no_letters(office):
    await started(office, "".join(row(number) for number in range(5)))

    outcomes = await work_it_off(office)

    assert outcomes == [Outcome.COMPLETED] * 3
    assert await run_of(office) == {
        "status": "finished",
        "rows": 5,
        "done": 5,
        "created": 5,
        "already_there": 0,
        "home_unknown": 5,
    }
    tickets = await office.all("maintenance_tickets")
    assert [ticket["number"] for ticket in tickets] == list(range(10_001, 10_006))
    assert {(ticket["channel"], ticket["property_id"]) for ticket in tickets} == {("import", None)}
    assert tickets[0]["address_as_written"] == "0 Nowhere Street"
    assert await office.story() == ["reported"] * 5
    assert await office.all("messages") == []
    assert len(await office.all("live_events")) == 3


async def test_what_was_reported_long_ago_stays_so(office):
    await started(office, row(1, Reported="03/02/2025", Status="Closed"))

    await work_it_off(office)

    (ticket,) = await office.all("maintenance_tickets")
    assert ticket["reported_at"] == ticket["aware_at"]
    assert ticket["reported_at"].isoformat() == "2025-02-03T00:00:00+00:00"
    assert (ticket["created_at"], ticket["status"]) == (office.now(), "closed")


async def test_the_same_file_again_doubles_nothing(office):
    rows = row(1) + row(2, Ref="") + row(2, Ref="") + row(3)
    await started(office, rows)
    await work_it_off(office)

    await started(office, rows)
    await work_it_off(office)

    runs = [(run["created"], run["already_there"]) for run in await office.all("import_runs")]
    assert runs == [(3, 1), (0, 4)]
    assert len(await office.all("maintenance_tickets")) == 3


async def test_two_people_who_bring_the_same_file_in_at_once_bring_it_in_once(office):
    rows = "".join(row(number) for number in range(6))
    for _ in range(2):
        await started(office, rows)

    queues = office.queue(), office.queue()
    while claims := [(queue, job) for queue in queues for job in await queue.claim(1)]:
        await asyncio.gather(*(office.runner(queue).run(job) for queue, job in claims))

    runs = await office.all("import_runs")
    assert {(run["status"], run["created"] + run["already_there"]) for run in runs} == {("finished", 6)}
    assert sum(run["created"] for run in runs) == len(await office.all("maintenance_tickets")) == 6
    assert {promise["attempts"] for promise in await office.all("outbox_messages")} == {1}


async def test_a_portion_waits_until_another_import_of_the_same_rows_has_written_its_own(office):
    first, second = [await started(office, row(1)) for _ in range(2)]
    tables = office.services.providers.tables
    plan = Plan(guess(HEADER.strip().split(",")))
    portions = {run: await tables.portion(office.org_id, run, plan, 0) for run in (first, second)}

    async def bring_in(import_id: UUID) -> int:
        async with office.world.work(office.org_id) as work:
            return (await ImportService(work).bring_in(import_id, portions[import_id])).created

    async with office.world.work(office.org_id) as work:
        run = await ImportService(work).bring_in(first, portions[first])
        waiting = asyncio.create_task(bring_in(second))
        await until_waiting(office)
    created = await waiting

    assert (run.created, created) == (1, 0)


async def test_a_row_that_contradicts_an_earlier_one_stays_out_whatever_portion_it_is_in(office):
    rows = row(1) + row(2) + row(3) + row(4, Ref="R-1") + row(2)
    await started(office, rows, bad=1, left_out=frozenset({5, 6}), repeated=1)

    await work_it_off(office)

    assert [ticket["external_reference"] for ticket in await office.all("maintenance_tickets")] == ["R-1", "R-2", "R-3"]
    assert await run_of(office) == {
        "status": "finished",
        "rows": 5,
        "done": 5,
        "created": 3,
        "already_there": 0,
        "home_unknown": 3,
    }


async def test_a_worker_that_dies_between_portions_repeats_and_loses_nothing(office):
    await started(office, "".join(row(number) for number in range(4)))
    await office.work()

    await office.cut_all_connections()
    await office.queue().tend()
    await work_it_off(office)
    await office.watch.execute("UPDATE app.outbox_messages SET status = 'pending', completed_at = NULL")
    again = await office.ask_again()

    assert set(again) == {Outcome.SETTLED}
    assert (await run_of(office))["created"] == len(await office.all("maintenance_tickets")) == 4


async def test_bad_rows_are_left_out_and_the_others_come_in(office):
    await started(office, row(1) + row(2, Reported="31/02/2025") + row(3), bad=1)

    await work_it_off(office)

    assert [ticket["external_reference"] for ticket in await office.all("maintenance_tickets")] == ["R-1", "R-3"]
    assert (await run_of(office))["done"] == 3


@pytest.mark.parametrize(
    ("cells", "is_known"),
    [
        ({"Address": "14 Ash Grove", "Postcode": "LS6 1AA"}, True),
        ({"Address": '"14 ash grove, Leeds"', "Postcode": "ls61aa"}, True),
        ({"Address": '"14 Ash Grove, Leeds LS6 1AA"'}, True),
        ({"Address": "14 Ash Grove Leeds"}, True),
        ({"Address": "14 Ash Grove Headingley Leeds LS6 1AA"}, True),
        ({"Address": '"14 Ash Grove, Headingley, Leeds"'}, True),
        ({"Address": "14 Ash Grove"}, False),
        ({"Address": "14 Ash Grove Bradford"}, False),
        ({"Address": "14 Ash Grove Leedside"}, False),
        ({"Address": "14 Ash Grove", "Postcode": "BS1 4QA"}, False),
        ({"Address": "15 Ash Grove", "Postcode": "LS6 1AA"}, False),
        ({"Address": "14 Ash Grove", "Postcode": "LS6 1AA", "Flat": "9"}, False),
    ],
)
async def test_a_home_is_found_by_its_address_and_never_invented(office, cells, is_known):
    home = await office.world.home(office.org_id)
    await started(office, row(1, **cells))

    await work_it_off(office)

    (ticket,) = await office.all("maintenance_tickets")
    assert (ticket["unit_id"] == home.unit_id) == is_known
    assert (ticket["address_as_written"] is None) == is_known
    assert len(await office.all("properties")) == 1


@pytest.mark.parametrize(
    "address", ["Flat 3 14 Ash Grove LS6 1AA", "14 Ash Grove Flat 3 Leeds", "Flat3, 14 Ash Grove, Leeds"]
)
async def test_a_flat_is_found_in_its_building(office, address: str):
    home = await office.world.home(office.org_id, label="Flat 3")
    await started(office, row(1, Address=f'"{address}"'))

    await work_it_off(office)

    (ticket,) = await office.all("maintenance_tickets")
    assert ticket["unit_id"] == home.unit_id


@pytest.mark.parametrize(
    ("address", "is_known"),
    [
        ("Wharf House Flat 2", True),
        ("Flat 2 Wharf House", True),
        ("Flat 2 Wharf House Mill Lane", True),
        ("Flat 2 Wharf House Leeds", True),
        ("Wharf House", False),
        ("Wharf House Flat 9", False),
        ("Flat 2 Wharf House Bradford", False),
        ("Flat 2 Mill Lane", False),
    ],
)
async def test_a_building_with_a_name_is_known_by_one_of_its_flats(office, address, is_known):
    home = await office.world.home(office.org_id, address="Wharf House, Mill Lane", label="Flat 2")
    await started(office, row(1, Address=address))

    await work_it_off(office)

    (ticket,) = await office.all("maintenance_tickets")
    assert (ticket["unit_id"] == home.unit_id) == is_known


async def test_nobody_guesses_between_two_homes_of_one_address(office):
    for postcode in ("LS6 1AA", "LS11 5AB"):
        await office.world.home(office.org_id, postcode=postcode)
    await started(office, row(1, Address="14 Ash Grove Leeds"))

    await work_it_off(office)

    (ticket,) = await office.all("maintenance_tickets")
    assert ticket["unit_id"] is None


async def test_whoever_reported_it_is_recognised_or_made_known_once(office):
    home = await office.world.home(office.org_id)
    known = {"Address": "14 Ash Grove", "Postcode": "LS6 1AA", "Tenant": "Aisha Khan"}
    await started(office, row(1, **known) + row(2, Tenant="Jo Bell") + row(3, Tenant="Jo Bell"))

    await work_it_off(office)

    reporters = [ticket["reporter_id"] for ticket in await office.all("maintenance_tickets")]
    assert reporters[0] == home.tenant_id
    assert reporters[1] == reporters[2] is not None
    assert sorted(await office.world.names(office.org_id)) == ["Aisha Khan", "Jo Bell"]


async def test_a_file_that_is_gone_ends_the_import_with_words(office):
    import_id = await started(office, row(1))
    await office.services.files.delete(file_of(office.org_id, import_id))

    await work_it_off(office)

    (run,) = await office.all("import_runs")
    assert (run["status"], run["failure"]) == ("failed", "file-gone")


async def test_files_are_removed_a_day_after_they_came(office):
    await started(office, row(1))
    office.late = timedelta(hours=25)

    removed = await sweep(office.services)

    assert removed["imported_files"] == 1
