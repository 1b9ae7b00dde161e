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


def told(sitting, alarms, *, hazards=0):
    """Let the staff app hear of these alarms; returns the ids of those that somebody acknowledges."""
    acknowledged = []

    def dangers(route):
        left = [alarm for alarm in alarms if alarm["id"] not in acknowledged]
        data = {"items": left, "waiting": len(left), "hazards": hazards}
        route.fulfill(json={"data": data, "error": None, "traceId": ""})

    def acknowledge(route):
        acknowledged.append(route.request.url.split("/")[-3])
        route.fulfill(body=json.dumps({"data": {}, "error": None, "traceId": ""}))

    sitting.context.route("**/api/v1/tickets/dangers", dangers)
    sitting.context.route("**/danger/acknowledgement", acknowledge)
    return acknowledged


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
    told(sitting, [ALARM])
    page = sitting.enters_as("Priya Raman").page

    banner = page.get_by_role("region", name="Dangers nobody looks after yet")
    expect(banner).to_contain_text("Smell of gas")
    expect(banner.get_by_role("link", name=re.compile("07700 900142"))).to_be_visible()
    sitting.has_no_barriers(f"a danger, {colours}")
    banner.get_by_role("button", name="Acknowledge").click()
    expect(banner.get_by_text("You look after it")).to_be_visible()
    sitting.has_no_barriers(f"a danger somebody looks after, {colours}")
    page.mouse.move(10, 700)

    expect(banner).to_be_hidden()


def test_a_double_click_acknowledges_one_alarm_and_leaves_the_others_to_be_read(desk):
    sitting = desk()
    fire = ALARM | {"id": "0199aaaa-0000-7000-8000-00000000c0df", "reference": "T-10483", "danger": "fire"}
    elsewhere = [one | {"property": ALARM["property"] | {"id": one["id"]}} for one in (ALARM, fire)]
    acknowledged = told(sitting, elsewhere)
    page = sitting.enters_as("Priya Raman").page
    banner = page.get_by_role("region", name="Dangers nobody looks after yet")
    first = banner.get_by_role("button", name="Acknowledge").first
    expect(first).to_be_visible()

    first.dblclick(delay=60)
    expect(banner.get_by_role("button", name="Undo")).to_be_visible()

    assert acknowledged == [ALARM["id"]]
    expect(banner.get_by_role("link", name="Fire")).to_be_visible()
    expect(banner.get_by_role("button", name="Acknowledge")).to_have_count(1)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_many_alarms_leave_room_for_the_work(desk, viewport):
    sitting = desk(viewport=viewport, color_scheme="dark")
    alarms = [
        ALARM | {"id": f"0199aaaa-0000-7000-8000-0000000000{n:02}", "reference": f"T-105{n:02}"} for n in range(12)
    ]
    homes = [alarm | {"property": ALARM["property"] | {"id": f"home-{n // 3}"}} for n, alarm in enumerate(alarms)]
    told(sitting, homes, hazards=2)
    page = sitting.enters_as("Priya Raman").page

    banner = page.get_by_role("region", name="Dangers nobody looks after yet")
    more = banner.get_by_role("button", name=re.compile("more alarms"))
    expect(more).to_be_visible()
    expect(banner).to_contain_text("3 alarms at Flat 2, 14 Ash Grove, Leeds, LS6 1AA")
    expect(page.get_by_role("link", name="Show alarms")).to_be_visible()
    sitting.has_no_barriers("many alarms")
    assert banner.bounding_box()["height"] < viewport["height"] * 0.4
    more.click()
    banner.get_by_role("button", name="Show each").first.click()

    expect(banner.get_by_role("button", name="Acknowledge").first).to_be_visible()
    sitting.has_no_barriers("many alarms, unfolded")


def test_what_ai_found_in_a_selection_is_shown_and_confirmed_in_one_go(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    for title in ("Tap drips in the kitchen", "Wardrobe door squeaks", "Sparks from the socket and a burning smell"):
        report(priya, title)
    page.goto(f"{priya.address}{NEW}")
    boxes = page.get_by_role("checkbox", name=re.compile("Select T-"))
    for row in range(3):
        boxes.nth(row).check()
    bar = page.get_by_role("region", name="Selected tickets")
    bar.get_by_role("button", name="AI triage").click()
    expect(bar).to_contain_text(re.compile(r"3 suggestions, \d alarm"), timeout=120_000)  # the advisor may be waking
    bar.get_by_role("link", name="Show them").click()

    page.wait_for_url(re.compile("mark=suggestion"))
    sparks = page.get_by_role("row").filter(has_text="Sparks from the socket")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Alarm: nobody has looked at it")
    expect(sparks).to_contain_text("Alarm: nobody has looked at it")
    priya.has_no_barriers("list of suggestions")
    page.get_by_role("checkbox", name="Select all tickets that are shown").check()
    expect(bar).to_contain_text("must be opened")
    bar.get_by_role("button", name=re.compile("Confirm [0-9]+ suggestion")).click()

    expect(bar).to_contain_text(re.compile("[0-9]+ suggestions? confirmed"))
    expect(sparks).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_administrator_sets_whom_a_danger_reaches(desk, viewport):
    admin = desk(viewport=viewport, color_scheme="dark").enters_as("Tunde Adeyemi")
    page = admin.page

    if viewport == PHONE:
        page.get_by_role("button", name="Commands").click()
        page.get_by_role("option", name="Go to settings").click()
    else:
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
