"""How soon a photo can be seen, and how much memory the worst of them takes.

Method: the API takes photos of 12 megapixels with light, shade and grain (JPEG of 2.2 MB and HEIC of 1.2 MB), one after
the other; one worker process of its own draws them. The time runs from the first byte sent until the list of photos
says that it is ready, asked every 20 ms. Then every hostile file of tests/security/test_hostile_photos.py, and the
largest photos that are taken (50 megapixels of each kind), are sent to the same worker; meanwhile the proportional set
size (PSS) of the worker and its child together is read every 20 ms, so that pages both share count once.
"""

import asyncio
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from uuid import UUID, uuid4

import httpx
import psutil
from PIL import Image
from pydantic import SecretStr

from bench._crew import crew
from maintainuk.api.app import create_app
from maintainuk.domain.permissions import BuiltInRole
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.settings import Settings
from tests.pictures import PLACE, photo, saved, scene
from tests.security.test_hostile_photos import NO_PHOTO, PHOTOS
from tests.world import World

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
        "16 MP WebP": saved(plain.resize((4_600, 3_450)), "WEBP", method=0),
    }


class Client:
    """Somebody at a desk who sends photos and looks at them."""

    def __init__(self, http: httpx.AsyncClient, world: World, org_id: UUID) -> None:
        self.http, self.world, self.org_id = http, world, org_id

    async def send(self, content: bytes) -> tuple[float, str, bytes]:
        """Send to a new ticket; return the seconds until something is known, what, and the copy if there is one."""
        path = f"/api/v1/tickets/{await self.world.ticket(self.org_id)}/photos"
        began = time.perf_counter()
        answer = await self.http.post(path, content=content, headers={"X-Upload-Key": str(uuid4())})
        if answer.status_code != 202:
            return time.perf_counter() - began, answer.json()["error"]["code"], b""
        while time.perf_counter() - began < LONGEST_WAIT:
            (one,) = (await self.http.get(path)).json()["data"]["items"]
            if one["state"] != "received":
                took = time.perf_counter() - began
                copy = (await self.http.get(one["url"])).content if one["url"] else b""
                return took, one["refusal"] or one["state"], copy
            await asyncio.sleep(0.02)
        return LONGEST_WAIT, "never", b""


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


async def ready_times(client: Client, kind: str) -> None:
    content = photo(kind, 4_032, 3_024, quality=92 if kind == "JPEG" else 60)
    took, left = [], 0
    for _ in range(PHOTOS_EACH):
        seconds, outcome, copy = await client.send(content)
        assert outcome == "ready", outcome
        took.append(seconds)
        left += PLACE[:8] in copy
    cuts = quantiles(took, n=20)
    print(
        f"  {kind:<5} {len(content) / 1e6:.1f} MB   p50 {cuts[9]:5.2f} s   p95 {cuts[18]:5.2f} s (at most 3 s)"
        f"   copies that say where it was taken: {left} of {PHOTOS_EACH} (at most 0)"
    )


async def worst(client: Client, worker: int) -> None:
    files = {name: make() for name, (make, _) in NO_PHOTO.items()} | {name: make() for name, make in PHOTOS.items()}
    files |= largest()
    rest = psutil.Process(worker).memory_full_info().pss / 1e6
    outcomes: Counter[str] = Counter()
    weights = []
    for name, content in files.items():
        scales = Scales(worker)
        scales.start()
        seconds, outcome, _ = await client.send(content)
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
    world, app = World(settings), create_app(settings)
    org_id = await world.organisation()
    headers = await world.headers(await world.staff(org_id, BuiltInRole.COORDINATOR))
    async with (
        crew(settings, folder / "log") as workers,
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost", headers=headers, timeout=LONGEST_WAIT
        ) as http,
    ):
        hand = await workers.hire()
        client = Client(http, world, org_id)
        await client.send(saved(scene()))  # the first photo finds nothing in the disk's cache
        print(f"12 megapixels, from the first byte to ready, {PHOTOS_EACH} photos each:")
        for kind in ("JPEG", "HEIF"):
            await ready_times(client, kind)
        await worst(client, hand.process.pid)
    await world.close()


def main() -> None:
    print(__doc__)
    with tempfile.TemporaryDirectory(prefix="maintainuk-bench-") as kept, scratch_services() as given:
        folder = Path(kept)
        settings = Settings(
            secret_key=SecretStr(given["secret_key"]),
            database_url=SecretStr(given["database_url"]),
            redis_url=SecretStr(given["redis_url"]),
            storage_url=f"file://{folder}/files",
            requests_per_minute=1_000_000,
            organisation_requests_per_minute=1_000_000,
            log_level="ERROR",
        )
        migrate(settings)
        asyncio.run(measure(settings, folder))


if __name__ == "__main__":
    main()
