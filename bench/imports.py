"""How long a file of 5,000 tickets takes to come in, and how much memory that takes.

Method: a file of 5,000 different repairs at as many addresses is sent over HTTP, its columns are taken as guessed,
every row is checked and the import started; one worker brings it in. The time runs from the first byte sent until the
import says that it is finished, asked every 50 ms. Then the same file is sent again, which must add nothing, and at
last another organisation brings it in with `./maintainuk import tickets`, timed from start to end. The API, the worker
and the command are processes of their own, as people run them; meanwhile the proportional set size (PSS) of each is
read every 20 ms.
"""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import psutil

from bench._crew import crew
from bench._installation import installation
from bench._promised import Promised, load
from bench._promises import organisation
from bench._scales import Scales, worked
from bench._served import HERE, Desk, desk, served
from maintainuk.infrastructure.embedded.configuration import environment_of
from maintainuk.settings import Settings

ROWS = 5_000
LONGEST, LARGEST = 15, 250
"""Seconds, and MB of any one process."""
FAULTS = ("Boiler shows a red light", "Tap drips in the kitchen", "Window won't close", "Mould behind the wardrobe")


def table() -> bytes:
    chance = Random(5)
    lines = ["Job ref,Description,Address,Postcode,Priority,Status,Date reported,Tenant,Telephone"]
    for number in range(ROWS):
        place = f"{number % 240 + 1} Kestrel Way {number // 240},LS{number % 28 + 1} {number % 9 + 1}AB"
        told = f'"{chance.choice(FAULTS)}.\nIt began {chance.randint(2, 30)} days ago, and it gets worse."'
        tenant = f"Tenant {number},07700 9{number % 100_000:05}"
        lines.append(f"J-{number:06},{told},{place},{chance.choice(('urgent', 'routine'))},open,03/02/2025,{tenant}")
    return "\r\n".join(lines).encode()


async def bring_in(staff: Desk, content: bytes) -> tuple[float, float, dict[str, Any]]:
    """Send a file, check it and start it; return the seconds until checked and until in, and what became of it."""
    http, headers, began = staff.http, staff.headers, time.perf_counter()
    sent = await http.post("/api/v1/imports", content=content, headers=headers | {"Content-Type": "text/csv"})
    file = sent.raise_for_status().json()["data"]
    address = f"/api/v1/imports/{file['id']}"
    checked = await http.put(f"{address}/mapping", json={"columns": file["guesses"]}, headers=headers)
    checked.raise_for_status()
    known = time.perf_counter() - began
    await staff.post(f"{address}/run", {"skipBad": False})
    while (run := await staff.get(address))["status"] == "running":
        await asyncio.sleep(0.05)
    assert run["status"] == "finished", run
    return known, time.perf_counter() - began, run


async def over_http(settings: Settings, folder: Path, promised: Promised, content: bytes) -> None:
    async with served(settings, folder / "api.log") as api, crew(settings, folder / "log") as workers:
        staff = await desk(settings, api.http)
        worker = psutil.Process((await workers.hire()).process.pid)
        for name in ("first", "again"):
            busy, before = load(), worked(api.process) + worked(worker)
            with Scales(api.process) as server, Scales(worker) as hand:
                known, took, run = await bring_in(staff, content)
            kept = promised.at_most(LONGEST, "s", f"{name}: time", took, digits=1)
            print(f"  {name}: checked after {known:.1f} s, in after {kept} ({busy})")
            spent = worked(api.process) + worked(worker) - before
            print(f"    created {run['created']:,}, already there {run['alreadyThere']:,}")
            print(f"    {spent:.1f} s of CPU in API and worker")
            for what, weighed in (("API", server), ("worker", hand)):
                kept = promised.at_most(LARGEST, "MB", f"{name}: {what}", weighed.most, digits=0)
                print(f"    {what:<7} {kept}, {weighed.at_rest:.0f} MB before")


async def from_the_terminal(settings: Settings, folder: Path, promised: Promised, content: bytes) -> None:
    org_id, file = await organisation(settings), folder / "tickets.csv"
    file.write_bytes(content)
    command = [sys.executable, "-P", "-m", "maintainuk", "import", "tickets", str(file), "--organisation", str(org_id)]
    began, busy = time.perf_counter(), load()
    process = psutil.Popen(
        command, cwd=HERE, env=environment_of(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    with Scales(process.pid) as scales:
        told = (await asyncio.to_thread(process.communicate))[0].decode()
    took = time.perf_counter() - began
    assert process.returncode == 0, told
    print(f"  in the terminal: in after {promised.at_most(LONGEST, 's', 'terminal: time', took, digits=1)} ({busy})")
    print(f"    {told.strip().splitlines()[-1]}")
    print(f"    command {promised.at_most(LARGEST, 'MB', 'terminal: command', scales.most, digits=0)}")


def main() -> None:
    print(__doc__)
    content, promised = table(), Promised()
    print(f"{ROWS:,} tickets, {len(content) / 1e6:.1f} MB:", flush=True)
    with installation() as (settings, folder):
        asyncio.run(over_http(settings, folder, promised, content))
        asyncio.run(from_the_terminal(settings, folder, promised, content))
    promised.settle()


if __name__ == "__main__":
    main()
