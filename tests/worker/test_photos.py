"""A photo from promise to picture, and every way it can go wrong."""

import os
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from bench._pictures import PLACE, photo
from maintainuk.domain.base import new_id
from maintainuk.domain.photos import Photo, PhotoSize, copy_of, original_of
from maintainuk.domain.ports import StorageUnavailable
from maintainuk.infrastructure.images.bounded import BoundedRedraw
from maintainuk.infrastructure.images.studio import Studio
from maintainuk.infrastructure.storage.files import Files
from maintainuk.worker.housekeeping import sweep
from maintainuk.worker.runner import Outcome


class Broken(BoundedRedraw):
    """A machine that is too busy, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def draw(self, photo):
        self.times -= 1
        if self.times >= 0:
            raise TimeoutError
        return await super().draw(photo)


async def arrived(office, content: bytes, ticket_id: UUID | None = None) -> Photo:
    """A photo that was sent just now."""
    ticket_id = ticket_id or await office.world.ticket(office.org_id)
    photo_id = new_id()
    await office.services.files.put(original_of(office.org_id, photo_id), content)
    async with office.world.work(office.org_id) as work:
        one = Photo(
            id=photo_id,
            org_id=office.org_id,
            ticket_id=ticket_id,
            upload_key=uuid4(),
            bytes_received=len(content),
            received_at=work.now,
        )
        one.received()
        work.session.add(one)
    return one


async def files(office) -> set[str]:
    return {file.path for folder in ("originals", "photos") async for file in office.services.files.below(folder)}


async def work_it_off(office) -> list[Outcome]:
    return [outcome for _ in range(3) for outcome in await office.ask_again()]


async def test_a_photo_can_be_seen_and_what_was_sent_is_gone(office):
    one = await arrived(office, photo(width=2_400, height=1_800))

    assert await work_it_off(office) == [Outcome.COMPLETED, Outcome.COMPLETED]

    (row,) = await office.all("photos")
    assert (row["status"], row["width"], row["height"]) == ("ready", 2_048, 1_536)
    assert row["captured_at"].isoformat() == "2026-11-20T08:15:30+00:00"
    assert await files(office) == {copy_of(office.org_id, one.id, size) for size in PhotoSize}
    assert await office.story() == ["photo_received", "photo_ready"]
    copy = await office.services.files.get(copy_of(office.org_id, one.id, PhotoSize.DISPLAY))
    assert Image.open(BytesIO(copy)).size == (2_048, 1_536)
    assert PLACE not in copy
    assert [row["kind"] for row in await office.all("live_events")] == ["photo_received", "photo_ready"]


async def test_what_is_no_photo_is_refused_and_the_report_lives_on(office):
    ticket_id = await office.world.ticket(office.org_id)
    await arrived(office, b"MZ\x90\0 a program called .jpg", ticket_id)
    good = await arrived(office, photo(), ticket_id)

    assert set(await work_it_off(office)) == {Outcome.COMPLETED}

    refused, ready = sorted(await office.all("photos"), key=lambda row: row["id"] == good.id)
    assert (refused["status"], refused["refusal"]) == ("refused", "not-an-image")
    assert ready["status"] == "ready"
    assert await files(office) == {copy_of(office.org_id, good.id, size) for size in PhotoSize}
    (ticket,) = await office.all("maintenance_tickets", "id, status")
    assert ticket["status"] == "new"


async def test_a_second_run_draws_nothing_twice(office):
    await arrived(office, photo())
    await work_it_off(office)
    await office.watch.execute("UPDATE app.outbox_messages SET status = 'pending' WHERE type = 'process-photo'")

    assert await office.ask_again() == [Outcome.SETTLED]

    assert await office.story() == ["photo_received", "photo_ready"]


async def test_a_machine_too_busy_tries_again(office):
    office.with_studio(Studio(office.services.files, Broken(2)))
    await arrived(office, photo())

    outcomes = [outcome for _ in range(4) for outcome in await office.ask_again()]

    assert outcomes == [Outcome.RETRIED, Outcome.RETRIED, Outcome.COMPLETED, Outcome.COMPLETED]
    (row,) = await office.all("photos")
    assert row["status"] == "ready"


async def test_after_the_last_attempt_the_sender_is_told(office):
    office.with_studio(Studio(office.services.files, Broken(1)))
    await arrived(office, photo())
    await office.watch.execute("UPDATE app.outbox_messages SET attempts = 7")

    assert await work_it_off(office) == [Outcome.FAILED, Outcome.COMPLETED]

    (row,) = await office.all("photos")
    assert (row["status"], row["refusal"]) == ("refused", "too-slow")
    assert await files(office) == set()


async def test_a_photo_waits_for_the_storage(office, monkeypatch):
    await arrived(office, photo())

    async def down(*_):
        raise StorageUnavailable("down")

    with monkeypatch.context() as outage:
        outage.setattr(office.services.files, "put", down)
        assert await office.ask_again() == [Outcome.RETRIED]

    assert await work_it_off(office) == [Outcome.COMPLETED, Outcome.COMPLETED]


async def test_one_photo_at_a_time_and_the_others_go_back_unharmed(office):
    await arrived(office, photo())

    async with office.services.providers.studio._drawing._one_at_a_time:
        assert await office.ask_again() == [Outcome.WAITING]

    (row,) = await office.watch.fetch("SELECT attempts, status FROM app.outbox_messages")
    assert (row["attempts"], row["status"]) == (0, "pending")
    assert await work_it_off(office) == [Outcome.COMPLETED, Outcome.COMPLETED]


async def test_an_original_that_vanished_is_a_refusal(office):
    one = await arrived(office, photo())
    await office.services.files.delete(original_of(office.org_id, one.id))

    await work_it_off(office)

    (row,) = await office.all("photos")
    assert (row["status"], row["refusal"]) == ("refused", "damaged")


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
async def test_uploads_that_broke_off_at_the_very_end_are_swept_after_a_day(office, hours, left):
    waiting = await arrived(office, photo())
    orphan = original_of(office.org_id, new_id())
    await office.services.files.put(orphan, b"nobody knows of me")
    office.late = timedelta(hours=hours)

    removed = await sweep(office.services)

    assert removed.get("originals", 0) == 1 - left
    kept = await files(office)
    assert (orphan in kept) == bool(left)
    assert original_of(office.org_id, waiting.id) in kept


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
async def test_uploads_whose_process_was_killed_are_swept_after_a_day(office, tmp_path, hours, left):
    office.services.files = Files(tmp_path.as_uri())
    unfinished = tmp_path / f"{original_of(office.org_id, new_id())}#1"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"half a photo, with its position")
    os.utime(unfinished, (office.now().timestamp(),) * 2)
    office.late = timedelta(hours=hours)

    removed = await sweep(office.services)

    assert removed.get("unfinished", 0) == 1 - left
    assert unfinished.exists() == bool(left)
