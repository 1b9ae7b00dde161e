"""Lists go out as tables and come back: taken along as narrowed, nothing changed when they are sent again."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_narrowed_list_is_taken_along_by_keyboard_and_comes_back_unchanged(desk, tmp_path: Path):
    sitting = desk(viewport=DESKTOP, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = sitting.page
    page.goto(f"{sitting.address}/app/properties?kind=block")
    expect(page.locator("mu-skeleton")).to_have_count(0)

    menu = page.locator("summary").filter(has_text="Export CSV")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Tenancies", exact=True)).to_be_visible()
    sitting.has_no_barriers("what can be taken along")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tenancies", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("button", name="Homes with tenancies").press("Enter")
    assert download.value.suggested_filename == "homes.csv"
    taken = tmp_path / "homes.csv"
    download.value.save_as(taken)
    assert taken.read_bytes().startswith(b"\xef\xbb\xbf")
    homes = rows(taken)
    assert len({home["Address"] for home in homes}) > 1
    assert all(home["Flat"] for home in homes)

    page.get_by_role("link", name="Import from a file").click()
    page.locator("input[type=file]").first.set_input_files(taken)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("Everything in this file is already there as it is.")).to_be_visible(timeout=120_000)


@pytest.mark.parametrize(("address", "file"), [("people", "people.csv"), ("contractors", "contractors.csv")])
def test_people_and_contractors_go_out_and_in_on_a_phone(desk, tmp_path: Path, address, file):
    sitting = desk(viewport=PHONE, color_scheme="dark", reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = sitting.page
    page.goto(f"{sitting.address}/app/{address}")
    expect(page.locator("mu-skeleton")).to_have_count(0)
    sitting.has_no_barriers(address)

    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    assert download.value.suggested_filename == file
    download.value.save_as(tmp_path / file)
    assert rows(tmp_path / file)

    page.get_by_role("link", name="Import from a file").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("input[name=kind]:checked")).to_have_value(address)
