"""Somebody reports first and says afterwards how they can be reached: in danger nobody stops to fill in a form."""

import pytest

from tests.desk import Desk, desk_of
from tests.portal import Phone, phone_at


@pytest.fixture
async def desk(trial, world) -> Desk:
    return await desk_of(trial, world)


@pytest.fixture
async def phone(desk) -> Phone:
    return await phone_at(desk)


async def in_danger(phone: Phone, **said) -> Phone:
    return phone.with_token((await phone.report(danger="gas_smell", **said)).json()["data"]["statusToken"])


async def the_ticket(desk: Desk) -> dict:
    (listed,) = (await desk.get()).json()["data"]["items"]
    return (await desk.get(f"/{listed['id']}")).json()["data"]


async def told(desk: Desk) -> list[str]:
    """What staff read of ways to reach the reporter that are not in the file, newest first."""
    story = await desk.story((await the_ticket(desk))["id"])
    return [line["body"] for line in story if line["kind"] == "contact_left" and line["body"]]


async def test_a_number_left_after_the_alarm_stands_on_the_ticket(phone: Phone, desk: Desk):
    page = await in_danger(phone)

    answer = await page.post("/contact", {"phone": "07700 900123"})

    assert answer.status_code == 201
    ticket = await the_ticket(desk)
    assert ticket["reporter"]["phone"] == "07700 900123"
    assert "contact_left" in [line["kind"] for line in await desk.story(ticket["id"])]


async def test_who_leaves_an_address_nobody_had_is_written_to(phone: Phone, desk: Desk):
    page = await phone.sends("The kitchen tap drips.")

    await page.post("/contact", {"name": "Oluwaseun", "email": "Oluwaseun@example.com"})

    ticket = await the_ticket(desk)
    assert (ticket["reporter"]["name"], ticket["reporter"]["email"]) == ("Oluwaseun", "oluwaseun@example.com")
    assert await desk.world.promised(desk.org_id) == ["send-email"]


async def test_a_number_of_the_tenancy_tells_who_it_was(phone: Phone, desk: Desk):
    page = await phone.sends("The kitchen tap drips.")

    await page.post("/contact", {"email": "aisha.khan@example.com"})

    assert (await the_ticket(desk))["reporter"]["name"] == "Aisha Khan"


@pytest.mark.parametrize("written", ["+44 7700 900123", "00447700900123", "07700900123", "+44 (0)7700/900.123"])
async def test_a_tenant_is_known_by_their_number_with_or_without_the_country(phone: Phone, desk: Desk, written):
    page = await phone.sends("The kitchen tap drips.")

    await page.post("/contact", {"phone": written})

    assert (await the_ticket(desk))["reporter"]["name"] == "Aisha Khan"
    assert written not in await told(desk)


async def test_what_is_known_stays_and_another_number_is_told_as_words(phone: Phone, desk: Desk):
    page = await in_danger(phone, contact={"name": "Ines", "phone": "07700 900111"})

    await page.post("/contact", {"phone": "07700900111", "email": "ines@example.com"})
    answer = await page.post("/contact", {"phone": "07700 900222"})

    reporter = (await the_ticket(desk))["reporter"]
    assert (reporter["phone"], reporter["email"]) == ("07700 900111", "ines@example.com")
    assert answer.status_code == 201
    assert "07700 900222" in await told(desk)


async def test_the_same_number_again_changes_nothing(phone: Phone, desk: Desk):
    page = await in_danger(phone)

    for _ in range(3):
        await page.post("/contact", {"phone": "07700 900123"})

    kinds = [line["kind"] for line in await desk.story((await the_ticket(desk))["id"])]
    assert kinds.count("contact_left") == 1
    assert "tenant_wrote" not in kinds


@pytest.mark.parametrize("contact", [{}, {"name": "Ines"}, {"phone": "call me"}, {"email": "nowhere"}])
async def test_a_way_that_leads_nowhere_is_refused(phone: Phone, contact):
    page = await phone.sends("The kitchen tap drips.")

    assert (await page.post("/contact", contact)).status_code == 422


async def test_the_status_page_says_who_looks_after_a_danger(phone: Phone, desk: Desk):
    page = await in_danger(phone)
    ticket = await the_ticket(desk)

    before = (await page.get("/status")).json()["data"]
    await desk.put(f"/{ticket['id']}/danger/acknowledgement", {}, ticket["version"])
    after = (await page.get("/status")).json()["data"]

    assert (before["isDangerAcknowledged"], before["dangerAcknowledgedBy"]) == (False, None)
    assert (after["isDangerAcknowledged"], after["dangerAcknowledgedBy"]) == (True, desk.staff.name)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+44 (0)7700/900.177", "+44 (0)7700/900.177"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "07700 900123"),  # noqa: RUF001
        ("01632 960001, ask for Ines", "01632 960001, ask for Ines"),
    ],
)
async def test_a_number_is_taken_however_it_is_written(phone: Phone, desk: Desk, written, kept):
    page = await in_danger(phone)

    await page.post("/contact", {"phone": written})

    assert (await the_ticket(desk))["reporter"]["phone"] == kept


async def test_a_tenants_file_is_not_changed_by_whoever_holds_a_poster(phone: Phone, desk: Desk):
    contact = {"name": "Aisha", "email": "aisha.khan@example.com", "phone": "07700 900999"}

    answer = await phone.report(description="No hot water.", contact=contact)
    page = phone.with_token(answer.json()["data"]["statusToken"])
    await page.post("/contact", {"email": "somebody.else@example.com"})

    reporter = (await the_ticket(desk))["reporter"]
    assert (reporter["email"], reporter["phone"]) == ("aisha.khan@example.com", "07700 900123")
    assert await told(desk) == ["somebody.else@example.com", "07700 900999"]


async def test_a_number_answers_no_question(phone: Phone, desk: Desk):
    page = await phone.sends("The boiler makes a noise.")
    async with desk.world.work(desk.org_id) as work:
        ticket = await phone.ticket(work, (await the_ticket(desk))["id"])
        ticket.triage(at=work.now)
        ticket.ask("Which boiler is it?", at=work.now)

    status = (await page.post("/contact", {"phone": "07700 900222"})).json()["data"]

    assert (status["stage"], status["question"]["text"]) == ("waiting_for_you", "Which boiler is it?")
