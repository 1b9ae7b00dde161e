"""How long a file of 5,000 tickets takes to come in, and how much memory that takes.

Method: a file of 5,000 different repairs at as many addresses is sent over HTTP, its columns are taken as guessed,
every row is checked and the import started; one worker process of its own brings it in. The time runs from the first
byte sent until the import says that it is finished, asked every 50 ms. Meanwhile the proportional set size (PSS) of the
worker, and of the process that answers HTTP (which here also measures), is read every 20 ms. Then the same file is sent
again, which must add nothing.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import psutil

from bench._crew import crew
from bench._installation import installation
from bench._promises import organisation, owner_of
from bench.photos import Scales
from maintainuk.api.app import create_app
from maintainuk.domain.permissions import BUILT_IN_GRANTS, BuiltInRole
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Session
from maintainuk.domain.users import User
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

ROWS = 5_000
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


async def coordinator(settings: Settings) -> dict[str, str]:
    """Headers of somebody who has signed in at a new organisation."""
    org_id, now = await organisation(settings), datetime.now(UTC)
    grants = {str(permission): str(scope) for permission, scope in BUILT_IN_GRANTS[BuiltInRole.COORDINATOR].items()}
    role = Role(org_id=org_id, name=BuiltInRole.COORDINATOR, stored_grants=grants)
    identity = Identity(email_index=b"nia", password_hash="", created_at=now)
    user = User(org_id=org_id, name="Nia Prosser", email="nia.prosser@example.com", role_id=role.id)
    session = Session(
        identity_id=identity.id,
        org_id=org_id,
        user_id=user.id,
        client=Client.STAFF,
        token_hash=b"nia",
        device_hash=b"bench",
        created_at=now,
        rotated_at=now,
        expires_at=now + timedelta(days=1),
    )
    async with owner_of(settings) as owner, owner.session(org_id) as work, work.begin():
        work.add_all((role, identity))
        await work.flush()
        work.add_all((user, session))
    token = Tokens(settings).issue(
        user_id=user.id,
        session_id=session.id,
        org_id=org_id,
        client=Client.STAFF,
        email=user.email,
        role=role.name,
        role_version=1,
        permissions=list(grants),
        now=now,
    )
    return {"Authorization": f"Bearer {token}"}


async def bring_in(
    http: httpx.AsyncClient, headers: dict[str, str], content: bytes
) -> tuple[float, float, dict[str, int]]:
    began = time.perf_counter()
    sent = await http.post("/api/v1/imports", content=content, headers=headers | {"Content-Type": "text/csv"})
    file = sent.raise_for_status().json()["data"]
    address = f"/api/v1/imports/{file['id']}"
    checked = await http.put(f"{address}/mapping", json={"columns": file["guesses"]}, headers=headers)
    checked.raise_for_status()
    known = time.perf_counter() - began
    (await http.post(f"{address}/run", json={"skipBad": False}, headers=headers)).raise_for_status()
    while (run := (await http.get(address, headers=headers)).json()["data"])["status"] == "running":
        await asyncio.sleep(0.05)
    assert run["status"] == "finished", run
    return known, time.perf_counter() - began, run


async def measure(settings: Settings, folder: Path) -> None:
    app, content, headers = create_app(settings), table(), await coordinator(settings)
    async with (
        crew(settings, folder / "log") as workers,
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=120) as http,
    ):
        hand = await workers.hire()
        rest = [psutil.Process(pid).memory_full_info().pss / 1e6 for pid in (hand.process.pid, psutil.Process().pid)]
        load = f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores"
        print(f"{ROWS:,} tickets, {len(content) / 1e6:.1f} MB ({load}):")
        for name in ("first", "again"):
            scales = [Scales(hand.process.pid), Scales(psutil.Process().pid)]
            for one in scales:
                one.start()
            known, took, run = await bring_in(http, headers, content)
            for one in scales:
                one.stop()
            worker, server = (
                f"{one.most:.0f} MB ({at_rest:.0f} at rest)" for one, at_rest in zip(scales, rest, strict=True)
            )
            print(f"  {name}: checked after {known:.1f} s, in after {took:.1f} s (at most 15 s)")
            print(f"    created {run['created']:,}, already there {run['alreadyThere']:,}")
            print(f"    worker {worker}, at most 250 MB; the process that answers and measures {server}")


def main() -> None:
    print(__doc__)
    with installation() as (settings, folder):
        asyncio.run(measure(settings, folder))


if __name__ == "__main__":
    main()
