"""What a page of the ticket list costs, beside the least that could serve it, and how long a search takes.

Method: 200,000 tickets in 50 organisations of uneven size (the largest has 40,000). The API runs in a process of its
own with every layer on and its response cache off; the peer (`bench/_peer.py`: Starlette and asyncpg, same token, same
wall, same statement, same answer) in another. Both serve the first 50 tickets of the largest organisation over four
connections, in alternating rounds; what counts is user + system CPU of the server process, per request, and the median
over the rounds. The peer checks no session or role, so its figure is what could not be saved.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil

from bench._estate import SEARCHES, build
from bench._served import free_port
from maintainuk.domain.base import new_id
from maintainuk.domain.sign_in import Client
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

ROUNDS = 7
REQUESTS = 300
AT_ONCE = 4
HERE = Path(__file__).parent
LIST = "/api/v1/tickets?limit=50"


@contextmanager
def serving(command: list[str], environment: dict[str, str]) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        command, env=os.environ | environment, cwd=HERE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


@asynccontextmanager
async def client_of(port: int, headers: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers=headers, limits=limits, timeout=30
    ) as http:
        for _ in range(300):
            try:
                await http.get("/health")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                break
        yield http


def cpu(process: psutil.Process) -> float:
    used = process.cpu_times()
    return used.user + used.system


async def cost(http: httpx.AsyncClient, process: psutil.Process, path: str, requests: int = REQUESTS) -> float:
    """Milliseconds of CPU that the server spends on one request."""

    async def ask(times: int) -> None:
        for _ in range(times):
            await http.get(path)

    before = cpu(process)
    await asyncio.gather(*(ask(requests // AT_ONCE) for _ in range(AT_ONCE)))
    return (cpu(process) - before) / requests * 1000


async def sign_in(connection: asyncpg.Connection, settings: Settings, org: UUID) -> str:
    """A session of somebody of that organisation, and its token."""
    user = await connection.fetchrow("SELECT id FROM app.users WHERE org_id = $1 ORDER BY id LIMIT 1", org)
    now, session_id, identity_id = datetime.now(UTC), new_id(), new_id()
    await connection.execute(
        "INSERT INTO app.identities (id, email_index, created_at) VALUES ($1, $2, $3)",
        identity_id, identity_id.bytes, now,
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO app.sessions (id, identity_id, org_id, user_id, client, token_hash, device_hash, created_at,"
        " rotated_at, expires_at) VALUES ($1, $2, $3, $4, 'staff', $5, $5, $6, $6, $7)",
        session_id, identity_id, org, user["id"], session_id.bytes, now, now + timedelta(days=1),
    )  # fmt: skip
    return Tokens(settings).issue(
        user_id=user["id"], session_id=session_id, org_id=org, client=Client.STAFF, email="desk0@example.com",
        role="Coordinator", role_version=1, permissions=["tickets:read"], now=now,
    )  # fmt: skip


async def compare(headers: dict[str, str], environment: dict[str, str]) -> None:
    api_port, peer_port = free_port(), free_port()
    api = serving([sys.executable, "-P", "-m", "maintainuk", "api"], environment | {"MAINTAINUK_PORT": str(api_port)})
    peer = serving([sys.executable, "-m", "bench._peer"], environment | {"PEER_PORT": str(peer_port)})
    with api as ours, peer as theirs:
        async with client_of(api_port, headers) as http, client_of(peer_port, headers) as raw:
            same = [{row["id"] for row in (await one.get(LIST)).json()["data"]["items"]} for one in (http, raw)]
            assert same[0] == same[1], "both must answer with the same tickets"
            for one, process in ((http, ours), (raw, theirs)):
                await cost(one, process, LIST)
            rounds: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                rounds.append((await cost(http, ours, LIST), await cost(raw, theirs, LIST)))
                print(f"  round {len(rounds)}: API {rounds[-1][0]:.2f} ms, peer {rounds[-1][1]:.2f} ms", flush=True)
            mine, its = (statistics.median(each) for each in zip(*rounds, strict=True))
            print(f"\nA page of 50 tickets: API {mine:.2f} ms, peer {its:.2f} ms of CPU: ratio {mine / its:.2f}")
            await explain(http, ours, raw, theirs)
            await search(http)


async def explain(
    http: httpx.AsyncClient, ours: psutil.Process, raw: httpx.AsyncClient, theirs: psutil.Process
) -> None:
    """Where the rest goes: the same request with less and less in it."""
    layers = statistics.median([await cost(http, ours, "/api/v1/nowhere") for _ in range(3)])
    one = statistics.median([await cost(http, ours, "/api/v1/tickets?limit=1") for _ in range(3)])
    fifty = statistics.median([await cost(http, ours, LIST) for _ in range(3)])
    peer_one = statistics.median([await cost(raw, theirs, "/api/v1/tickets?limit=1") for _ in range(3)])
    peer_fifty = statistics.median([await cost(raw, theirs, LIST) for _ in range(3)])
    print("Where it goes, in ms of CPU (API | peer):")
    print(f"  server, layers and token (an unknown address) {layers:5.2f} |")
    print(f"  session, role, transaction, statement, 1 row  {one - layers:5.2f} | {peer_one:5.2f} (with all before it)")
    print(f"  49 more rows: read, checked, written as JSON  {fifty - one:5.2f} | {peer_fifty - peer_one:5.2f}")


async def search(http: httpx.AsyncClient) -> None:
    took: list[tuple[float, str]] = []
    for words in SEARCHES * 5:
        started = time.perf_counter()
        answer = await http.get("/api/v1/tickets", params={"q": words, "limit": 50})
        took.append(((time.perf_counter() - started) * 1000, words))
        answer.raise_for_status()
    times = sorted(taken for taken, _ in took)
    slowest = max(took)
    print(
        f"\nSearch over the largest organisation, one at a time over HTTP, {len(SEARCHES)} questions five times:"
        f"\n  p50 {times[len(times) // 2]:.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms,"
        f" slowest {slowest[0]:.0f} ms ({slowest[1]!r})"
    )


async def run(settings: Settings, environment: dict[str, str]) -> None:
    connection = await asyncpg.connect(settings.owner_dsn)
    started = time.perf_counter()
    await build(connection, settings)
    print(f"  200,000 tickets in {time.perf_counter() - started:.0f} s\n", flush=True)
    org = await connection.fetchval("SELECT id FROM app.organisations WHERE name = 'Estate 00'")
    async with connection.transaction():
        await connection.fetchval("SELECT set_config('app.org_id', $1, true)", str(org))
        token = await sign_in(connection, settings, org)
    await connection.close()
    await compare({"Authorization": f"Bearer {token}"}, environment)


def main() -> None:
    print(__doc__)
    if given := os.environ.get("MAINTAINUK_DATABASE_URL"):
        start({"database_url": given, "secret_key": os.environ["MAINTAINUK_SECRET_KEY"]})
        return
    with scratch_services() as services:
        start(services)


def start(services: dict[str, Any]) -> None:
    environment = {f"MAINTAINUK_{name.upper()}": value for name, value in services.items()} | {
        "MAINTAINUK_MODE": "live",  # its fifty organisations are none of the demo's
        "MAINTAINUK_RESPONSE_CACHE_SECONDS": "0",
        "MAINTAINUK_REQUESTS_PER_MINUTE": "10000000",
        "MAINTAINUK_ORGANISATION_REQUESTS_PER_MINUTE": "10000000",
    }
    os.environ.update(environment)
    settings = Settings()
    migrate(settings)
    asyncio.run(run(settings, environment))


if __name__ == "__main__":
    main()
