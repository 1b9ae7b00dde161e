"""What administrators look after: people, roles, settings, notices, keys, requests, the log, and their own profile."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"
SCREENS = {
    "users": "People who work here",
    "users/teams": "People who work here",
    "users/roles": "People who work here",
    "settings": "Settings",
    "settings/sign-in": "Signing in",
    "settings/public": "Name and notices",
    "settings/api-keys": "API keys",
    "settings/privacy": "Requests about personal data",
    "settings/retention": "Kept and forgotten",
    "settings/support": "Support",
    "settings/audit": "Audit",
    "profile": "Your profile and security",
}
"""Each address with the heading that says where one is."""


def stands(page, heading):
    """The screen is there, and nothing on it is still being fetched."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(page.locator("mu-skeleton")).to_have_count(0)


def unfolded(page):
    """Walk through what opens on the screens; yields a name for each."""
    page.goto(page.url.split("/app/")[0] + "/app/users")
    stands(page, SCREENS["users"])
    page.locator("#everybody ~ ul button[aria-expanded=false]").nth(1).click()
    yield "somebody's account"
    page.get_by_role("button", name="Invite").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "an invitation"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Roles", exact=True).click()
    page.get_by_role("link", name=re.compile("Coordinator")).first.click()
    expect(page.get_by_role("searchbox", name="Search permissions")).to_be_visible()
    yield "what a role may"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_no_screen_has_a_barrier(desk, viewport, colours):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = sitting.page

    for address, heading in SCREENS.items():
        page.goto(f"{sitting.address}/app/{address}")
        stands(page, heading)
        sitting.has_no_barriers(f"{address}, {colours}")
    for what in unfolded(page):
        sitting.has_no_barriers(f"{what}, {colours}")


def test_a_key_is_made_shown_once_and_revoked_with_the_keyboard_alone(desk):
    page = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR).page
    page.goto(page.url.split("/app/")[0] + "/app/settings/api-keys")
    stands(page, "API keys")

    press(page, page.get_by_role("button", name="Make a key").first)
    page.get_by_label("Which program will use it?").focus()
    page.keyboard.type("Rota planner")
    press(page, page.get_by_label("Report repairs"), key="Space")
    press(page, page.get_by_role("button", name="Make a key").last)
    expect(page.get_by_text("Your new key for Rota planner")).to_be_visible()
    assert re.search(r"mu_\S{20,}", page.locator("main").inner_text())
    press(page, page.get_by_role("button", name="I have copied it"))
    expect(page.locator("main")).not_to_contain_text(re.compile(r"mu_\S{20,}"))

    press(page, page.get_by_role("button", name="Revoke the key of Rota planner"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("never works again")
    press(page, dialog.get_by_role("button", name="Revoke", exact=False).last)
    expect(page.get_by_text(re.compile("Revoked on")).first).to_be_visible()


def test_a_request_about_personal_data_runs_by_its_clock_and_stands_in_the_log(desk):
    page = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR).page
    origin = page.url.split("/app/")[0]
    page.goto(f"{origin}/app/settings/privacy")
    stands(page, SCREENS["settings/privacy"])

    page.get_by_role("combobox", name="Who asks").press_sequentially("khan")
    page.locator("#who-list").get_by_role("option").first.click()
    page.get_by_role("button", name="Write down a request").click()
    expect(page.get_by_text(re.compile("^ *Answer by")).first).to_be_visible()

    page.goto(f"{origin}/app/settings/audit")
    stands(page, "Audit")
    expect(page.locator("main")).to_contain_text(re.compile("personal data", re.IGNORECASE))


def test_the_search_finds_a_person_and_leads_there_with_the_keyboard_alone(desk):
    page = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR).page
    expect(page.get_by_role("row").nth(3)).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("khan")
    found = page.get_by_role("option")
    expect(found.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/app/(people|properties|tickets)/"))


def press(page, what, key="Enter"):
    """As somebody without a mouse."""
    what.focus()
    expect(what).to_be_focused()
    page.keyboard.press(key)
