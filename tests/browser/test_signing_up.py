"""Somebody begins an organisation by themselves: from the sign-in page to the first steps at an empty desk."""

import itertools
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

PHRASE = "a harbour full of kestrels"
_numbers = itertools.count(int(time.time()))


def letter_to(page, address, email):
    """Where the button of the newest letter to this mailbox leads."""
    for _ in range(30):
        page.goto(f"{address}/mailbox/?q={email}")
        letter = page.get_by_role("link", name="Confirm your organisation").first
        if letter.count():
            letter.click()
            break
        page.wait_for_timeout(500)
    page.wait_for_selector("iframe")
    return page.frame_locator("iframe").first.get_by_role("link", name="Confirm and begin").get_attribute("href")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_organisation_begins_in_a_mailbox_and_its_empty_desk_says_what_to_do_first(desk, viewport, colours):
    moira = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")
    page, email = moira.page, f"moira.{next(_numbers)}@example.com"
    page.goto(f"{moira.address}/app/sign-in")
    page.get_by_role("link", name="Start with your organisation").click()
    expect(page.get_by_role("heading", name="Start with MaintainUK")).to_be_visible()
    moira.has_no_barriers("sign-up")

    page.get_by_label("Organisation").fill("Claim at www.prize.example")
    page.get_by_label("Your work e-mail address").fill("moira")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Leave web and e-mail addresses, < and > out of the name")).to_be_visible()
    expect(page.get_by_label("Organisation")).to_be_focused()
    moira.has_no_barriers("sign-up, refused")

    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Harbourside Lettings")
    page.get_by_label("Where most of its homes are").select_option("Scotland")
    page.get_by_label("Your work e-mail address").fill(email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_focused()
    expect(page.get_by_text(email)).to_be_visible()
    moira.has_no_barriers("look in your mailbox")

    page.goto(letter_to(page, moira.address, email))
    expect(page.get_by_text("Harbourside Lettings has kept a place for you")).to_be_visible()
    page.get_by_label("Your name").fill("Moira Grant")
    page.get_by_label("Choose a password").fill(PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up your desk")).to_be_visible()
    moira.has_no_barriers("an empty desk")
    page.get_by_role("link", name="Invite your colleagues").click()
    expect(page.get_by_role("heading", name="People who work here")).to_be_visible()


def test_what_was_typed_into_an_invitation_outlives_escape_and_withdrawing_is_asked_first(desk):
    tunde = desk().enters_as("Tunde Adeyemi")
    page, email = tunde.page, f"zainab.{next(_numbers)}@example.com"
    page.goto(f"{tunde.address}/app/users")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill(email)

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep writing").click()
    page.get_by_label("Leeds and Bristol").check()
    page.get_by_role("button", name="Send the invitation").click()
    invited = page.get_by_role("listitem").filter(has_text=email)
    expect(invited).to_contain_text("In Leeds and Bristol")

    invited.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(invited).to_be_visible()
    invited.get_by_role("button", name="Withdraw").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(invited).to_have_count(0)


def test_a_contractor_is_invited_from_its_page_and_the_page_then_says_since_when(desk):
    tunde, boss = desk().enters_as("Tunde Adeyemi"), desk(viewport=PHONE)
    page, email = tunde.page, f"boss.{next(_numbers)}@example.com"
    page.goto(f"{tunde.address}/app/contractors?q=Brightspark")
    page.get_by_role("link", name="Brightspark Electrical").click()
    page.get_by_role("link", name="Invite to an account").click()
    expect(page.get_by_role("combobox", name="For which contractor")).to_have_value("Brightspark Electrical")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("listitem").filter(has_text=email)).to_be_visible()

    for _ in range(30):
        boss.page.goto(f"{boss.address}/mailbox/?q={email}")
        letter = boss.page.get_by_role("link", name="invites you to MaintainUK").first
        if letter.count():
            letter.click()
            break
        boss.page.wait_for_timeout(500)
    link = boss.page.frame_locator("iframe").first.get_by_role("link", name="Take your place").get_attribute("href")
    boss.page.goto(link)
    boss.page.get_by_label("Your name").fill("Yusuf Demir")
    boss.page.get_by_label("Choose a password").fill(PHRASE)
    boss.page.keyboard.press("Enter")
    expect(boss.page.get_by_text("you can close this page")).to_be_visible()
    boss.has_no_barriers("a contractor has joined")
    boss.signs_in(email, PHRASE)
    expect(boss.page.get_by_role("alert")).to_contain_text("the app for contractors is still to come")

    page.goto(f"{tunde.address}/app/contractors?q=Brightspark")
    page.get_by_role("link", name="Brightspark Electrical").click()
    expect(page.get_by_text("Has an account since")).to_be_visible()
