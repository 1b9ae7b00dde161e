"""How long everything an organisation owns takes to become one file, and how much memory that takes.

Method: an organisation with 200,000 tickets, three lines of a story for each, and 20,000 people, each in a home of
their own, is written straight into the database. Its administrator asks for everything over HTTP, with a password,
and one worker writes it. The time runs from the question until the file can be fetched, asked twice a second; how far
it is, is noted each time. Then it is fetched, and every entry compared with its manifest. Meanwhile somebody of
another organisation opens their list of tickets again and again, and the proportional set size (PSS) of API and worker
is read every 200 ms. `--short` takes a tenth.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import psutil

from bench._crew import crew
from bench._estate import add_organisation
from bench._installation import installation
from bench._promised import Promised, load
from bench._promises import owner_of
from bench._scales import Scales, worked
from bench._served import Desk, clicks, desk, served, signed_in
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.infrastructure.exports.verify import verify
from maintainuk.settings import Settings

TICKETS, TICKETS_OF_ONE = 200_000, 10
LONGEST, LARGEST, USABLE = 120, 400, 1_000
"""Seconds, MB of any one process, and milliseconds for a click elsewhere (95 of 100)."""
EXPORTS = "/api/v1/organisation/exports"
PASSWORD = "seven otters under the pier"
STORIES = """INSERT INTO app.timeline_events (org_id, id, ticket_id, kind, data, visibility, occurred_at, body)
SELECT org_id, uuidv7(), id, 'commented', '{}', 'internal', created_at + line * interval '1 day', description
FROM app.maintenance_tickets, generate_series(1, 3) line WHERE org_id = $1"""


async def filled(settings: Settings, tickets: int) -> UUID:
    """Write an organisation with so many tickets; return it."""
    connection = await asyncpg.connect(settings.owner_dsn)
    async with owner_of(settings) as owner:
        org_id = await add_organisation(connection, owner, "Northern Homes", tickets, tickets // TICKETS_OF_ONE)
    await connection.execute("SELECT set_config('app.org_id', $1, false)", str(org_id))
    await connection.execute(STORIES, org_id)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return org_id


async def taken_along(staff: Desk) -> tuple[float, int, dict[str, Any]]:
    """Ask for everything; return the seconds until it can be fetched, how often progress was seen, and what it is."""
    began, seen = time.perf_counter(), set()
    asked = await staff.http.put(EXPORTS, json={"password": PASSWORD}, headers=staff.headers)
    address = f"{EXPORTS}/{asked.raise_for_status().json()['data']['id']}"
    while (export := await staff.get(address))["status"] == "making":
        seen.add(export["done"])
        await asyncio.sleep(0.5)
    assert export["status"] == "ready", export
    return time.perf_counter() - began, len(seen), export


async def fetched(staff: Desk, export: dict[str, Any], to: Path) -> float:
    """Fetch the file as a browser does; return the seconds that took."""
    began = time.perf_counter()
    told = await staff.http.put(f"{EXPORTS}/{export['id']}/address", json={"password": PASSWORD}, headers=staff.headers)
    with to.open("wb") as file:
        async with staff.http.stream("GET", told.raise_for_status().json()["data"]["address"]) as answer:
            async for part in answer.raise_for_status().aiter_bytes():
                file.write(part)
    return time.perf_counter() - began


async def administrator(settings: Settings, org_id: UUID, other: Desk) -> Desk:
    """Somebody who may take everything along, at the same API."""
    headers = await signed_in(settings, org_id, BuiltInRole.ORG_ADMIN, password=PASSWORD)
    return Desk(org_id, other.http, headers)


async def measured(settings: Settings, folder: Path, promised: Promised, tickets: int) -> None:
    async with served(settings, folder / "api.log") as api, crew(settings, folder / "log") as workers:
        other, began = await desk(settings, api.http), time.perf_counter()
        org_id = await filled(settings, tickets)
        told = f"{tickets:,} tickets, {3 * tickets:,} lines, {tickets // TICKETS_OF_ONE:,} people"
        print(f"{told}, written in {time.perf_counter() - began:.0f} s:", flush=True)
        staff = await administrator(settings, org_id, other)
        worker = psutil.Process((await workers.hire()).process.pid)
        busy, before, waits = load(), worked(api.process) + worked(worker), list[float]()
        elsewhere = asyncio.create_task(clicks(other, waits))
        with Scales(api.process, every=0.2) as server, Scales(worker, every=0.2) as hand:
            took, seen, export = await taken_along(staff)
            fetching = await fetched(staff, export, folder / "everything.zip")
        elsewhere.cancel()
        kept = promised.at_most(LONGEST, "s", "time", took, digits=1)
        print(f"  ready after {kept} ({busy}); progress seen {seen} times")
        print(f"    {export['size'] / 1e6:.1f} MB in {export['entries']} entries; fetched in {fetching:.1f} s")
        print(f"    {worked(api.process) + worked(worker) - before:.1f} s of CPU in API and worker")
        slow = sorted(waits)[int(len(waits) * 0.95)]
        print(f"    a click elsewhere {promised.at_most(USABLE, 'ms', 'click elsewhere', slow, digits=0)}")
        for what, weighed in (("API", server), ("worker", hand)):
            kept = promised.at_most(LARGEST, "MB", what, weighed.most, digits=0)
            print(f"    {what:<7} {kept}, {weighed.at_rest:.0f} MB before", flush=True)
    verdict = await asyncio.to_thread(verify, folder / "everything.zip")
    assert (verdict.findings, verdict.sha256) == ([], export["sha256"]), verdict
    print(f"    {verdict.entries} entries are as their manifest says")


def main() -> None:
    print(__doc__)
    tickets, promised = TICKETS // 10 if "--short" in sys.argv else TICKETS, Promised()
    with installation() as (settings, folder):
        asyncio.run(measured(settings, folder, promised, tickets))
    promised.settle()


if __name__ == "__main__":
    main()
