"""How an organisation looks to its tenants: a colour that can be read, and a logo on the portal and in letters."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def logo() -> bytes:
    """A roof over a door, as PNG with a transparent ground."""
    picture = Image.new("RGBA", (480, 160), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(10, 80), (80, 10), (150, 80)], fill=(122, 31, 61))
    pen.rectangle((40, 80, 120, 150), fill=(122, 31, 61))
    pen.rectangle((180, 60, 470, 110), fill=(122, 31, 61))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def look(desk: Desk) -> Page:
    """The settings about how tenants see the organisation."""
    page = desk.page
    page.goto(f"{desk.address}/app/settings/public")
    expect(page.get_by_label("Logo")).to_be_enabled()  # how it looks now is known
    return page


def poster(desk: Desk) -> str:
    """The address on the poster that the demo's front door shows."""
    desk.page.goto(f"{desk.address}/")
    return desk.page.locator("a[href^='/tenant/h/']").first.get_attribute("href") or ""


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_a_colour_that_cannot_be_read_is_refused_and_the_one_offered_is_taken_with_the_keyboard(
    desk, viewport, colours
):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = look(tunde)

    page.get_by_label("Colour", exact=True).fill("#ffd400")
    page.get_by_label("Colour", exact=True).press("Enter")
    expect(page.get_by_text("White words can't be read on this colour")).to_be_visible()
    tunde.has_no_barriers("a colour that is refused")
    page.get_by_role("button", name=re.compile("^Use #")).press("Enter")

    expect(page.get_by_text("Colour saved").first).to_be_visible()
    expect(page.get_by_label("Colour", exact=True)).to_have_value(re.compile("#[0-9a-f]{6}"))
    expect(page.get_by_label("Colour", exact=True)).not_to_have_value("#ffd400")
    expect(page.get_by_role("heading", name="Who changed what")).to_be_visible()
    tunde.has_no_barriers("a colour that was taken")


def test_a_logo_stands_on_the_portal_in_letters_and_on_posters(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = look(tunde)
    page.get_by_label("Logo").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_text("This is no picture that we can show.")).to_be_visible()

    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    expect(page.get_by_text("Logo saved").first).to_be_visible()
    expect(page.get_by_role("button", name="Remove the logo")).to_be_visible()
    tunde.has_no_barriers("a logo")

    visitor = desk(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    visitor.page.goto(f"{visitor.address}{poster(visitor)}")
    portal = visitor.page.locator("header img[src^='/logos/']")
    expect(portal).to_be_visible()
    expect(portal).not_to_have_js_property("naturalWidth", 0)
    visitor.has_no_barriers("the portal with a logo")

    page.goto(f"{tunde.address}/app/users")
    page.get_by_role("button", name="Invite").first.click()
    invited = f"niamh.{uuid4().hex[:6]}@brightwell.example.com"
    page.get_by_label("E-mail address").fill(invited)
    page.get_by_label("Role", exact=True).select_option("Coordinator")
    page.get_by_role("dialog").locator("button[type=submit]").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    letters = desk(reduced_motion="reduce")
    letters.page.goto(f"{letters.address}/mailbox/?q={invited}")
    expect(letters.page.get_by_role("link", name=re.compile("invites you"))).to_be_visible()
    letters.page.get_by_role("link", name=re.compile("invites you")).first.click()
    head = letters.page.frame_locator("iframe").locator(".sender")
    expect(head).to_contain_text("Brightwell Lettings")
    expect(head.locator("img")).to_be_visible()
    expect(head.locator("img")).not_to_have_js_property("naturalWidth", 0)
