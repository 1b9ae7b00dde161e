"""A document from promise to pages, and every way it can go wrong."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bench._pictures import photo
from maintainuk.domain.base import new_id
from maintainuk.domain.documents import Document, DocumentKind, original_of, page_of
from maintainuk.infrastructure.demo.papers import paper
from maintainuk.infrastructure.images.copyist import Copyist
from maintainuk.worker.housekeeping import sweep
from maintainuk.worker.runner import Outcome
from tests.worker.test_photos import Broken

LINES = ("Gas safety record", "Result: pass")


async def arrived(office, content: bytes, **facts: Any) -> Document:
    """A document whose file has just come."""
    home = await office.world.home(office.org_id)
    file_id = new_id()
    await office.services.files.put(original_of(office.org_id, file_id), content)
    async with office.world.work(office.org_id) as work:
        document = Document(
            org_id=office.org_id,
            property_id=home.property_id,
            kind=DocumentKind.GAS_RECORD,
            title="Gas record",
            added_at=work.now,
            **facts,
        )
        document.received(file_id, size=len(content), sha256=b"hash", at=work.now)
        work.session.add(document)
    return document


async def files(office) -> set[str]:
    kept = office.services.files
    return {file.path for folder in ("quarantine", "documents") async for file in kept.below(folder)}


async def work_it_off(office, times: int = 4) -> list[Outcome]:
    return [outcome for _ in range(times) for outcome in await office.ask_again()]


async def test_the_pages_of_a_pdf_can_be_seen_and_its_file_waits_in_quarantine(office):
    document = await arrived(office, paper(LINES, LINES))

    assert await work_it_off(office) == [Outcome.COMPLETED]

    (row,) = await office.all("documents", "status, page_count, pages, file_id, id")
    assert (row["status"], row["page_count"]) == ("ready", 2)
    assert await files(office) == {
        original_of(office.org_id, row["file_id"]),
        *(page_of(office.org_id, document.id, number) for number in (1, 2)),
    }


async def test_a_photo_of_a_paper_is_drawn_anew_and_what_was_sent_is_gone(office):
    document = await arrived(office, photo(width=2_400, height=1_800))

    assert await work_it_off(office) == [Outcome.COMPLETED, Outcome.COMPLETED]

    assert await files(office) == {page_of(office.org_id, document.id, 1)}


async def test_a_long_document_comes_a_portion_at_a_time(office):
    office.with_copyist(Copyist(office.services.files, portion=1))
    await arrived(office, paper(LINES, LINES, LINES))
    drawn: list[int] = []

    for _ in range(3):
        await office.ask_again()
        (row,) = await office.all("documents", "status, pages")
        drawn.append(len(json.loads(row["pages"])))

    assert drawn == [1, 2, 3]
    assert row["status"] == "ready"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\0 a program called .pdf", "unsupported-format"),
        (b"%PDF-1.7\nand nothing else", "damaged"),
        (paper(*[LINES] * 51), "too-many-pages"),
    ],
)
async def test_what_can_not_be_shown_is_refused_and_gone(office, content, reason):
    await arrived(office, content)

    assert await work_it_off(office) == [Outcome.COMPLETED, Outcome.COMPLETED]

    (row,) = await office.all("documents")
    assert (row["status"], row["refusal"]) == ("refused", reason)
    assert await files(office) == set()


async def test_a_second_run_draws_nothing_twice(office):
    await arrived(office, paper(LINES))
    await work_it_off(office)
    await office.watch.execute("UPDATE app.outbox_messages SET status = 'pending' WHERE type = 'draw-document'")

    assert await office.ask_again() == [Outcome.SETTLED]


async def test_a_machine_too_busy_tries_again(office):
    office.with_copyist(Copyist(office.services.files, Broken(2)))
    await arrived(office, photo())

    outcomes = await work_it_off(office)

    assert outcomes == [Outcome.RETRIED, Outcome.RETRIED, Outcome.COMPLETED, Outcome.COMPLETED]


async def test_after_the_last_attempt_its_sender_is_told(office):
    office.with_copyist(Copyist(office.services.files, Broken(1)))
    await arrived(office, photo())
    await office.watch.execute("UPDATE app.outbox_messages SET attempts = 7")

    assert (await work_it_off(office))[0] == Outcome.FAILED

    (row,) = await office.all("documents")
    assert (row["status"], row["refusal"]) == ("refused", "too-slow")


async def test_a_withdrawn_document_is_removed_a_day_later_pages_file_and_all(office):
    await arrived(office, paper(LINES))
    await work_it_off(office)
    await office.watch.execute("UPDATE app.documents SET withdrawn_at = $1", office.world.now - timedelta(hours=23))

    await sweep(office.services)
    assert len(await files(office)) == 2

    later = office.world.now + timedelta(hours=26)
    office.services.clock = lambda: later
    removed = await sweep(office.services)

    assert (removed["documents"], removed["quarantined"]) == (1, 1)
    assert await office.all("documents") == []
    assert await files(office) == set()


async def test_what_nobody_announced_or_nobody_sent_is_swept_after_a_day(office):
    home = await office.world.home(office.org_id)
    await office.services.files.put(original_of(office.org_id, new_id()), b"broke off")
    expected = Document(
        org_id=office.org_id,
        property_id=home.property_id,
        kind=DocumentKind.EPC,
        title="EPC",
        added_at=office.world.now,
    )
    await office.world.add(office.org_id, expected)
    await arrived(office, paper(LINES))
    await work_it_off(office)
    office.services.clock = lambda: office.world.now + timedelta(hours=25)

    removed = await sweep(office.services)

    assert (removed["documents"], removed["quarantined"]) == (1, 1)
    assert len(await files(office)) == 2
    assert UUID(str((await office.all("documents", "id"))[0]["id"])) != expected.id
