"""What a tenant told the portal reaches whoever has to come: getting in, good times, language, and danger heard."""

import pytest

from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from tests.desk import Desk, desk_of
from tests.portal import Phone, phone_at

TAP = {
    "room": "kitchen",
    "fault": "tap",
    "description": "الحنفية تقطر طوال الليل",
    "access": {"mayEnterWithoutMe": True, "notes": "Big dog behind the door", "times": ["weekday-am", "saturday"]},
    "language": "ar",
}


@pytest.fixture
async def desk(trial, world) -> Desk:
    return await desk_of(trial, world)


@pytest.fixture
async def phone(desk) -> Phone:
    return await phone_at(desk)


async def the_ticket(desk: Desk) -> dict:
    (listed,) = (await desk.get()).json()["data"]["items"]
    return (await desk.get(f"/{listed['id']}")).json()["data"]


async def test_staff_read_what_the_tenant_said_about_coming_in(phone: Phone, desk: Desk):
    await phone.report(**TAP)

    report = (await the_ticket(desk))["report"]

    assert report["access"] == {
        "mayEnterAlone": True,
        "notes": "Big dog behind the door",
        "goodTimes": ["weekday-am", "saturday"],
    }
    assert report["language"] == "ar"


async def test_the_picker_is_told_in_words(phone: Phone, desk: Desk):
    await phone.report(**TAP, answers={"tap_how": "drips"})

    report = (await the_ticket(desk))["report"]

    assert (report["room"], report["fault"]) == ("Kitchen", "Tap drips or is broken")
    assert report["answers"] == [{"question": "What is it like?", "answer": "It drips"}]


async def test_what_was_left_open_is_empty(phone: Phone, desk: Desk):
    await phone.report(description="The kitchen tap drips.")

    report = (await the_ticket(desk))["report"]

    assert report["access"] == {"mayEnterAlone": None, "notes": None, "goodTimes": []}
    assert (report["room"], report["answers"], report["soundsLike"]) == (None, [], None)


async def test_danger_that_the_words_told_of_is_named(phone: Phone, desk: Desk):
    await phone.report(description="There is a strong smell of gas in the kitchen.")

    assert (await the_ticket(desk))["report"]["soundsLike"] == "gas_smell"


async def test_when_somebody_is_at_home_is_told_only_to_those_who_may_know_people(phone: Phone, desk: Desk):
    await phone.report(**TAP)
    ticket_id = (await the_ticket(desk))["id"]

    role = Role(org_id=desk.org_id, name="Contractor desk", stored_grants={Permission.TICKETS_READ: Scope.ORG})
    await desk.world.add(desk.org_id, role)
    shown = await (await desk.beside("Contractor desk")).get(f"/{ticket_id}")

    assert shown.json()["data"]["report"]["access"] is None
    assert shown.json()["data"]["report"]["room"] == "Kitchen"
    assert "dog" not in shown.text


async def test_a_ticket_that_staff_wrote_down_has_no_report(desk: Desk):
    await desk.report()

    assert (await the_ticket(desk))["report"] is None


async def test_the_story_says_that_the_words_and_no_advisor_raised_the_hazard(phone: Phone, desk: Desk):
    await phone.report(description="There is a strong smell of gas in the kitchen.")

    story = await desk.story((await the_ticket(desk))["id"])

    (raised,) = [line for line in story if line["kind"] == "hazard_raised"]
    assert raised["data"] == {"from": None, "to": "potential_emergency"}
