"""Who runs the installation: organisations made and suspended, and support that looks in while everybody sees it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

STEWARD, ADMINISTRATOR = "Rhona Sinclair", "Tunde Adeyemi"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]
REASON = "Tunde rang: the list shows one ticket twice since Friday."


def platform(desk: Desk) -> Page:
    """The organisations of the installation, for whoever runs it."""
    desk.page.goto(f"{desk.address}/app/platform")
    expect(desk.page.get_by_role("heading", level=1, name="Organisations")).to_be_visible()
    expect(desk.page.get_by_role("link", name=re.compile("Brightwell Lettings"))).to_be_visible()
    return desk.page


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_an_organisation_is_made_suspended_and_let_work_again_with_the_keyboard_alone(desk, viewport, colours):
    rhona = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(STEWARD)
    name, email = f"Penhallow {colours.title()}", f"morwenna.{colours}@penhallow.example.com"
    page = platform(rhona)
    rhona.has_no_barriers("organisations")

    page.get_by_role("button", name="Create an organisation").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Create an organisation").press("Enter")
    expect(dialog.get_by_text("Give a name.")).to_be_visible()
    rhona.has_no_barriers("an organisation without a name")
    dialog.get_by_label("Name", exact=True).focus()
    page.keyboard.type(name)
    dialog.get_by_label("E-mail address of its first administrator").focus()
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_text(f"A letter is on its way to {email}")).to_be_visible()

    page.get_by_role("button", name="Suspend").press("Enter")
    expect(dialog.get_by_role("heading", name=f"Suspend {name}")).to_be_visible()
    rhona.has_no_barriers("whether to suspend")
    page.keyboard.type("Their contract ended on 31 October.")
    dialog.get_by_role("button", name="Suspend").press("Enter")
    expect(page.get_by_text("Suspended since")).to_be_visible()
    rhona.has_no_barriers("a suspended organisation")
    page.get_by_role("link", name="Organisations").press("Enter")
    expect(page.get_by_role("link", name=re.compile(f"{name}.*Suspended"))).to_be_visible()
    page.get_by_role("searchbox", name="Search by name").fill(name)
    page.get_by_role("link", name=re.compile(name)).press("Enter")
    page.get_by_role("button", name="Lift the suspension").press("Enter")

    expect(page.get_by_text(f"{name} works again")).to_be_visible()
    expect(page.get_by_text("Suspended since")).to_have_count(0)


def test_support_reads_tickets_with_consent_while_everybody_there_sees_it_and_they_end_it(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    tunde.page.goto(f"{tunde.address}/app/settings/support")
    tunde.page.get_by_role("button", name="Let support in").press("Enter")
    expect(tunde.page.get_by_text(re.compile(r"Support may read your tickets until \S+"))).to_be_visible()
    tunde.has_no_barriers("consent to support")
    rhona = desk(reduced_motion="reduce").enters_as(STEWARD)
    page = platform(rhona)
    page.get_by_role("link", name=re.compile("Brightwell Lettings")).press("Enter")
    expect(page.get_by_text(re.compile("It lets support in until"))).to_be_visible()

    page.get_by_role("button", name="Look at its tickets").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("What lets you in?")).to_have_value("consent")
    dialog.get_by_label("Why do you need to look?").fill("Because.")
    dialog.get_by_role("button", name="Look at its tickets").press("Enter")
    expect(dialog.locator("[aria-invalid=true]")).to_be_visible()
    dialog.get_by_label("Why do you need to look?").fill(REASON)
    dialog.get_by_role("button", name="Look at its tickets").press("Enter")
    expect(page.get_by_text("You are reading this organisation's tickets until")).to_be_visible()
    rhona.has_no_barriers("tickets that support reads")
    page.get_by_role("button", name=re.compile("T-10")).first.press("Enter")
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    rhona.has_no_barriers("a ticket that support reads")

    tunde.page.goto(f"{tunde.address}/app/properties")
    banner = tunde.page.get_by_role("status").filter(has_text=REASON)
    expect(banner).to_contain_text("Rhona Sinclair of MaintainUK support is reading your tickets")
    tunde.has_no_barriers("the banner about support")
    tunde.page.get_by_role("link", name="See more, or end it").press("Enter")
    tunde.page.get_by_role("button", name="End it now").press("Enter")
    expect(tunde.page.get_by_text("Support's access has ended")).to_be_visible()
    expect(banner).to_have_count(0)
    tunde.page.get_by_role("link", name="See each list and ticket that support has read").press("Enter")
    expect(tunde.page.get_by_role("main")).to_contain_text(re.compile("Rhona Sinclair"))

    page.reload()
    expect(page.get_by_role("heading", name="This access opens nothing any more")).to_be_visible()
    page.get_by_role("link", name="Back to the organisation").press("Enter")
    expect(page.get_by_text("Ended by the organisation")).to_be_visible()
    tunde.page.goto(f"{tunde.address}/app/settings/support")
    tunde.page.get_by_role("button", name="Take it back").press("Enter")
    expect(tunde.page.get_by_text("Support may no longer read your tickets")).to_be_visible()
