"""In live mode nothing is sent to addresses that only film, demo and tests use."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.ports import Email, Undeliverable
from maintainuk.domain.values import is_invented
from maintainuk.infrastructure.providers.real_people import ToRealPeopleAlone
from maintainuk.settings import Mode, Settings
from tests.worker.conftest import FakeMailer

INVENTED = [
    "07700 900123",
    "+44 (0)7700 900999",
    "01632 960 000",
    "020 7946 0958",
    "aisha@example.com",
    "Aisha Khan <aisha@mail.EXAMPLE.org>",
    "a@somewhere.test",
    "a@nowhere.invalid",
    "root@localhost",
]
REAL = ["07911 123456", "0113 243 3333", "+33 1 42 68 53 00", "aisha@example.co.uk", "a@test.org", "a@myexample.com"]


def letter_to(address: str) -> Email:
    return Email(org_id=uuid4(), sender="us@agency.co.uk", to=address, subject="Hello", html="<p>Hello", text="Hello")


@pytest.mark.parametrize("address", INVENTED)
def test_an_invented_address_is_known(address: str) -> None:
    assert is_invented(address)


@pytest.mark.parametrize("address", REAL)
def test_a_real_address_is_nobodys_invention(address: str) -> None:
    assert not is_invented(address)


async def test_a_letter_to_nobody_never_leaves() -> None:
    outside = FakeMailer()
    mailer = ToRealPeopleAlone(outside)

    with pytest.raises(Undeliverable, match="invented-address"):
        await mailer.send(letter_to("aisha@example.com"), idempotency_key="first")
    await mailer.send(letter_to("aisha@agency.co.uk"), idempotency_key="second")

    assert list(outside.taken) == ["second"]


async def test_live_mode_has_the_guard_in_front_of_its_mailer(settings: Settings) -> None:
    live = settings.model_copy(update={"mode": Mode.LIVE, "index_key": SecretStr("x" * 32)})

    services = WorkerServices(live)

    assert isinstance(services.providers.mailer, ToRealPeopleAlone)
    await services.database.close()
