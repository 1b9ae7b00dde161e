"""An administrator's desk from which everything is taken along, with a worker beside it."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select, update

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.exports import Export
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.infrastructure.exports.packer import Packer
from maintainuk.infrastructure.import_files import ImportFiles
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.worker import main
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import HANDLERS
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.runner import Runner
from tests.trial import Trial
from tests.world import PASSWORD, Staff, World

assert main.FEATURES, "importing the worker makes its handlers known"

EXPORTS = "/api/v1/organisation/exports"


class Exporting:
    """Somebody who may take everything along, and a worker."""

    def __init__(self, trial: Trial, world: World, staff: Staff, headers: dict[str, str]) -> None:
        self.trial, self.world, self.staff, self.headers = trial, world, staff, headers
        self.http, self.org_id = trial.http, staff.org_id
        settings = trial.services.settings
        self.services = WorkerServices(settings, clock=self.now)
        self.services.files = trial.services.files
        packer = Packer(self.services.database.session, trial.services.files, self.now)
        tables = ImportFiles(trial.services.files, self.now)
        self.services.providers = replace(self.services.providers, packer=packer, tables=tables)
        self.queue = PostgresQueue(settings.worker_dsn, list(HANDLERS))
        self.runner = Runner(self.queue, Deliveries(self.services), HANDLERS, self.services, JobMetrics())

    def now(self) -> datetime:
        return self.world.now

    async def call(self, method: str, path: str = "", body: Any = None) -> httpx.Response:
        return await self.http.request(method, f"{EXPORTS}{path}", json=body, headers=self.headers)

    async def asked(self) -> dict[str, Any]:
        answer = await self.call("PUT", "", {"password": PASSWORD})
        assert answer.status_code == 202, answer.text
        return answer.json()["data"]

    async def work(self) -> None:
        """Have the worker do all that waits."""
        while jobs := await self.queue.claim(10):
            for job in jobs:
                await self.runner.run(job)

    async def at_once(self) -> None:
        """Let nothing that is to be tried again wait."""
        async with self.world.owner.session(self.org_id) as session, session.begin():
            await session.execute(update(OutboxMessage).values(available_at=func.now()))

    async def made(self) -> dict[str, Any]:
        export = await self.asked()
        await self.work()
        return (await self.call("GET", f"/{export['id']}")).json()["data"]

    async def address(self, export_id: str) -> str:
        answer = await self.call("PUT", f"/{export_id}/address", {"password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]["address"]

    async def fetched(self, export_id: str) -> bytes:
        answer = await self.http.get(await self.address(export_id))
        assert answer.status_code == 200, answer.text
        return answer.content

    async def row(self) -> Export:
        async with self.world.owner.session(self.org_id) as session:
            return (await session.scalars(select(Export).order_by(Export.id.desc()).limit(1))).one()

    async def files(self) -> list[str]:
        return [file.path async for file in self.trial.services.files.below(f"exports/{self.org_id}")]


@asynccontextmanager
async def exporting_at(trial: Trial, world: World) -> AsyncIterator[Exporting]:
    """Yield an administrator of an organisation that has nobody else."""
    org_id = await world.organisation()
    staff = await world.staff(org_id, BuiltInRole.ORG_ADMIN)
    exporting = Exporting(trial, world, staff, await world.headers(staff))
    yield exporting
    await exporting.queue.close()
    await exporting.services.close()


class Unpacked:
    """A file with everything, as whoever opens it sees it."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()
        self.manifest = json.loads(self.zip.read("manifest.json"))

    def table(self, name: str) -> list[dict[str, str]]:
        text = self.zip.read(f"tables/{name}.csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


def on_disk(content: bytes, folder: Path) -> Path:
    path = folder / "everything.zip"
    path.write_bytes(content)
    return path
