"""The coordinator's day: find a ticket, read it, change it, take a new one down, and see what others do."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, unfold_facts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]  # the first of them brings the product up


def report(desk, title: str) -> str:
    """Take a repair down, as if on the telephone; returns the address of its page."""
    page = desk.page
    page.goto(f"{desk.address}/app/tickets/new")
    page.get_by_role("combobox", name="Home", exact=True).fill("ash grove")
    homes = page.get_by_role("listbox", name="Home").get_by_role("option")
    homes.filter(has_text="Ash Grove").filter(has_not_text="Nobody lives here").first.click()
    page.get_by_label("What is wrong, in a few words").fill(title)
    page.get_by_label("What was said").fill("It began on Saturday night and is getting worse.")
    page.get_by_role("radio", name="Urgent").check(force=True)
    page.get_by_role("button", name="Create ticket").click()
    page.wait_for_url(re.compile(r"/app/tickets/[0-9a-f-]{36}"))
    return page.url


def test_the_keyboard_is_enough(desk):
    page = desk().enters_as("Priya Raman").page
    expect(page.get_by_role("row").nth(3)).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Timeline")).to_be_attached()
    page.keyboard.press("Escape")
    page.wait_for_url("**/app/tickets")

    page.keyboard.press("/")
    page.keyboard.type("mould")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=mould**")
    expect(page.get_by_role("row").nth(1)).to_contain_text(re.compile("mould", re.IGNORECASE))

    page.locator("body").click()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New ticket")).to_be_visible()


def test_filters_live_in_the_address_and_survive_a_reload(desk):
    page = desk().enters_as("Priya Raman").page

    page.get_by_role("link", name="Unassigned").click()
    page.wait_for_url("**owner=none**")
    page.get_by_role("button", name="Priority").click()
    page.get_by_role("menuitemcheckbox", name="Urgent").or_(page.get_by_role("checkbox", name="Urgent")).first.click()
    page.wait_for_url("**priority=P2**")
    page.keyboard.press("Escape")
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Urgent")
    expect(first).to_contain_text("No owner")
    reference = re.search(r"T-\d+", first.inner_text()).group()
    page.reload()

    expect(first).to_contain_text(reference)
    page.go_back()
    page.wait_for_url(lambda address: "owner=none" in address and "priority=P2" not in address)


def test_a_search_that_finds_nothing_says_what_to_do(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    page.goto(f"{priya.address}/app/tickets?q=zeppelin")

    expect(
        page.get_by_role("button", name=re.compile("Clear"))
        .or_(page.get_by_role("link", name=re.compile("Clear")))
        .first
    ).to_be_visible()


@pytest.mark.parametrize("words", ["!", "…", "🔥", "?!"])
def test_a_search_without_a_word_says_that_nothing_was_found_and_leads_back(desk, words):
    priya = desk().enters_as("Priya Raman")
    page = priya.page

    page.get_by_placeholder("Search", exact=True).fill(words)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()


def test_an_address_with_too_long_a_search_still_shows_a_list(desk):
    priya = desk().enters_as("Priya Raman")

    priya.page.goto(f"{priya.address}/app/tickets?q={'boiler+' * 60}")

    expect(
        priya.page.get_by_role("row").nth(1).or_(priya.page.get_by_role("heading", name="Nothing found"))
    ).to_be_visible()
    expect(priya.page.get_by_text("couldn't be loaded")).to_have_count(0)


def test_escape_gives_the_focus_back_to_the_row_it_came_from(desk):
    page = desk().enters_as("Priya Raman").page
    expect(page.get_by_role("row").nth(3)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.dataset.ticket")

    for key in ("/", "?", "Control+k", "c"):
        page.keyboard.press(key)
        page.wait_for_function("row => document.activeElement.dataset.ticket !== row", arg=row)
        page.keyboard.press("Escape")
        page.wait_for_function("row => document.activeElement.dataset.ticket === row", arg=row)
    for key, menu in (("a", "Change owner"), ("p", "Change priority")):
        page.keyboard.press(key)
        expect(page.get_by_role("menu", name=menu)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu", name=menu)).to_be_hidden()
        page.keyboard.press("Escape")
        page.wait_for_function("row => document.activeElement.dataset.ticket === row", arg=row)

    assert row


@pytest.mark.parametrize(
    ("name", "heading", "offered"), [("Priya Raman", "Set up your desk", 1), ("Mei-Ling Cheung", "No tickets yet", 0)]
)
def test_an_empty_list_offers_the_first_steps_to_those_who_may_take_them(desk, name, heading, offered):
    sitting = desk()
    sitting.page.route(
        re.compile(r"/api/v1/tickets\?"), lambda route: route.fulfill(json={"data": {"items": [], "nextCursor": None}})
    )
    nothing = {"open": 0, "unassigned": 0, "mine": 0, "byStatus": {}, "byPriority": {}}
    sitting.page.route(re.compile(r"/api/v1/tickets/counts"), lambda route: route.fulfill(json={"data": nothing}))

    sitting.enters_as(name)

    expect(sitting.page.get_by_role("heading", name=heading)).to_be_visible()
    expect(sitting.page.get_by_role("main").get_by_role("link", name="Log the first repair")).to_have_count(offered)


def test_a_reported_repair_is_acknowledged_before_their_eyes(desk):
    priya = desk().enters_as("Priya Raman")

    report(priya, "No hot water since Saturday")

    story = priya.page.get_by_role("list").filter(has_text="Acknowledgement")
    expect(story).to_contain_text(re.compile(r"Acknowledgement e-mail to the tenant . sent \d\d:\d\d"))
    mailbox = desk()
    mailbox.page.goto(f"{mailbox.address}/mailbox/")
    mailbox.page.get_by_role("link", name=re.compile("We have your repair report")).first.click()
    expect(mailbox.page.frame_locator("iframe").get_by_text("No hot water since Saturday").first).to_be_visible()


def test_a_colleagues_change_appears_without_a_reload(desk):
    priya, callum = desk().enters_as("Priya Raman"), desk().enters_as("Callum Fraser")
    where = report(priya, "Loose banister on the first floor")
    callum.page.goto(where)
    expect(callum.page.get_by_role("button", name="Change priority")).to_contain_text("Urgent")

    priya.page.get_by_role("button", name="Change priority").click()
    priya.page.get_by_role("menuitemradio", name=re.compile("Emergency")).or_(
        priya.page.get_by_role("menuitem", name=re.compile("Emergency"))
    ).first.click()
    priya.page.get_by_label("Write a note to your colleagues").fill("Rang them: nobody hurt.")
    priya.page.get_by_role("button", name="Add note").click()

    expect(callum.page.get_by_role("button", name="Change priority")).to_contain_text("Emergency")
    expect(callum.page.get_by_text("Rang them: nobody hurt.")).to_be_visible()
    expect(callum.page.get_by_text(re.compile("Priya Raman .*Emergency"))).to_be_visible()


def test_a_new_ticket_joins_a_colleagues_list(desk):
    callum, priya = desk().enters_as("Callum Fraser"), desk().enters_as("Priya Raman")
    expect(callum.page.get_by_role("row").nth(1)).to_be_visible()

    report(priya, "Gutter hangs over the front door")

    expect(callum.page.get_by_role("row").nth(1)).to_contain_text("Gutter hangs over the front door")


def test_more_tabs_than_a_browser_has_connections_all_load_and_all_hear(desk):
    callum, priya = desk().enters_as("Callum Fraser"), desk().enters_as("Priya Raman")
    tabs = [callum.page, *(callum.context.new_page() for _ in range(7))]
    for tab in tabs:
        tab.goto(f"{callum.address}/app/tickets")
        expect(tab.get_by_role("row").nth(1)).to_be_visible()

    report(priya, "Letterbox has come off its hinge")

    for tab in (tabs[0], tabs[-1]):
        expect(tab.get_by_role("row").nth(1)).to_contain_text("Letterbox has come off its hinge")


def test_two_changes_at_once_show_both_and_lose_none(desk):
    priya, callum = desk().enters_as("Priya Raman"), desk().enters_as("Callum Fraser")
    callum.page.route("**/api/v1/live", lambda route: route.abort())  # Callum's screen hears nothing of others
    where = report(priya, "Kitchen light hums and flickers")
    callum.page.goto(where)
    his, hers = (person.page.get_by_role("button", name="Change priority") for person in (callum, priya))
    expect(his).to_contain_text("Urgent")

    hers.click()
    priya.page.get_by_role("menuitemradio", name=re.compile("Planned")).first.click()
    expect(hers).to_contain_text("Planned")
    his.click()
    callum.page.get_by_role("menuitemradio", name=re.compile("Emergency")).first.click()

    expect(
        callum.page.get_by_text(re.compile("changed the priority to Planned while you were looking"))
    ).to_be_visible()
    callum.page.get_by_role("button", name="Keep Planned").click()
    expect(his).to_contain_text("Planned")


def test_a_colleagues_change_is_told_where_one_is_about_to_choose(desk):
    priya, callum = desk().enters_as("Priya Raman"), desk().enters_as("Callum Fraser")
    where = report(priya, "Hall carpet has come loose on the stairs")
    callum.page.goto(where)
    callum.page.get_by_role("button", name="Change priority").click()
    expect(callum.page.get_by_role("menu", name="Change priority")).to_be_visible()

    priya.page.get_by_role("button", name="Change priority").click()
    priya.page.get_by_role("menuitemradio", name="Planned").click()

    expect(callum.page.get_by_text("Priya Raman changed this to Planned just now")).to_be_visible()
    callum.page.keyboard.press("Escape")
    expect(callum.page.get_by_text("Priya Raman changed this to Planned just now")).to_be_hidden()


def test_another_organisations_ticket_does_not_exist(desk):
    priya, shabana = desk().enters_as("Priya Raman"), desk().enters_as("Shabana Hussain")
    where = report(priya, "Draught from the loft hatch")

    shabana.page.goto(where)

    expect(shabana.page.get_by_text("This ticket isn't here")).to_be_visible()
    expect(shabana.page.get_by_text("Draught from the loft hatch")).to_have_count(0)


def test_a_draft_survives_a_reload(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    page.goto(f"{priya.address}/app/tickets/new")
    page.get_by_label("What is wrong, in a few words").fill("Water under the bath")

    page.reload()

    expect(page.get_by_label("What is wrong, in a few words")).to_have_value("Water under the bath")


def test_a_report_that_is_too_long_or_empty_says_so_beside_the_field(desk):
    priya = desk().enters_as("Priya Raman")
    page = priya.page
    page.goto(f"{priya.address}/app/tickets/new")

    page.get_by_role("button", name="Create ticket").click()

    expect(page.get_by_role("combobox", name="Home", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("What is wrong, in a few words")).to_have_attribute("aria-invalid", "true")


def test_an_auditor_is_offered_nothing_to_change(desk):
    page = desk().enters_as("Mei-Ling Cheung").page
    page.get_by_role("row").nth(1).get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=2, name="Timeline")).to_be_attached()
    expect(page.get_by_role("button", name="Change priority")).to_have_count(0)
    expect(page.get_by_label("Write a note to your colleagues")).to_have_count(0)


def test_an_auditor_who_opens_the_form_is_told_that_it_is_not_for_them(desk):
    mei_ling = desk().enters_as("Mei-Ling Cheung")
    page = mei_ling.page

    page.goto(f"{mei_ling.address}/app/tickets/new")

    expect(page.get_by_role("heading", name="Your role can't create tickets")).to_be_visible()
    expect(page.get_by_label("What was said")).to_have_count(0)
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url("**/app/tickets")


def test_on_a_phone_a_ticket_is_a_page_of_its_own_and_back_returns_to_the_place(desk):
    page = desk(viewport=PHONE, has_touch=True).enters_as("Priya Raman").page

    page.get_by_role("row").nth(2).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/app/tickets/[0-9a-f-]{36}"))
    expect(page.get_by_role("table")).to_be_hidden()
    page.go_back()

    expect(page.get_by_role("row").nth(2)).to_be_visible()


def test_on_a_phone_a_ticket_tells_its_story_before_its_facts(desk):
    priya = desk(viewport=PHONE, has_touch=True).enters_as("Priya Raman")
    page = priya.page
    report(priya, "Bathroom tap drips day and night")

    story = page.get_by_text(re.compile("Priya Raman wrote this down"))
    expect(story).to_be_in_viewport()
    expect(page.get_by_role("button", name="Change priority")).to_be_hidden()
    unfold_facts(page)

    expect(page.get_by_role("button", name="Change priority")).to_be_visible()


def test_the_product_tells_the_browser_how_strict_to_be(product):
    answer = httpx.get(f"{product}/app/", headers={"Accept": "text/html"})

    policy = answer.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_news_never_covers_where_people_write_or_steer(desk, viewport):
    callum = desk(viewport=viewport, reduced_motion="reduce").enters_as("Callum Fraser")
    page = callum.page
    report(callum, "Letter box has come off")

    page.get_by_role("button", name="Assign to me").click()
    news = page.get_by_role("status").locator("div").filter(has_text="belongs to")
    news.hover()  # what is pointed at stays
    above_the_composer = bottom_of(news) <= page.locator("mu-note-composer").bounding_box()["y"]
    page.keyboard.press("Escape")
    expect(page.locator("mu-note-composer")).to_have_count(0)

    assert above_the_composer
    assert bottom_of(news) <= (foot_of(page) if viewport is PHONE else viewport["height"])


def bottom_of(something) -> float:
    box = something.bounding_box()
    return box["y"] + box["height"]


def foot_of(page) -> float:
    return page.get_by_role("navigation", name="Main").bounding_box()["y"]


def test_a_ticket_has_one_filled_button(desk):
    callum = desk().enters_as("Callum Fraser")

    report(callum, "Airing cupboard door sticks")
    expect(callum.page.get_by_role("button", name="Begin triage")).to_be_visible()

    assert callum.page.locator(".mu-button-filled").filter(visible=True).all_inner_texts() == ["Begin triage"]


def test_on_a_phone_a_lost_connection_is_told(desk):
    priya = desk(viewport=PHONE, has_touch=True).enters_as("Priya Raman")
    expect(priya.page.get_by_role("row").nth(2)).to_be_visible()
    expect(priya.page.get_by_text("Live", exact=True)).to_be_hidden()

    priya.loses_the_network()

    expect(priya.page.get_by_text("Offline", exact=True)).to_be_visible()
