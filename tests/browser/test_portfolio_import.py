"""Homes, tenancies and people from a file: checked, brought in and taken back, by keyboard and on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

COLUMNS = "Reference,Address,Flat,Town,Postcode,Nation,UPRN,Tenancy start,Tenant 1 name,Tenant 1 phone,Tenant 1 email"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]
ADMINISTRATOR = "Tunde Adeyemi"


def homes(street: str, count: int, *, bad: int = 0) -> str:
    """A file of homes in one street; the first so many of them have two mistakes each."""
    rows = [
        f"{street}-{number},{number} {street},,Leeds,{'ZZ99' if number <= bad else 'LS6 2AB'},England,,"
        f"{'31/02/2025' if number <= bad else '13/02/2025'},Amara Bello,07700900345,amara.{number}@example.com"
        for number in range(1, count + 1)
    ]
    return "\n".join([COLUMNS, *rows])


def choose(desk: Desk, name: str, content: bytes) -> Page:
    """Give the page a file, and wait until its columns are told."""
    page = desk.page
    page.goto(f"{desk.address}/app/properties/import")
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("heading", name="What each column tells")).to_be_visible()
    return page


def outcome(page: Page, words: str) -> None:
    """The next step is there, and whoever has no mouse stands at it."""
    expect(page.get_by_role("heading", name=words)).to_be_focused()


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_twenty_bad_rows_are_told_taken_along_and_left_out_and_the_rest_is_undone(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    street = f"Larkspur {colours.title()}"
    page = choose(tunde, "larkspur.csv", homes(street, 40, bad=20).encode())
    tunde.has_no_barriers("what each column tells")

    page.get_by_role("button", name="Check the rows").press("Enter")
    outcome(page, "What would come in")
    expect(page.get_by_text("20 bad rows")).to_be_visible()
    both = re.compile(r"^\s*Row 2\s*Postcode: *ZZ99 .*Tenancy start: *31/02/2025 ")
    expect(page.get_by_role("listitem").filter(has_text=both)).to_be_visible()
    understood = page.get_by_role("listitem").filter(has_text=re.compile(r"^\s*Row 22\s*Home reference"))
    expect(understood).to_contain_text("13 February 2025")
    expect(understood).to_contain_text("07700 900345")
    tunde.has_no_barriers("what would come in")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take all problems as CSV").press("Enter")
    told = Path(taken.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(told) == 1 + 2 * 20
    assert f"{street}-20" in told[-1]

    page.get_by_role("button", name="Leave the bad rows out and bring in 20 rows").press("Enter")
    outcome(page, "The file is in")
    expect(page.get_by_text("20 rows left out")).to_be_visible()
    tunde.has_no_barriers("an import that is done")
    page.get_by_role("button", name="Undo this import").press("Enter")
    expect(page.get_by_text("This takes away what the import made")).to_be_focused()
    tunde.has_no_barriers("whether to undo")
    page.get_by_role("button", name="Undo it").press("Enter")
    outcome(page, "The import is undone")

    page.get_by_role("button", name="Choose another file").press("Enter")
    expect(page.get_by_role("link", name=re.compile("larkspur.csv.*Undone")).first).to_be_visible()
    tunde.has_no_barriers("earlier imports")
    page.goto(f"{tunde.address}/app/properties?q={street.replace(' ', '+')}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("a[data-row]").filter(has_text=street)).to_have_count(0)


def test_what_excel_has_damaged_is_put_right_or_told(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    rows = [
        "Property list;;;;;;;;;;",
        ";;;;;;;;;;",
        COLUMNS.replace(",", ";"),
        "0042;14 Marigold Wharf;Flat 1;Leeds;LS6 3AB;England;100012345678;45536;José Ångström;7700900345;",
        "0043;14 Marigold Wharf;Flat 2;Leeds;ls63ab;England;1.00012E+11;01/03/2025;Zoë O\u2019Neill;07700 900346;",
        "0044;14 Marigold Wharf;03-Apr;Leeds;LS6 3AB;England;;13/05/2025;Moira Kelly;;",
    ]

    page = choose(tunde, "Property list (final).csv", "\r\n".join(rows).encode("cp1252"))
    expect(page.get_by_text("José Ångström")).to_be_visible()
    expect(page.get_by_text("The names of the columns stand in row 3.")).to_be_visible()
    page.get_by_role("button", name="Check the rows").click()
    outcome(page, "What would come in")

    expect(page.get_by_text("1 new")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Row 5")).to_contain_text(
        re.compile(r"UPRN: *1\.00012E\+11 *The spreadsheet has shortened")
    )
    expect(page.get_by_role("listitem").filter(has_text="Row 6")).to_contain_text("made a date of a number")


def test_a_long_import_shows_how_far_it_is_goes_on_alone_and_can_be_stopped(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = choose(tunde, "goldcrest.csv", homes("Goldcrest Parade", 6_000).encode())

    page.get_by_role("button", name="Check the rows").click()
    outcome(page, "Checking goldcrest.csv")
    expect(page.get_by_role("progressbar", name="Checking goldcrest.csv")).to_be_visible()
    expect(page.get_by_text("of 6,000 rows")).to_be_visible()
    tunde.has_no_barriers("an import on its way")
    outcome(page, "What would come in")
    page.get_by_role("button", name="Bring in 6,000 rows").click()
    outcome(page, "Bringing in goldcrest.csv")
    page.goto(f"{tunde.address}/app/properties/import")
    page.get_by_role("link", name=re.compile("goldcrest.csv.*Coming in")).first.click()
    page.get_by_role("button", name="Stop").click()

    outcome(page, "The import was stopped")
    expect(page.get_by_text("The same file again brings in the rest")).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("heading", name="The import is undone")).to_be_visible(timeout=90_000)


def test_what_is_no_table_is_refused_in_words(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = tunde.page
    page.goto(f"{tunde.address}/app/properties/import")

    page.locator("input[type=file]").set_input_files(
        {"name": "homes.xlsx", "mimeType": "application/octet-stream", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    )

    expect(page.get_by_role("alert").filter(has_text="This is no text file")).to_be_visible()
    tunde.has_no_barriers("a file that is no table")
