"""What is known of homes, people, firms and owners: found, written down and looked at, by keyboard and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from maintainuk.infrastructure.demo.papers import paper
from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

SCREENS = {"properties": "Properties", "people": "People", "landlords": "Landlords", "contractors": "Contractors"}
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def opened(desk: Desk, screen: str) -> Page:
    """A list, and the first record of it."""
    page = desk.page
    page.goto(f"{desk.address}/app/{screen}")
    expect(page.locator("a[data-row]").first).to_be_visible()
    return page


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_list_and_a_record_have_no_barriers(desk, screen, viewport, colours):
    joanne = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as("Joanne Whitaker")

    page = opened(joanne, screen)
    joanne.has_no_barriers(f"{screen}, {colours}")
    page.locator("a[data-row]").first.click()
    expect(page.get_by_role("heading", level=1).last).to_be_visible()
    joanne.has_no_barriers(f"one of {screen}, {colours}")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_list_is_walked_with_the_keyboard_alone(desk, screen):
    joanne = desk().enters_as("Joanne Whitaker")
    page = opened(joanne, screen)

    page.keyboard.press("j")
    expect(page.locator("a[data-row]").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("a[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/app/{screen}/[0-9a-f-]+"))
    expect(page.locator("a[data-row][aria-current=page]")).to_have_count(1)


def test_a_document_is_added_looked_at_removed_and_brought_back_with_the_keyboard(desk):
    joanne = desk(reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = opened(joanne, "properties")
    page.locator("a[data-row]").nth(2).click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()

    page.locator("mu-document-list input[type=file]").set_input_files(
        {
            "name": "Gas_record 2026.pdf",
            "mimeType": "application/pdf",
            "buffer": paper(("Gas safety record", "Result: pass"), ("Page two",)),
        }
    )
    expect(page.get_by_label("Title")).to_have_value("Gas record 2026")
    expect(page.get_by_label("What it is", exact=True)).to_have_value("gas_record")
    joanne.has_no_barriers("what a document is")
    page.get_by_role("button", name="Send it").press("Enter")
    shown = page.get_by_role("button", name="Gas record 2026", exact=True)
    expect(shown).to_be_visible(timeout=90_000)

    shown.press("Enter")
    viewer = page.get_by_role("dialog", name="Gas record 2026")
    expect(viewer.get_by_role("img", name="Page 1 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="Page 2 of 2")).to_be_visible()
    page.keyboard.press("+")
    expect(viewer.get_by_text("150 %")).to_be_visible()
    joanne.has_no_barriers("a page of a document")
    page.keyboard.press("Escape")
    expect(shown).to_be_focused()

    page.get_by_role("button", name="Remove Gas record 2026").press("Enter")
    expect(shown).to_have_count(0)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(shown).to_be_visible()


def test_a_pages_picture_fits_a_phone(desk):
    joanne = desk(viewport=PHONE, color_scheme="dark", reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = opened(joanne, "contractors")
    page.get_by_role("link", name=re.compile("Aire Valley Heating")).click()
    certificate = page.get_by_role("button", name=re.compile("^Public liability certificate"))
    expect(certificate).to_be_visible(timeout=120_000)

    certificate.click()

    expect(page.get_by_role("img", name="Page 1 of 1")).to_be_visible()
    joanne.has_no_barriers("a page on a phone")


def test_an_address_is_looked_up_and_a_property_known_already_is_told(desk):
    joanne = desk(reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = opened(joanne, "properties")
    page.get_by_role("button", name="Add a property").click()

    page.get_by_role("combobox", name="Find the address").type("agincourt")
    option = page.get_by_role("dialog").get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text("Already one of your properties")
    joanne.has_no_barriers("looking an address up")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Town")).not_to_have_value("")
    expect(page.get_by_label("Postcode")).not_to_have_value("")


def test_somebody_known_already_moves_in(desk):
    joanne = desk(reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = joanne.page
    page.goto(f"{joanne.address}/app/properties?vacant=true")
    page.locator("a[data-row]").first.click()
    folded = page.locator("mu-home-card button[aria-expanded=false]").first
    if folded.is_visible():
        folded.click()
    page.get_by_role("button", name="Let this home").first.click()

    page.get_by_label("Who", exact=True).select_option("known")
    page.get_by_role("combobox", name="Person").type("Balogun")
    found = page.get_by_role("dialog").get_by_role("listbox").get_by_role("option").first
    expect(found).to_contain_text("Balogun")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Let this home").last.click()

    expect(page.locator("mu-home-card").get_by_role("link", name=re.compile("Balogun")).first).to_be_visible()


def test_contractors_are_narrowed_by_trade_place_and_day(desk):
    joanne = desk().enters_as("Joanne Whitaker")
    page = opened(joanne, "contractors")

    page.get_by_label("Trades").select_option("gas_engineer")
    page.get_by_label("Who comes to this postcode or district").fill("LS6")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=re.compile("Aire Valley Heating"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Avon Gas Services"))).to_have_count(0)
    expect(page).to_have_url(re.compile("trade=gas_engineer.*near=LS6"))


def test_the_search_in_the_top_bar_opens_a_list_that_the_keyboard_walks(desk):
    joanne = desk(reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = opened(joanne, "properties")

    page.keyboard.press("/")
    page.keyboard.type("agincourt")
    expect(page.get_by_role("listbox").get_by_role("option").nth(1)).to_be_visible()
    joanne.has_no_barriers("the search in the top bar")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/app/(properties|people|tickets)/"))


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_back_asks_before_a_half_typed_person_is_lost(desk, viewport, colours):
    joanne = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as("Joanne Whitaker")
    page = joanne.page
    page.goto(f"{joanne.address}/app/properties")
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("button", name="Add a person").first.press("Enter")
    name = page.get_by_role("dialog").get_by_label("Name", exact=True)
    name.fill("Zosia Wiśniewska")

    page.go_back()

    expect(page.get_by_text("What you typed is not saved.")).to_be_visible()
    expect(page).to_have_url(re.compile("/app/people"))
    joanne.has_no_barriers("a form that somebody goes back over")
    page.get_by_role("button", name="Keep writing").press("Enter")
    expect(name).to_have_value("Zosia Wiśniewska")
    page.go_back()
    page.get_by_role("button", name="Throw it away").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile("/app/properties"))
