"""Who may do what here: teams with their lead, the head of service, and roles of the organisation's own."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def users(desk: Desk, tab: str) -> Page:
    """One of the screens about people who work here."""
    desk.page.goto(f"{desk.address}/app/users/{tab}")
    expect(desk.page.get_by_role("heading", level=1, name="People who work here")).to_be_visible()
    expect(desk.page.locator("mu-skeleton")).to_have_count(0)
    return desk.page


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_a_team_gets_its_people_and_its_lead_with_the_keyboard_and_is_dissolved(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as("Tunde Adeyemi")
    page, name = users(tunde, "teams"), f"Heating {colours}"

    page.get_by_role("button", name="New team").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill(name)
    dialog.get_by_role("checkbox", name="Callum Fraser").press("Space")
    dialog.get_by_label("Lead").select_option("Callum Fraser")
    tunde.has_no_barriers("a new team")
    dialog.get_by_role("button", name="Save team").press("Enter")
    team = page.get_by_role("listitem").filter(has_text=name)
    expect(team).to_contain_text("Callum Fraser")
    tunde.has_no_barriers("teams")

    team.get_by_role("button", name="Dissolve").press("Enter")
    tunde.has_no_barriers("whether to dissolve")
    dialog.get_by_role("button", name="Dissolve").press("Enter")
    expect(team).to_have_count(0)


def test_a_head_of_service_is_named(desk):
    tunde = desk(reduced_motion="reduce").enters_as("Tunde Adeyemi")
    page = users(tunde, "teams")
    head = page.get_by_role("region", name="Head of service")

    head.get_by_role("combobox").select_option("Joanne Whitaker")
    head.get_by_role("button").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Joanne Whitaker").first).to_be_visible()

    page.reload()
    expect(head.get_by_role("combobox").locator("option:checked")).to_have_text("Joanne Whitaker")


def test_a_role_of_our_own_is_changed_and_says_that_it_counts_now(desk):
    tunde = desk(reduced_motion="reduce").enters_as("Tunde Adeyemi")
    page = users(tunde, "roles")
    page.get_by_role("link", name=re.compile("Out of hours")).first.press("Enter")
    expect(page.get_by_label("Name of the role")).to_have_value("Out of hours")
    tunde.has_no_barriers("a role of our own")

    page.get_by_role("searchbox", name="Search permissions").fill("messages:send")
    page.get_by_label(re.compile("messages:send")).select_option("")
    page.get_by_role("button", name="Save").first.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Out of hours").first).to_be_visible()

    page.reload()
    page.get_by_role("searchbox", name="Search permissions").fill("messages:send")
    expect(page.get_by_label(re.compile("messages:send"))).to_have_value("")
