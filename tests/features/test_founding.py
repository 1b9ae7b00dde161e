"""Setting a live installation up: once, by whoever can read what its server prints."""

import asyncio

import pytest
from sqlalchemy import func, select

from maintainuk.domain.organisations import Organisation
from maintainuk.infrastructure.security.set_up_secret import set_up_secret
from tests.visitor import visitors_of

FOUNDER = {
    "organisation": "Penrose & Daughters",
    "kind": "landlord",
    "nation": "WLS",
    "name": "Siân Penrose",
    "email": "sian@penrose.example.com",
    "password": "a harbour full of kestrels",
}


@pytest.fixture
async def visitor(pristine_settings):
    async with visitors_of(pristine_settings) as visitor:
        yield visitor


@pytest.fixture
def secret(pristine_settings):
    return set_up_secret(pristine_settings)


async def sets_up(browser, token, **changes):
    return await browser.http.post("/auth/set-up", json=FOUNDER | {"token": token} | changes)


async def test_the_first_organisation_is_founded_and_its_administrator_signed_in(visitor, secret):
    browser = visitor()

    answer = await sets_up(browser, secret)

    data = answer.json()["data"]
    assert answer.status_code == 200, answer.text
    assert data["organisation"]["name"] == "Penrose & Daughters"
    assert (data["user"]["role"], data["user"]["email"]) == ("OrgAdmin", FOUNDER["email"])
    assert browser.refresh_token is not None
    again = await visitor().signs_in("SIAN@penrose.example.com", FOUNDER["password"])
    assert again.status_code == 200


async def test_it_works_once_and_for_one_of_many_at_once(visitor, secret, pristine_database):
    answers = await asyncio.gather(*(sets_up(visitor(), secret, email=f"sian{n}@example.com") for n in range(5)))
    later = await sets_up(visitor(), secret)

    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410]
    assert later.status_code == 410
    async with pristine_database.installation() as session:
        assert await session.scalar(select(func.count()).select_from(Organisation)) == 1


async def test_without_the_secret_nothing_is_founded_and_it_cannot_be_guessed(visitor, secret):
    browser = visitor()

    tried = [(await sets_up(browser, f"{secret[:-2]}{number:02}")).status_code for number in range(11)]

    assert set(tried[:10]) == {404}
    assert tried[10] == 429


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "penrose12345"),
        ("password", "passwordpassword"),
        ("organisation", "  "),
        ("name", ""),
        ("email", "no address"),
        ("nation", "FRA"),
    ],
)
async def test_what_is_not_right_is_said_and_can_be_put_right(visitor, secret, field, value):
    refused = await sets_up(visitor(), secret, **{field: value})

    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == [field]
    assert (await sets_up(visitor(), secret)).status_code == 200
