"""Who is let in and who goes: invitations written again or taken back, and the keys of somebody who is shut out."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up

ADMINISTRATOR = "Tunde Adeyemi"
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]


def users(desk: Desk) -> Page:
    desk.page.goto(f"{desk.address}/app/users")
    expect(desk.page.get_by_role("heading", level=1, name="People who work here")).to_be_visible()
    expect(desk.page.locator("mu-skeleton")).to_have_count(0)
    return desk.page


def invite(page: Page, role: str) -> str:
    """Somebody new is invited with the keyboard; returns where the letter goes."""
    email = f"sorcha.{uuid4().hex[:8]}@brightwell.example.com"
    page.get_by_role("button", name="Invite somebody").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail address").fill(email)
    dialog.get_by_label("Role", exact=True).select_option(label=role)
    dialog.get_by_role("button", name="Send the invitation").press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("region", name="Invited")).to_contain_text(email)
    return email


def links(desk: Desk, email: str, count: int) -> list[str]:
    """The links of the letters that went to an address, the newest first."""
    reader = desk.context.new_page()
    found: list[str] = []
    reader.goto(f"{desk.address}/mailbox/?q={email}")
    letters = reader.get_by_role("link", name=re.compile("invites you"))
    for _ in range(30):
        if letters.count() == count:
            break
        reader.wait_for_timeout(1_000)
        reader.reload()
    expect(letters).to_have_count(count)
    for each in [letters.nth(place).get_attribute("href") or "" for place in range(count)]:
        reader.goto(f"{desk.address}{each}" if each.startswith("/") else f"{desk.address}/mailbox/{each}")
        link = reader.frame_locator("iframe").locator("a[href*='/app/invitation#']").first
        found.append(link.get_attribute("href") or "")
    reader.close()
    return found


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_an_invitation_is_written_again_and_taken_back_and_only_the_newest_letter_opened_anything(
    desk, viewport, colours
):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = users(tunde)
    email = invite(page, "Coordinator")
    line = page.get_by_role("region", name="Invited").get_by_role("listitem").filter(has_text=email)

    line.get_by_role("button", name="Send again").press("Enter")
    expect(page.get_by_text(f"A new invitation goes to {email}").first).to_be_visible()
    newest, first = links(tunde, email, 2)
    guest = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce")
    guest.page.goto(first)
    expect(guest.page.get_by_role("alert")).to_be_visible()
    guest.page.goto("about:blank")
    guest.page.goto(newest)
    expect(guest.page.get_by_label("Your name")).to_be_visible()
    guest.has_no_barriers("an invitation")

    line.get_by_role("button", name="Withdraw").press("Enter")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text(email)
    tunde.has_no_barriers("whether to withdraw")
    question.get_by_role("button", name="Cancel").press("Enter")
    expect(line).to_be_visible()
    line.get_by_role("button", name="Withdraw").press("Enter")
    question.get_by_role("button", name="Withdraw").press("Enter")

    expect(line).to_have_count(0)
    guest.page.reload()
    expect(guest.page.get_by_role("alert")).to_be_visible()
    guest.has_no_barriers("an invitation that was taken back")


@pytest.mark.parametrize(("viewport", "colours"), LOOKS, ids=["desk", "phone"])
def test_whoever_is_shut_out_leaves_keys_that_are_revoked_and_comes_back_in(desk, viewport, colours):
    tunde = desk(viewport=viewport, color_scheme=colours, reduced_motion="reduce").enters_as(ADMINISTRATOR)
    email = invite(users(tunde), "Organisation admin")
    name = f"Sorcha Lynch {uuid4().hex[:4]}"
    sorcha = joins(desk, links(tunde, email, 1)[0], name)
    makes_a_key(sorcha, f"Rota of {name}")
    page = users(tunde)

    page.get_by_role("searchbox").fill(name)
    page.get_by_role("button", name=re.compile(name), expanded=False).press("Enter")
    expect(page.get_by_role("button", name="Sign out", exact=True).first).to_be_visible()
    tunde.has_no_barriers("somebody's account")
    page.get_by_role("button", name="Disable").press("Enter")
    expect(page.get_by_text(f"{name} is disabled").first).to_be_visible()

    sorcha.page.goto(f"{sorcha.address}/app/tickets")
    expect(sorcha.page.get_by_role("heading", name="Sign in")).to_be_visible()
    keys = page.get_by_role("region", name=f"API keys that {name} made still work")
    expect(keys).to_contain_text(f"Rota of {name}")
    tunde.has_no_barriers("the keys of somebody who is shut out")
    keys.get_by_role("button", name=re.compile("^Revoke")).press("Enter")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text(f"Rota of {name}")
    question.get_by_role("button", name="Revoke").press("Enter")
    expect(keys).to_have_count(0)

    page.get_by_role("button", name="Let them in again").press("Enter")
    expect(page.get_by_text(f"{name} can sign in again").first).to_be_visible()
    sorcha.signs_in(email, PASSWORD)
    sorcha.page.wait_for_url("**/app/**")


def test_a_team_says_that_its_lead_is_shut_out_and_gets_another(desk):
    tunde = desk(reduced_motion="reduce").enters_as(ADMINISTRATOR)
    page = users(tunde)
    page.get_by_role("button", name=re.compile("Callum Fraser"), expanded=False).press("Enter")
    page.get_by_role("button", name="Disable").press("Enter")
    expect(page.get_by_text("Callum Fraser is disabled").first).to_be_visible()
    tunde.has_no_barriers("what somebody leaves who is shut out")
    page.get_by_role("link", name="Open tickets they own").press("Enter")
    expect(page).to_have_url(re.compile(r"/app/tickets\?.*owner="))
    expect(page.get_by_text("Owner: Callum Fraser")).to_be_visible()
    page.go_back()

    page.get_by_role("button", name=re.compile("Callum Fraser"), expanded=False).press("Enter")
    page.get_by_role("link", name="Teams and areas").press("Enter")
    team = page.get_by_role("listitem").filter(has_text="Edinburgh, Cardiff and Belfast").first
    expect(team).to_contain_text("Callum Fraser (disabled)")
    expect(team).to_contain_text("choose another lead")
    tunde.has_no_barriers("a team whose lead is shut out")
    team.get_by_role("button", name="Edit").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lead").select_option("Priya Raman")
    dialog.get_by_role("button", name="Save team").press("Enter")
    expect(team).to_contain_text("led by Priya Raman")
    expect(team).not_to_contain_text("Callum Fraser")

    page = users(tunde)
    page.get_by_role("button", name=re.compile("Callum Fraser"), expanded=False).press("Enter")
    page.get_by_role("button", name="Let them in again").press("Enter")
    expect(page.get_by_text("Callum Fraser can sign in again").first).to_be_visible()


PASSWORD = "seven otters under the pier"


def joins(desk, link: str, name: str) -> Desk:
    guest = desk(reduced_motion="reduce")
    guest.page.goto(link)
    guest.page.get_by_label("Your name").fill(name)
    guest.page.get_by_label("Choose a password").fill(PASSWORD)
    guest.page.get_by_role("button", name="Take my place").click()
    guest.page.wait_for_url(re.compile("/app/(?!invitation)"))
    return guest


def makes_a_key(desk: Desk, name: str) -> None:
    page = desk.page
    page.goto(f"{desk.address}/app/settings/api-keys")
    page.get_by_role("button", name="Make a key").first.click()
    page.get_by_label("Which program will use it?").fill(name)
    page.get_by_label("Report repairs").check()
    page.get_by_role("button", name="Make a key").last.click()
    expect(page.get_by_text(f"Your new key for {name}")).to_be_visible()
    page.get_by_role("button", name="I have copied it").click()
