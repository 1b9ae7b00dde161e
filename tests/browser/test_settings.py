"""What an organisation decides of itself: whom a danger reaches and what everybody may read, with who changed what."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def settings(desk: Desk, page: str, heading: str) -> Page:
    desk.page.goto(f"{desk.address}/app/settings{page}")
    expect(desk.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(desk.page.locator("mu-skeleton")).to_have_count(0)
    return desk.page


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_whom_a_danger_reaches_is_changed_and_the_history_says_by_whom(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = settings(tunde, "", "Settings")
    phone = page.get_by_label("Phone number")
    before, number = phone.input_value(), f"01632 960{uuid4().int % 900 + 100}"

    phone.fill("call me")
    phone.press("Enter")
    expect(phone).to_be_focused()
    expect(phone).to_have_attribute("aria-invalid", "true")
    tunde.has_no_barriers("a number that is none")
    page.get_by_role("link", name="Name and notices").first.press("Enter")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Leave without saving?")
    tunde.has_no_barriers("whether to leave without saving")
    question.get_by_role("button", name="Cancel").press("Enter")
    expect(phone).to_have_value("call me")
    phone.fill(number)
    phone.press("Enter")
    expect(page.get_by_text("Settings saved").first).to_be_visible()

    page = settings(tunde, "/public", "Name and notices")
    newest = page.get_by_role("region", name="Who changed what").get_by_role("listitem").first
    expect(newest).to_contain_text(ADMINISTRATOR)
    expect(newest).to_contain_text("Emergency phone: another one")  # which one is nothing for a log
    page = settings(tunde, "", "Settings")
    phone.fill(before)
    phone.press("Enter")
    expect(page.get_by_text("Settings saved").first).to_be_visible()


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_a_notice_in_ones_own_words_stands_on_its_page_and_ours_comes_back(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = settings(tunde, "/public", "Name and notices")
    address = page.get_by_role("link", name=re.compile("where everybody can read them")).get_attribute("href")
    assert address is not None
    words = f"We keep what you tell us for repairs alone {uuid4().hex[:6]}."

    privacy = page.get_by_label("Privacy notice")
    privacy.fill(f"{words}\n\n<b>Ask us</b> for a copy.")
    page.get_by_label("Accessibility statement").fill("Ring us, and we come round & help.")
    page.get_by_role("button", name="Save notices").press("Enter")
    expect(page.get_by_text("Saved").first).to_be_visible()

    reader = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")
    reader.page.goto(f"{reader.address}{address}")
    shown = reader.page.get_by_role("region", name="Privacy notice")
    expect(shown.get_by_role("paragraph")).to_have_text([words, "<b>Ask us</b> for a copy."])
    expect(reader.page.get_by_role("region", name="Accessibility statement")).to_contain_text("come round & help")
    expect(reader.page.locator("img.logo")).to_be_visible()
    expect(reader.page.locator("img.logo")).not_to_have_js_property("naturalWidth", 0)
    expect(reader.page.locator("svg.edge rect")).to_have_attribute("fill", re.compile("^#[0-9a-f]{6}$"))
    reader.has_no_barriers("the notices")

    expect(page.get_by_role("region", name="Who changed what").get_by_role("listitem").first).to_contain_text(
        "Privacy notice rewritten"
    )
    privacy.fill("")
    page.get_by_label("Accessibility statement").fill("")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="Save notices").press("Enter")
    reader.page.reload()
    expect(shown).to_contain_text("looks after the home you rent")
