"""Every screen in the light and in the dark, at a desk and on the smallest phone: no barrier, nothing cut off."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, unfold_facts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up


REPAIRS = (
    "Job ref,Description,Address,Priority,Date reported,Tenant\n"
    "J-1,Boiler dead,1 Llanfairpwllgwyngyll Terrace,whenever,10/07/2013,Oluwaseun Adébáyò-Featherstonehaugh\n"
    f"J-2,{'Water comes through the ceiling ' * 5},2 Elm Row,urgent,10/08/2013,\n"
    "1.23E+11,Window won't close,3 Elm Row,routine,10/09/2013,\n"
    "J-2,Door sticks,2 Elm Row,urgent,10/08/2013,\n"
)
"""One of everything that a person is asked or told about a file."""


def importing(desk):
    """Walk through the import of a file up to where it would begin."""
    page = desk.page
    page.goto(f"{desk.address}/app/tickets/import")
    expect(page.get_by_role("heading", name="Import tickets")).to_be_visible()
    yield "import"
    page.locator("input[type=file]").set_input_files(
        {"name": "repairs.csv", "mimeType": "text/csv", "buffer": REPAIRS.encode()}
    )
    expect(page.get_by_role("heading", name="What each column tells")).to_be_visible()
    yield "import, columns"
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="What would come in")).to_be_visible()
    yield "import, what would come in"


def everything_of(desk):
    """Walk through all screens there are; yields the name of each once it stands."""
    page = desk.page
    page.goto(f"{desk.address}/")
    yield "front door"
    page.goto(f"{desk.address}/app/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    yield "sign-in"
    page.get_by_label("E-mail address").fill("nobody@example.com")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "sign-in, refused"
    desk.enters_as("Priya Raman")
    expect(page.get_by_role("row").nth(3)).to_be_visible()
    yield "ticket list"
    page.get_by_role("row").nth(2).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=2, name="Timeline")).to_be_attached()
    yield "ticket"
    unfold_facts(page)
    expect(page.get_by_role("button", name="Change priority")).to_be_visible()
    yield "ticket, all facts"
    page.get_by_role("button", name="Change owner").click()
    expect(page.get_by_role("menu")).to_be_visible()
    yield "ticket, choosing an owner"
    page.goto(f"{desk.address}/app/tickets/new")
    expect(page.get_by_role("heading", name="New ticket")).to_be_visible()
    yield "new ticket"
    page.get_by_role("button", name="Create ticket").click()
    expect(page.get_by_role("combobox", name="Home", exact=True)).to_have_attribute("aria-invalid", "true")
    yield "new ticket, with errors"
    yield from importing(desk)
    page.goto(f"{desk.address}/app/tickets?q=zeppelin")
    expect(page.get_by_text(re.compile("Clear")).first).to_be_visible()
    yield "nothing found"
    page.goto(f"{desk.address}/app/tickets/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", name="This ticket isn't here")).to_be_visible()
    yield "no such ticket"
    page.goto(f"{desk.address}/app/nowhere")
    expect(page.get_by_role("heading").first).to_be_visible()
    yield "not found"
    page.goto(f"{desk.address}/mailbox/")
    yield "mailbox"
    page.goto(f"{desk.address}/nope")
    expect(page.get_by_role("link", name="Go to the start page")).to_be_visible()
    yield "nothing at this address"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_no_screen_has_a_barrier(desk, viewport, colours):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")

    for screen in everything_of(sitting):
        sitting.has_no_barriers(f"{screen}, {colours}")


def test_twice_the_size_cuts_nothing_off(desk):
    sitting = desk(viewport={"width": 640, "height": 400}, device_scale_factor=2, reduced_motion="reduce")

    for screen in everything_of(sitting):
        sitting.has_no_barriers(screen)
