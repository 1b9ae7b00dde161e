"""How soon a photo can be seen, and how much memory the worst of them takes.

Method: a tenant sends photos of 12 megapixels with light, shade and grain (JPEG of 2.2 MB and HEIC of 1.2 MB), one
after the other; the API, and one worker that draws them, are processes of their own. The time runs from the first byte
sent until the list of photos says that it is ready, asked every 20 ms. Then every hostile file of
bench/_hostile_photos.py, and the largest photos that are taken (50 megapixels of each kind), are sent to the same
worker; meanwhile the proportional set size (PSS) of the worker and its child together is read every 20 ms, so that
pages both share count once. All of these once more when the worker has advised somebody. The process in which its
advisors live has no part in a photo: it is weighed apart.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx
import psutil
from PIL import Image

from bench._crew import crew
from bench._homes import posters, reported
from bench._hostile_photos import NO_PHOTO, PHOTOS
from bench._installation import installation
from bench._pictures import PLACE, photo, saved, scene
from bench._promised import Promised, load
from bench._scales import Scales, weight, worked
from bench._served import desk, served
from bench.journey import until_advised
from maintainuk.settings import Settings

PHOTOS_EACH = 30
LONGEST_WAIT = 60.0


def largest() -> dict[str, bytes]:
    """Photos of 50 megapixels."""
    plain = Image.new("RGB", (8_160, 6_120), "teal")
    return {
        "50 MP JPEG": saved(plain),
        "50 MP progressive JPEG": saved(plain, progressive=True),
        "50 MP PNG": saved(plain.convert("RGBA"), "PNG", compress_level=1),
        "50 MP HEIC": saved(plain, "HEIF"),
        "50 MP HEIC in tiles, as phones write it": saved(plain, "HEIF", tile_size=512),
        "14 MP WebP": saved(plain.resize((4_300, 3_250)), "WEBP", method=0),
    }


class Tenant:
    """Somebody in front of the poster of their home: each photo is of a new report."""

    def __init__(self, http: httpx.AsyncClient, codes: Iterator[str]) -> None:
        self.http, self.codes = http, codes

    async def send(self, content: bytes) -> tuple[float, str, bytes]:
        """Report something with a photo; return the seconds until the photo is known, as what, and its copy if any."""
        report = {"submissionKey": str(uuid4()), "description": "Water comes through the ceiling."}
        sent = await self.http.post(
            "/api/v1/reports", json=report, headers={"Authorization": f"Link {next(self.codes)}"}
        )
        shown = {"Authorization": f"Link {sent.json()['data']['statusToken']}"}
        began = time.perf_counter()
        headers = shown | {"X-Upload-Key": str(uuid4())}
        answer = await self.http.post("/api/v1/reports/photos", content=content, headers=headers)
        if answer.status_code != 202:
            return time.perf_counter() - began, answer.json()["error"]["code"], b""
        while time.perf_counter() - began < LONGEST_WAIT:
            (one,) = (await self.http.get("/api/v1/reports/photos", headers=shown)).json()["data"]["items"]
            if one["state"] != "received":
                took = time.perf_counter() - began
                copy = (await self.http.get(one["url"])).content if one["url"] else b""
                return took, one["refusal"] or one["state"], copy
            await asyncio.sleep(0.02)
        return LONGEST_WAIT, "never", b""


async def ready_times(tenant: Tenant, worker: psutil.Process, kind: str, promised: Promised) -> None:
    content = photo(kind, 4_032, 3_024, quality=92 if kind == "JPEG" else 60)
    took, left, before = [], 0, worked(worker)
    for _ in range(PHOTOS_EACH):
        seconds, outcome, copy = await tenant.send(content)
        assert outcome == "ready", outcome
        took.append(seconds)
        left += PLACE[:8] in copy
    cuts, each = quantiles(took, n=20), (worked(worker) - before) / PHOTOS_EACH
    print(
        f"  {kind:<5} {len(content) / 1e6:.1f} MB   p50 {cuts[9]:5.2f} s"
        f"   p95 {promised.at_most(3, 's', f'{kind} ready', cuts[18])}   CPU {each:.2f} s"
        f"\n    copies that say where it was taken {promised.at_most(0, 'copies', f'{kind} places', left, digits=0)}",
        flush=True,
    )


async def worst(tenant: Tenant, worker: int, promised: Promised, state: str) -> None:
    files = {name: make() for name, (make, _) in NO_PHOTO.items()} | {name: make() for name, make in PHOTOS.items()}
    files |= largest()
    outcomes: Counter[str] = Counter()
    weights, advisors, rest, busy = [], 0.0, weight(psutil.Process(worker)), load()
    for name, content in files.items():
        with Scales(worker) as scales:
            seconds, outcome, _ = await tenant.send(content)
        outcomes[outcome] += 1
        advisors = max(advisors, scales.of_advisors)
        weights.append((scales.most, scales.of_child, seconds, name, outcome))
    weights.sort(reverse=True)
    print(f"{len(files)} files to a worker {state} ({busy}):")
    print(f"  {', '.join(f'{outcome} {count}' for outcome, count in outcomes.most_common())}")
    most = promised.at_most(400, "MB", f"memory {state}", weights[0][0], digits=0)
    print(f"  worker at rest {rest:.0f} MB; worker and child {most}; its advisors {advisors:.0f} MB")
    slowest = promised.at_most(10, "s", f"slowest {state}", max(one[2] for one in weights), digits=1)
    print(f"  the slowest known after {slowest}")
    for most, child, seconds, name, outcome in weights[:8]:
        print(f"    {most:4.0f} MB (child {child:3.0f})  {seconds:4.1f} s  {outcome:<16} {name}", flush=True)


async def measure(settings: Settings, folder: Path, promised: Promised) -> None:
    async with served(settings, folder / "api.log") as api, crew(settings, folder / "log") as workers:
        staff = await desk(settings, api.http)
        hand = await workers.hire()
        tenant = Tenant(api.http, await posters(settings, staff.org_id))
        await tenant.send(saved(scene()))  # the first photo finds nothing in the disk's cache
        print(f"12 megapixels, from the first byte to ready, {PHOTOS_EACH} photos each ({load()}):")
        for kind in ("JPEG", "HEIF"):
            await ready_times(tenant, psutil.Process(hand.process.pid), kind, promised)
        await worst(tenant, hand.process.pid, promised, "without its advisor")
        (ticket,) = await reported(settings, staff.org_id, 1, number=1_000_000)
        async with staff.screen() as screen:
            await until_advised(staff, screen, ticket)
        await worst(tenant, hand.process.pid, promised, "that has advised")


def main() -> None:
    print(__doc__)
    promised = Promised()
    with installation() as (settings, folder):
        asyncio.run(measure(settings, folder, promised))
    promised.settle()


if __name__ == "__main__":
    main()
