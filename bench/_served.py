"""The API in a process of its own, as people run it, and somebody who has signed in to it."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import psutil

from bench._promises import organisation, owner_of
from maintainuk.domain.base import new_id
from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, BuiltInRole
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Session
from maintainuk.domain.users import User
from maintainuk.infrastructure.embedded.configuration import environment_of
from maintainuk.infrastructure.security.passwords import Passwords
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.settings import Settings

HERE = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Served:
    """A running API: its process, and a client of it."""

    process: psutil.Process
    http: httpx.AsyncClient


@asynccontextmanager
async def served(settings: Settings, log: Path) -> AsyncIterator[Served]:
    """Yield the API once it answers. Demo mode serves no organisation but its own: found others afterwards."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "maintainuk", "api"]
    environment = environment_of(settings) | {"MAINTAINUK_PORT": str(port)}
    with log.open("ab") as told:
        process = subprocess.Popen(command, cwd=HERE, env=environment, stdout=told, stderr=told)
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=50)) as http:
            while not await _answers(http):
                if process.poll() is not None:
                    raise RuntimeError(f"The API did not start:\n{log.read_text()[-2000:]}")
                await asyncio.sleep(0.05)
            yield Served(psutil.Process(process.pid), http)
    finally:
        process.terminate()
        process.wait(20)


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health/ready")).is_success
    except httpx.TransportError:
        return False


class Screen:
    """An open screen of somebody's: hears of each change as a browser does, over the live stream."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    def hear(self, line: str) -> None:
        if line.startswith("data: {") and "ticketId" in (told := json.loads(line.removeprefix("data: "))):
            self._heard.put_nowait(told)

    async def told_of(self, kind: str, ticket_id: str | None = None) -> str:
        """Wait for the next change of this kind, of this ticket or of any; return of which it was."""
        while True:
            told = await self._heard.get()
            if told["kind"] == kind and ticket_id in {None, told["ticketId"]}:
                return told["ticketId"]


@dataclass
class Desk:
    """A coordinator of one organisation at work."""

    org_id: UUID
    http: httpx.AsyncClient
    headers: dict[str, str]

    async def get(self, path: str) -> dict:
        return (await self.http.get(path, headers=self.headers)).raise_for_status().json()["data"]

    async def post(self, path: str, body: dict) -> dict:
        return (await self.http.post(path, json=body, headers=self.headers)).raise_for_status().json()["data"]

    @asynccontextmanager
    async def screen(self) -> AsyncIterator[Screen]:
        """Open a screen that is live when this returns."""
        screen, is_live = Screen(), asyncio.Event()

        async def listen() -> None:
            async with self.http.stream("GET", "/api/v1/live", headers=self.headers, timeout=None) as lines:
                async for line in lines.aiter_lines():
                    is_live.set()
                    screen.hear(line)

        listening = asyncio.create_task(listen())
        try:
            await is_live.wait()
            yield screen
        finally:
            listening.cancel()
            await asyncio.wait([listening])


async def desk(settings: Settings, http: httpx.AsyncClient) -> Desk:
    """Found an organisation and sign its coordinator in."""
    org_id = await organisation(settings)
    return Desk(org_id, http, await coordinator(settings, org_id))


async def clicks(staff: Desk, waits: list[float]) -> None:
    """Open the list of tickets again and again, as somebody at work does, and note how long each takes (ms)."""
    while True:
        began = time.perf_counter()
        await staff.get("/api/v1/tickets")
        waits.append((time.perf_counter() - began) * 1_000)
        await asyncio.sleep(1)


async def coordinator(settings: Settings, org_id: UUID) -> dict[str, str]:
    """Headers of a coordinator of that organisation who has signed in."""
    return await signed_in(settings, org_id, BuiltInRole.COORDINATOR)


async def signed_in(
    settings: Settings, org_id: UUID, called: BuiltInRole, *, password: str | None = None
) -> dict[str, str]:
    """Headers of somebody with that role, which the organisation does not have yet, who has signed in."""
    now = datetime.now(UTC)
    grants = {str(permission): str(scope) for permission, scope in BUILT_IN_GRANTS[called].items()}
    role = Role(org_id=org_id, name=called, stored_grants=grants)
    hashed = await _hash_of(password) if password else ""
    identity = Identity(email_index=new_id().bytes, password_hash=hashed, created_at=now)
    user = User(org_id=org_id, name="Nia Prosser", email="nia.prosser@example.com", role_id=role.id)
    session = Session(
        identity_id=identity.id,
        org_id=org_id,
        user_id=user.id,
        client=Client.STAFF,
        token_hash=identity.id.bytes,
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


async def _hash_of(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
