"""The API with a few routes of its own to try the layers on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
from fastapi import FastAPI
from pydantic import Field

from maintainuk.api.app import create_app
from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.routing import Router
from maintainuk.api.security import permitted
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.bootstrap import Services
from maintainuk.domain.base import new_id
from maintainuk.domain.permissions import Permission
from maintainuk.settings import Settings


class Note(View):
    id: UUID
    text: str


class NewNote(Input):
    text: str = Field(min_length=1, max_length=4_000)


router = Router(prefix="/api/v1/trial", tags=["trial"])


@router.get("/who")
async def who(work: Annotated[UnitOfWork, permitted(Permission.TICKETS_READ)]) -> ApiResponse[str]:
    return ApiResponse(data=work.actor.name)


@router.post("/notes", status_code=201)
async def write_note(
    note: NewNote, work: Annotated[UnitOfWork, permitted(Permission.TICKETS_CREATE)]
) -> ApiResponse[Note]:
    written = new_id()
    work.audit("NoteWritten", subject_id=written)
    return ApiResponse(data=Note(id=written, text=note.text))


class Trial:
    """The API under trial, and a client of it."""

    def __init__(self, app: FastAPI, http: httpx.AsyncClient) -> None:
        self.app = app
        self.http = http
        self.services: Services = app.state.services


@asynccontextmanager
async def trial_of(settings: Settings) -> AsyncIterator[Trial]:
    app = create_app(settings)
    app.include_router(router)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http,
    ):
        yield Trial(app, http)
