"""Tickets from another system's file: brought in on the screen, then put to AI in one go."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from maintainuk.infrastructure.demo.people import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

FAULTS = ("Boiler dead", "Kitchen tap drips", "Mould behind the wardrobe", "Front door lock is stiff")
HEADER = "Job ref,Description,Address,Reported\n"


def choose(page: Page, content: str) -> None:
    """Choose a file on the import page, and have its rows checked."""
    page.locator("input[type=file]").set_input_files(
        {"name": "repairs.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="What would come in")).to_be_focused()


def suggested(address: str, words: str) -> list[bool]:
    """Say of each ticket with these words whether it has a suggestion."""
    with httpx.Client(base_url=address, timeout=30) as http:
        entry = http.post(
            "/auth/login",
            json={"email": "priya.raman@brightwell.example.com", "password": DEMO_PASSWORD, "client": "staff"},
        )
        headers = {"Authorization": f"Bearer {entry.raise_for_status().json()['data']['accessToken']}"}
        found = http.get("/api/v1/tickets", params={"q": words}, headers=headers).raise_for_status().json()
        jobs = [
            http.get(f"/api/v1/tickets/{ticket['id']}/ai-job", headers=headers).raise_for_status().json()["data"]["job"]
            for ticket in found["data"]["items"]
        ]
    return [bool(job and job["suggestion"]) for job in jobs]


def test_a_file_of_homes_nobody_knows_comes_in_and_is_put_to_ai_in_one_go(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    rows = [
        f"ZW-{number},{fault},{number + 1} Zinnia Wharf,0{number + 1}/02/2025\n" for number, fault in enumerate(FAULTS)
    ]

    page.goto(f"{priya.address}/app/tickets/import")
    choose(page, HEADER + "".join(rows))
    page.get_by_role("button", name="Bring in 4 tickets").click()
    expect(page.get_by_role("heading", name="The file is in")).to_be_visible()
    page.goto(f"{priya.address}/app/tickets?home=unknown&q=Zinnia")
    page.get_by_role("checkbox", name="Select all tickets that are shown").check()
    page.get_by_role("region", name="Selected tickets").get_by_role("button", name="AI triage").click()

    expect(page.get_by_text(re.compile("AI has read 4 tickets"))).to_be_visible()
    assert suggested(priya.address, "Zinnia") == [True] * 4


def test_a_person_says_how_dates_are_read_and_hears_what_is_there_already(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    content = HEADER + "MQ-1,Gutter hangs down,1 Marigold Quay,10/07/2013\n"

    page.goto(f"{priya.address}/app/tickets/import")
    choose(page, content)
    expect(page.get_by_text("Reported Wed 10 Jul 2013")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Mon 7 Oct 2013")).check()
    expect(page.get_by_text("Reported Mon 7 Oct 2013")).to_be_visible()
    page.get_by_role("button", name="Bring in 1 ticket").click()
    expect(page.get_by_role("heading", name="The file is in")).to_be_visible()
    page.get_by_role("button", name="Choose another file").click()
    choose(page, content)

    expect(page.get_by_text("Everything in this file is already there.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Bring in"))).to_have_count(0)
