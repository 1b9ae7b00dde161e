"""Whatever is sent as a document, what comes out is pixels of our own drawing, or a reason; never too much memory."""

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

from bench._hostile_documents import ENDURED, LINES, REFUSED
from bench._hostile_photos import SCRIPT
from bench._pictures import photo
from maintainuk.domain.documents import DocumentRefusal, DrawnPage
from maintainuk.domain.ports import PagesDrawn
from maintainuk.infrastructure.demo.papers import paper
from maintainuk.infrastructure.images import bounded
from maintainuk.infrastructure.images.bounded import CPU_SECONDS, BoundedRedraw
from maintainuk.infrastructure.images.bounded_pages import Portion, draw_pages
from maintainuk.infrastructure.images.copyist import Copyist
from maintainuk.infrastructure.storage.files import Files

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes of the child."""


@pytest.fixture(autouse=True)
def children(monkeypatch) -> list[Process]:
    """The processes that documents are drawn in."""
    started: list[Process] = []

    async def start(*words: str, **how: Any) -> Process:
        started.append(await create_subprocess_exec(*words, **how))
        return started[-1]

    monkeypatch.setattr(bounded, "create_subprocess_exec", start)
    return started


@pytest.fixture
def drawn(children) -> Callable[..., Awaitable[tuple[PagesDrawn, list[bytes]]]]:
    """Draws a document as the worker does, and sees that this never takes more memory or work than it may."""

    async def draw(file: bytes, *, behind: int = 0, **bounds: float) -> tuple[PagesDrawn, list[bytes]]:
        files = Files("memory:///")
        await files.put("quarantine/org/file", file)
        drawing = asyncio.create_task(
            Copyist(files, BoundedRedraw(**bounds)).draw("org", "document", "file", behind=behind)
        )
        most = 0
        while not drawing.done():
            await asyncio.sleep(0.005)
            most = max([most, *map(peak_of, children)])
        assert most < MOST_MEMORY
        pages = [await files.get(one.path) async for one in files.below("documents/org/document")]
        return drawing.result(), pages

    return draw


def peak_of(child: Process) -> int:
    """Return the most memory that the process has had, in bytes; nothing when it has ended."""
    with suppress(OSError, StopIteration):
        told = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        return 1_024 * int(next(line for line in told if line.startswith("VmHWM")).split()[1])
    return 0


def only_pixels(page: bytes) -> None:
    with Image.open(BytesIO(page)) as image:
        image.load()
        assert image.format == "JPEG"
        assert max(image.size) <= 2_048
    assert not [
        secret for secret in (SCRIPT, b"<script", b"PK\3\4", b"MZ\x90", b"evil.example", b"%PDF") if secret in page
    ]


def test_the_corpus_is_as_large_as_it_is_said_to_be():
    assert len(REFUSED) + len(ENDURED) >= 40


@pytest.mark.parametrize("name", REFUSED)
async def test_what_can_not_be_shown_is_refused_with_a_reason(name, drawn):
    make, reasons = REFUSED[name]

    outcome, pages = await drawn(make())

    assert outcome.refusal in reasons
    assert pages == []


@pytest.mark.parametrize("name", ENDURED)
async def test_what_is_strange_is_drawn_as_pixels_or_refused(name, drawn, children):
    outcome, pages = await drawn(ENDURED[name]())

    assert outcome.refusal is not None or len(pages) == len(outcome.pages) > 0
    for page in pages:
        only_pixels(page)
    assert all(child.returncode is not None for child in children)


async def test_the_corpus_tells_a_child_without_bounds_from_one_with(drawn):
    """A smaller bound stops it sooner, so the bound is what stops it."""
    file = REFUSED["a drawing of a gigabyte"][0]()

    outcome, _ = await drawn(file, memory=100_000_000)

    assert outcome.refusal is DocumentRefusal.TOO_MUCH_MEMORY


async def test_pages_come_in_portions_each_within_the_bounds(drawn):
    seen: list[DrawnPage] = []
    file = paper(*[(*LINES, f"Copy {number}") for number in range(50)])

    of = 1
    while len(seen) < of:
        outcome, pages = await drawn(file, behind=len(seen))
        assert outcome.refusal is None
        seen, of = [*seen, *outcome.pages], outcome.of
        for page in pages:
            only_pixels(page)

    assert len(seen) == 50
    assert {(page.width, page.height) for page in seen} == {(1_414, 2_000)}


async def test_a_photo_of_a_paper_is_its_only_page(drawn):
    outcome, pages = await drawn(photo(width=1_200, height=1_600))

    assert (outcome.refusal, outcome.of, outcome.is_kept) == (None, 1, False)
    assert [(page.width, page.height) for page in outcome.pages] == [(1_200, 1_600)]
    only_pixels(pages[0])


async def test_a_document_that_takes_too_much_work_is_ended(drawn):
    outcome, _ = await drawn(paper(LINES), cpu_seconds=0)

    assert outcome.refusal is DocumentRefusal.TOO_SLOW


async def test_a_machine_that_is_too_busy_is_not_the_documents_fault(drawn, children):
    with pytest.raises(TimeoutError):
        await drawn(paper(LINES), deadline=0.05)

    assert [child.returncode for child in children] == [-signal.SIGKILL]


async def test_the_child_is_told_no_secret(drawn, monkeypatch):
    monkeypatch.setenv("MAINTAINUK_SECRET_KEY", "for the parent alone")
    told: list[dict[str, str]] = []

    async def spy(*words: str, **how: Any) -> Process:
        told.append(how["env"])
        return await create_subprocess_exec(*words, **how)

    monkeypatch.setattr(bounded, "create_subprocess_exec", spy)

    outcome, _ = await drawn(paper(LINES))

    assert outcome.refusal is None
    assert told == [{"PYTHONPATH": ANY, "MALLOC_ARENA_MAX": "1"}]
    assert CPU_SECONDS <= 10


JPEG = b"\xff\xd8\xff" + bytes(7)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"[1, 2]\n",
        b"[" * 8_100 + b"\n",
        b'{"refused": "because"}\n',
        b'{"pages": 1, "sizes": [[1, 1]], "bytes": [10]}\n<script>x',
        b'{"pages": 1, "sizes": [[9999, 1]], "bytes": [10]}\n' + JPEG,
        b'{"pages": 1, "sizes": [[1, 1]], "bytes": [10, 10]}\n' + 2 * JPEG,
        b'{"pages": 1, "sizes": [[1, 1], [1, 1]], "bytes": [10, 10]}\n' + 2 * JPEG,
        b'{"pages": 900, "sizes": [[1, 1]], "bytes": [10]}\n' + JPEG,
        b'{"pages": 1, "sizes": [], "bytes": []}\n',
        b'{"pages": 1, "sizes": [[1, 1]], "bytes": [-10]}\n' + JPEG,
        b'{"pages": 1e999, "sizes": [[1, 1]], "bytes": [10]}\n' + JPEG,
    ],
)
async def test_what_a_child_answers_is_not_trusted(answer):
    class Taken(BoundedRedraw):
        async def run(self, program, file, out, *words):  # noqa: ARG002
            out.write(answer)
            return 0

    with TemporaryFile() as file:
        assert await draw_pages(Taken(), file, behind=0) is DocumentRefusal.DAMAGED


async def test_an_honest_answer_is_taken():
    class Honest(BoundedRedraw):
        async def run(self, program, file, out, *words):  # noqa: ARG002
            out.write(b'{"pages": 1, "sizes": [[1, 1]], "bytes": [10]}\n' + JPEG)
            return 0

    with TemporaryFile() as file:
        portion = await draw_pages(Honest(), file, behind=0)

    assert portion == Portion(of=1, sizes=[DrawnPage(width=1, height=1)], pages=[JPEG])
