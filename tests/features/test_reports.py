"""A tenant without an account: the code on the poster, the report, its status page, and nothing of anybody else's."""

import asyncio
from uuid import uuid4

import pytest

from maintainuk.application import links
from maintainuk.bootstrap import Services
from maintainuk.domain.links import LinkPurpose
from maintainuk.settings import Settings
from tests.desk import Desk, desk_of
from tests.portal import Phone, phone_at


@pytest.fixture
async def desk(trial, world) -> Desk:
    return await desk_of(trial, world)


@pytest.fixture
async def phone(desk) -> Phone:
    return await phone_at(desk)


async def test_the_code_on_the_poster_opens_the_form_of_one_home_and_names_nobody(phone: Phone, desk: Desk):
    shown = (await phone.get("/home")).json()["data"]

    assert shown["home"] == {"line": "14 Ash Grove, Leeds, LS6 1AA"}
    assert shown["organisation"]["name"] == "Fairweather Lettings"
    assert shown["nation"] == "ENG"
    assert "Aisha" not in (await phone.get("/home")).text


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "o")])
async def test_a_code_is_understood_however_it_is_typed(phone: Phone, typed):
    assert (await phone.with_token(typed(phone.token)).get("/home")).status_code == 200


async def test_a_report_becomes_a_ticket_that_staff_see(phone: Phone, desk: Desk):
    answer = await phone.report(description="The kitchen tap drips all night.", room="kitchen")

    assert answer.status_code == 201
    sent = answer.json()["data"]
    (ticket,) = (await desk.get()).json()["data"]["items"]
    assert (ticket["reference"], ticket["status"]) == (sent["reference"], "new")
    assert ticket["title"] == "The kitchen tap drips all night."
    assert sent["statusLink"] == f"/tenant/status#{sent['statusToken']}"


async def test_a_nervous_thumb_makes_one_ticket(phone: Phone, desk: Desk):
    key = str(uuid4())

    answers = await asyncio.gather(*(phone.report(description="No hot water.", submissionKey=key) for _ in range(5)))

    assert len({answer.json()["data"]["reference"] for answer in answers}) == 1
    assert len({answer.json()["data"]["statusToken"] for answer in answers}) == 1
    assert len((await desk.get()).json()["data"]["items"]) == 1


@pytest.mark.parametrize("change", [{"danger": "gas_smell"}, {"description": "No heating either."}])
async def test_another_report_is_never_taken_for_one_that_has_arrived(phone: Phone, desk: Desk, change):
    said = {"submissionKey": str(uuid4()), "description": "No hot water."}
    await phone.report(**said)

    answer = await phone.report(**said | change)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "submission-key-reused")
    assert len((await desk.get()).json()["data"]["items"]) == 1


async def test_a_report_that_was_repeated_is_the_same_although_its_ticket_has_changed_since(phone: Phone, desk: Desk):
    said = {"submissionKey": str(uuid4()), "description": "The boiler makes a noise."}
    page = phone.with_token((await phone.report(**said)).json()["data"]["statusToken"])
    await page.post("/danger", {"danger": "gas_smell"})

    answer = await phone.report(**said)

    assert (answer.status_code, answer.json()["data"]["statusToken"]) == (201, page.token)


async def test_a_poster_brings_no_flood_of_reports_and_refuses_no_danger(phone: Phone, desk: Desk):
    answers = [await phone.report(description=f"Lamp {number} is dark.") for number in range(12)]
    danger = await phone.report(danger="fire")

    assert [answer.status_code for answer in answers] == [201] * 10 + [429] * 2
    assert danger.status_code == 201


async def test_whoever_is_stopped_reads_what_to_do_and_when(phone: Phone):
    for number in range(10):
        await phone.report(description=f"Lamp {number} is dark.")

    stopped = await phone.report(description="Lamp 11 is dark.")

    refusal = stopped.json()["error"]
    assert refusal["code"] == "too-many-reports"
    assert "Wait 5 minutes, then send it again." in refusal["message"]
    assert "password" not in refusal["message"]
    assert 0 < int(stopped.headers["retry-after"]) <= 300


async def test_a_report_that_is_listened_to_keeps_no_other_report_waiting(trial, phone: Phone, desk: Desk):
    another = await phone_at(desk)
    overtaken = []

    class Slow:
        """Hears nothing, and is not done before the other report has arrived."""

        async def hears(self, said):
            if said.description == "A long story.":
                overtaken.append(await another.report(description="No hot water."))

    trial.app.state.services.listener = Slow()

    async with asyncio.timeout(20):
        first = await phone.report(description="A long story.")
        page = phone.with_token(first.json()["data"]["statusToken"])
        added = await page.post("/words", {"text": "A long story."})

    assert [answer.status_code for answer in (*overtaken, first, added)] == [201] * 4


async def test_who_left_an_address_of_the_tenancy_is_the_tenant_and_gets_an_acknowledgement(phone: Phone, desk: Desk):
    await phone.report(
        description="No hot water.", contact={"name": "Aisha", "email": "Aisha.Khan@example.com", "phone": None}
    )

    (ticket,) = (await desk.get()).json()["data"]["items"]
    assert ticket["reporterName"] == "Aisha Khan"
    assert await desk.world.promised(desk.org_id) == ["send-email"]


async def test_a_danger_is_an_emergency_at_once_and_alarms_the_organisation(phone: Phone, desk: Desk):
    answer = await phone.report(danger="gas_smell")

    assert answer.status_code == 201
    (ticket,) = (await desk.get()).json()["data"]["items"]
    assert ticket["priority"] == "P1"
    assert ticket["category"] == "gas"
    assert await desk.world.promised(desk.org_id) == ["send-email"]
    assert [line["kind"] for line in await desk.story(ticket["id"])][:2] == ["message_promised", "danger_reported"]


async def test_nothing_said_is_no_report(phone: Phone):
    answer = await phone.report()

    assert answer.status_code == 422
    assert "description" in answer.json()["error"]["fields"]


async def test_the_status_page_says_where_the_repair_is(phone: Phone):
    page = await phone.sends("No hot water since Friday.")

    shown = (await page.get("/status")).json()["data"]

    assert (shown["stage"], shown["canCancel"], shown["question"]) == ("received", True, None)
    assert shown["dueAt"] is not None
    assert shown["title"] == "No hot water since Friday."


async def test_a_question_is_answered_by_link_and_the_ticket_returns_to_triage(phone: Phone, desk: Desk):
    page = await phone.sends("The boiler makes a noise.")
    (ticket,) = (await desk.get()).json()["data"]["items"]
    async with desk.world.work(desk.org_id) as work:
        one = await phone.ticket(work, ticket["id"])
        one.triage(at=work.now)
        one.ask("Which boiler is it?", at=work.now)

    assert (await page.get("/status")).json()["data"]["question"]["text"] == "Which boiler is it?"
    answered = (await page.post("/words", {"text": "The one in the kitchen."})).json()["data"]

    assert (answered["stage"], answered["question"]) == ("being_looked_at", None)
    assert [(said["who"], said["text"]) for said in answered["words"]] == [
        ("us", "Which boiler is it?"),
        ("you", "The one in the kitchen."),
    ]


async def test_a_tenant_takes_a_report_back_once(phone: Phone, desk: Desk):
    page = await phone.sends("The lamp in the hall is dark.")

    assert (await page.post("/cancellation", {"reason": "It was the bulb."})).json()["data"]["stage"] == "cancelled"
    again = await page.post("/cancellation", {"reason": "It was the bulb."})

    assert (again.status_code, again.json()["error"]["code"]) == (409, "illegal-transition")


@pytest.mark.parametrize("unseen", ["\u200b\u2060", "\u202e", "\u2060\u00ad"])
async def test_signs_that_nobody_sees_answer_no_question_and_cancel_nothing(phone: Phone, unseen):
    page = await phone.sends("The tap drips.")

    answer = await page.post("/words", {"text": unseen})
    cancellation = await page.post("/cancellation", {"reason": unseen})

    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"text": ["Write something first."]})
    assert (cancellation.status_code, cancellation.json()["error"]["code"]) == (422, "invalid")
    assert (await page.get("/status")).json()["data"]["stage"] == "received"


async def test_staff_notes_never_reach_the_status_page(phone: Phone, desk: Desk):
    page = await phone.sends("The gutter drips.")
    (ticket,) = (await desk.get()).json()["data"]["items"]
    await desk.comment(ticket["id"], "Landlord is slow to pay.")

    assert "slow to pay" not in (await page.get("/status")).text


async def test_a_link_opens_what_it_was_made_for_and_nothing_else(phone: Phone, trial, world):
    page = await phone.sends("The gutter drips.")
    neighbour = await phone_at(await desk_of(trial, world))

    assert (await page.get("/home")).json()["error"]["code"] == "link-unknown"
    assert (await phone.get("/status")).json()["error"]["code"] == "link-unknown"
    assert (await neighbour.with_token(page.token[:-1] + "x").get("/status")).status_code == 404
    assert (await phone.without_token().get("/status")).status_code == 401


async def test_a_link_runs_out_and_can_be_replaced(phone: Phone, desk: Desk):
    page = await phone.sends("The gutter drips.")

    await phone.link(LinkPurpose.STATUS, expires_at=desk.world.now)
    assert (await page.get("/status")).json()["error"]["code"] == "link-expired"
    await phone.link(LinkPurpose.HOME, revoked_at=desk.world.now)
    assert (await phone.get("/home")).json()["error"]["code"] == "link-revoked"


async def test_an_entry_link_is_used_by_its_button_once(phone: Phone, desk: Desk):
    asked = await phone.http.post("/api/v1/links/entry", json={"email": "aisha.khan@example.com"})
    nobody = await phone.http.post("/api/v1/links/entry", json={"email": "nobody@example.com"})
    assert (asked.status_code, asked.json()["data"]) == (nobody.status_code, nobody.json()["data"]) == (202, None)

    token = await phone.entry()
    used = await phone.http.post("/api/v1/links/entry/use", json={"token": token})
    again = await phone.http.post("/api/v1/links/entry/use", json={"token": token})

    assert used.status_code == 200
    cookie = used.headers["set-cookie"]
    assert cookie.startswith("mu_visit")
    assert "HttpOnly" in cookie
    assert (again.status_code, again.json()["error"]["code"]) == (410, "link-used")
    visitor = phone.without_token()
    visitor.cookies = {cookie.split("=")[0]: cookie.split("=")[1].split(";")[0]}
    assert (await visitor.get("/home")).json()["data"]["home"]["line"].startswith("14 Ash Grove")
    assert (await visitor.report(description="The gutter drips.")).status_code == 201
    assert [one["title"] for one in (await visitor.get("")).json()["data"]["items"]] == ["The gutter drips."]


async def test_whoever_asks_for_link_after_link_is_told_where_to_look_and_when_to_ask_again(visitor):
    asking = visitor().http

    answers = [await asking.post("/api/v1/links/entry", json={"email": "asks.often@example.com"}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [202] * 10 + [429]
    refusal = answers[-1].json()["error"]
    assert refusal["code"] == "too-many-entry-links"
    assert "spam folder, or wait 5 minutes" in refusal["message"]
    assert "password" not in refusal["message"]


async def test_no_search_for_a_mailbox_outlives_the_api(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(links, "PATIENCE", 0.01)
    services = Services(settings)
    services.entry.ask("asks.late@example.com", services.clock())
    (searching,) = (task for task in asyncio.all_tasks() if "_send" in repr(task.get_coro()))

    await services.close()

    assert searching.cancelled()


async def test_words_in_any_language_arrive_as_they_were_written(phone: Phone, desk: Desk):
    words = "لا يوجد ماء ساخن 🥶 " + "Cieknie kran w łazience. " * 4 + "🔥" * 9_000

    assert (await phone.report(description=words)).status_code == 201

    (ticket,) = (await desk.get()).json()["data"]["items"]
    assert (await desk.get(f"/{ticket['id']}")).json()["data"]["description"] == words.strip()
