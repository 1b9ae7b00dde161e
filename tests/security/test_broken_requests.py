"""Requests that are none: whatever comes over a socket, a complete answer leaves, or the connection ends."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from maintainuk.api.serving import Server
from tests.trial import Trial

SLOW_DOWN = 0.01
PATIENCE = 10
ENOUGH = 1_000_000
CHUNKED = b"POST /auth/login HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def error(self) -> str:
        said = json.loads(self.body)
        assert said["data"] is None
        assert said["traceId"] == self.headers["x-trace-id"]
        return said["error"]["code"]


class Line:
    """A bare connection to the running server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def says(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(SLOW_DOWN)

    async def hears(self) -> Answer:
        """The next answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(head[0].split()[1]), headers, body.decode())

    async def is_over(self) -> bool:
        with suppress(ConnectionResetError):
            async with asyncio.timeout(PATIENCE):
                return await self.reader.read() == b""
        return True


@pytest.fixture
async def dial(trial: Trial) -> AsyncIterator:
    async for ways in served(trial):
        yield ways


@pytest.fixture
async def dial_slow(slow_trial: Trial) -> AsyncIterator:
    async for ways in served(slow_trial):
        yield ways


async def served(trial: Trial) -> AsyncIterator:
    """A way to call the running server, as its own command runs it."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = Server(trial.app, trial.services.settings)
    server.config.lifespan = "off"  # the trial has opened its services
    serving = asyncio.create_task(server.serve([listening]))
    lines: list[Line] = []

    async def dial() -> Line:
        lines.append(Line(*await asyncio.open_connection(*listening.getsockname())))
        return lines[-1]

    yield dial
    for line in lines:
        line.writer.close()
    server.should_exit = True
    await serving


def lines_of(capfd) -> list[dict]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "request_line_and_headers",
    [
        b"BREW /pot HTTP/1.1\r\n\r\n",
        b"no request at all\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /health HTTP/1.1\r\nX-\x01: 1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nX-Note: a\x00b\r\n\r\n",
        b"GET /health HTTP/1.1\r\nX Note: 1\r\n\r\n",
        b"GET /health HTTP/1.1\r\n folded: 1\r\n\r\n",
        b"GET /health HTTP/9.7\r\n\r\n",
        b"GET /h\xe4lth HTTP/1.1\r\n\r\n",
        b"GET ?x HTTP/1.1\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"CONNECT localhost:443 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_what_is_no_request_gets_a_complete_answer_and_is_hung_up_on(dial, capfd, request_line_and_headers):
    line = await dial()

    await line.says(request_line_and_headers)

    answer = await line.hears()
    assert answer.status in {400, 405}
    assert answer.error in {"malformed", "method-not-allowed"}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    [logged] = [line for line in lines_of(capfd) if line["message"] == "answered"]
    assert logged["traceId"] == answer.headers["x-trace-id"]
    assert logged["status"] == answer.status
    if answer.status == 400:
        assert await line.is_over()


async def test_a_good_request_before_a_bad_one_is_answered_first(dial):
    line = await dial()

    await line.says(b"GET /health HTTP/1.1\r\n\r\nBREW /pot HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\n\r\n")

    assert ((await line.hears()).status, (await line.hears()).status) == (200, 400)
    assert await line.is_over()


async def test_a_wish_for_another_protocol_is_answered_in_this_one(dial):
    line = await dial()

    await line.says(b"GET /health HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")

    assert (await line.hears()).status == 200


async def test_a_body_that_turns_out_to_be_none_is_answered_once(dial):
    line = await dial()

    await line.says(CHUNKED, b"2\r\n{}\r\nnonsense\r\n")

    answer = await line.hears()
    assert (answer.status, answer.error) == (400, "malformed")
    assert await line.is_over()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\r\nX-Note: %s\r\n\r\n" % (b"x" * 70_000),
        b"GET /health HTTP/1.1\r\n%s\r\n" % b"".join(b"X-%d: %s\r\n" % (at, b"x" * 1_000) for at in range(70)),
        b"GET /%s HTTP/1.1\r\n\r\n" % (b"x" * 70_000),
        b"POST /api/v1/tickets HTTP/1.1\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n" % (b"x" * 70_000),
    ],
)
async def test_a_head_of_more_than_64_kb_is_refused_before_anybody_looks_who_asks(dial, head):
    line = await dial()

    await line.says(*(head[at : at + 30_000] for at in range(0, len(head), 30_000)))

    answer = await line.hears()
    assert (answer.status, answer.error) == (431, "head-too-large")
    assert "at most 64 kB" in answer.body


async def test_a_long_head_that_comes_at_once_is_measured_too(dial):
    line = await dial()

    await line.says(b"GET /health HTTP/1.1\r\nX-Note: %s\r\n\r\n" % (b"x" * 70_000))

    assert (await line.hears()).status == 431


async def test_a_head_of_60_kb_is_none_of_our_business(dial):
    line = await dial()

    await line.says(b"GET /health HTTP/1.1\r\nX-Note: %s\r\n\r\n" % (b"x" * 60_000))

    assert (await line.hears()).status == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /",
        b"GET /health HTTP/1.1\r\nX-Note: ",
        CHUNKED + b"0\r\nX-Trailer: ",
        CHUNKED + b"2;note=",
    ],
)
async def test_a_head_without_end_is_cut_off(dial, beginning):
    line = await dial()
    line.writer.write(beginning)
    sent = 0

    answering = asyncio.create_task(line.hears())
    while not answering.done() and sent < ENOUGH:
        await line.says(b"x" * 10_000)
        sent += 10_000

    assert (await answering).status in {400, 431}
    assert sent < 2 * 65_536


async def test_a_body_that_trickles_in_for_too_long_is_told_so(dial_slow):
    line = await dial_slow()

    await line.says(
        b"POST /auth/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n", b'{"email"'
    )

    answer = await line.hears()
    assert (answer.status, answer.error) == (408, "too-slow")
    assert "took too long to arrive" in answer.body
    assert await line.is_over()


@pytest.mark.parametrize("path", ["/", "/health", "/health/ready", "/app/"])
async def test_head_is_answered_as_get_without_its_body(dial, path):
    line = await dial()
    await line.says(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode())
    told = await line.hears()

    await line.says(
        b"HEAD %s HTTP/1.1\r\nHost: localhost\r\n\r\nDELETE /health HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode()
    )

    head = await line.reader.readuntil(b"\r\n\r\n")
    assert b" %d " % told.status in head
    assert b"content-length: %s\r\n" % told.headers["content-length"].encode() in head
    assert (await line.hears()).status == 405  # the next answer follows at once
