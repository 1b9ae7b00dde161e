"""Who may read the worker's figures."""

import asyncio
from contextlib import contextmanager

import httpx
import pytest
from pydantic import SecretStr

from maintainuk.worker.metrics import JobMetrics

TOKEN = SecretStr("a token for the metrics")


@contextmanager
def served(**given):
    server = JobMetrics().serve(0, **{"host": "127.0.0.1", "token": None, "is_demo": True} | given)
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


async def scrape(server, headers=None) -> httpx.Response:
    address = f"http://127.0.0.1:{server.server_port}/metrics"
    return await asyncio.to_thread(lambda: httpx.get(address, headers=headers, trust_env=False))


@pytest.mark.parametrize("shown", [None, "Bearer another", "a token for the metrics", "Bearer \u00e9"])
async def test_whoever_does_not_show_the_token_finds_nothing(shown):
    with served(token=TOKEN) as server:
        answer = await scrape(server, {"Authorization": shown.encode("latin-1")} if shown else None)

    assert (answer.status_code, answer.content) == (404, b"")


async def test_whoever_shows_the_token_reads_them():
    with served(token=TOKEN, is_demo=False) as server:
        answer = await scrape(server, {"Authorization": f"Bearer {TOKEN.get_secret_value()}"})

    assert "maintainuk_jobs_in_flight" in answer.text


async def test_without_a_token_only_this_machine_is_answered():
    with served(host="0.0.0.0") as server:
        assert server.server_address[0] == "127.0.0.1"
        assert (await scrape(server)).status_code == 200


def test_live_mode_serves_none_without_a_token():
    assert JobMetrics().serve(0, host="127.0.0.1", token=None, is_demo=False) is None
