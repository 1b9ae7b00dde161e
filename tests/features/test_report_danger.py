"""A danger that nobody chose from the list: told in words, or come up after the report."""

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.ticket_events import RejectionReason
from tests.desk import Desk, desk_of
from tests.portal import Phone, phone_at


@pytest.fixture
async def desk(trial, world) -> Desk:
    return await desk_of(trial, world)


@pytest.fixture
async def phone(desk) -> Phone:
    return await phone_at(desk)


async def the_ticket(desk: Desk) -> dict:
    (listed,) = (await desk.get()).json()["data"]["items"]
    return (await desk.get(f"/{listed['id']}")).json()["data"]


async def decided(phone: Phone, desk: Desk, decide) -> None:
    ticket_id = (await the_ticket(desk))["id"]
    async with desk.world.work(desk.org_id) as work:
        decide(await phone.ticket(work, ticket_id), work.now)


def reject(ticket, now) -> None:
    ticket.triage(at=now)
    ticket.reject(RejectionReason.TENANT_DUTY, "Bulbs are yours to change.", at=now)


async def test_danger_told_in_words_is_asked_about_at_once_and_raises_the_hazard(phone: Phone, desk: Desk):
    sent = (await phone.report(description="There is a strong smell of gas in the kitchen.")).json()["data"]

    assert sent["soundsLike"] == "gas_smell"
    ticket = await the_ticket(desk)
    assert (ticket["hazardClass"], ticket["danger"]) == ("potential_emergency", None)
    assert "hazard_raised" in [line["kind"] for line in await desk.story(ticket["id"])]


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("The whole flat has no power.", "no_power"),
        ("My daughter is locked in the bathroom and can't get out.", "person_stuck"),
        ("The carbon monoxide alarm went off twice.", "co_alarm"),
        ("Water drips through the bathroom light.", "flooding"),
    ],
)
async def test_a_mere_sign_of_danger_is_asked_about_too(phone: Phone, desk: Desk, words, danger):
    sent = (await phone.report(description=words)).json()["data"]

    assert sent["soundsLike"] == danger
    assert (await the_ticket(desk))["hazardClass"] == "potential_emergency"


@pytest.mark.parametrize("words", ["The kitchen tap drips.", "The cooker is broken, but there is no smell of gas."])
async def test_ordinary_words_raise_nothing(phone: Phone, desk: Desk, words):
    sent = (await phone.report(description=words)).json()["data"]

    assert sent["soundsLike"] is None
    assert (await the_ticket(desk))["hazardClass"] is None


async def test_a_danger_in_later_words_is_heard_as_well(phone: Phone, desk: Desk):
    page = await phone.sends("The cooker does not light.")

    status = (await page.post("/words", {"text": "Now the carbon monoxide alarm is going off."})).json()["data"]

    assert status["soundsLike"] == "co_alarm"
    assert (await the_ticket(desk))["hazardClass"] == "potential_emergency"


async def test_a_tenant_who_says_it_is_happening_now_raises_the_alarm(phone: Phone, desk: Desk):
    page = await phone.sends("There is a strong smell of gas in the kitchen.")

    status = (await page.post("/danger", {"danger": "gas_smell"})).json()["data"]

    assert (status["danger"], status["soundsLike"], status["isDangerAcknowledged"]) == ("gas_smell", None, False)
    ticket = await the_ticket(desk)
    assert (ticket["danger"], ticket["priority"]) == ("gas_smell", "P1")
    assert await desk.world.promised(desk.org_id) == ["send-email"]


async def test_a_nervous_thumb_raises_one_alarm(phone: Phone, desk: Desk):
    page = await phone.sends("Sparks from the socket.")

    for _ in range(3):
        await page.post("/danger", {"danger": "fire"})

    assert await desk.world.promised(desk.org_id) == ["send-email"]


async def test_a_danger_that_comes_back_is_an_alarm_again(phone: Phone, desk: Desk):
    page = phone.with_token((await phone.report(danger="gas_smell")).json()["data"]["statusToken"])
    ticket = await the_ticket(desk)
    await desk.put(f"/{ticket['id']}/danger/acknowledgement", {}, ticket["version"])

    status = (await page.post("/danger", {"danger": "gas_smell"})).json()["data"]

    assert status["isDangerAcknowledged"] is False


async def test_nobody_is_asked_about_a_danger_that_staff_have_judged_harmless(phone: Phone, desk: Desk):
    page = await phone.sends("There is a strong smell of gas in the kitchen.")
    ticket = await the_ticket(desk)
    harmless = {"category": "gas", "trade": None, "priority": "P3", "hazardClass": "none", "responsibility": "landlord"}
    manager = await desk.beside(BuiltInRole.MANAGER)
    reason = {"loweredBecause": "It was the neighbour's paint."}
    await manager.put(f"/{ticket['id']}/classification", harmless | reason, ticket["version"])

    assert (await page.get("/status")).json()["data"]["soundsLike"] is None


async def test_danger_after_a_rejection_is_an_alarm_like_any_other(phone: Phone, desk: Desk):
    page = await phone.sends("The boiler makes a noise.")
    await decided(phone, desk, reject)

    answer = await page.post("/danger", {"danger": "gas_smell"})

    assert answer.status_code == 201
    ticket = await the_ticket(desk)
    assert (ticket["status"], ticket["priority"], ticket["rejection"]) == ("triage", "P1", None)
    assert await desk.world.promised(desk.org_id) == ["send-email"]


@pytest.mark.parametrize("first", [{"danger": "flooding"}, {"description": "There is a strong smell of gas."}])
async def test_a_second_danger_is_heard_once_somebody_looks_after_the_first(phone: Phone, desk: Desk, first):
    page = phone.with_token((await phone.report(**first)).json()["data"]["statusToken"])
    await desk.put(f"/{(await the_ticket(desk))['id']}/danger/acknowledgement", {}, 1)
    assert (await the_ticket(desk))["hasAlarm"] is False

    status = (await page.post("/words", {"text": "Now the carbon monoxide alarm is going off."})).json()["data"]

    assert status["soundsLike"] == "co_alarm"
    assert (await the_ticket(desk))["hasAlarm"] is True


async def test_an_answer_to_a_rejection_brings_the_report_back(phone: Phone, desk: Desk):
    page = await phone.sends("The lamp in the hall is dark.")
    await decided(phone, desk, reject)
    assert (await page.get("/status")).json()["data"]["canWrite"] is True

    status = (await page.post("/words", {"text": "It is the fitting that sparks, not the bulb."})).json()["data"]

    assert status["stage"] == "being_looked_at"
    ticket = await the_ticket(desk)
    assert (ticket["status"], ticket["rejection"]) == ("triage", None)
    assert "review_asked" in [line["kind"] for line in await desk.story(ticket["id"])]


async def test_words_that_would_reach_nobody_are_not_taken(phone: Phone, desk: Desk):
    page = await phone.sends("The lamp in the hall is dark.")
    await decided(phone, desk, lambda ticket, now: ticket.cancel("It was the bulb.", by_tenant=True, at=now))

    answer = await page.post("/words", {"text": "It is dark again."})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "illegal-transition")
    assert (await page.get("/status")).json()["data"]["canWrite"] is False


async def test_an_alarm_that_the_tenant_took_back_says_so_and_waits_on_until_somebody_acknowledges_it(
    phone: Phone, desk: Desk
):
    sent = (await phone.report(danger="gas_smell")).json()["data"]
    taken_back = phone.with_token(sent["statusToken"])
    await phone.report(danger="fire")
    await taken_back.post("/cancellation", {"reason": "It was the bin."})

    alarms = (await desk.get("/dangers")).json()["data"]["items"]
    gas = next(alarm for alarm in alarms if alarm["danger"] == "gas_smell")
    ticket = (await desk.get(f"/{gas['id']}")).json()["data"]

    assert [(alarm["danger"], alarm["takenBackAt"] is not None) for alarm in alarms] == [
        ("gas_smell", True),
        ("fire", False),
    ]
    assert ticket["takenBackAt"] == gas["takenBackAt"] == ticket["statusSince"]
    assert ticket["hasAlarm"] is True


async def test_what_the_office_cancels_was_not_taken_back(desk: Desk):
    ticket_id = await desk.world.ticket(desk.org_id, desk.home, danger=Danger.FIRE)

    cancelled = (await desk.post(f"/{ticket_id}/cancellation", {"reason": "A drill."}, version=1)).json()["data"]

    assert (cancelled["status"], cancelled["takenBackAt"]) == ("cancelled", None)


async def test_a_key_of_one_home_opens_nothing_at_another(phone: Phone, desk: Desk, trial, world):
    key = "3f0a7b1e-58a2-4f4f-9d1e-0c2f0f4a9b11"
    await phone.report(submissionKey=key, description="No hot water.")
    neighbours = await phone_at(Desk(trial, world, desk.staff, await world.home(desk.org_id), desk.headers))

    answer = await neighbours.report(submissionKey=key, description="No hot water.")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "submission-key-reused")
