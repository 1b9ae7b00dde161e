"""An e-mail from promise to mailbox, and every way it can go wrong."""

import json
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.base import new_id
from maintainuk.domain.consents import Consent, ContactPurpose, ContactWay
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.people import ConsentChannel
from maintainuk.domain.ports import Busy, Unclear, Undeliverable
from maintainuk.settings import Mode
from maintainuk.worker.retries import Breaker
from maintainuk.worker.runner import Outcome
from tests.worker.conftest import FakeMailer


async def test_the_letter_arrives_and_the_ticket_tells_of_it(office):
    office.with_mailer(office.embedded.mailer)
    promise = await office.promise_email()

    assert await office.work() == [Outcome.COMPLETED]

    (letter,) = await office.letters()
    (call,) = await office.all("provider_calls")
    (message,) = await office.all("messages")
    assert (letter.recipient, letter.key) == ("aisha.khan@example.com", str(promise.id))
    assert (call["status"], call["reference"]) == ("accepted", message["provider_reference"])
    assert (message["status"], message["provider"]) == ("sent", "embedded")
    assert (await office.row(promise))["status"] == "completed"
    assert await office.story() == ["message_promised", "message_sent"]


async def test_the_effect_belongs_to_the_trace_of_the_request(office):
    await office.promise_email()

    await office.work()

    audited = {row["action"]: row["trace_id"] for row in await office.all("audit_log")}
    assert audited["MessageSent"] == "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_the_raw_message_is_kept_with_both_parts(office):
    office.with_mailer(office.embedded.mailer)
    await office.promise_email(ticket={"title": "Tap drips"})

    await office.work()

    (letter,) = await office.letters()
    raw = message_from_bytes(await office.services.files.get(letter.raw_path), policy=default)
    assert raw["Subject"] == letter.subject
    assert "Tap drips" in raw.get_body(("plain",)).get_content()
    assert "Tap drips" in raw.get_body(("html",)).get_content()


@pytest.mark.parametrize("times", [["saturday"], [], None])
async def test_the_approval_speaks_of_times_only_to_those_who_gave_some(office, times):
    await office.promise_email(template=MessageTemplate.TICKET_APPROVED, times=times)

    await office.work()

    (letter,) = office.mailer.taken.values()
    assert ("the times you gave us" in letter.text) == bool(times)


async def test_a_second_run_delivers_nothing_twice(office):
    office.with_mailer(office.embedded.mailer)
    promise = await office.promise_email()
    await office.work()
    await office.watch.execute("UPDATE app.outbox_messages SET status = 'pending'")

    assert await office.work() == [Outcome.SETTLED]

    assert len(await office.all("mailbox_messages")) == 1
    assert await office.story() == ["message_promised", "message_sent"]
    assert (await office.row(promise))["status"] == "cancelled"


async def test_somebody_without_an_address_is_not_written_to(office):
    promise = await office.promise_email(email=None)

    assert await office.work() == [Outcome.SETTLED]

    assert office.mailer.calls == []
    row = await office.row(promise)
    assert (row["status"], row["last_error"]) == ("suppressed", "no-address")
    (message,) = await office.all("messages")
    assert message["status"] == "suppressed"
    assert await office.story() == ["message_promised", "message_failed"]


async def test_live_mode_calls_no_letter_sent_that_nobody_could_receive(office):
    live = WorkerServices(office.settings.model_copy(update={"mode": Mode.LIVE}))
    office.with_mailer(live.providers.mailer)
    promise = await office.promise_email()

    assert await office.work() == [Outcome.SETTLED]

    row = await office.row(promise)
    assert (row["status"], row["last_error"]) == ("suppressed", "no-mailer")
    assert [message["status"] for message in await office.all("messages")] == ["suppressed"]
    assert await office.all("mailbox_messages") == await office.all("provider_calls") == []
    assert await office.story() == ["message_promised", "message_failed"]


async def test_the_organisation_is_that_of_the_row_whatever_the_payload_says(office):
    theirs = await office.promise_email(org_id=await office.world.organisation())
    await office.promise(job="send-email", payload=json.dumps(theirs.payload), priority=9)

    outcomes = await office.work()

    assert outcomes == [Outcome.COMPLETED, Outcome.SETTLED]
    assert office.mailer.calls == [str(theirs.id)]
    (ours,) = [row for row in await office.all("outbox_messages") if row["id"] != theirs.id]
    assert (ours["status"], ours["last_error"]) == ("cancelled", "message-gone")


async def test_a_refused_letter_is_a_dead_letter_at_once(office):
    office.mailer.trouble = [Undeliverable("mailbox-unknown")]
    promise = await office.promise_email()

    assert await office.work() == [Outcome.FAILED]

    row = await office.row(promise)
    assert (row["status"], row["attempts"], row["last_error"]) == ("failed", 1, "mailbox-unknown")
    assert [call["status"] for call in await office.all("provider_calls")] == ["refused"]
    assert await office.story() == ["message_promised", "message_failed"]


async def test_a_provider_that_asks_us_to_wait_costs_no_attempt(office):
    office.mailer.trouble = [Busy(timedelta(seconds=90))]
    promise = await office.promise_email()

    before = await office.watch.fetchval("SELECT now()")
    assert await office.work() == [Outcome.WAITING]
    after = await office.watch.fetchval("SELECT now()")

    row = await office.row(promise)
    assert (row["status"], row["attempts"]) == ("pending", 0)
    asked, spread = timedelta(seconds=90), timedelta(seconds=1)
    assert before + asked <= row["available_at"] <= after + asked + spread


@pytest.mark.parametrize(
    "trouble", [TimeoutError(), ConnectionResetError(), RuntimeError("500 for aisha.khan@example.com")]
)
async def test_a_provider_that_fails_is_asked_again_later(office, trouble):
    office.mailer.trouble = [trouble]
    promise = await office.promise_email()

    before = await office.watch.fetchval("SELECT now()")
    assert await office.work() == [Outcome.RETRIED]

    row = await office.row(promise)
    assert (row["status"], row["attempts"]) == ("pending", 1)
    assert row["available_at"] > before + timedelta(seconds=3)
    assert row["last_error"] == type(trouble).__name__  # never its text, which may name people
    assert await office.ask_again() == [Outcome.COMPLETED]
    assert office.mailer.calls == [str(promise.id)] * 2  # the same key each time


async def test_after_eight_attempts_it_is_a_dead_letter(office):
    office.mailer.trouble = [RuntimeError()] * 8
    promise = await office.promise_email()

    outcomes = await office.work()
    for _ in range(7):
        outcomes += await office.ask_again()

    row = await office.row(promise)
    assert outcomes == [Outcome.RETRIED] * 7 + [Outcome.FAILED]
    assert (row["status"], row["attempts"]) == ("failed", 8)
    assert await office.story() == ["message_promised", "message_failed"]
    assert await office.ask_again() == []


async def test_a_crash_counts_as_an_attempt(office):
    promise = await office.promise_email()
    for _ in range(8):
        dying = office.queue()
        assert len(await dying.claim(1)) == 1
        await dying.close()
        await office.queue().tend()
        await office.watch.execute("UPDATE app.outbox_messages SET available_at = now()")

    assert await office.work() == [Outcome.FAILED]

    row = await office.row(promise)
    assert (row["status"], row["last_error"]) == ("failed", "attempts-used-up")
    assert office.mailer.calls == []


async def broken_off(office, promise) -> None:
    """A worker that died after it had called the provider, a minute and more ago."""
    await office.watch.execute(
        "INSERT INTO app.provider_calls (org_id, id, outbox_id, key, attempt, provider, status, started_at)"
        " VALUES ($1, $2, $3, $4, 1, 'fake', 'sending', $5)",
        promise.org_id,
        new_id(),
        promise.id,
        str(promise.id),
        office.now(),
    )


async def test_a_call_that_broke_off_is_looked_up_before_anything_is_sent_again(office):
    office.mailer = FakeMailer(is_idempotent=False)
    office.with_mailer(office.mailer)
    promise = await office.promise_email()
    await broken_off(office, promise)
    office.mailer.taken[str(promise.id)] = None

    assert await office.work() == [Outcome.WAITING]  # a provider shows what it took only after a while
    assert office.mailer.looked_up == []
    office.late = timedelta(seconds=61)
    assert await office.ask_again() == [Outcome.COMPLETED]

    assert (office.mailer.looked_up, office.mailer.calls) == ([str(promise.id)], [])
    assert [call["status"] for call in await office.all("provider_calls")] == ["unknown", "accepted"]


async def test_what_was_never_taken_is_sent_after_the_look(office):
    office.mailer = FakeMailer(is_idempotent=False)
    office.with_mailer(office.mailer)
    promise = await office.promise_email()
    await broken_off(office, promise)
    office.late = timedelta(seconds=61)

    assert await office.work() == [Outcome.COMPLETED]

    assert (office.mailer.looked_up, office.mailer.calls) == ([str(promise.id)], [str(promise.id)])


async def test_what_nobody_can_tell_waits_for_a_person(office):
    office.mailer = FakeMailer(is_idempotent=False)
    office.with_mailer(office.mailer)
    promise = await office.promise_email()
    await broken_off(office, promise)
    office.late, office.mailer.cannot_tell = timedelta(seconds=61), Unclear()

    assert await office.work() == [Outcome.UNKNOWN]

    assert (await office.row(promise))["status"] == "unknown"
    assert [message["status"] for message in await office.all("messages")] == ["unknown"]
    assert office.mailer.calls == []
    assert await office.ask_again() == []


async def test_a_last_attempt_that_breaks_off_is_no_failure_but_unknown(office):
    office.mailer = FakeMailer(is_idempotent=False)
    office.with_mailer(office.mailer)
    promise = await office.promise_email()
    await office.watch.execute("UPDATE app.outbox_messages SET attempts = 7")
    office.mailer.trouble = [TimeoutError()]

    assert await office.work() == [Outcome.UNKNOWN]

    row = await office.row(promise)
    assert (row["status"], row["attempts"], row["last_error"]) == ("unknown", 8, "TimeoutError")
    (message,) = await office.all("messages")
    assert message["status"] == "unknown"
    assert await office.story() == ["message_promised", "message_unknown"]


async def test_a_crash_in_the_last_call_leaves_it_unknown(office):
    office.mailer = FakeMailer(is_idempotent=False)
    office.with_mailer(office.mailer)
    promise = await office.promise_email()
    await office.watch.execute("UPDATE app.outbox_messages SET attempts = 8")
    await broken_off(office, promise)

    assert await office.work() == [Outcome.UNKNOWN]

    assert (await office.row(promise))["last_error"] == "attempts-used-up"
    assert [call["status"] for call in await office.all("provider_calls")] == ["unknown"]
    assert office.mailer.calls == []


async def test_a_provider_that_drops_repeated_keys_is_simply_asked_again(office):
    promise = await office.promise_email()
    await broken_off(office, promise)

    assert await office.work() == [Outcome.COMPLETED]

    assert (office.mailer.looked_up, office.mailer.calls) == ([], [str(promise.id)])


async def test_a_failing_provider_is_left_alone_for_a_while(office, monkeypatch):
    monkeypatch.setattr(Breaker, "SHORTEST", 3600.0)  # longer than this test on any machine
    monkeypatch.setattr(Breaker, "LONGEST", 3600.0)
    office.mailer.trouble = [RuntimeError()] * 5
    for _ in range(7):
        await office.promise_email()

    outcomes = await office.work()

    assert outcomes == [Outcome.RETRIED] * 5 + [Outcome.WAITING] * 2
    assert len(office.mailer.calls) == 5


async def test_a_worker_that_lost_its_job_while_sending_writes_no_effect(office):
    promise = await office.promise_email()
    sleeper, other = office.queue(lease=timedelta(0)), office.queue()
    (lost,) = await sleeper.claim(1)
    send = office.mailer.send

    async def fall_asleep_while_sending(email, *, idempotency_key):
        receipt = await send(email, idempotency_key=idempotency_key)
        await other.tend()
        assert len(await other.claim(1)) == 1
        return receipt

    office.mailer.send = fall_asleep_while_sending

    assert await office.runner(sleeper).run(lost) is Outcome.LOST
    assert await office.story() == ["message_promised"]
    assert (await office.row(promise))["status"] == "dispatched"


async def test_a_worker_that_lost_its_job_before_sending_sends_nothing(office):
    await office.promise_email()
    sleeper, other = office.queue(lease=timedelta(0)), office.queue()
    (lost,) = await sleeper.claim(1)
    await other.tend()
    assert len(await other.claim(1)) == 1

    assert await office.runner(sleeper).run(lost) is Outcome.LOST
    assert office.mailer.calls == []


async def test_whoever_objects_to_e_mail_gets_no_letter_although_it_was_promised_before(office):
    promise = await office.promise_email()
    (message,) = await office.all("messages")
    said = Consent(
        org_id=office.org_id,
        person_id=message["recipient_id"],
        way=ContactWay.EMAIL,
        purpose=ContactPurpose.REPAIRS,
        is_given=False,
        told_by=ConsentChannel.PHONE,
        told_on=office.now().date(),
        recorded_at=office.now(),
    )
    await office.world.add(office.org_id, said)

    await office.work()

    assert office.mailer.taken == {}
    assert (await office.row(promise))["status"] == "suppressed"
    (message,) = await office.all("messages")
    assert (message["status"], message["failure"]) == ("suppressed", "objected")
