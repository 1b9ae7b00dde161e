"""A tenant's photos: added with the link of their report alone, and seen by staff."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.photos import LARGEST_PHOTO
from tests.desk import Desk
from tests.portal import Phone, phone_at
from tests.uploads import in_parts, originals, photos, snap


@pytest.fixture
async def phone(desk: Desk) -> Phone:
    """A tenant who has just reported something and looks at its page."""
    return await (await phone_at(desk)).sends("Water comes through the ceiling.")


async def test_a_tenant_adds_a_photo_that_staff_see(desk: Desk, phone: Phone):
    answer = await snap(phone)

    assert (answer.status_code, answer.json()["data"]["isFromTenant"]) == (202, True)
    (ticket,) = (await desk.get()).json()["data"]["items"]
    assert await photos(desk, ticket["id"]) == [answer.json()["data"]]
    assert (await phone.get("/photos")).json()["data"]["items"] == [answer.json()["data"]]


async def test_a_tenants_photo_sent_twice_is_one_photo(desk: Desk, phone: Phone):
    key = str(uuid4())

    first, second = [(await snap(phone, **{"X-Upload-Key": key})).json()["data"] for _ in range(2)]

    assert first["id"] == second["id"]
    assert len(await originals(desk)) == 1


async def test_the_photos_of_a_report_are_seen_with_its_link_alone(desk: Desk, phone: Phone):
    await snap(phone)
    poster, neighbour = await phone_at(desk), await (await phone_at(desk)).sends("My light flickers.")

    assert (await neighbour.get("/photos")).json()["data"]["items"] == []
    assert [(await one.get("/photos")).status_code for one in (poster, phone.without_token())] == [404, 401]
    assert [(await snap(one)).status_code for one in (poster, phone.without_token())] == [404, 401]
    assert len(await originals(desk)) == 1


@pytest.mark.parametrize("column", ["revoked_at", "used_at"])
async def test_a_link_that_is_taken_back_while_a_photo_comes_keeps_no_photo(desk: Desk, phone: Phone, column: str):
    async def slowly() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        await phone.link(LinkPurpose.STATUS, **{column: desk.world.now})
        yield b"the rest"

    answer = await snap(phone, slowly())

    assert answer.status_code == 410
    assert await originals(desk) == []


async def test_a_finished_report_takes_no_photo(desk: Desk, phone: Phone):
    await phone.post("/cancellation", {"reason": "It dried up."})

    answer = await snap(phone)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")


async def test_a_tenants_photo_may_be_large_and_no_larger(phone: Phone):
    assert (await snap(phone, in_parts(bytes(2_000_000)))).status_code == 202
    assert (await snap(phone, in_parts(bytes(LARGEST_PHOTO + 1), part=1_048_576))).status_code == 413
