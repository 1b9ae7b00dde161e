"""A request that is sent twice has one effect."""

import asyncio
import json
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.idempotency import IdempotentAnswer
from tests.trial import Trial
from tests.world import World

NOTE = {"text": "Mr Bell is hard of hearing."}


@pytest.fixture
async def org_id(world: World):
    return await world.organisation()


@pytest.fixture
async def nia(world: World, org_id):
    return await world.headers(await world.staff(org_id))


async def test_a_repeated_request_has_one_effect_and_the_same_answer(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": str(uuid4())}
    first = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    again = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"] == '"v1"'
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert await world.count(org_id, AuditLog) == 1


async def test_what_is_kept_of_a_body_tells_nobody_whether_a_guess_at_it_is_right(
    trial: Trial, world: World, org_id, nia
):
    key = {"Idempotency-Key": str(uuid4())}
    body = json.dumps(NOTE).encode()

    await trial.http.post("/api/v1/trial/notes", content=body, headers=nia | key | {"Content-Type": "application/json"})

    async with world.owner.session(org_id) as session:
        kept = (await session.scalars(select(IdempotentAnswer.request_hash))).one()
    address = b"/api/v1/trial/notes?"
    assert kept not in {sha256(body).digest(), sha256(b"%d:%s%s" % (len(address), address, body)).digest()}


async def test_a_hundred_repetitions_at_once_have_one_effect(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": str(uuid4())}

    answers = await asyncio.gather(
        *(trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key) for _ in range(100))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await world.count(org_id, AuditLog) == 1


async def test_a_key_serves_one_request_only(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": str(uuid4())}
    await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    other = await trial.http.post("/api/v1/trial/notes", json={"text": "Ring before noon."}, headers=nia | key)

    assert other.status_code == 422
    assert other.json()["error"]["code"] == "idempotency-key-reused"
    assert await world.count(org_id, AuditLog) == 1


async def test_a_colleague_may_use_the_same_key(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": "monday-1"}
    colleague = await world.headers(await world.staff(org_id, name="Tom Achebe"))
    await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    theirs = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=colleague | key)

    assert theirs.status_code == 201
    assert await world.count(org_id, AuditLog) == 2


async def test_a_request_that_failed_may_be_tried_again_with_its_key(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": str(uuid4())}
    trial.stumbles = True
    failed = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)
    trial.stumbles = False

    again = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    assert (failed.status_code, again.status_code) == (500, 201)
    assert await world.count(org_id, AuditLog) == 1


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 256])
async def test_a_key_is_made_of_visible_characters(trial: Trial, nia, key):
    answer = await trial.http.post(
        "/api/v1/trial/notes", json=NOTE, headers=[*nia.items(), (b"Idempotency-Key", key.encode())]
    )

    assert answer.status_code == 400
    assert "visible ASCII" in answer.json()["error"]["message"]


async def test_an_answer_with_a_secret_is_not_stored(trial: Trial, world: World, org_id, nia):
    key = {"Idempotency-Key": str(uuid4())}
    first = await trial.http.post("/api/v1/trial/keys", headers=nia | key)

    again = await trial.http.post("/api/v1/trial/keys", headers=nia | key)

    assert first.json()["data"]["secret"] == "correct-horse"
    assert again.json()["data"] == {"id": first.json()["data"]["id"], "secret": None}
    async with world.owner.session(org_id) as session, session.begin():
        from sqlalchemy import select

        assert "correct-horse" not in (await session.scalars(select(IdempotentAnswer.body))).one()


async def test_whoever_lost_the_answer_to_a_crash_gets_it_by_asking_again(trial: Trial, world: World, org_id, nia):
    """The effect has committed, and the process dies before a byte of the answer has left."""
    key = {"Idempotency-Key": str(uuid4())}
    died = await sent_into_a_crash(trial, nia | key)

    again = await trial.http.post("/api/v1/trial/notes", json=NOTE, headers=nia | key)

    assert died
    assert (again.status_code, again.headers["Idempotent-Replay"]) == (201, "true")
    assert again.json()["data"]["text"] == NOTE["text"]
    assert await world.count(org_id, AuditLog) == 1


async def sent_into_a_crash(trial: Trial, headers: dict[str, str]) -> bool:
    """Send the request to a process that dies with the first byte of its answer."""
    body = json.dumps(NOTE, separators=(",", ":")).encode()
    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/trial/notes",
        "raw_path": b"/api/v1/trial/notes",
        "query_string": b"",
        "root_path": "",
        "headers": [
            *told,
            (b"host", b"localhost"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ],
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 80),
    }

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        raise Crash

    try:
        await trial.app(scope, receive, send)
    except Crash:
        return True
    return False


class Crash(BaseException):
    """The process is gone."""
