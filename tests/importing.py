"""A desk at which files of a portfolio are brought in, with a worker beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import select

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.infrastructure.import_files import ImportFiles
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.worker import main
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import HANDLERS
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.runner import Runner
from tests.desk import Desk
from tests.trial import Trial
from tests.world import World

assert main.FEATURES, "importing the worker makes its handlers known"

IMPORTS = "/api/v1/portfolio/imports"
HEADER = (
    "Home reference,Address,Flat,Town,Postcode,UPRN,Tenancy reference,Tenancy start,Tenant 1 name,Tenant 1 email,"
    "Tenant 1 phone,Tenant 2 name,Landlord reference,Landlord name,Landlord email\n"
)
HOUSE = (
    "HM-1,14 Kestrel Way,,Leeds,ls63ab,010001234567,T-1,01/09/2024,Aisha Khan,AISHA.Khan@example.com,7700900123,"
    "Omar Khan,LL-1,Grace Adeyemi,grace@example.com\n"
)
FLATS = (
    "HM-2,Kestrel Court,1,Leeds,LS6 3AD,,T-2,2024-10-01,Tomasz Nowak,,07700 900 456,,LL-1,Grace Adeyemi,\n"
    "HM-3,Kestrel Court,2,Leeds,LS6 3AD,,,,,,,,LL-1,Grace Adeyemi,\n"
)
HOMES_ALONE = "Home reference,Address,Town,Postcode\nHM-9,16 Kestrel Way,Leeds,LS6 3AB\n"
TENANCIES_ALONE = "Reference,Home reference,Start date,Tenant 1 name\nT-9,HM-9,01/09/2024,Priya Patel\n"


class Importing:
    """A desk with a worker beside it."""

    def __init__(self, desk: Desk, runner: Runner, queue: PostgresQueue) -> None:
        self.desk, self.runner, self.queue = desk, runner, queue

    async def send(self, content: str | bytes, kind: str = "homes", name: str = "homes.csv") -> httpx.Response:
        told = self.desk.headers | {"Content-Type": "text/csv", "X-File-Name": name}
        body = content.encode() if isinstance(content, str) else content
        return await self.desk.http.post(IMPORTS, params={"kind": kind}, content=body, headers=told)

    async def sent(self, content: str | bytes, kind: str = "homes") -> dict[str, Any]:
        answer = await self.send(content, kind)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    async def call(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        answer = await self.desk.http.request(
            method, f"{IMPORTS}{path}", json=body, params=params, headers=self.desk.headers
        )
        assert answer.status_code < 300, answer.text
        return answer.json()["data"]

    async def work(self) -> None:
        """Have the worker do all that waits."""
        while jobs := await self.queue.claim(10):
            for job in jobs:
                await self.runner.run(job)

    async def checked(self, content: str | bytes, kind: str = "homes", **plan: Any) -> dict[str, Any]:
        file = await self.sent(content, kind)
        await self.call("PUT", f"/{file['id']}/mapping", {"columns": file["guesses"]} | plan)
        await self.work()
        return await self.call("GET", f"/{file['id']}")

    async def brought_in(self, content: str | bytes, kind: str = "homes", *, skip_bad: bool = False) -> dict[str, Any]:
        run = await self.checked(content, kind)
        await self.call("POST", f"/{run['id']}/run", {"skipBad": skip_bad})
        await self.work()
        return await self.call("GET", f"/{run['id']}")

    async def undone(self, import_id: str) -> dict[str, Any]:
        await self.call("POST", f"/{import_id}/undo")
        await self.work()
        return await self.call("GET", f"/{import_id}")

    async def problems(self, import_id: str) -> list[tuple[int, str | None, str]]:
        found = (await self.call("GET", f"/{import_id}/problems"))["items"]
        return [(one["row"], one["column"], one["reason"]) for one in found]

    async def wrong(self, content: str, kind: str = "homes") -> list[tuple[int, str | None, str]]:
        return await self.problems((await self.checked(content, kind))["id"])

    async def all(self, entity: Any) -> list[Any]:
        async with self.desk.world.owner.session(self.desk.org_id) as session:
            return list(await session.scalars(select(entity).order_by(entity.id)))


@asynccontextmanager
async def importing_at(trial: Trial, world: World) -> AsyncIterator[Importing]:
    """Yield a desk in an organisation that has nothing yet."""
    org_id = await world.organisation()
    staff = await world.staff(org_id, BuiltInRole.COORDINATOR)
    desk = Desk(trial, world, staff, None, await world.headers(staff))  # type: ignore[arg-type]
    settings = trial.services.settings
    services = WorkerServices(settings, clock=lambda: world.now)
    services.files = trial.services.files
    tables = ImportFiles(trial.services.files, lambda: world.now, lines=2)  # every file takes several portions
    services.providers = replace(services.providers, tables=tables)
    queue = PostgresQueue(settings.worker_dsn, list(HANDLERS))
    yield Importing(desk, Runner(queue, Deliveries(services), HANDLERS, services, JobMetrics()), queue)
    await queue.close()
    await services.close()
