"""Taking everything along: made while one looks on, downloaded by the browser, proven whole, thrown away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from maintainuk.infrastructure.demo.people import DEMO_PASSWORD
from maintainuk.infrastructure.exports.verify import verify
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"


def prove(page, password=DEMO_PASSWORD):
    expect(page.locator("#proof")).to_be_focused()
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("viewport", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desk by day", "phone by night"]
)
def test_everything_is_made_downloaded_and_thrown_away(desk, tmp_path: Path, viewport, colours):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = sitting.page
    page.goto(f"{sitting.address}/app/settings/export")
    expect(page.get_by_role("heading", level=1, name="Take everything along")).to_be_visible()
    expect(page.locator("mu-skeleton")).to_have_count(0)
    sitting.has_no_barriers("before anything is made")

    page.get_by_role("button", name=re.compile("Make")).click()
    prove(page, "a wrong and lengthy phrase")
    expect(page.get_by_role("alert").filter(has_text="That is not your password")).to_be_visible()
    sitting.has_no_barriers("the password was wrong")
    page.locator("#proof").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Ready to download")).to_be_visible(timeout=120_000)
    told = page.locator("dd.font-mono").inner_text()
    sitting.has_no_barriers("it can be downloaded")

    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        prove(page)
    assert re.fullmatch(r"brightwell-lettings-\d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    download.value.save_as(tmp_path / "everything.zip")
    verdict = verify(tmp_path / "everything.zip")
    assert verdict.findings == []
    assert verdict.sha256 == told
    expect(page.get_by_text("Downloaded once").first).to_be_visible()

    page.get_by_role("button", name="Throw it away").click()
    sitting.has_no_barriers("asked whether it is to be thrown away")
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_role("heading", name="Ready to download")).to_have_count(0)
    expect(page.get_by_text("stopped or thrown away").first).to_be_visible()
