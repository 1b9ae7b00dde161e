"""The API with a few routes of its own to try the layers on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
from fastapi import FastAPI, Request, Response
from pydantic import Field

from maintainuk.api.app import create_app
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.idempotency import keep_instead
from maintainuk.api.preconditions import name_version
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.permissions import Permission
from maintainuk.domain.users import User
from maintainuk.settings import Settings


class Note(View):
    id: UUID
    text: str


class Key(View):
    id: UUID
    secret: str | None = None


class NewNote(Input):
    text: str = Field(min_length=1, max_length=4_000)


router = Router(prefix="/api/v1/trial", tags=["trial"])


@router.get("/who")
async def who(work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)], q: str = "") -> ApiResponse[str]:
    return ApiResponse(data=work.actor.name)


@router.post("/notes", status_code=201)
async def write_note(
    note: NewNote,
    request: Request,
    response: Response,
    work: Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE)],
) -> ApiResponse[Note]:
    written = new_id()
    work.audit("NoteWritten", subject_id=written)
    await work.session.flush()
    if request.app.state.trial.stumbles:
        raise RuntimeError(note.text)
    response.headers["Location"] = f"/api/v1/trial/notes/{written}"
    response.headers["ETag"] = name_version(1)
    return ApiResponse(data=Note(id=written, text=note.text))


@router.post("/keys", status_code=201)
async def make_key(
    request: Request, _: Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE)]
) -> ApiResponse[Key]:
    key = Key(id=new_id(), secret="correct-horse")
    keep_instead(request, ApiResponse(data=Key(id=key.id)))
    return ApiResponse(data=key)


@router.get("/remembered")
async def remembered(
    of: str, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ, remembered=True)]
) -> ApiResponse[str]:
    return ApiResponse(data=f"{work.actor.name} {of} {new_id()}")


@router.post("/broken-promise", status_code=201)
async def broken_promise(work: Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE)]) -> ApiResponse[str]:
    # Its role does not exist, which the database sees at the commit and not before.
    work.session.add(User(org_id=work.actor.org_id, name="Nobody", email=f"{new_id()}@example.com", role_id=new_id()))
    work.audit("PromiseBroken")
    return ApiResponse(data="promised")


@router.get("/for-ever")
async def for_ever(_: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]) -> ApiResponse[str]:
    await asyncio.Event().wait()
    return ApiResponse(data="at last")


class Trial:
    """The API under trial, and a client of it."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.services: Services = app.state.services
        self.stumbles = False
        app.state.trial = self


@asynccontextmanager
async def trial_of(settings: Settings) -> AsyncIterator[Trial]:
    app = create_app(settings)
    app.include_router(router)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as http,
    ):
        yield Trial(app, http)
