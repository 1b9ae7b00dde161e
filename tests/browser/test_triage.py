"""The coordinator's triage: by hand, with AI beside it, one by one and many at once; and what a danger looks like."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_tickets import report

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

NEW = "/app/tickets?status=new"
ALARM = {
    "id": "0199aaaa-0000-7000-8000-00000000c0de",
    "reference": "T-10482",
    "title": "Smell of gas in the kitchen",
    "danger": "gas_smell",
    "property": {"id": "0199aaaa-0000-7000-8000-00000000aaaa", "address": "14 Ash Grove, Leeds", "postcode": "LS6 1AA"},
    "addressAsWritten": None,
    "unitLabel": "Flat 2",
    "reporterName": "Oluwaseun Adébáyò-Featherstonehaugh",
    "reporterPhone": "07700 900142",
    "reportedAt": "2026-11-23T08:02:00Z",
    "version": 1,
}


def triage_of_a_new_report(sitting, title):
    """Take a report down and open its triage."""
    report(sitting, title)
    expect(sitting.page.get_by_role("heading", level=2, name="Triage")).to_be_visible()
    return sitting.page.get_by_role("region", name="Triage")


def test_what_ai_suggests_stands_with_its_reasons_until_a_person_takes_it(desk):
    priya = desk().enters_as("Priya Raman")
    panel = triage_of_a_new_report(priya, "Boiler dead and the baby is cold")

    panel.get_by_role("button", name="AI triage").click()
    expect(panel.get_by_text(re.compile("Suggested by"))).to_be_visible()
    expect(panel.get_by_role("combobox", name="Category")).to_have_accessible_description(re.compile(r"\w+"))
    priya.has_no_barriers("ticket with a suggestion")
    panel.get_by_role("combobox", name="Priority").select_option("P4")
    panel.get_by_role("combobox", name="Hazard").select_option("none")
    panel.get_by_role("button", name="Accept with changes").click()

    expect(panel.get_by_role("button", name="Approve the repair")).to_be_visible()
    expect(priya.page.get_by_text("accepted AI's suggestion with changes")).to_be_visible()
    assert priya.complaints == []


def test_a_report_is_triaged_by_hand_and_the_tenant_is_asked(desk):
    priya = desk().enters_as("Priya Raman")
    panel = triage_of_a_new_report(priya, "Radiator stays cold")

    panel.get_by_role("button", name="Begin triage").click()
    expect(panel.get_by_role("button", name="Ask the tenant")).to_be_visible()
    panel.get_by_role("button", name="Save classification").click()
    expect(panel.get_by_role("alert")).to_contain_text("Choose the hazard first")
    panel.get_by_role("combobox", name="Hazard").select_option("none")
    panel.get_by_role("button", name="Save classification").click()
    panel.get_by_role("button", name="Ask the tenant").click()
    priya.has_no_barriers("ticket, asking the tenant")
    panel.get_by_role("textbox").fill("Which room is it in?")
    panel.get_by_role("button", name="Send the question").click()

    expect(panel.get_by_role("button", name="The answer is in")).to_be_visible()
    expect(priya.page.get_by_text("Which room is it in?")).to_be_visible()


def test_a_selection_is_put_to_ai_in_one_go(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    page.goto(f"{priya.address}{NEW}")
    boxes = page.get_by_role("checkbox", name=re.compile("Select T-"))
    for row in range(3):
        boxes.nth(row).check()
    bar = page.get_by_role("region", name="Selected tickets")
    expect(bar).to_contain_text("3 tickets selected")
    priya.has_no_barriers("list with a selection")

    bar.get_by_role("button", name="AI triage").click()

    expect(bar).to_contain_text(re.compile("AI has read 3 tickets"))


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_danger_stands_over_every_page_until_somebody_acknowledges_it(desk, viewport, colours):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")
    alarms = [ALARM]
    sitting.context.route(
        "**/api/v1/tickets/dangers",
        lambda route: route.fulfill(json={"data": {"items": alarms}, "error": None, "traceId": ""}),
    )
    sitting.context.route(
        "**/danger/acknowledgement", lambda route: (alarms.clear(), route.fulfill(body=json.dumps({"data": None})))
    )
    page = sitting.enters_as("Priya Raman").page

    banner = page.get_by_role("alert", name="Dangers nobody looks after yet")
    expect(banner).to_contain_text("Smell of gas")
    expect(banner.get_by_role("link", name=re.compile("07700 900142"))).to_be_visible()
    sitting.has_no_barriers(f"a danger, {colours}")
    banner.get_by_role("button", name="Acknowledge").click()

    expect(banner.get_by_text("Smell of gas")).to_be_hidden()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_administrator_sets_whom_a_danger_reaches(desk, viewport):
    admin = desk(viewport=viewport, color_scheme="dark").enters_as("Tunde Adeyemi")
    page = admin.page

    page.get_by_role("link", name="Settings", exact=True).click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_label("E-mail address").fill("nonsense")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Enter an e-mail address like")).to_be_visible()
    admin.has_no_barriers("settings, with an error")
    page.get_by_label("E-mail address").fill("oncall@example.com")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Settings saved")).to_be_visible()
    page.reload()

    expect(page.get_by_label("E-mail address")).to_have_value("oncall@example.com")
