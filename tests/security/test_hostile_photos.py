"""Whatever is sent as a photo, what comes out is pixels of our own drawing, or a reason; never too much memory."""

import asyncio
import signal
from asyncio.subprocess import Process, create_subprocess_exec
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import ANY

import pytest
from PIL import Image

from bench._hostile_photos import NO_PHOTO, PHOTOS, SCRIPT
from bench._pictures import PLACE, black, photo, png
from maintainuk.domain.photos import PhotoRefusal
from maintainuk.infrastructure.images import bounded
from maintainuk.infrastructure.images.bounded import BoundedRedraw, Redrawn

MOST_MEMORY = 290_000_000
"""Bytes of the child; the worker beside it has about 110 MB."""


@pytest.fixture(autouse=True)
def children(monkeypatch) -> list[Process]:
    """The processes that photos are drawn in."""
    started: list[Process] = []

    async def start(*words: str, **how: Any) -> Process:
        started.append(await create_subprocess_exec(*words, **how))
        return started[-1]

    monkeypatch.setattr(bounded, "create_subprocess_exec", start)
    return started


@pytest.fixture
def drawn(children) -> Callable[..., Awaitable[Redrawn | PhotoRefusal]]:
    """Draws a file anew, and sees that this never takes more memory than it may."""

    async def draw(file: bytes, **bounds: float) -> Redrawn | PhotoRefusal:
        with TemporaryFile() as opened:
            opened.write(file)
            drawing = asyncio.create_task(BoundedRedraw(**bounds).draw(opened))
            most = 0
            while not drawing.done():
                await asyncio.sleep(0.005)
                most = max([most, *map(peak_of, children)])
            assert most < MOST_MEMORY
            return drawing.result()

    return draw


def peak_of(child: Process) -> int:
    """Return the most memory that the process has had, in bytes; nothing when it has ended."""
    with suppress(OSError, StopIteration):
        told = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        return 1_024 * int(next(line for line in told if line.startswith("VmHWM")).split()[1])
    return 0


@pytest.mark.parametrize("name", NO_PHOTO)
async def test_what_is_no_photo_is_refused_with_a_reason(name, drawn):
    make, reason = NO_PHOTO[name]

    assert await drawn(make()) == reason


@pytest.mark.parametrize("name", PHOTOS)
async def test_what_is_drawn_holds_pixels_and_nothing_else(name, drawn):
    outcome = await drawn(PHOTOS[name]())

    assert isinstance(outcome, Redrawn), outcome
    for copy, side in ((outcome.display, 2_048), (outcome.thumbnail, 320)):
        with Image.open(BytesIO(copy)) as image:
            image.load()
            assert image.format == "JPEG"
            assert max(image.size) <= side
            assert not set(image.info) - {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }
        assert copy.endswith(b"\xff\xd9")
        assert not [
            secret for secret in (SCRIPT, b"<script", b"PK\3\4", PLACE[:12], b"Exif", b"ICC_PROFILE") if secret in copy
        ]


async def test_a_machine_that_is_too_busy_is_not_the_photos_fault(drawn, children):
    with pytest.raises(TimeoutError):
        await drawn(photo(width=4_000, height=3_000), deadline=0.05)

    assert [child.returncode for child in children] == [-signal.SIGKILL]


async def test_a_photo_that_takes_too_much_work_is_ended(drawn):
    endless = png(7_000, 7_000, pixels=black(7_000 * 21_001))

    assert await drawn(endless, cpu_seconds=0) == PhotoRefusal.TOO_SLOW


async def test_a_photo_that_takes_too_much_memory_is_ended(drawn):
    assert await drawn(png(7_000, 7_000, pixels=black(7_000 * 21_001)), memory=100_000_000) == (
        PhotoRefusal.TOO_MUCH_MEMORY
    )


async def test_nothing_is_left_running_when_nobody_waits_any_more(children):
    with TemporaryFile() as opened:
        opened.write(photo(width=4_000, height=3_000))
        drawing = asyncio.create_task(BoundedRedraw().draw(opened))
        while not children:
            await asyncio.sleep(0.01)

        drawing.cancel()
        await asyncio.gather(drawing, return_exceptions=True)

    assert [child.returncode for child in children] == [-signal.SIGKILL]


async def test_the_child_is_told_no_secret(drawn, monkeypatch):
    monkeypatch.setenv("MAINTAINUK_SECRET_KEY", "for the parent alone")
    told: list[dict[str, str]] = []

    async def spy(*words: str, **how: Any) -> Process:
        told.append(how["env"])
        return await create_subprocess_exec(*words, **how)

    monkeypatch.setattr(bounded, "create_subprocess_exec", spy)

    assert isinstance(await drawn(photo()), Redrawn)
    assert told == [{"PYTHONPATH": ANY, "MALLOC_ARENA_MAX": "1"}]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"[1, 2]\n",
        b"[" * 1_020 + b"\n",
        b'{"refused": "because"}\n',
        b'{"display": 3, "thumbnail": 3, "width": 1, "height": 1, "captured_at": null}\n<html>',
        b'{"display": -1, "thumbnail": 0, "width": 1, "height": 1, "captured_at": null}\n',
        b'{"display": 3, "thumbnail": 3, "width": {}, "height": 1, "captured_at": null}\n\xff\xd8\xff\xff\xd8\xff',
        b'{"display": 3, "thumbnail": 3, "width": 1e400, "height": 1, "captured_at": null}\n\xff\xd8\xff\xff\xd8\xff',
    ],
)
async def test_an_answer_is_not_trusted(answer, drawn, monkeypatch, tmp_path):
    """Somebody who found a hole in a decoder writes the child's answers."""
    (tmp_path / "answer").write_bytes(answer)

    async def taken_over(*_: str, stdout: Any, **how: Any) -> Process:
        return await create_subprocess_exec("cat", str(tmp_path / "answer"), stdout=stdout)

    monkeypatch.setattr(bounded, "create_subprocess_exec", taken_over)

    assert await drawn(photo()) == PhotoRefusal.DAMAGED
