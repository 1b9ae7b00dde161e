"""Answers that are remembered, and by whom."""

import pytest
from sqlalchemy import select

from maintainuk.domain.organisations import Nation
from maintainuk.domain.roles import Role
from tests.trial import Trial
from tests.world import World


async def reads(trial: Trial, headers) -> str:
    return (await trial.http.get("/api/v1/trial/remembered?of=today", headers=headers)).json()["data"]


@pytest.fixture
async def org_id(world: World):
    return await world.organisation()


async def test_an_answer_is_told_again_with_a_trace_of_its_own(trial: Trial, world: World, org_id):
    nia = await world.headers(await world.staff(org_id))
    await reads(trial, nia)  # the first question of an organisation only prepares the place
    first = await trial.http.get("/api/v1/trial/remembered?of=today", headers=nia)

    again = await trial.http.get("/api/v1/trial/remembered?of=today", headers=nia)

    assert again.json()["data"] == first.json()["data"]
    assert again.json()["traceId"] == again.headers["X-Trace-Id"] != first.json()["traceId"]


async def test_another_question_is_answered_afresh(trial: Trial, world: World, org_id):
    nia = await world.headers(await world.staff(org_id))
    await reads(trial, nia)
    told = await reads(trial, nia)

    other = await trial.http.get("/api/v1/trial/remembered?of=tomorrow", headers=nia)

    assert other.json()["data"] != told


async def test_a_change_in_the_organisation_makes_it_answer_afresh(trial: Trial, world: World, org_id):
    nia = await world.headers(await world.staff(org_id))
    home = await world.home(org_id, nation=Nation.WALES)
    await reads(trial, nia)
    told = await reads(trial, nia)

    report = {"title": "No hot water", "description": "Since Sunday.", "propertyId": str(home.property_id)}
    reported = await trial.http.post("/api/v1/tickets", json=report, headers=nia)

    assert reported.status_code == 201
    assert await reads(trial, nia) != told


async def test_nothing_is_remembered_longer_than_a_change_may_stay_unseen(trial: Trial, world: World, org_id):
    nia = await world.headers(await world.staff(org_id))
    for _ in range(2):
        await reads(trial, nia)

    redis = trial.services.circuit.redis
    (kept,) = [key async for key in redis.scan_iter(f"maintainuk:answer:{org_id}:*", count=10_000)]
    assert 0 < await redis.ttl(kept) <= 10


async def test_two_organisations_whose_questions_interleave_never_hear_each_other(trial: Trial, world: World):
    ours, theirs = await world.organisation("Fairweather Lettings"), await world.organisation("Moorside Homes")
    nia = await world.headers(await world.staff(ours, name="Nia Prosser"))
    tom = await world.headers(await world.staff(ours, name="Tom Achebe"))
    gareth = await world.headers(await world.staff(theirs, name="Gareth Pugh"))

    for _ in range(20):
        assert (await reads(trial, nia)).startswith("Nia Prosser")
        assert (await reads(trial, gareth)).startswith("Gareth Pugh")
        assert (await reads(trial, tom)).startswith("Tom Achebe")


async def test_whoever_left_hears_nothing_however_well_it_is_remembered(trial: Trial, world: World, org_id):
    nia = await world.staff(org_id)
    headers = await world.headers(nia)
    await reads(trial, headers)
    await reads(trial, headers)

    await world.disable(nia)

    answer = await trial.http.get("/api/v1/trial/remembered?of=today", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session-ended")


async def test_whose_role_lost_the_permission_hears_nothing_however_well_it_is_remembered(trial, world, org_id):
    nia = await world.headers(await world.staff(org_id))
    await reads(trial, nia)
    await reads(trial, nia)

    async with world.owner.session(org_id) as session, session.begin():
        for role in await session.scalars(select(Role)):
            role.regrant({})

    answer = await trial.http.get("/api/v1/trial/remembered?of=today", headers=nia)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-permitted")
