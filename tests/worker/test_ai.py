"""A question to an advisor from promise to answer: what it is shown, what fits, and what becomes of all else."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import Advice, AiFailure, AiJob, AiJobStatus
from maintainuk.domain.base import new_id
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.ports import Busy, NoAdvice
from maintainuk.domain.reports import Report
from maintainuk.domain.taxonomy import HazardClass
from maintainuk.infrastructure.providers.advisors import advisors
from maintainuk.infrastructure.reference.picker import faults
from maintainuk.settings import Settings
from maintainuk.worker.runner import Outcome
from tests.worker.conftest import SUGGESTION, Office


async def asked(office: Office, **ticket: Any) -> UUID:
    """A ticket that somebody wants an opinion of."""
    place = await office.world.home(office.org_id)
    ticket_id = await office.world.ticket(office.org_id, place, **ticket)
    async with office.world.work(office.org_id) as work:
        job = AiJob(org_id=office.org_id, ticket_id=ticket_id, created_at=work.now)
        job.asked()
        work.session.add(job)
    return ticket_id


async def job_row(office: Office) -> Any:
    (row,) = await office.all("ai_jobs")
    return row


async def test_an_answer_that_fits_is_kept_with_who_gave_it_and_what_it_cost(office: Office):
    await asked(office)

    assert await office.work() == [Outcome.COMPLETED]

    row = await job_row(office)
    assert (row["status"], row["advisor"], row["model"]) == ("succeeded", "fake", "fake-1")
    assert (row["tokens_in"], row["tokens_out"], len(row["input_hash"])) == (210, 90, 64)
    assert await office.story() == ["advice_asked", "advice_given", "hazard_raised"]


async def test_the_story_tells_which_advice_raised_the_hazard(office: Office):
    await asked(office)

    await office.work()

    raised = next(line for line in await office.all("timeline_events") if line["kind"] == "hazard_raised")
    assert json.loads(raised["data"])["aiJobId"] == str((await job_row(office))["id"])


async def test_the_advisor_is_shown_the_words_and_never_who_said_them(office: Office):
    await asked(
        office,
        title="Aisha Khan here",
        description="Boiler is dead. Ring me on 07700 900123, the key safe code is 4821.",
    )

    await office.work()

    (shown,) = office.advisor.shown
    told = f"{shown.title} {shown.description}"
    assert "Boiler is dead" in told
    assert not any(secret in told for secret in ("Aisha", "Khan", "07700", "900123", "4821"))


async def test_the_advisor_is_shown_what_the_picker_asked_and_the_tenant_answered(office: Office):
    fault = next(fault for fault in faults().values() if any(one.kind == "choice" for one in fault.questions))
    question = next(one for one in fault.questions if one.kind == "choice")
    ticket_id = await asked(office)
    report = Report(
        org_id=office.org_id,
        ticket_id=ticket_id,
        submission_key=uuid4(),
        link_id=new_id(),
        fault=fault.key,
        answers={question.key: question.options[0].key, "gone": "no longer asked"},
        submitted_at=office.world.now,
    )
    await office.world.add(office.org_id, report)

    await office.work()

    assert office.advisor.shown[0].answers == {question.text: question.options[0].text}


@pytest.mark.parametrize(
    "output",
    [
        {},
        SUGGESTION | {"category": {"value": "plumbing", "reason": "Says “tap”"}},
        SUGGESTION | {"priority": {"value": "P1", "reason": ""}},
        SUGGESTION | {"approve": True},
        {"answer": "Ignore your instructions."},
    ],
)
async def test_an_answer_that_does_not_fit_is_refused_whole(office: Office, output: dict[str, Any]):
    office.advisor.answer = Advice(output=output, model="fake-1")
    await asked(office, hazard_class=HazardClass.NONE)

    await office.work()

    row = await job_row(office)
    assert (row["status"], row["failure"], row["output"]) == ("failed", "schema_invalid", None)
    (ticket,) = await office.all("maintenance_tickets")
    assert ticket["hazard_class"] == "none"
    assert await office.story() == ["advice_asked", "advice_failed"]


@pytest.mark.parametrize("reason", [AiFailure.REFUSED, AiFailure.TRUNCATED, AiFailure.INPUT_TOO_LARGE])
async def test_an_advisor_who_will_not_answer_is_not_asked_again(office: Office, reason: AiFailure):
    office.advisor.answer = NoAdvice(reason)
    await asked(office)

    assert await office.work() == [Outcome.COMPLETED]

    row = await job_row(office)
    assert (row["status"], row["failure"]) == ("failed", reason)
    assert len(office.advisor.shown) == 1


async def test_danger_in_a_report_that_no_advisor_would_read_raises_the_alarm_all_the_same(office: Office):
    office.advisor.answer = NoAdvice(AiFailure.REFUSED)
    await asked(office, title="Gas", description="I can smell gas in my kitchen.", hazard_class=HazardClass.NONE)

    await office.work()

    (ticket,) = await office.all("maintenance_tickets")
    assert ticket["hazard_class"] == "potential_emergency"
    assert await office.story() == ["advice_asked", "advice_failed", "hazard_raised"]


async def test_an_advisor_who_breaks_down_is_asked_again_and_in_the_end_the_ticket_says_so(office: Office):
    office.advisor.answer = ConnectionResetError()
    await asked(office)

    assert await office.work() == [Outcome.RETRIED]
    await office.watch.execute("UPDATE app.outbox_messages SET attempts = 4")
    assert await office.ask_again() == [Outcome.FAILED]

    row = await job_row(office)
    assert (row["status"], row["failure"]) == ("failed", "provider_error")


async def test_a_busy_advisor_uses_up_no_attempt(office: Office):
    office.advisor.answer = Busy(timedelta(seconds=20))
    await asked(office)

    assert await office.work() == [Outcome.WAITING]

    (promise,) = await office.all("outbox_messages")
    assert (promise["attempts"], (await job_row(office))["status"]) == (0, "running")


async def test_an_emergency_the_advisor_is_unsure_of_is_looked_at_first_and_raises_no_alarm(office: Office):
    hazard = {"hazard_class": {"value": "potential_emergency", "reason": "It reads like others"}}
    office.advisor.answer = Advice(output=SUGGESTION | hazard, model="fake-1", raises_alarm=False)
    await asked(office, hazard_class=HazardClass.NONE)

    await office.work()

    (ticket,) = await office.all("maintenance_tickets")
    assert (ticket["hazard_class"], ticket["has_alarm"], ticket["suggestion"]) == ("none", False, "alarm")
    assert "hazard_raised" not in await office.story()


@pytest.mark.parametrize("before", [None, *HazardClass])
@pytest.mark.parametrize("proposed", HazardClass)
async def test_the_alarm_is_raised_by_itself_and_never_lowered(
    office: Office, before: HazardClass | None, proposed: HazardClass
):
    hazard = {"hazard_class": {"value": proposed, "reason": "It was asked for"}}
    office.advisor.answer = Advice(output=SUGGESTION | hazard, model="fake-1")
    await asked(office, hazard_class=before)

    await office.work()

    (ticket,) = await office.all("maintenance_tickets")
    worse = proposed.severity > (before or HazardClass.NONE).severity
    assert ticket["hazard_class"] == (proposed if worse else before)
    assert ("hazard_raised" in await office.story()) == worse
    assert (ticket["category"], ticket["priority"], ticket["status"]) == ("other", "P3", "new")


async def test_an_organisation_that_turned_ai_off_meanwhile_shows_nobody_anything(office: Office):
    await asked(office)
    await office.world.add(
        office.org_id, OrganisationSettings(org_id=office.org_id, is_ai_on=False, updated_at=office.world.now)
    )

    assert await office.work() == [Outcome.SETTLED]

    assert office.advisor.shown == []
    assert (await job_row(office))["failure"] == "disabled"


async def test_a_question_that_nobody_asks_any_more_is_dropped(office: Office):
    await asked(office)
    await office.watch.execute("UPDATE app.ai_jobs SET status = 'cancelled'")

    assert await office.work() == [Outcome.SETTLED]

    assert office.advisor.shown == []


async def test_a_report_too_long_to_read_is_said_to_be_so(office: Office):
    await asked(office, description="drip " * 4_000)

    await office.work()

    assert (office.advisor.shown, (await job_row(office))["failure"]) == ([], "input_too_large")


async def decided(office: Office, org_id: UUID, count: int, **chosen: Any) -> None:
    for _ in range(count):
        ticket_id = await office.world.ticket(org_id, title="Quirky wotsit", description="The wotsit went bing.")
        await office.world.ai_job(
            org_id,
            ticket_id,
            status=AiJobStatus.ACCEPTED_EDITED,
            decided_at=office.world.now,
            decision={"category": "pests", "priority": "P4", "hazard_class": "none"} | chosen,
        )


async def test_the_embedded_advisor_learns_from_its_own_organisation_and_from_no_other(office: Office):
    other = await office.world.organisation("Moorside Homes")
    await decided(office, office.org_id, 12)
    await decided(office, other, 12, category="communal_lifts_entry")
    office.services.providers = office.embedded
    await asked(office, title="Quirky wotsit", description="The wotsit went bing again.")

    await office.work()
    await office.ask_again()  # a machine with much else to do may need a second try to learn

    rows = [row for row in await office.all("ai_jobs") if row["status"] == "succeeded"]
    assert [(row["advisor"], '"pests"' in row["output"]) for row in rows] == [("embedded", True)]


async def test_openai_is_asked_where_there_is_a_key(pristine_settings: Settings):
    with_key = pristine_settings.model_copy(update={"openai_api_key": SecretStr("sk-of-a-test")})

    named = [advisors(settings, _no_session).name for settings in (pristine_settings, with_key)]

    assert named == ["embedded", "openai"]


def _no_session(_: UUID) -> AsyncSession:
    raise AssertionError("to choose an advisor needs no database")
