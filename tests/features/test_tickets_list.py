"""Finding tickets: filters, orders, pages, search and counts."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from maintainuk.domain.taxonomy import Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus
from tests.desk import Desk


async def pages(desk: Desk, **params) -> list[list[str]]:
    found, cursor = [], {}
    while True:
        data = (await desk.get(**params, **cursor)).json()["data"]
        found.append([ticket["title"] for ticket in data["items"]])
        if data["nextCursor"] is None:
            return found
        cursor = {"cursor": data["nextCursor"]}


def cursor_of(order: str, moment: str) -> str:
    place = [order, ["P3", moment, str(uuid4())]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


@pytest.fixture
async def busy(desk: Desk) -> Desk:
    """Six tickets, three of them reported in the same instant."""
    for title, minutes, changes in (
        ("Gas smell", 0, {"priority": Priority.P1}),
        ("Tap drips", 1, {"priority": Priority.P4, "owner_id": desk.staff.id}),
        ("No heating", 2, {"priority": Priority.P2, "status": TicketStatus.TRIAGE}),
        ("Door sticks", 2, {"priority": Priority.P3, "status": TicketStatus.CLOSED}),
        ("Light flickers", 2, {"priority": Priority.P2, "owner_id": desk.staff.id}),
        ("Roof leaks", 3, {"priority": Priority.P1, "status": TicketStatus.RESOLVED}),
    ):
        at = desk.world.now - timedelta(minutes=minutes)
        await desk.world.ticket(desk.org_id, desk.home, title=title, description="…", reported_at=at, **changes)
    return desk


async def test_each_order_reads_every_ticket_once_page_by_page(busy: Desk):
    newest = await busy.titles(sort="newest")

    assert newest[:2] == ["Gas smell", "Tap drips"]
    assert newest[-1] == "Roof leaks"
    assert await busy.titles(sort="oldest") == newest[::-1]
    for sort in ("newest", "oldest", "priority", "updated"):
        whole = await busy.titles(sort=sort)
        assert [title for page in await pages(busy, sort=sort, limit=2) for title in page] == whole
        assert sorted(whole) == sorted(newest)


async def test_by_priority_those_who_waited_longest_come_first(busy: Desk):
    by_priority = await busy.titles(sort="priority")

    assert by_priority[:2] == ["Roof leaks", "Gas smell"]
    assert set(by_priority[2:4]) == {"No heating", "Light flickers"}
    assert by_priority[4:] == ["Door sticks", "Tap drips"]


async def test_a_ticket_that_comes_in_meanwhile_shifts_no_page(busy: Desk):
    first = (await busy.get(limit=3)).json()["data"]
    await busy.world.ticket(busy.org_id, busy.home, title="Just in", reported_at=busy.world.now + timedelta(minutes=1))

    rest = await busy.titles(limit=3, cursor=first["nextCursor"])

    assert len({ticket["title"] for ticket in first["items"]} | set(rest)) == 6


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"status": "triage"}, {"No heating"}),
        ({"status": "triage,closed"}, {"No heating", "Door sticks"}),
        ({"status": ["triage", "closed"]}, {"No heating", "Door sticks"}),
        ({"priority": "P1,P4"}, {"Gas smell", "Roof leaks", "Tap drips"}),
        ({"owner": "me"}, {"Tap drips", "Light flickers"}),
        ({"owner": "none", "open": "true"}, {"Gas smell", "No heating"}),
        ({"open": "true", "priority": "P1", "status": "new"}, {"Gas smell"}),
        ({"owner": str(uuid4())}, set()),
        ({"property": str(uuid4())}, set()),
    ],
)
async def test_filters_narrow_and_combine(busy: Desk, params: dict, titles: set):
    assert set(await busy.titles(**params)) == titles


async def test_the_property_filter_knows_its_tickets(busy: Desk):
    elsewhere = await busy.world.home(busy.org_id, address="3 Mill Lane")
    await busy.world.ticket(busy.org_id, elsewhere, title="Fence down")

    assert await busy.titles(property=str(elsewhere.property_id)) == ["Fence down"]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("flickering lights", "Light flickers"),
        ("heat", "No heating"),
        ("lig", "Light flickers"),
        ('"gas smell"', "Gas smell"),
    ],
)
async def test_search_finds_words_and_their_beginnings(busy: Desk, words: str, title: str):
    assert await busy.titles(q=words) == [title]


async def test_a_word_with_a_minus_is_left_out(desk: Desk):
    await desk.world.ticket(desk.org_id, desk.home, title="Boiler leaks", description="On the floor.")
    await desk.world.ticket(desk.org_id, desk.home, title="Boiler is cold", description="Since today.")

    assert await desk.titles(q="boiler -leak") == ["Boiler is cold"]


async def test_search_finds_the_reference_the_address_and_the_reporter(busy: Desk):
    elsewhere = await busy.world.home(busy.org_id, address="9 Quarry Bank", postcode="HX1 5ER", tenant="Zofia Wójcik")
    await busy.world.ticket(busy.org_id, elsewhere, title="Fence down", number=10_482)

    for words in ("T-10482", "10482", "quarry bank", "hx1 5er", "HX15ER", "Zofia"):
        assert await busy.titles(q=words) == ["Fence down"], words


@pytest.mark.parametrize(
    "words", ["%", "_", "'", '"', "\\", ":*", "a & !", "\x00", "🔥", "(((", "drop table;--", "x" * 200]
)
async def test_odd_words_find_nothing_and_break_nothing(busy: Desk, words: str):
    answer = await busy.get(q=words)

    assert answer.status_code == 200


@pytest.mark.parametrize("words", ["!", "…", "🔥", "?!", "(((", '"the"', "a & !"])
async def test_a_search_without_a_word_to_look_for_finds_nothing_rather_than_everything(busy: Desk, words: str):
    assert await busy.titles(q=words) == []
    assert (await busy.get("/counts", q=words)).json()["data"]["open"] == 0


async def test_search_combines_with_filters_and_pages(busy: Desk):
    for number in range(5):
        await busy.world.ticket(busy.org_id, busy.home, title=f"Boiler {number}", priority=Priority.P4)

    found = await pages(busy, q="boiler", priority="P4", limit=2)

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(title for page in found for title in page) == [f"Boiler {number}" for number in range(5)]


@pytest.mark.parametrize(
    "params",
    [
        {"status": "lost"},
        {"priority": "P1,P9"},
        {"owner": "somebody"},
        {"limit": "0"},
        {"limit": "201"},
        {"sort": "random"},
        {"cursor": "not-a-cursor"},
        {"cursor": "WyJuZXdlc3QiXQ"},
        {"cursor": "é"},
        {"cursor": cursor_of("newest", "0001-01-01T00:00:00+14:00")},
        {"cursor": cursor_of("newest", "9999-12-31T23:59:59-14:00")},
        {"q": "x" * 201},
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(desk: Desk, params: dict):
    answer = await desk.get(**params)

    assert answer.status_code == 422
    assert {field.partition(".")[0] for field in answer.json()["error"]["fields"]} == set(params)


async def test_a_page_of_one_order_does_not_continue_another(busy: Desk):
    cursor = (await busy.get(limit=2, sort="newest")).json()["data"]["nextCursor"]

    answer = await busy.get(limit=2, sort="updated", cursor=cursor)

    assert (answer.status_code, answer.json()["error"]["fields"]) == (
        422,
        {"cursor": ["This does not continue the list. Leave it out to start from the first page."]},
    )


async def test_counts_tell_what_waits(busy: Desk):
    counts = (await busy.get("/counts")).json()["data"]

    assert (counts["open"], counts["unassigned"], counts["mine"]) == (4, 2, 2)
    assert {status: count for status, count in counts["byStatus"].items() if count} == {
        "new": 3,
        "triage": 1,
        "closed": 1,
        "resolved": 1,
    }
    assert counts["byPriority"] == {"P1": 1, "P2": 2, "P3": 0, "P4": 1}


async def test_counts_tell_how_many_wait_for_their_home_to_be_recognised(busy: Desk):
    await busy.world.ticket(busy.org_id, address_as_written="12 Elm Row")
    await busy.world.ticket(busy.org_id, address_as_written="14 Elm Row", status=TicketStatus.CLOSED)

    every = (await busy.get("/counts")).json()["data"]
    searched = (await busy.get("/counts", q="drips")).json()["data"]

    assert (every["homeUnknown"], searched["homeUnknown"]) == (1, 0)


async def test_counts_follow_the_filters_of_the_list(busy: Desk):
    counts = (await busy.get("/counts", owner="me", q="drips")).json()["data"]

    assert (counts["open"], counts["mine"], counts["byStatus"]["new"]) == (1, 1, 1)


async def test_another_organisation_finds_and_counts_nothing(busy: Desk, foreign_desk: Desk):
    for params in ({}, {"q": "gas"}, {"owner": str(busy.staff.id)}, {"property": str(busy.home.property_id)}):
        assert await foreign_desk.titles(**params) == []
    assert (await foreign_desk.get("/counts")).json()["data"]["open"] == 0
