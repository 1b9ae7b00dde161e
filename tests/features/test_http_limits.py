"""How often anybody may ask."""

import re

import pytest

from maintainuk.infrastructure.cache.redis import Circuit, redis_of
from maintainuk.infrastructure.cache.shares import Shares
from tests.trial import Trial
from tests.world import World

WHO = "/api/v1/trial/who"


async def test_each_answer_says_what_is_left(trial: Trial, world: World):
    nia = await world.headers(await world.staff(await world.organisation()))

    answer = await trial.http.get(WHO, headers=nia)

    assert answer.headers["RateLimit-Policy"] == '"person";q=1200;w=60, "organisation";q=12000;w=60'
    assert re.fullmatch(r'"person";r=1199;t=\d+, "organisation";r=11999;t=\d+', answer.headers["RateLimit"])


async def test_one_too_many_is_told_when_to_go_on(strict_trial: Trial, world: World):
    org_id = await world.organisation()
    nia, tom = [await world.headers(await world.staff(org_id, name=name)) for name in ("Nia Prosser", "Tom Achebe")]
    allowed = [(await strict_trial.http.get(WHO, headers=nia)).status_code for _ in range(3)]

    refused = await strict_trial.http.get(WHO, headers=nia)

    assert allowed == [200, 200, 200]
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too-many-requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert (await strict_trial.http.get(WHO, headers=tom)).status_code == 200


async def test_an_organisation_has_a_share_of_its_own(strict_trial: Trial, world: World):
    org_id = await world.organisation()
    people = [await world.headers(await world.staff(org_id, name=name)) for name in ("Nia A", "Tom B", "Ada C")]

    statuses = [(await strict_trial.http.get(WHO, headers=one)).status_code for one in people for _ in range(2)]

    assert statuses == [200, 200, 200, 200, 200, 429]


async def test_one_person_cannot_spend_it_all(strict_trial: Trial, world: World):
    org_id = await world.organisation()
    nia, tom = [await world.headers(await world.staff(org_id, name=name)) for name in ("Nia Prosser", "Tom Achebe")]
    for _ in range(10):
        await strict_trial.http.get(WHO, headers=nia)

    statuses = [(await strict_trial.http.get(WHO, headers=tom)).status_code for _ in range(2)]

    assert statuses == [200, 200]


async def test_a_stranger_cannot_get_more_by_claiming_other_addresses(strict_trial: Trial):
    statuses = [
        (await strict_trial.http.get("/auth/nothing", headers={"X-Forwarded-For": f"203.0.113.{number}"})).status_code
        for number in range(4)
    ]

    assert statuses == [404, 404, 404, 429]


async def test_behind_a_trusted_proxy_the_address_it_names_counts(proxied_trial: Trial):
    async def ask(forwarded: str) -> int:
        return (await proxied_trial.http.get("/auth/nothing", headers={"X-Forwarded-For": forwarded})).status_code

    spoofed = [await ask(f"198.51.100.{number}, 203.0.113.9") for number in range(4)]

    assert spoofed == [404, 404, 404, 429]
    assert await ask("203.0.113.10") == 404


async def test_processes_count_together(settings):
    here, there = (Shares(Circuit(redis_of(settings)), clock=lambda: 60.0) for _ in range(2))
    for _ in range(3):
        here.take("person", "nia", 5)
    there.take("person", "nia", 5)

    await here.tell()
    await there.tell()

    assert there.take("person", "nia", 5).left == 0
    await here._circuit.redis.aclose()
    await there._circuit.redis.aclose()


@pytest.mark.parametrize("minute", [60.0, 61.0])
async def test_a_new_minute_begins_afresh(minute):
    now = 59.0
    shares = Shares(Circuit(None), clock=lambda: now)
    shares.take("person", "nia", 1)
    assert shares.take("person", "nia", 1).left < 0

    now = minute

    assert shares.take("person", "nia", 1).left == 0
