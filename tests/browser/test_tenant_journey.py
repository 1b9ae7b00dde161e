"""The main job from end to end: a repair travels from a tenant's phone to a triaged ticket and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up


def scans_the_poster(phone) -> Page:
    page = phone.page
    page.goto(f"{phone.address}/")
    page.get_by_role("link", name=re.compile("tenant", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", name="Is one of these happening now?")).to_be_visible()
    return page


def the_kitchen_tap_drips(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^None of these")).click()
    page.get_by_role("button", name="Kitchen").click()
    page.get_by_role("button", name=re.compile("^Tap drips")).click()
    page.get_by_role("button", name="It drips").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_label("What should we know?").fill("Cieknie kran, the cupboard below is wet. 💧")
    page.get_by_role("button", name="Continue").click()


def leaves_an_address(page: Page, email: str) -> None:
    page.get_by_role("button", name="Continue").click()  # no photos
    page.get_by_role("button", name="Continue").click()  # no times
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Continue").click()


def reference_on(page: Page) -> str:
    expect(page.get_by_role("heading", name="Your report has arrived")).to_be_visible()
    return re.search(r"T-\d+", page.locator("main").inner_text())[0]


def looks_after_every_alarm(page: Page) -> None:
    """Alarms of one home share a bar; a press right after a bar has moved is taken for a mistake."""
    folded = page.get_by_role("button", name="Show each")
    if folded.count():
        folded.first.click()
    waiting = page.get_by_role("button", name="Acknowledge")
    while left := waiting.count():
        page.wait_for_timeout(1_000)
        waiting.first.click()
        expect(waiting).to_have_count(left - 1)


def test_a_repair_travels_from_the_phone_to_a_triaged_ticket_and_the_answer_travels_back(desk):
    priya = desk().enters_as("Priya Raman")
    expect(priya.page.get_by_role("row").nth(2)).to_be_visible()
    phone = desk(viewport=PHONE)

    page = scans_the_poster(phone)
    phone.has_no_barriers("danger")
    the_kitchen_tap_drips(page)
    phone.loses_the_network()
    leaves_an_address(page, "nkechi.adeyemi@example.com")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    phone.has_no_barriers("not sent yet")
    phone.context.set_offline(False)
    reference = reference_on(page)
    phone.has_no_barriers("sent")

    row = priya.page.locator("mu-ticket-row", has_text=reference).locator("a").first
    expect(row).to_be_visible()
    row.click()
    expect(priya.page.get_by_text(reference).first).to_be_visible()
    expect(priya.page.get_by_text("Cieknie kran")).to_be_visible()
    panel = priya.page.get_by_role("region", name="Triage")
    panel.get_by_role("button", name="Begin triage").click()
    panel.get_by_role("button", name="Ask the tenant").click()
    priya.page.get_by_role("textbox", name=re.compile("question", re.IGNORECASE)).fill("Which cupboard is wet?")
    priya.page.get_by_role("button", name=re.compile("^(Ask|Send)", re.IGNORECASE)).last.click()

    page.goto(f"{phone.address}/mailbox/?q={reference}")
    page.get_by_role("link", name=re.compile("question", re.IGNORECASE)).click()
    link = re.search(r"http\S+/tenant/status#\S+", page.locator("body").inner_text())[0]
    page.goto(link)
    expect(page.get_by_text("Which cupboard is wet?").first).to_be_visible()
    phone.has_no_barriers("status")
    page.get_by_label("Your answer").fill("The one under the sink.")
    page.get_by_role("button", name="Send your answer").click()

    expect(priya.page.get_by_text("The one under the sink.")).to_be_visible()
    expect(panel.get_by_role("button", name="Ask the tenant")).to_be_visible()
    assert (phone.complaints, priya.complaints) == ([], [])


def test_a_smell_of_gas_is_sent_at_once_and_stays_on_every_screen_until_somebody_has_seen_it(desk):
    priya = desk().enters_as("Priya Raman")
    expect(priya.page.get_by_role("row").nth(2)).to_be_visible()
    phone = desk(viewport=PHONE)

    page = scans_the_poster(phone)
    page.get_by_role("button", name="I can smell gas").click()
    expect(page.get_by_role("link", name=re.compile("0800 111 999")).first).to_be_visible()
    phone.has_no_barriers("gas")

    alarms = priya.page.get_by_role("button", name=re.compile("^(Acknowledge|Show each)"))
    expect(alarms.first).to_be_visible()
    priya.has_no_barriers("alarm")
    looks_after_every_alarm(priya.page)
    assert (phone.complaints, priya.complaints) == ([], [])
