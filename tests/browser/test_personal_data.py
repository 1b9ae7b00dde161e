"""What people said about their data: consents, how long it is kept, disputes that hold it, copies and forgetting."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"
TO_THE_TOP = "document.querySelectorAll('*').forEach(one => { one.scrollTop = 0 })"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def at(desk: Desk, address: str, heading: str) -> Page:
    """A settings page that has been fetched."""
    desk.page.goto(f"{desk.address}/app/{address}")
    expect(desk.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(desk.page.locator("mu-skeleton")).to_have_count(0)
    return desk.page


def found(page: Page, label: str, words: str, which: int) -> str:
    """Find somebody with the keyboard; returns their name."""
    field = page.get_by_role("combobox", name=label)
    field.focus()
    field.press_sequentially(words)
    options = page.get_by_role("listbox", name=label).get_by_role("option")
    expect(options.nth(which)).to_be_visible()
    for _ in range(which):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).not_to_have_value(words)
    return field.input_value()


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_what_somebody_said_about_letters_is_noted_with_the_keyboard(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    tunde.page.goto(f"{tunde.address}/app/people")
    tunde.page.locator("a[data-row]").nth(5 if viewport == PHONE else 6).press("Enter")
    consents = tunde.page.get_by_role("region", name="May be written to")
    expect(consents).to_be_visible()
    tunde.has_no_barriers("on which ways somebody may be written to")

    consents.get_by_role("button", name="Note an answer: Texts with news").press("Enter")
    dialog = tunde.page.get_by_role("dialog")
    expect(dialog.get_by_label("What they said")).to_have_value("yes")
    expect(dialog.get_by_label("What they agreed to")).not_to_have_value("")
    tunde.has_no_barriers("what they said")
    dialog.get_by_role("button", name="Write it down").press("Enter")

    expect(consents.get_by_text(re.compile("Yes: agreed"))).to_be_visible()
    consents.get_by_text("History").press("Enter")
    expect(consents.get_by_text(re.compile("by phone, written down by Tunde Adeyemi")).first).to_be_visible()
    tunde.has_no_barriers("a history of answers")


def test_a_rule_is_looked_at_before_it_changes_and_kept_within_bounds(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = at(tunde, "settings/retention", "Kept and forgotten")

    page.get_by_role("button", name="Change: Needs that are over").press("Enter")
    months = page.get_by_role("spinbutton", name="Months")
    months.fill("1000")
    expect(page.get_by_role("alert").filter(has_text="Between 1 and 72 months")).to_be_visible()
    tunde.has_no_barriers("a rule out of bounds")
    months.fill("18")
    expect(page.get_by_text(re.compile("would be forgotten on")).first).to_be_visible()
    page.get_by_role("button", name="Keep so long").press("Enter")

    expect(page.get_by_text("Kept for 1 year and 6 months")).to_be_visible()
    tunde.has_no_barriers("a rule that was changed")


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_a_dispute_holds_somebody_until_it_is_over(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = at(tunde, "settings/retention", "Kept and forgotten")

    name = found(page, "Whom or what: name, address or reference", "okafor", 1 if viewport == PHONE else 2)
    page.get_by_label("Why it must be kept").fill("Letter before claim about damp.")
    page.get_by_role("button", name="Place a hold").press("Enter")
    lifting = page.get_by_role("button", name=f"Lift the hold: {name}").last
    expect(lifting).to_be_visible()
    page.evaluate(TO_THE_TOP)  # so that no button is half behind the tabs
    tunde.has_no_barriers("what a dispute holds")
    lifting.press("Enter")
    page.get_by_label("Why it may be forgotten again").fill("Settled out of court.")
    page.evaluate(TO_THE_TOP)
    tunde.has_no_barriers("letting go")
    page.get_by_role("button", name="Lift the hold", exact=True).press("Enter")

    expect(lifting).to_have_count(0)


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_a_copy_is_looked_through_released_and_taken_along(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = at(tunde, "settings/privacy", "Requests about personal data")
    name = found(page, "Who asks", "hussain", 1 if viewport == PHONE else 2)
    page.get_by_role("button", name="Write down a request").press("Enter")
    look = page.get_by_role("link", name="Look through the copy")
    request = page.get_by_role("listitem").filter(has_text=name, has=look).first
    expect(request.get_by_text(re.compile("Answer by"))).to_be_visible()
    tunde.has_no_barriers("requests")

    request.get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", level=1, name=f"Copy of what is known of {name}")).to_be_visible()
    expect(page.get_by_role("button", name="Release the copy")).to_be_visible()
    page.get_by_label("Hide everywhere: a name or a few words").fill("Mrs Harcourt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mrs Harcourt")).to_be_visible()
    tunde.has_no_barriers("a copy that is looked through")
    page.get_by_role("button", name="Release the copy").press("Enter")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the copy (ZIP)").press("Enter")
    assert "personal-data.html" in ZipFile(Path(taken.value.path())).namelist()

    page.get_by_role("link", name="All requests").press("Enter")
    request.get_by_role("button", name="The copy has gone out").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="The copy has gone out").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=re.compile(f"{name}.*Answered on")).first).to_be_visible()


def asks_to_be_forgotten(page: Page, surname: str) -> Locator:
    """Write down that somebody asks to be forgotten, and answer it; returns what is asked then."""
    name = found(page, "Who asks", surname, 0)
    page.get_by_label("What they ask for").select_option("erasure")
    page.get_by_role("button", name="Write down a request").press("Enter")
    forget = page.get_by_role("button", name="Forget this person for ever")
    page.get_by_role("listitem").filter(has_text=name, has=forget).get_by_role("button").first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"notes of {name} are removed, and nobody can bring them back")
    return dialog


def test_whoever_lives_here_is_not_forgotten_and_anybody_else_is_once_it_was_asked_again(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    tunde.page.goto(f"{tunde.address}/app/people")
    tunde.page.get_by_role("button", name="Add a person").press("Enter")
    tunde.page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Wojciech Zalewski")
    tunde.page.keyboard.press("Enter")
    expect(tunde.page.get_by_role("dialog")).to_have_count(0)
    page = at(tunde, "settings/privacy", "Requests about personal data")

    dialog = asks_to_be_forgotten(page, "kowalski")
    tunde.has_no_barriers("whether to forget")
    dialog.get_by_role("button", name="Forget this person for ever").press("Enter")
    expect(dialog.get_by_role("alert").first).to_contain_text("This person lives in one of your homes.")
    tunde.has_no_barriers("why nobody is forgotten")
    dialog.get_by_role("button", name="Cancel").press("Enter")

    asks_to_be_forgotten(page, "zalewski").get_by_role("button", name="Forget this person for ever").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Forgotten person").first).to_be_visible()
