"""How soon a photo can be seen, and how much memory the worst of them takes.

Method: a tenant sends photos of 12 megapixels with light, shade and grain (JPEG of 2.2 MB and HEIC of 1.2 MB), one
after the other; one worker process of its own draws them. The time runs from the first byte sent until the list of
photos says that it is ready, asked every 20 ms. Then every hostile file of bench/_hostile_photos.py, and the largest
photos that are taken (50 megapixels of each kind), are sent to the same worker; meanwhile the proportional set size
(PSS) of the worker and its child together is read every 20 ms, so that pages both share count once.
"""

import asyncio
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx
import psutil
from PIL import Image

from bench._crew import crew
from bench._hostile_photos import NO_PHOTO, PHOTOS
from bench._installation import installation
from bench._pictures import PLACE, photo, saved, scene
from bench._promises import organisation, owner_of
from maintainuk.api.app import create_app
from maintainuk.application.links import LinkService
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import Nation
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
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

    def __init__(self, http: httpx.AsyncClient, code: str) -> None:
        self.http, self.code = http, code

    async def send(self, content: bytes) -> tuple[float, str, bytes]:
        """Report something with a photo; return the seconds until the photo is known, as what, and its copy if any."""
        report = {"submissionKey": str(uuid4()), "description": "Water comes through the ceiling."}
        sent = await self.http.post("/api/v1/reports", json=report, headers={"Authorization": f"Link {self.code}"})
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


async def poster(settings: Settings) -> str:
    """The code in the hallway of a new home."""
    org_id, now = await organisation(settings), datetime.now(UTC)
    house = Property(
        org_id=org_id,
        kind=PropertyKind.HOUSE,
        address_line="3 Mill Lane",
        town="Leeds",
        postcode="LS6 1AA",
        nation=Nation.ENGLAND,
    )
    unit = Unit(org_id=org_id, property_id=house.id)
    async with owner_of(settings) as owner:
        async with owner.session(org_id) as session, session.begin():
            session.add_all((house, unit))
        async with owner.installation() as session:
            code = LinkService(session, LinkSecrets(settings)).make(org_id, LinkPurpose.HOME, unit.id, now).secret
            await session.commit()
    return code


class Scales(threading.Thread):
    """Weighs a process and its children until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.most, self.of_child = psutil.Process(pid), 0.0, 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.02):
            with suppress(psutil.Error):
                own = self.process.memory_full_info().pss
                children = 0
                for child in self.process.children():
                    with suppress(psutil.Error):
                        children += child.memory_full_info().pss
                self.of_child = max(self.of_child, children / 1e6)
                self.most = max(self.most, (own + children) / 1e6)

    def stop(self) -> None:
        self.stopped.set()
        self.join()


def work_of(process: psutil.Process) -> float:
    """Seconds of CPU that the worker and the children it has had have used."""
    return sum(process.cpu_times()[:4])


async def ready_times(tenant: Tenant, worker: psutil.Process, kind: str) -> None:
    content = photo(kind, 4_032, 3_024, quality=92 if kind == "JPEG" else 60)
    took, left, before = [], 0, work_of(worker)
    for _ in range(PHOTOS_EACH):
        seconds, outcome, copy = await tenant.send(content)
        assert outcome == "ready", outcome
        took.append(seconds)
        left += PLACE[:8] in copy
    cuts, each = quantiles(took, n=20), (work_of(worker) - before) / PHOTOS_EACH
    print(
        f"  {kind:<5} {len(content) / 1e6:.1f} MB   p50 {cuts[9]:5.2f} s   p95 {cuts[18]:5.2f} s (at most 3 s)"
        f"   CPU {each:.2f} s   copies that say where it was taken: {left} of {PHOTOS_EACH} (at most 0)"
    )


async def worst(tenant: Tenant, worker: int) -> None:
    files = {name: make() for name, (make, _) in NO_PHOTO.items()} | {name: make() for name, make in PHOTOS.items()}
    files |= largest()
    rest = psutil.Process(worker).memory_full_info().pss / 1e6
    outcomes: Counter[str] = Counter()
    weights = []
    for name, content in files.items():
        scales = Scales(worker)
        scales.start()
        seconds, outcome, _ = await tenant.send(content)
        scales.stop()
        outcomes[outcome] += 1
        weights.append((scales.most, scales.of_child, seconds, name, outcome))
    weights.sort(reverse=True)
    print(f"{len(files)} files: {', '.join(f'{outcome} {count}' for outcome, count in outcomes.most_common())}")
    print(f"  worker at rest {rest:.0f} MB; worker and child at most {weights[0][0]:.0f} MB (at most 400 MB)")
    print(f"  the slowest known after {max(weight[2] for weight in weights):.1f} s (at most 10 s)")
    for most, child, seconds, name, outcome in weights[:8]:
        print(f"    {most:4.0f} MB (child {child:3.0f})  {seconds:4.1f} s  {outcome:<16} {name}")


async def measure(settings: Settings, folder: Path) -> None:
    app = create_app(settings)
    async with (
        crew(settings, folder / "log") as workers,
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=LONGEST_WAIT
        ) as http,
    ):
        hand = await workers.hire()
        tenant = Tenant(http, await poster(settings))
        await tenant.send(saved(scene()))  # the first photo finds nothing in the disk's cache
        busy = f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"
        print(f"12 megapixels, from the first byte to ready, {PHOTOS_EACH} photos each ({busy}):")
        for kind in ("JPEG", "HEIF"):
            await ready_times(tenant, psutil.Process(hand.process.pid), kind)
        await worst(tenant, hand.process.pid)


def main() -> None:
    print(__doc__)
    with installation() as (settings, folder):
        asyncio.run(measure(settings, folder))


if __name__ == "__main__":
    main()
