"""A database whose network swallows everything: whoever asks is told so in time, and it passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

import pytest
from pydantic import SecretStr

from tests.trial import trial_of

SOCKET = ".s.PGSQL.5432"


class Network:
    """Between the API and PostgreSQL; while it is cut, connections stay open and nothing gets through."""

    def __init__(self) -> None:
        self.passes = asyncio.Event()
        self.passes.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65_536):
                await self.passes.wait()
                writer.write(some)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def network_to(address: str, folder: str) -> AsyncIterator[Network]:
    network = Network()
    (real,) = parse_qs(urlsplit(address).query)["host"]
    carried: set[asyncio.Task[None]] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(Path(real) / SOCKET)
        for way in (network.carry(reader, there[1]), network.carry(there[0], writer)):
            carried.add(asyncio.create_task(way))

    server = await asyncio.start_unix_server(connect, Path(folder) / SOCKET)
    yield network
    server.close()
    for each in carried:
        each.cancel()
    await asyncio.gather(*carried, return_exceptions=True)


@pytest.fixture
async def far(settings):
    """The API with little patience, and the network to its database."""
    with TemporaryDirectory() as folder:
        parts = urlsplit(settings.app_dsn)._replace(query=f"host={quote(folder)}")
        async with network_to(settings.app_dsn, folder) as network:
            near = {
                "app_database_url": SecretStr(urlunsplit(parts)),
                "request_deadline": 4.0,
                "database_deadline": 2.0,
            }
            async with trial_of(type(settings).model_validate(settings.model_dump() | near)) as trial:
                yield trial, network


@pytest.mark.timeout(60)
async def test_whoever_asks_is_told_and_later_served(far, world):
    trial, network = far
    nia = await world.headers(await world.staff(await world.organisation()))
    pages = {"/": {}, "/mailbox/": {}, "/api/v1/trial/who": nia}
    well = [(await trial.http.get(path, headers=headers)).status_code for path, headers in pages.items()]

    network.passes.clear()
    cut = [(await trial.http.get(path, headers=headers)).status_code for path, headers in pages.items()]
    network.passes.set()

    assert (well, cut) == ([200] * 3, [503] * 3)
    for path, headers in pages.items():
        assert (await trial.http.get(path, headers=headers)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/mailbox/"])
async def test_pages_that_wait_for_ever_are_ended(slow_trial, monkeypatch, path):
    @asynccontextmanager
    async def never():
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(slow_trial.services.database, "installation", never)

    assert (await slow_trial.http.get(path)).status_code == 503
