"""How long people wait for each other: a tenant for the desk, the desk for an advisor, and one desk for another's work.

Method: the API, one worker, PostgreSQL and Valkey, each a process of its own; who measures is another. A coordinator
has a screen open on an organisation with 1,000 tickets that were never triaged.
1. Tenants report, one after the other; from the start of the request until the live stream has told that screen and
   the list, asked for then, shows the ticket.
2. The coordinator clicks "AI triage" on one ticket after the other; from the click until the live stream has told of
   the advice and the suggestion, asked for then, is there. The first click finds a worker that has never advised.
3. The coordinator asks about 1,000 tickets by one request; until the last suggestion stands. Meanwhile, every second,
   somebody of another organisation clicks one ticket, and a tenant of theirs reports, who gets a letter: how long that
   click, and that letter in the outbox, wait at most.

./maintainuk bench journey [--short]
"""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import httpx
import psutil

from bench._crew import Crew, crew
from bench._homes import EMAIL, posters, reported
from bench._installation import installation
from bench._promised import Promised, load
from bench._scales import worked
from bench._served import Desk, Screen, desk, served
from maintainuk.settings import Settings

REPORTS, CLICKS, BULK = 120, 60, 1_000


@dataclass(frozen=True)
class Bulk:
    """What became of very many questions asked at once, and what another organisation waited for meanwhile."""

    took: float
    answered: int
    clicks: Sequence[float]
    letters: Sequence[float]
    left: int
    """How many of the questions were still open when the other organisation's first click was answered."""


async def report(http: httpx.AsyncClient, code: str) -> str:
    """Report a repair, leaving an address for letters; return the ticket's reference."""
    body = {
        "submissionKey": str(uuid4()),
        "description": "Water drips from the pipe under the kitchen sink when the tap runs.",
        "contact": {"name": "Gethin Pugh", "email": EMAIL, "phone": "07700 900124"},
    }
    sent = await http.post("/api/v1/reports", json=body, headers={"Authorization": f"Link {code}"})
    return sent.raise_for_status().json()["data"]["reference"]


async def until_seen(staff: Desk, screen: Screen, codes: Iterator[str]) -> float:
    """Return the seconds from a tenant's report to the list that shows it."""
    began = time.perf_counter()
    sending = asyncio.create_task(report(staff.http, next(codes)))
    ticket_id = await screen.told_of("reported")
    listed = (await staff.get("/api/v1/tickets?limit=50"))["items"]
    took = time.perf_counter() - began
    assert await sending in {one["reference"] for one in listed if one["id"] == ticket_id}
    return took


async def until_advised(staff: Desk, screen: Screen, ticket_id: str) -> float:
    """Return the seconds from a click on "AI triage" to the suggestion."""
    began = time.perf_counter()
    await staff.post("/api/v1/ai-jobs", {"ticketId": ticket_id})
    await screen.told_of("advice_given", ticket_id)
    job = (await staff.get(f"/api/v1/tickets/{ticket_id}/ai-job"))["job"]
    took = time.perf_counter() - began
    assert job["suggestion"], job
    return took


async def ask_about_all(staff: Desk, tickets: Sequence[str], other: "Neighbour", workers: Crew) -> Bulk:
    """Ask about all tickets at once while a neighbour goes on working."""
    began = time.perf_counter()
    asked = (await staff.post("/api/v1/ai-jobs/batch", {"ticketIds": list(tickets)}))["askedAt"]
    beside = asyncio.create_task(other.work())
    progress = {"ended": 0, "asked": len(tickets), "failed": 0}
    while progress["ended"] < progress["asked"]:
        await asyncio.sleep(0.25)
        answer = await staff.http.get("/api/v1/ai-jobs/batch", params={"askedAt": asked}, headers=staff.headers)
        progress = answer.raise_for_status().json()["data"]
    took = time.perf_counter() - began
    other.is_over.set()
    clicks = await beside
    await workers.until()
    (_, first), *_ = await _ended(workers, other.staff, "ai-job")
    return Bulk(
        took=took,
        answered=progress["ended"] - progress["failed"],
        clicks=clicks,
        letters=[(done - due).total_seconds() for due, done in await _ended(workers, other.staff, "send-email")],
        left=sum(done > first for _, done in (await _ended(workers, staff, "ai-job"))[-len(tickets) :]),
    )


async def _ended(workers: Crew, staff: Desk, job: str) -> list[tuple[datetime, datetime]]:
    await workers.look_at(staff.org_id)
    rows = await workers.watch.fetch(
        "SELECT created_at, completed_at FROM app.outbox_messages"
        " WHERE org_id = $1 AND type = $2 AND status = 'completed' ORDER BY seq",
        staff.org_id,
        job,
    )
    return [(row["created_at"], row["completed_at"]) for row in rows]


@dataclass
class Neighbour:
    """Another organisation, in which somebody clicks one ticket each second, and a tenant reports."""

    staff: Desk
    codes: Iterator[str]
    tickets: Sequence[str]
    every: float = 1.0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> list[float]:
        """Go on until told that it is over; return how long each click waited for its suggestion."""
        async with self.staff.screen() as screen, asyncio.TaskGroup() as letters:
            clicks = []
            for ticket_id in self.tickets:
                if self.is_over.is_set():
                    break
                pause = asyncio.create_task(asyncio.sleep(self.every))
                letters.create_task(report(self.staff.http, next(self.codes)))
                clicks.append(await until_advised(self.staff, screen, ticket_id))
                await pause
        return clicks


async def neighbour(settings: Settings, http: httpx.AsyncClient, *, every: float = 1.0) -> Neighbour:
    staff = await desk(settings, http)
    codes = await posters(settings, staff.org_id)
    return Neighbour(staff, codes, await reported(settings, staff.org_id, 300), every)


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[18]


async def measure(settings: Settings, folder: Path, promised: Promised, *, part: int) -> None:
    async with served(settings, folder / "api.log") as api, crew(settings, folder / "log") as workers:
        staff = await desk(settings, api.http)
        codes = await posters(settings, staff.org_id)
        tickets = await reported(settings, staff.org_id, BULK // part)
        other = await neighbour(settings, api.http)
        worker = psutil.Process((await workers.hire()).process.pid)
        async with staff.screen() as screen:
            await until_seen(staff, screen, codes)
            busy = load()
            times = [await until_seen(staff, screen, codes) for _ in range(REPORTS // part)]
            print(f"A tenant's report until staff see it, {len(times)} reports ({busy}):")
            print(f"  p50 {median(times):.2f} s   p95 {promised.at_most(1, 's', 'report', _p95(times))}")

            cold, busy = await until_advised(staff, screen, tickets[0]), load()
            times = [await until_advised(staff, screen, one) for one in tickets[1 : CLICKS // part + 1]]
            print(f"From a click to the embedded advisor's suggestion, {len(times)} clicks ({busy}):")
            print(f"  p50 {median(times):.2f} s   p95 {promised.at_most(2, 's', 'click', _p95(times))}")
            print(f"  the first click after the worker's start {cold:.2f} s", flush=True)

        busy, before = load(), worked(worker)
        bulk = await ask_about_all(staff, tickets, other, workers)
        print(f"{len(tickets):,} tickets by one request ({busy}):")
        took = promised.at_most(60, "s", "bulk", bulk.took, digits=1)
        print(f"  {bulk.answered:,} suggestions after {took}, {worked(worker) - before:.1f} s of CPU in the worker")
        print(f"  meanwhile in another organisation, {len(bulk.clicks)} clicks and {len(bulk.letters)} letters:")
        for what, times in (("a click", bulk.clicks), ("a letter", bulk.letters)):
            longest = promised.at_most(2, "s", f"{what} beside it", max(times))
            print(f"    {what:<9} p50 {median(times):.2f} s   the longest {longest}")


def main() -> None:
    arguments = ArgumentParser(prog="maintainuk bench journey", description=__doc__)
    arguments.add_argument("--short", action="store_true", help="A tenth of everything.")
    chosen = arguments.parse_args()
    print(__doc__)
    promised = Promised()
    with installation() as (settings, folder):
        asyncio.run(measure(settings, folder, promised, part=10 if chosen.short else 1))
    promised.settle()


if __name__ == "__main__":
    main()
