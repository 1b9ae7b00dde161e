"""Somebody gets in, stays in, and is out when they say so."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

PRIYA = "priya.raman@brightwell.example.com"


def test_a_demo_person_is_one_click_away(desk):
    priya = desk().enters_as("Priya Raman")

    expect(priya.page.get_by_role("heading", name="Tickets")).to_be_attached()
    expect(priya.page.get_by_role("row").nth(5)).to_be_visible()


def test_a_wrong_password_is_refused_in_place_and_the_right_one_leads_where_they_wanted(desk):
    priya = desk()
    priya.page.goto(f"{priya.address}/app/tickets?q=boiler")

    priya.page.get_by_label("E-mail address").fill(PRIYA)
    priya.page.get_by_label("Password", exact=True).fill("not the password")
    priya.page.get_by_role("button", name="Sign in").click()
    expect(priya.page.get_by_role("alert")).to_be_visible()
    expect(priya.page.get_by_label("E-mail address")).to_have_value(PRIYA)

    priya.page.get_by_label("Password", exact=True).fill("correct-horse-42")
    priya.page.get_by_role("button", name="Sign in").click()
    priya.page.wait_for_url("**/app/tickets?q=boiler")


def test_a_reload_keeps_them_in_and_signing_out_ends_every_tab(desk):
    priya = desk().enters_as("Priya Raman")
    second = priya.context.new_page()
    second.goto(f"{priya.address}/app/tickets")
    expect(second.get_by_role("row").nth(2)).to_be_visible()

    priya.page.reload()
    expect(priya.page.get_by_role("row").nth(2)).to_be_visible()
    priya.page.get_by_role("button", name="Your account").click()
    priya.page.get_by_text("Sign out").click()

    expect(priya.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(second.get_by_role("heading", name="Sign in")).to_be_visible()


def test_no_token_is_kept_where_a_script_could_find_it(desk):
    priya = desk().enters_as("Priya Raman")

    stored = priya.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    cookies = [cookie for cookie in priya.context.cookies() if "mu_staff" in cookie["name"]]

    assert "eyJ" not in stored
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [(True, "Strict")]
