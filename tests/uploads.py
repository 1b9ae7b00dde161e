"""Sending photos as a browser and a phone do, and looking at what is kept of them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.desk import Desk
from tests.portal import Phone


async def send(desk: Desk, ticket_id: UUID, content: Any = b"\xff\xd8\xff photo", **headers: str) -> httpx.Response:
    told = desk.headers | {"X-Upload-Key": str(uuid4()), "Content-Type": "image/jpeg"} | headers
    return await desk.http.post(f"/api/v1/tickets/{ticket_id}/photos", content=content, headers=told)


async def photos(desk: Desk, ticket_id: UUID) -> list[dict[str, Any]]:
    return (await desk.get(f"/{ticket_id}/photos")).json()["data"]["items"]


async def originals(desk: Desk) -> list[str]:
    return [file.path async for file in desk.trial.services.files.below(f"originals/{desk.org_id}")]


async def in_parts(
    content: bytes, *, part: int = 65_536, pause: float = 0, stop: int | None = None
) -> AsyncIterator[bytes]:
    for at in range(0, len(content), part):
        if stop is not None and at >= stop:
            await asyncio.Event().wait()
        await asyncio.sleep(pause)
        yield content[at : at + part]


async def snap(phone: Phone, content: Any = b"\xff\xd8\xff photo", **headers: str) -> httpx.Response:
    told = phone.headers | {"X-Upload-Key": str(uuid4()), "Content-Type": "image/heic"} | headers
    return await phone.http.post("/api/v1/reports/photos", content=content, headers=told)
