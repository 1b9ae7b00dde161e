"""Logs stay small while the product runs."""

import asyncio

import pytest

from maintainuk.infrastructure.embedded.logs import LARGE, keep_small


@pytest.fixture
async def kept(tmp_path):
    """A folder whose logs are looked after."""
    keeping = asyncio.create_task(keep_small(tmp_path, every=0.01))
    yield tmp_path
    keeping.cancel()


async def test_a_large_log_is_put_aside_while_its_program_goes_on_writing(kept):
    log, before = kept / "api.log", kept / "api.log.1"
    with log.open("ab", buffering=0) as program:
        program.write(b"old\n" * (LARGE // 4 + 1))
        while log.stat().st_size:
            await asyncio.sleep(0.01)
        program.write(b"new\n")

    assert log.read_bytes() == b"new\n"
    assert before.stat().st_size > LARGE


async def test_a_small_log_stays(kept):
    (kept / "api.log").write_text("one line\n")

    await asyncio.sleep(0.1)

    assert [file.name for file in kept.iterdir()] == ["api.log"]
