"""Somebody's own way in: a password, a second step with the codes that save them, and where they are signed in."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from maintainuk.infrastructure.demo.people import DEMO_PASSWORD
from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

LOOKS = [(DESKTOP, "light", "Agnieszka Nowak"), (PHONE, "dark", "Joanne Whitaker")]
NEW = "seven otters under the pier"


def profile(desk: Desk) -> Page:
    desk.page.goto(f"{desk.address}/app/profile")
    expect(desk.page.get_by_role("heading", level=1, name="Your profile and security")).to_be_visible()
    expect(desk.page.locator("mu-skeleton")).to_have_count(0)
    return desk.page


def change(page: Page, present: str, new: str) -> None:
    page.get_by_label("Present password").fill(present)
    page.get_by_label("New password").fill(new)
    page.get_by_role("button", name="Save password").press("Enter")


@pytest.mark.parametrize(("viewport", "colours", "name"), LOOKS, ids=["desk", "phone"])
def test_a_password_is_changed_with_the_keyboard_and_every_mistake_is_told_beside_its_field(
    desk, viewport, colours, name
):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(name)
    page = profile(sitting)
    elsewhere = desk(reduced_motion="reduce").enters_as(name)

    page.get_by_role("button", name="Change password").press("Enter")
    expect(page.get_by_label("Present password")).to_be_focused()
    change(page, DEMO_PASSWORD, "short")
    expect(page.get_by_label("New password")).to_be_focused()
    expect(page.locator("#new-error")).not_to_be_empty()
    sitting.has_no_barriers("a password that is too short")
    change(page, "not my password", NEW)
    expect(page.get_by_label("Present password")).to_be_focused()
    expect(page.locator("#current-error")).not_to_be_empty()
    change(page, DEMO_PASSWORD, NEW)

    expect(page.get_by_text("Password changed").first).to_be_visible()
    expect(page.get_by_role("button", name="Change password")).to_be_focused()
    elsewhere.page.goto(f"{elsewhere.address}/app/profile")
    expect(elsewhere.page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Change password").press("Enter")  # for whoever comes next by the front door
    change(page, NEW, DEMO_PASSWORD)
    expect(page.get_by_text("Password changed").first).to_be_visible()


@pytest.mark.parametrize(("viewport", "colours", "name"), LOOKS, ids=["desk", "phone"])
def test_an_app_becomes_the_second_step_its_codes_are_shown_once_and_it_is_taken_off(desk, viewport, colours, name):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(name)
    page = profile(sitting)

    page.get_by_role("button", name="Add an authenticator app").press("Enter")
    expect(page.get_by_label("Type your password to go on")).to_be_focused()
    page.keyboard.type("not my password")
    page.keyboard.press("Enter")
    expect(page.locator("#proof-error")).not_to_be_empty()
    page.get_by_label("Type your password to go on").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    sitting.has_no_barriers("a code to scan")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator("#app-code-error")).not_to_be_empty()
    seed = re.sub(r"\s", "", page.locator("mu-authenticator-code p").last.inner_text())
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(seed).now())
    page.keyboard.press("Enter")

    heading = page.locator("mu-recovery-codes").get_by_role("heading")
    expect(heading).to_be_focused()
    expect(page.locator("mu-recovery-codes").get_by_role("listitem")).to_have_count(10)
    sitting.has_no_barriers("recovery codes")
    page.locator("mu-recovery-codes .mu-button-filled").press("Enter")
    expect(page.locator("mu-recovery-codes")).to_have_count(0)
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()

    page.get_by_role("button", name="Remove").press("Enter")
    page.get_by_label("Type your password to go on").fill(DEMO_PASSWORD)
    page.get_by_label("Type your password to go on").press("Enter")
    expect(page.get_by_text("You have no second step yet.")).to_be_visible()
    expect(page.get_by_text("Second step removed").first).to_be_visible()


def test_another_browser_is_signed_out_from_here_and_the_story_says_so(desk):
    here = desk(reduced_motion="reduce").enters_as("Callum Fraser")
    there = desk(reduced_motion="reduce").enters_as("Callum Fraser")
    page = profile(here)
    sessions = page.get_by_role("region", name="Signed in on")

    expect(sessions.get_by_text("this browser")).to_have_count(1)
    sessions.get_by_role("button", name="Sign out", exact=True).first.press("Enter")

    expect(page.get_by_text("Signed out").first).to_be_visible()
    expect(page.get_by_role("heading", name="Signed in on")).to_be_focused()
    expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Signed out elsewhere")
