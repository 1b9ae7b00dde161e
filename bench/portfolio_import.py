"""How long a file of 50,000 homes with tenancies takes to come in, and how much memory that takes.

Method: a file of 50,000 homes (one in two in a block of ten), four in five of them let to one or two people, with a
landlord each forty homes, is sent over HTTP, its columns are taken as guessed, every row is checked, and the import
started; one worker does the work. The time runs from the first byte sent until the import says that it is finished,
asked every half second; how far it is, is noted each time. Meanwhile somebody of another organisation opens their list
of tickets again and again, and the proportional set size (PSS) of API and worker is read every 200 ms. `--short`
takes a tenth.
"""

import asyncio
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import psutil

from bench._crew import crew
from bench._installation import installation
from bench._promised import Promised, load
from bench._scales import Scales, worked
from bench._served import Desk, clicks, desk, served
from maintainuk.settings import Settings

HOMES = 50_000
LONGEST, LARGEST, USABLE = 90, 400, 1_000
"""Seconds, MB of any one process, and milliseconds for a click elsewhere (95 of 100)."""
FIRST = ("Aisha", "Tomasz", "Grace", "Owen", "Priya", "Callum", "Zara", "Marek", "Siân", "Kwame", "Niamh", "Yusuf")
LAST = ("Khan", "Nowak", "Adeyemi", "Baptiste", "Patel", "Fraser", "Hughes", "Zielinski", "O'Brien", "Mensah", "Evans")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
HEADER = (
    "Home reference,Address,Flat,Town,Postcode,UPRN,Tenancy reference,Tenancy start,Tenancy type,Tenant 1 name,"
    "Tenant 1 email,Tenant 1 phone,Tenant 2 name,Landlord reference,Landlord name,Landlord email"
)


def table(homes: int) -> bytes:
    chance = Random(7)
    lines = [HEADER]
    for number in range(homes):
        block = number // 10
        letters = LETTERS[block % 20] + LETTERS[block // 20 % 20]
        code = f"LS{block // 3600 % 28 + 1} {block // 400 % 9 + 1}{letters}"
        is_flat = block % 2
        place = f"Kestrel House {block},Flat {number % 10 + 1}" if is_flat else f"{number} Kestrel Way,"
        who = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        let = f"T-{number:06},{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/2023,AST,{who},"
        let += f"tenant{number}@example.com,07700 900{number % 1000:03},{'Jo Bell' if number % 3 == 0 else ''}"
        landlord = number // 40
        owner = f"LL-{landlord:05},Owner {landlord},owner{landlord}@example.com"
        lines.append(
            f"H-{number:06},{place},Leeds,{code},{10_000_000 + number},{let if number % 5 else ',,,,,,'},{owner}"
        )
    return "\r\n".join(lines).encode()


async def bring_in(staff: Desk, content: bytes) -> tuple[float, float, int, dict[str, Any]]:
    """Return the seconds until checked and until in, how often progress was seen, and what became of it."""
    http, headers, began = staff.http, staff.headers, time.perf_counter()
    told = headers | {"Content-Type": "application/octet-stream"}
    sent = await http.post("/api/v1/portfolio/imports", params={"kind": "homes"}, content=content, headers=told)
    file = sent.raise_for_status().json()["data"]
    address, seen = f"/api/v1/portfolio/imports/{file['id']}", set()
    checked = await http.put(f"{address}/mapping", json={"columns": file["guesses"]}, headers=headers)
    checked.raise_for_status()
    while (run := await staff.get(address))["status"] == "checking":
        seen.add(run["done"])
        await asyncio.sleep(0.5)
    assert run["status"] == "checked", run
    assert run["bad"] == 0, (await staff.get(f"{address}/problems"))["items"][:5]
    known = time.perf_counter() - began
    await staff.post(f"{address}/run", {"skipBad": False})
    while (run := await staff.get(address))["status"] == "running":
        seen.add(run["done"])
        await asyncio.sleep(0.5)
    assert run["status"] == "finished", run
    return known, time.perf_counter() - began, len(seen), run


async def measured(settings: Settings, folder: Path, promised: Promised, content: bytes) -> None:
    async with served(settings, folder / "api.log") as api, crew(settings, folder / "log") as workers:
        staff, other = await desk(settings, api.http), await desk(settings, api.http)
        worker = psutil.Process((await workers.hire()).process.pid)
        for name in ("first", "again"):
            busy, before, waits = load(), worked(api.process) + worked(worker), list[float]()
            elsewhere = asyncio.create_task(clicks(other, waits))
            with Scales(api.process, every=0.2) as server, Scales(worker, every=0.2) as hand:
                known, took, seen, run = await bring_in(staff, content)
            elsewhere.cancel()
            kept = promised.at_most(LONGEST, "s", f"{name}: time", took, digits=1)
            print(f"  {name}: checked after {known:.1f} s, in after {kept} ({busy}); progress seen {seen} times")
            print(f"    new {run['created']:,}, the same {run['alreadyThere']:,}")
            print(f"    {worked(api.process) + worked(worker) - before:.1f} s of CPU in API and worker")
            slow = sorted(waits)[int(len(waits) * 0.95)]
            print(f"    a click elsewhere {promised.at_most(USABLE, 'ms', f'{name}: click elsewhere', slow, digits=0)}")
            for what, weighed in (("API", server), ("worker", hand)):
                kept = promised.at_most(LARGEST, "MB", f"{name}: {what}", weighed.most, digits=0)
                print(f"    {what:<7} {kept}, {weighed.at_rest:.0f} MB before", flush=True)


def main() -> None:
    print(__doc__)
    homes = HOMES // 10 if "--short" in sys.argv else HOMES
    content, promised = table(homes), Promised()
    print(f"{homes:,} homes, {len(content) / 1e6:.1f} MB:", flush=True)
    with installation() as (settings, folder):
        asyncio.run(measured(settings, folder, promised, content))
    promised.settle()


if __name__ == "__main__":
    main()
