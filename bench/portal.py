"""Whether the tenants' pages keep what they promise to a cheap phone on a bad line, and to people who can't see them.

Method: the built clients, served by the API in a process of its own. Weighed is what a phone fetches until the first
question (apps/tools/size.mjs, brotli). Then a Chromium that has never been here, as wide as a small phone, follows the
link of a poster at 400 kbit/s with 400 ms to each answer, its processor slowed down four times, ten times over; the
time runs from following it until the answers to the first question can be pressed. At last Lighthouse, as a phone,
judges the accessibility of the entry page, the form's first page and a report's own page.

Lighthouse comes from npm when this is run, in one version, into a cache outside the checkout: its 114 packages and
176 MB are no business of whoever builds the clients. It needs a Chromium (Debian's, or name one in MAINTAINUK_CHROMIUM)
and the packages of `./maintainuk test`.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

from bench._homes import posters
from bench._installation import installation
from bench._promised import Promised, load
from bench._served import HERE, desk, served
from maintainuk.infrastructure.embedded.node import node_environment
from maintainuk.infrastructure.embedded.web_build import build
from maintainuk.settings import Settings

LIGHTHOUSE = "13.5.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maintainuk"
APPS = HERE / "apps"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
BAD_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Milliseconds, and bytes a second: 400 kbit/s."""
SLOWER = 4
VISITS = 10


def chromium() -> str:
    named = os.environ.get("MAINTAINUK_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return named or sys.exit(
        "No Chromium here. On Debian: apt-get install chromium; elsewhere set MAINTAINUK_CHROMIUM."
    )


def lighthouse() -> Path:
    """Return Lighthouse's command, fetched if it is not there yet."""
    folder = CACHE / f"lighthouse-{LIGHTHOUSE}"
    command = folder / "node_modules/lighthouse/cli/index.js"
    if not command.exists():
        print(f"  Lighthouse {LIGHTHOUSE}: fetching it into {folder}", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([*words, f"lighthouse@{LIGHTHOUSE}"], env=node_environment(), check=True)
    return command


def weigh(promised: Promised) -> None:
    told = subprocess.run(
        ["node", "tools/size.mjs", "tenant-portal"],
        cwd=APPS,
        env=node_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    initial = float(re.search(r"initial load ([\d.]+) kB", told)[1])
    print(f"Initial load of the portal: {promised.at_most(90, 'kB', 'initial load', initial, digits=1)}", flush=True)


@asynccontextmanager
async def phone() -> AsyncIterator:
    """Yield a page of a phone that has never been here."""
    from playwright.async_api import async_playwright  # noqa: PLC0415  (the other benchmarks need no browser)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield await browser.new_page(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
        finally:
            await browser.close()


async def until_answerable(address: str) -> float:
    """Follow a poster's link over a bad line; return the seconds until the first question can be answered."""
    async with phone() as page:
        line = await page.context.new_cdp_session(page)
        await line.send("Network.enable")
        await line.send("Network.emulateNetworkConditions", BAD_LINE)
        await line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        began = time.perf_counter()
        await page.goto(address, wait_until="commit", timeout=60_000)
        answer = page.get_by_role("button", name=re.compile("^None of these"))
        await answer.click(trial=True, timeout=60_000)
        return time.perf_counter() - began


@dataclass(frozen=True)
class Judgement:
    """Lighthouse's score for accessibility on a phone, what it finds fault with, and where the address led."""

    score: float
    faults: list[str]
    page: str


def judged(address: str) -> Judgement:
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        flags = ["--quiet", "--only-categories=accessibility", "--form-factor=mobile", "--no-enable-error-reporting"]
        command = ["node", lighthouse(), address, *flags, "--output=json", f"--output-path={answer.name}"]
        environment = node_environment() | {"CHROME_PATH": chromium()}
        subprocess.run([*command, f"--chrome-flags={' '.join(FLAGS)}"], env=environment, check=True)
        told = json.loads(Path(answer.name).read_text())
    category = told["categories"]["accessibility"]
    faults = [one["id"] for one in category["auditRefs"] if one["weight"] and told["audits"][one["id"]]["score"] == 0]
    return Judgement(category["score"] * 100, faults, urlsplit(told["finalDisplayedUrl"]).path)


async def measure(settings: Settings, folder: Path, promised: Promised) -> None:
    async with served(settings, folder / "api.log") as api:
        staff = await desk(settings, api.http)
        code = next(await posters(settings, staff.org_id, 1))
        site = str(api.http.base_url).rstrip("/")
        report = {"submissionKey": str(uuid4()), "description": "Water drips from the pipe under the kitchen sink."}
        sent = await api.http.post("/api/v1/reports", json=report, headers={"Authorization": f"Link {code}"})
        status = sent.raise_for_status().json()["data"]["statusLink"]
        form = f"{site}/tenant/h/{code}"

        busy = load()
        times = [await until_answerable(form) for _ in range(VISITS)]
        slowest = promised.at_most(8, "s", "first question", max(times), digits=1)
        print(f"First question, {VISITS} visits at 400 kbit/s and 400 ms ({busy}):")
        print(f"  p50 {median(times):.1f} s   the slowest {slowest}", flush=True)

        print(f"Lighthouse {LIGHTHOUSE}, accessibility on a phone:")
        for name, address in (("entry", f"{site}/"), ("form", form), ("report", site + status)):
            found = await asyncio.to_thread(judged, address)
            score = promised.at_least(100, f"{name} accessible", found.score)
            print(f"  {name:<7} {score}   {found.page} {' '.join(found.faults)}", flush=True)


def main() -> None:
    print(__doc__)
    promised = Promised()
    asyncio.run(build(APPS))
    weigh(promised)
    with installation() as (settings, folder):
        with_clients = settings.model_copy(update={"web_dist": APPS / "dist"})
        asyncio.run(measure(with_clients, folder, promised))
    promised.settle()


if __name__ == "__main__":
    main()
