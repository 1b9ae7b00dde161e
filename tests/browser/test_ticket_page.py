"""What a tenant sent, as staff see it: photos, how to get in, and a report of many screens."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from bench._pictures import photo
from tests.browser.conftest import PHONE, unfold_facts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

REPORT = {
    "room": "kitchen",
    "fault": "tap",
    "access": {"mayEnterWithoutMe": True, "notes": "Big dog behind the door", "times": ["weekday-am", "saturday"]},
    "language": "ar",
}


def poster(desk) -> str:
    """The code on a poster of the demo."""
    page = desk.page
    page.goto(f"{desk.address}/")
    page.get_by_role("link", name=re.compile("tenant", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", name="Is one of these happening now?")).to_be_visible()
    return re.search(r"/h/([A-Z0-9-]+)", page.url)[1]


def reports(desk, code: str, **said) -> dict:
    """Send a report as the tenant's phone does; tells its reference and the token of its page."""
    told = {"Authorization": f"Link {code}"}
    answer = httpx.post(f"{desk.address}/api/v1/reports", json={"submissionKey": str(uuid4())} | said, headers=told)
    return answer.raise_for_status().json()["data"]


def snaps(desk, report: dict, content: bytes) -> None:
    told = {
        "Authorization": f"Link {report['statusToken']}",
        "X-Upload-Key": str(uuid4()),
        "Content-Type": "image/jpeg",
    }
    httpx.post(f"{desk.address}/api/v1/reports/photos", content=content, headers=told).raise_for_status()


def opens(desk, reference: str) -> Page:
    page = desk.page
    page.goto(f"{desk.address}/app/tickets?q={reference}")
    page.locator("mu-ticket-row a").first.click()
    expect(page.get_by_role("button", name=f"Copy {reference}")).to_be_visible()
    return page


def test_a_tenants_photos_are_seen_and_walked_through_with_the_keyboard(desk):
    priya = desk().enters_as("Priya Raman")
    code = poster(desk(viewport=PHONE))
    sent = reports(priya, code, **REPORT, description="الحنفية تقطر طوال الليل")
    page = opens(priya, sent["reference"])
    expect(page.get_by_text("None yet.")).to_be_visible()

    snaps(priya, sent, photo("JPEG", 1_600, 1_200))
    snaps(priya, sent, photo("JPEG", 900, 1_400))
    snaps(priya, sent, b"\xff\xd8\xff not a photo at all")

    strip = page.get_by_role("region", name="Photos")
    expect(strip.get_by_role("img", name="Photo 2 of 2, from the tenant")).to_be_visible()
    expect(strip.get_by_text("Can't be shown")).to_be_visible()
    priya.has_no_barriers("ticket with photos")
    strip.get_by_role("button", name="Photo 1 of 2").focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Photo 1 of 2")
    expect(viewer.get_by_role("img", name="Photo 1 of 2, from the tenant, taken Fri 20 Nov")).to_be_visible()
    expect(viewer.get_by_text(re.compile("Taken .* Arrived"))).to_be_visible()
    expect(viewer.get_by_role("link", name="Open in full in a new tab")).to_have_attribute(
        "href", re.compile("display")
    )
    priya.has_no_barriers("viewer")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="Photo 2 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="Photo 2 of 2")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(strip.get_by_role("button", name="Photo 2 of 2")).to_be_focused()
    page.get_by_role("button", name="The tenant added a photo").first.click()
    expect(page.get_by_role("dialog", name="Photo 1 of 2")).to_be_visible()
    assert priya.complaints == []


def test_a_colleague_adds_a_photo_and_is_told_what_cannot_be_one(desk):
    priya = desk().enters_as("Priya Raman")
    sent = reports(priya, poster(desk(viewport=PHONE)), description="The fence has come down.")
    page = opens(priya, sent["reference"])
    strip = page.get_by_role("region", name="Photos")
    expect(strip.get_by_role("button", name="Add photos")).to_be_visible()

    strip.locator("input[type=file]").set_input_files(
        [
            {"name": "fence.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG", 1_200, 900)},
            {"name": "lease.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        ]
    )

    expect(strip.get_by_role("img", name="Photo 1 of 1, from a colleague")).to_be_visible()
    expect(strip.get_by_text("This is no picture.")).to_be_visible()
    strip.get_by_role("button", name="Leave it out").click()
    expect(strip.get_by_text("lease.pdf")).to_have_count(0)
    assert priya.complaints == []


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_what_the_tenant_said_about_coming_in_stands_on_the_ticket(desk, viewport):
    priya = desk(**({"viewport": viewport} if viewport else {})).enters_as("Priya Raman")
    sent = reports(priya, poster(desk(viewport=PHONE)), **REPORT, description="قطرة " * 2_000)

    page = opens(priya, sent["reference"])

    expect(page.get_by_text("Written in Arabic")).to_be_visible()
    unfold_facts(page)
    expect(page.get_by_text("Big dog behind the door")).to_be_visible()
    expect(page.get_by_text("Saturdays")).to_be_visible()
    whole = page.get_by_role("button", name="Show all")
    expect(whole).to_have_attribute("aria-expanded", "false")
    priya.has_no_barriers("a long report")
    whole.click()
    expect(page.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
