"""Whether requests that are made up would find a fault: each of these was planted, and nine in ten must be found."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.security.asking import Asking
from tests.security.stage import playing, staged
from tests.security.test_made_up_requests import REQUESTS
from tests.world import World

EXAMPLES = 50


@dataclass(frozen=True)
class Fault:
    """What a careless change would have done to one operation's answer."""

    what: str
    operation: str
    answer: Callable[[str, int, Any], tuple[int, Any]]
    """The request in words, the status and what was said -> the status and what is said instead."""
    kind: str = "application/json"


def fails_when(condition: Callable[[str], bool]) -> Callable[[str, int, Any], tuple[int, Any]]:
    """Break on what the request holds, once it got beyond the reading."""

    def answer(asked: str, status: int, said: Any) -> tuple[int, Any]:
        return (500, FAILURE) if status < 400 and condition(asked) else (status, said)

    return answer


def says(change: Callable[[Any], object]) -> Callable[[str, int, Any], tuple[int, Any]]:
    """Say something else in a good answer."""

    def answer(_: str, status: int, said: Any) -> tuple[int, Any]:
        if status < 300:
            change(said["data"])
        return status, said

    return answer


def instead(of: int, status: int) -> Callable[[str, int, Any], tuple[int, Any]]:
    return lambda _, was, said: (status, said) if was == of else (was, said)


FAILURE = {"data": None, "error": {"code": "unexpected", "message": "Oh"}, "traceId": "0" * 32}
FAULTS = [
    Fault("fails when there is nothing in the list", "createRole", fails_when(lambda asked: '"grants": []' in asked)),
    Fault("fails on letters beyond Latin", "commentOnTicket", fails_when(lambda asked: not asked.isascii())),
    Fault("fails on an odd page size", "listTickets", fails_when(lambda asked: "limit=" in asked)),
    Fault("fails on what is left out", "changeProperty", fails_when(lambda asked: "uprn" not in asked)),
    Fault("answers with a status nobody knows", "readProperty", instead(200, 418)),
    Fault("answers with another good status", "addHint", instead(201, 204)),
    Fault("takes what it should refuse", "addProperty", instead(422, 201)),
    Fault("says a number as words", "readTicket", says(lambda data: data.update(version=str(data["version"])))),
    Fault("leaves out a field", "readTicket", says(lambda data: data.pop("status"))),
    Fault("says nothing where there is always something", "readContractor", says(lambda data: data.update(name=None))),
    Fault("says a status that is none", "readContractor", says(lambda data: data.update(status="asleep"))),
    Fault("tells what nobody may know", "readPerson", says(lambda data: data.update(passwordHash="$argon2id$"))),
    Fault("tells it deep inside", "listAccounts", says(lambda data: data["items"][0].update(tokenHash="ab"))),
    Fault("says a moment that is none", "readImport", says(lambda data: data.update(createdAt="yesterday"))),
    Fault("calls it a web page", "me", lambda _, status, said: (status, said), kind="text/html"),
]


class Planted(httpx.AsyncBaseTransport):
    """The API with one fault in it."""

    def __init__(self, good: httpx.AsyncClient, fault: Fault) -> None:
        self.good, self.fault = good, fault

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        answer = await self.good.request(request.method, request.url, content=body, headers=request.headers)
        asked = f"{unquote(str(request.url))} {as_words(body)}"
        try:
            status, said = self.fault.answer(asked, answer.status_code, answer.json())
        except (KeyError, IndexError, TypeError, AttributeError):
            status, said = answer.status_code, answer.json()
        headers = {"content-type": self.fault.kind}
        return httpx.Response(status, content=json.dumps(said).encode(), headers=headers)


def as_words(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return ""


@pytest.fixture(scope="module")
async def stage(settings):
    world = World(settings)
    async with playing(settings) as (services, http):
        yield await staged(world, services, http)
    await world.close()


@pytest.fixture
def found() -> list[str]:
    return []


async def test_nine_in_ten_planted_faults_are_found(stage, found):
    roles = [await stage.as_(role) for role in (BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR)]

    for fault in FAULTS:
        async with httpx.AsyncClient(transport=Planted(stage.http, fault)) as http:
            asking = Asking(replace(stage, http=http), roles)
            await asking.ask(fault.operation, REQUESTS[fault.operation], EXAMPLES)
        found += [fault.what] if asking.wrong else []

    missed = {fault.what for fault in FAULTS} - set(found)
    assert len(missed) * 10 <= len(FAULTS), missed


@pytest.mark.parametrize("operation", sorted({fault.operation for fault in FAULTS}))
async def test_nothing_is_found_where_nothing_is_planted(stage, operation):
    asking = Asking(stage, [await stage.as_(BuiltInRole.ORG_ADMIN)])

    await asking.ask(operation, REQUESTS[operation], EXAMPLES)

    assert asking.wrong == []
