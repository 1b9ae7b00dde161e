"""What every adapter of the `Mailer` port must keep. Another one is one more line in `ADAPTERS`.

An adapter brings a fake of its provider that speaks the real wire format; here is what it must do with it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy import select

from maintainuk.domain.base import new_id
from maintainuk.domain.mailbox import MailboxMessage
from maintainuk.domain.ports import Email, Mailer, Undeliverable
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.providers.absent import NoMailer
from maintainuk.infrastructure.providers.embedded import EmbeddedMailbox
from maintainuk.infrastructure.storage.files import Files
from tests.world import World


@dataclass(frozen=True)
class Outside:
    """An adapter, and a look at what its provider really delivered for an organisation, the oldest first."""

    mailer: Mailer
    delivered: Callable[[UUID], Awaitable[list[Email]]]


@asynccontextmanager
async def embedded(world: World, database: Database) -> AsyncIterator[Outside]:
    async def delivered(org_id: UUID) -> list[Email]:
        async with database.session(org_id) as session:
            rows = await session.scalars(select(MailboxMessage).order_by(MailboxMessage.id))
            return [
                Email(
                    org_id=org_id,
                    sender=row.sender,
                    to=row.recipient,
                    subject=row.subject,
                    html=row.html,
                    text=row.text,
                )
                for row in rows
            ]

    yield Outside(EmbeddedMailbox(database.session, Files("memory:///"), lambda: world.now), delivered)


ADAPTERS: dict[str, Callable[[World, Database], AbstractAsyncContextManager[Outside]]] = {"embedded": embedded}


@pytest.fixture(params=ADAPTERS)
async def outside(request, world, database) -> AsyncIterator[Outside]:
    async with ADAPTERS[request.param](world, database) as outside:
        yield outside


@pytest.fixture
async def letter(world) -> Email:
    """A letter as the product writes them: two parts, and people's own spelling."""
    return Email(
        org_id=await world.organisation(),
        sender="repairs@fairweather.example.com",
        to="sian.o'connor+home@example.com",
        subject="We have your repair report T-10482: Siân, tŷ bach",
        html="<!doctype html><p>Hello Siân &amp; family,</p>",
        text="Hello Siân & family,\n.\nA line of dots ends nothing.\n",
    )


async def test_a_letter_arrives_as_it_was_written_and_is_acknowledged(outside, letter):
    receipt = await outside.mailer.send(letter, idempotency_key=str(new_id()))

    assert await outside.delivered(letter.org_id) == [letter]
    assert receipt.provider == outside.mailer.name
    assert receipt.reference


async def test_the_same_key_delivers_once_and_gives_the_same_receipt(outside, letter):
    if not outside.mailer.is_idempotent:
        pytest.skip("it says of itself that repeated keys are not dropped; the worker looks before it asks again")
    key = str(new_id())
    first = await outside.mailer.send(letter, idempotency_key=key)

    again = await outside.mailer.send(replace(letter, subject="Another subject"), idempotency_key=key)

    assert again == first
    assert await outside.delivered(letter.org_id) == [letter]


async def test_two_keys_are_two_letters_though_they_say_the_same(outside, letter):
    receipts = {(await outside.mailer.send(letter, idempotency_key=str(new_id()))).reference for _ in range(2)}

    assert await outside.delivered(letter.org_id) == [letter] * 2
    assert len(receipts) == 2


async def test_what_was_taken_is_found_by_its_key(outside, letter):
    key = str(new_id())
    receipt = await outside.mailer.send(letter, idempotency_key=key)

    assert await outside.mailer.look_up(letter.org_id, key) == receipt


async def test_what_was_never_taken_is_not_found(outside, letter):
    await outside.mailer.send(letter, idempotency_key=str(new_id()))

    assert await outside.mailer.look_up(letter.org_id, str(new_id())) is None


async def test_another_organisation_finds_and_gets_nothing(outside, letter, world):
    key, stranger = str(new_id()), await world.organisation()
    await outside.mailer.send(letter, idempotency_key=key)

    assert await outside.mailer.look_up(stranger, key) is None
    assert await outside.delivered(stranger) == []


@pytest.mark.parametrize("header", ["subject", "to", "sender"])
async def test_a_line_break_in_a_header_is_refused_for_good_and_nothing_leaves(outside, letter, header):
    sly = replace(letter, **{header: f"{getattr(letter, header)}\r\nBcc: all@example.com"})
    key = str(new_id())

    with pytest.raises(Undeliverable) as refusal:
        await outside.mailer.send(sly, idempotency_key=key)

    assert "@" not in str(refusal.value)
    assert await outside.mailer.look_up(letter.org_id, key) is None
    assert await outside.delivered(letter.org_id) == []


async def test_an_adapter_that_delivers_says_so(outside):
    assert outside.mailer.is_there


async def test_without_a_mailer_nothing_is_ever_called_sent(letter):
    nobody, key = NoMailer(), str(new_id())

    with pytest.raises(Undeliverable):
        await nobody.send(letter, idempotency_key=key)

    assert not nobody.is_there
    assert await nobody.look_up(letter.org_id, key) is None
