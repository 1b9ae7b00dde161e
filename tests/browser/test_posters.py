"""The poster in a hallway: found from a ticket, printed on one white sheet, replaced when it has got about."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, unfold_facts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}")
INK_AND_PAPER = """article => {
  const channels = colour => { const pen = document.createElement('canvas').getContext('2d');
    pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3); };
  const look = getComputedStyle(article);
  return [channels(look.color), channels(look.backgroundColor)];
}"""


def opens_a_poster(sitting):
    """From the first ticket of the list whose home is known."""
    page = sitting.enters_as("Priya Raman").page
    page.get_by_role("row").nth(2).get_by_role("link").first.click()
    unfold_facts(page)
    page.get_by_role("link", name="Poster for this home").click()
    expect(page.get_by_role("heading", name="Something broken at home?")).to_be_visible()
    return page


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_poster_is_read_without_a_barrier_and_printed_black_on_white_on_one_sheet(desk, viewport, colours):
    sitting = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")
    page = opens_a_poster(sitting)

    expect(page.get_by_role("img", name=re.compile("^QR code for http"))).to_be_visible()
    sitting.has_no_barriers(f"poster, {colours}")
    page.emulate_media(media="print", color_scheme=colours)
    for gone in ("Print", "Replace"):
        expect(page.get_by_role("button", name=gone)).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()

    assert page.locator("article").evaluate(INK_AND_PAPER) == [[0, 0, 0], [255, 255, 255]]
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


def test_a_poster_that_has_got_about_is_replaced_once_somebody_means_it(desk):
    priya = desk(reduced_motion="reduce")
    page = opens_a_poster(priya)
    old = CODE.search(page.locator("article").inner_text())[0]

    page.get_by_role("button", name="Replace").click()
    dialog = page.get_by_role("dialog", name="Replace this poster?")
    expect(dialog).to_contain_text("The old poster stops working")
    priya.has_no_barriers("replacing a poster")
    dialog.get_by_role("button", name="Keep the old one").click()
    expect(page.locator("article")).to_contain_text(old)
    page.get_by_role("button", name="Replace").click()
    dialog.get_by_role("button", name="Replace the poster").click()

    expect(page.get_by_text("There is a new code.")).to_be_visible()
    expect(page.locator("article")).not_to_contain_text(old)
    expect(page.locator("article")).to_contain_text(CODE)
    tenant = desk(viewport=PHONE)
    tenant.page.goto(f"{tenant.address}/tenant/h/{old}/danger")
    expect(tenant.page.get_by_text("Use the newest poster")).to_be_visible()
