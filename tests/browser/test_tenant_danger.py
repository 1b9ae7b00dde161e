"""Danger on a phone that is busy with something else."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_tenant_journey import leaves_an_address, scans_the_poster

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def reports_in_words(page: Page, words: str) -> None:
    page.get_by_role("button", name=re.compile("^None of these")).click()
    page.get_by_role("button", name="Kitchen").click()
    page.get_by_role("button", name=re.compile("^Tap drips")).click()
    page.get_by_role("button", name="It drips").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_label("What should we know?").fill(words)
    page.get_by_role("button", name="Continue").click()
    leaves_an_address(page, "tomasz.nowak@example.com")


def test_whoever_writes_of_gas_is_asked_whether_it_is_now_and_a_yes_reaches_staff(desk):
    priya = desk().enters_as("Priya Raman")
    phone = desk(viewport=PHONE)
    page = scans_the_poster(phone)
    reports_in_words(page, "And there is a strong smell of gas behind the cooker.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert").get_by_text("I can smell gas")).to_be_visible()
    phone.has_no_barriers("heard")

    page.get_by_role("button", name="Yes, it is happening now").click()

    expect(page.get_by_role("link", name=re.compile("Call 0800"))).to_be_visible()
    expect(page.get_by_role("heading", name="Get everybody out and call")).to_be_visible()
    expect(priya.page.get_by_text(re.compile("smell gas|smell of gas", re.IGNORECASE)).first).to_be_visible()


def test_a_danger_in_one_tab_is_never_taken_for_the_report_in_another(desk):
    phone = desk(viewport=PHONE)
    page = scans_the_poster(phone)
    home = page.url
    reports_in_words(page, "Since Saturday.")
    other = phone.context.new_page()
    other.goto(home)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Your report has arrived")).to_be_visible()
    first = re.search(r"T-\d+", page.locator("main").inner_text())[0]

    other.get_by_role("button", name="There is a fire").click()

    told = other.get_by_text(re.compile("has been told"))
    expect(told).to_be_visible()
    assert first not in told.inner_text()
