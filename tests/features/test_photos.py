"""Photos of a repair: sent bit by bit, drawn anew, looked at by those who may."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from bench._pictures import photo
from maintainuk.api.middleware import allowances
from maintainuk.api.middleware.allowances import Allowance
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.photos import LARGEST_PHOTO, Photo, PhotoRefusal, PhotoSize, PhotoStatus, copy_of, original_of
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.infrastructure.images.studio import Studio
from tests.desk import Desk
from tests.uploads import in_parts, originals, photos, send


@pytest.fixture
async def ticket_id(desk: Desk) -> UUID:
    return await desk.world.ticket(desk.org_id, desk.home)


async def ready(desk: Desk, ticket_id: UUID) -> Photo:
    """A photo as the worker leaves it."""
    one = Photo(
        org_id=desk.org_id,
        ticket_id=ticket_id,
        upload_key=uuid4(),
        status=PhotoStatus.READY,
        bytes_received=3,
        width=2_048,
        height=1_536,
        received_at=desk.world.now,
    )
    await desk.world.add(desk.org_id, one)
    for size in PhotoSize:
        await desk.trial.services.files.put(copy_of(desk.org_id, one.id, size), b"\xff\xd8\xff" + size.encode())
    return one


async def test_a_photo_is_kept_and_promised_to_be_drawn(desk: Desk, ticket_id: UUID):
    answer = await send(desk, ticket_id, b"\xff\xd8\xff" + bytes(100_000), **{"X-Captured-At": "2026-11-20T08:15:30Z"})

    assert answer.status_code == 202
    one = answer.json()["data"]
    assert (one["state"], one["url"], one["refusal"]) == ("received", None, None)
    assert one["capturedAt"] == "2026-11-20T08:15:30Z"
    assert not one["isFromTenant"]
    assert await photos(desk, ticket_id) == [one]
    assert await desk.world.promised(desk.org_id) == ["process-photo"]
    assert [line["kind"] for line in await desk.story(ticket_id)] == ["photo_received"]
    kept = await desk.trial.services.files.get(original_of(desk.org_id, UUID(one["id"])))
    assert len(kept) == 100_003


async def test_a_photo_sent_twice_is_one_photo(desk: Desk, ticket_id: UUID):
    key = str(uuid4())

    first, second = [(await send(desk, ticket_id, **{"X-Upload-Key": key})).json()["data"] for _ in range(2)]

    assert first == second
    assert len(await originals(desk)) == 1


async def test_a_photo_sent_twice_at_once_is_one_photo(desk: Desk, ticket_id: UUID):
    key = str(uuid4())

    answers = await asyncio.gather(
        *(send(desk, ticket_id, in_parts(bytes(100), part=10, pause=0.005), **{"X-Upload-Key": key}) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1
    assert len(await originals(desk)) == len(await photos(desk, ticket_id)) == 1
    assert await desk.world.promised(desk.org_id) == ["process-photo"]


async def test_of_forty_photos_at_once_twenty_are_kept(desk: Desk, ticket_id: UUID):
    answers = await asyncio.gather(*(send(desk, ticket_id) for _ in range(40)))

    refused = [answer.json()["error"] for answer in answers if answer.status_code == 409]
    assert sorted(answer.status_code for answer in answers) == [202] * 20 + [409] * 20
    assert {error["code"] for error in refused} == {"too-many-photos"}
    assert refused[0]["message"] == "A report holds at most 20 photos, and this one has them all."
    assert len(await photos(desk, ticket_id)) == len(await originals(desk)) == 20


async def test_a_refused_photo_takes_nobodys_place(desk: Desk, ticket_id: UUID):
    async with desk.world.work(desk.org_id) as work:
        for _ in range(20):
            bad = Photo(
                org_id=desk.org_id, ticket_id=ticket_id, upload_key=uuid4(), bytes_received=1, received_at=work.now
            )
            bad.refused(PhotoRefusal.NOT_AN_IMAGE, at=work.now)
            work.session.add(bad)

    assert (await send(desk, ticket_id)).status_code == 202


@pytest.mark.parametrize("size", [LARGEST_PHOTO + 1, 200_000_000])
async def test_a_photo_that_is_too_large_is_refused_while_it_arrives(desk: Desk, ticket_id: UUID, size: int):
    asked = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked
        while asked < size:
            asked += 65_536
            yield bytes(65_536)

    answer = await send(desk, ticket_id, endless())

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    assert "at most 25 MB" in answer.json()["error"]["message"]
    assert asked <= LARGEST_PHOTO + 65_536
    assert await photos(desk, ticket_id) == await originals(desk) == []


async def test_a_photo_that_says_it_is_too_large_is_refused_at_once(desk: Desk, ticket_id: UUID):
    answer = await send(desk, ticket_id, b"", **{"Content-Length": "200000000"})

    assert answer.status_code == 413


async def test_a_photo_of_exactly_the_largest_size_is_taken(desk: Desk, ticket_id: UUID):
    answer = await send(desk, ticket_id, in_parts(bytes(LARGEST_PHOTO), part=1_048_576))

    assert answer.status_code == 202


async def test_other_requests_may_still_not_be_large(desk: Desk, ticket_id: UUID):
    answer = await desk.http.post(
        f"/api/v1/tickets/{ticket_id}/comments", json={"body": "x" * 1_100_000}, headers=desk.headers
    )

    assert answer.status_code == 413
    assert "at most 1 MB" in answer.json()["error"]["message"]


async def test_a_photo_that_stops_coming_is_not_waited_for(desk: Desk, ticket_id: UUID, monkeypatch):
    impatient = [(pattern, Allowance(LARGEST_PHOTO, seconds=30, silence=0.1)) for pattern, _ in allowances.ALLOWANCES]
    monkeypatch.setattr(allowances, "ALLOWANCES", impatient)

    answer = await send(desk, ticket_id, in_parts(bytes(200_000), stop=100_000))

    assert (answer.status_code, answer.json()["error"]["code"]) == (408, "too-slow")
    assert await photos(desk, ticket_id) == await originals(desk) == []


async def test_a_photo_that_trickles_in_is_not_waited_for_either(desk: Desk, ticket_id: UUID, monkeypatch):
    impatient = [(pattern, Allowance(LARGEST_PHOTO, seconds=0.3, silence=20)) for pattern, _ in allowances.ALLOWANCES]
    monkeypatch.setattr(allowances, "ALLOWANCES", impatient)

    answer = await send(desk, ticket_id, in_parts(bytes(10_000), part=10, pause=0.02))

    assert answer.status_code == 408


async def test_a_photo_may_take_longer_than_other_requests(slow_trial, world):
    desk = Desk(
        slow_trial, world, staff := await world.staff(await world.organisation()), None, await world.headers(staff)
    )
    ticket_id = await world.ticket(staff.org_id)

    answer = await send(desk, ticket_id, in_parts(bytes(100), part=10, pause=0.1))

    assert answer.status_code == 202


@pytest.mark.parametrize(
    "headers", [{"X-Upload-Key": ""}, {"X-Upload-Key": "mine"}, {"X-Captured-At": "yesterday"}], ids=str
)
async def test_what_is_said_of_a_photo_must_make_sense(desk: Desk, ticket_id: UUID, headers):
    answer = await send(desk, ticket_id, **headers)

    assert answer.status_code == 422
    assert await originals(desk) == []


@pytest.mark.parametrize("captured", ["1901-01-01T00:00:00Z", "2199-01-01T00:00:00Z"])
async def test_a_clock_that_cannot_be_right_is_not_believed(desk: Desk, ticket_id: UUID, captured):
    answer = await send(desk, ticket_id, **{"X-Captured-At": captured})

    assert (answer.status_code, answer.json()["data"]["capturedAt"]) == (202, None)


async def test_a_merged_ticket_takes_no_photo(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, status=TicketStatus.MERGED)

    answer = await send(desk, ticket_id)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")
    assert await originals(desk) == []


async def test_those_who_only_read_add_no_photo(desk: Desk, ticket_id: UUID):
    auditor = await desk.beside(BuiltInRole.AUDITOR)

    assert (await send(auditor, ticket_id)).status_code == 403
    assert await photos(auditor, ticket_id) == []


async def test_another_organisation_finds_no_ticket_to_add_to(desk: Desk, foreign_desk: Desk, ticket_id: UUID):
    assert (await send(foreign_desk, ticket_id)).status_code == 404
    assert (await foreign_desk.get(f"/{ticket_id}/photos")).status_code == 404
    assert await originals(foreign_desk) == []


async def test_a_ready_photo_is_shown_in_two_sizes(desk: Desk, ticket_id: UUID):
    one = await ready(desk, ticket_id)

    (told,) = await photos(desk, ticket_id)
    display, thumbnail = [await desk.http.get(told[name]) for name in ("url", "thumbnailUrl")]

    assert (display.status_code, display.content) == (200, b"\xff\xd8\xffdisplay")
    assert thumbnail.content == b"\xff\xd8\xffthumbnail"
    assert display.headers["Content-Type"] == "image/jpeg"
    assert display.headers["Content-Disposition"] == f'inline; filename="photo-{one.id}.jpg"'
    assert display.headers.get_list("X-Content-Type-Options") == ["nosniff"]
    assert "sandbox" in display.headers["Content-Security-Policy"]
    assert display.headers["Cache-Control"].startswith("private, max-age=")


async def test_an_address_stays_the_same_for_a_while_so_that_browsers_may_keep_the_photo(desk: Desk, ticket_id: UUID):
    start = desk.world.now.replace(minute=0, second=1) + timedelta(days=1)

    links = desk.trial.services.photo_links
    told = [
        links.address(desk.org_id, ticket_id, PhotoSize.DISPLAY, start + timedelta(minutes=minutes))
        for minutes in (0, 14, 15)
    ]

    assert told[0] == told[1] != told[2]


async def test_an_address_runs_out(desk: Desk, ticket_id: UUID):
    one = await ready(desk, ticket_id)
    links, now = desk.trial.services.photo_links, desk.world.now

    fresh = await desk.http.get(links.address(desk.org_id, one.id, PhotoSize.DISPLAY, now))
    old = await desk.http.get(links.address(desk.org_id, one.id, PhotoSize.DISPLAY, now - timedelta(minutes=31)))

    assert fresh.status_code == 200
    assert (old.status_code, old.json()["error"]["code"]) == (410, "photo-link-expired")


def changed(address: str, **parts: Any) -> str:
    url = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(url.query).items()} | parts
    return f"{parts.get('path', url.path)}?" + str(httpx.QueryParams({k: v for k, v in query.items() if k != "path"}))


async def test_nothing_in_an_address_can_be_changed(desk: Desk, ticket_id: UUID):
    one, other = await ready(desk, ticket_id), await ready(desk, ticket_id)
    address = desk.trial.services.photo_links.address(desk.org_id, one.id, PhotoSize.THUMBNAIL, desk.world.now)
    signature = parse_qs(urlsplit(address).query)["signature"][0]

    forged = [
        changed(address, size="display"),
        changed(address, expires=10**10),
        changed(address, expires=-1),
        changed(address, path=f"/api/v1/photos/{other.id}"),
        changed(address, signature=""),
        changed(address, signature="é"),
        changed(address, signature=signature[:-4]),
        changed(address, signature=signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]),
        changed(address, signature="A" * len(signature)),
        changed(address, signature=signature + "=" * 4),
    ]

    assert (await desk.http.get(address)).status_code == 200
    answers = [await desk.http.get(one) for one in forged]
    assert {answer.status_code for answer in answers} <= {403, 422}
    assert not [answer for answer in answers if b"\xff\xd8\xff" in answer.content]


async def test_a_signature_of_one_organisation_opens_no_photo_of_another(
    desk: Desk, foreign_desk: Desk, ticket_id: UUID
):
    one = await ready(desk, ticket_id)

    address = desk.trial.services.photo_links.address(foreign_desk.org_id, one.id, PhotoSize.DISPLAY, desk.world.now)

    answer = await desk.http.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


async def test_what_was_sent_is_never_shown(desk: Desk, ticket_id: UUID):
    one = (await send(desk, ticket_id, photo())).json()["data"]
    links, now = desk.trial.services.photo_links, desk.world.now

    answers = [await desk.http.get(links.address(desk.org_id, UUID(one["id"]), size, now)) for size in PhotoSize]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_real_photo_goes_all_the_way(desk: Desk, ticket_id: UUID):
    """Without the worker around it: what it is told to do, done by hand."""
    services = desk.trial.services
    one = (await send(desk, ticket_id, photo(width=2_400, height=1_800))).json()["data"]

    copies = await Studio(services.files).draw(desk.org_id, UUID(one["id"]))

    async with desk.world.work(desk.org_id) as work:
        stored = await work.session.get(Photo, (desk.org_id, UUID(one["id"])))
        stored.ready(width=copies.width, height=copies.height, captured_at=copies.captured_at, at=work.now)
    (told,) = await photos(desk, ticket_id)
    seen = Image.open(BytesIO((await desk.http.get(told["url"])).content))
    assert seen.size == (told["width"], told["height"]) == (2_048, 1_536)
    assert told["capturedAt"] == "2026-11-20T08:15:30Z"
