"""What a tenant is asked before anything is known about them: dangers first, then rooms and faults."""

from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Header, Query, Response
from pydantic import TypeAdapter

from maintainuk.api.envelope import ApiResponse, View
from maintainuk.api.preconditions import NotModified
from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.organisations import Nation
from maintainuk.domain.taxonomy import Category, Priority, Trade
from maintainuk.infrastructure.reference.dangers import dangers
from maintainuk.infrastructure.reference.picker import rooms

SHIPPED = "It ships with the product and says nothing about anybody."
KEPT_A_WHILE = "public, max-age=300"

router = Router(prefix="/api/v1/reports", tags=["picker"])


class OptionView(View):
    """One answer that may be chosen."""

    key: str
    text: str


class QuestionView(View):
    """One thing asked about a fault; `options` are given with the kind `choice`."""

    key: str
    text: str
    kind: Literal["choice", "text", "yes_no"]
    options: list[OptionView]


class FaultView(View):
    """Something that can be wrong. `drawing` is the path of a line drawing on a board of 48 by 48."""

    key: str
    name: str
    drawing: str
    category: Category
    trade: Trade
    priority: Priority
    advice: list[str]
    questions: list[QuestionView]


class RoomView(View):
    """Where in the home, with what can be wrong there."""

    key: str
    name: str
    drawing: str
    faults: list[FaultView]


class EmergencyNumberView(View):
    """A number to call, with the day it was last looked up and where."""

    label: str
    number: str
    note: str
    verified_on: date
    source: str


class DangerView(View):
    """One danger: how it is asked for, what to do at once and whom to call."""

    key: Danger
    question: str
    hint: str
    heading: str
    advice: list[str]
    call: EmergencyNumberView | None
    call_also: list[EmergencyNumberView]


class Picker(View):
    """The rooms with their faults."""

    rooms: list[RoomView]


class DangerList(View):
    """The dangers, in the order in which people are asked."""

    items: list[DangerView]


ROOMS = TypeAdapter(list[RoomView])
DANGERS = TypeAdapter(list[DangerView])
KnownVersion = Annotated[str | None, Header(alias="If-None-Match", description="The ETag of what is already there.")]


@router.get("/picker")
@public(SHIPPED)
async def read_picker(response: Response, known: KnownVersion = None) -> ApiResponse[Picker]:
    """Show the rooms, what can be wrong in them, and what to ask."""
    shown = Picker(rooms=ROOMS.validate_python(rooms(), from_attributes=True))
    _name(shown, known, response)
    return ApiResponse(data=shown)


@router.get("/dangers")
@public(SHIPPED)
async def list_dangers(
    response: Response, nation: Annotated[Nation, Query()], known: KnownVersion = None
) -> ApiResponse[DangerList]:
    """Show what somebody in danger is told to do in one nation, and whom to call."""
    shown = DangerList(items=DANGERS.validate_python(dangers(nation), from_attributes=True))
    _name(shown, known, response)
    return ApiResponse(data=shown)


def _name(shown: View, known: str | None, response: Response) -> None:
    """Say which version this is; raises `NotModified` when the other side has it. Weak: the trace id differs."""
    etag = f'W/"{sha256(shown.model_dump_json().encode()).hexdigest()[:20]}"'
    if known is not None and etag in known:
        raise NotModified(etag, KEPT_A_WHILE)
    response.headers.update({"ETag": etag, "Cache-Control": KEPT_A_WHILE})
