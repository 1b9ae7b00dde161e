"""What people and programs are told when something is refused or goes wrong."""

import json

import pytest
from sqlalchemy.exc import InterfaceError

from maintainuk.domain.audit import AuditLog
from maintainuk.settings import Mode
from tests.trial import Trial, trial_of
from tests.world import World

NOTES = "/api/v1/trial/notes"


@pytest.fixture
async def org_id(world: World):
    return await world.organisation()


@pytest.fixture
async def nia(world: World, org_id):
    return await world.headers(await world.staff(org_id))


def refusal(answer) -> tuple[int, str]:
    said = answer.json()
    assert said["data"] is None
    assert said["traceId"] == answer.headers["X-Trace-Id"]
    return answer.status_code, said["error"]["code"]


async def test_malformed_json_is_met_with_what_to_do(trial: Trial, nia):
    answer = await trial.http.post(NOTES, content=b'{"text": "a}', headers=nia | {"Content-Type": "application/json"})

    assert refusal(answer) == (400, "malformed")
    assert "Check quotes, commas and brackets" in answer.json()["error"]["message"]


async def test_a_300_page_description_is_refused_with_its_limit(trial: Trial, nia):
    answer = await trial.http.post(NOTES, json={"text": "x" * 900_000}, headers=nia)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {"text": ["Use at most 4,000 characters."]}


async def test_a_body_beyond_the_limit_is_refused_in_words(trial: Trial, nia):
    answer = await trial.http.post(NOTES, json={"text": "x" * 1_100_000}, headers=nia)

    assert refusal(answer) == (413, "too-large")
    assert "at most 1 MB" in answer.json()["error"]["message"]


async def test_a_body_that_streams_beyond_the_limit_is_cut_off(trial: Trial, nia):
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    answer = await trial.http.post(NOTES, content=endless(), headers=nia | {"Content-Type": "application/json"})

    assert refusal(answer) == (413, "too-large")
    assert sent < 2_000_000


async def test_an_unknown_field_is_refused_by_its_name(trial: Trial, nia):
    answer = await trial.http.post(NOTES, json={"text": "Hello.", "orgId": "7"}, headers=nia)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {"orgId": ["There is no such field."]}


async def test_what_was_sent_is_never_repeated(trial: Trial, nia, capfd):
    answer = await trial.http.post(NOTES, json={"text": {"secret": "correct-horse"}}, headers=nia)

    assert answer.status_code == 422
    assert "correct-horse" not in answer.text + capfd.readouterr().out


async def test_the_unexpected_is_logged_with_its_place_and_without_anybodys_words(trial: Trial, nia, capfd):
    trial.stumbles = True

    answer = await trial.http.post(NOTES, json={"text": "Mr Bell is ill."}, headers=nia)

    assert refusal(answer) == (500, "unexpected")
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    [unexpected] = [line for line in lines if line["message"] == "unexpected"]
    assert unexpected["traceId"] == answer.json()["traceId"]
    assert unexpected["stack"][0] == "builtins.RuntimeError"
    assert "Bell" not in json.dumps(lines) + answer.text


async def test_a_commit_that_fails_never_answers_well(trial: Trial, world: World, org_id, nia):
    answer = await trial.http.post("/api/v1/trial/broken-promise", headers=nia)

    assert refusal(answer) == (500, "unexpected")
    assert await world.count(org_id, AuditLog) == 0


async def test_a_database_that_is_away_gives_a_calm_answer_and_a_time(trial: Trial, nia, monkeypatch):
    def away(*_):
        raise InterfaceError("SELECT 1", None, OSError())

    monkeypatch.setattr(trial.services.database, "session", away)

    answer = await trial.http.get("/api/v1/trial/who", headers=nia)

    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


async def test_a_request_that_takes_too_long_is_ended(slow_trial: Trial, world: World, org_id):
    nia = await world.headers(await world.staff(org_id))

    answer = await slow_trial.http.get("/api/v1/trial/for-ever", headers=nia)

    assert refusal(answer) == (503, "unavailable")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing/here", (404, "not-found")),
        ("GET", "/api/v1/nothing", (401, "not-signed-in")),
        ("DELETE", "/health", (405, "method-not-allowed")),
        ("TRACE", "/health", (405, "method-not-allowed")),
        ("PROPFIND", "/", (405, "method-not-allowed")),
    ],
)
async def test_every_refusal_comes_in_the_envelope(trial: Trial, method, path, expected):
    assert refusal(await trial.http.request(method, path)) == expected


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
async def test_a_token_that_is_none_is_no_sign_in(trial: Trial, token):
    answer = await trial.http.get("/api/v1/trial/who", headers=[(b"Authorization", f"Bearer {token}".encode())])

    assert refusal(answer) == (401, "not-signed-in")


async def test_what_a_role_lost_it_lost_at_once(trial: Trial, world: World, org_id, nia):
    from sqlalchemy import select

    from maintainuk.domain.roles import Role

    assert (await trial.http.get("/api/v1/trial/who", headers=nia)).status_code == 200

    async with world.owner.session(org_id) as session, session.begin():
        for role in await session.scalars(select(Role)):
            role.regrant({})

    assert refusal(await trial.http.get("/api/v1/trial/who", headers=nia)) == (403, "not-permitted")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_a_body_that_is_not_said_to_be_json_is_refused_with_what_to_send(trial: Trial, nia, kind):
    answer = await trial.http.post(NOTES, content=b'{"text": "Hello."}', headers=nia | {"Content-Type": kind})

    assert refusal(answer) == (415, "unsupported-media-type")
    assert answer.json()["error"]["message"] == "Send the request as application/json."


async def test_json_may_say_its_character_set(trial: Trial, nia):
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}

    answer = await trial.http.post(NOTES, content=b'{"text": "Hello."}', headers=nia | kind)

    assert answer.status_code == 201


async def test_no_body_at_all_is_one_that_is_missing(trial: Trial, nia):
    answer = await trial.http.post(NOTES, headers=nia)

    assert refusal(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {"body": ["This is needed."]}


async def test_a_parameter_nobody_knows_is_refused_by_its_name(trial: Trial, nia):
    mistyped = await trial.http.get("/api/v1/tickets?stauts=new&open=true", headers=nia)
    superfluous = await trial.http.get("/api/v1/me?of=somebody", headers=nia)

    known = "cursor, home, limit, mark, open, owner, priority, property, q, sort, status"
    assert refusal(mistyped) == refusal(superfluous) == (422, "invalid")
    assert mistyped.json()["error"]["fields"] == {"stauts": [f"There is no such parameter. There are: {known}."]}
    assert superfluous.json()["error"]["fields"] == {"of": ["There is no such parameter: this address takes none."]}


@pytest.mark.parametrize("path", ["/health/", "/api/v1/tickets/", "/mailbox/mailbox.css/"])
async def test_an_address_with_a_slash_too_many_is_another_one(trial: Trial, nia, path):
    assert refusal(await trial.http.get(path, headers=nia)) == (404, "not-found")


@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.LIVE])
async def test_a_person_at_an_address_without_anything_is_led_home(settings, mode):
    async with trial_of(settings.model_copy(update={"mode": mode})) as trial:
        answer = await trial.http.get("/nope", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        style = await trial.http.get("/front-door.css")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>There is nothing at this address</h1>" in answer.text
    assert '<a href="/">Go to the start page</a>' in answer.text
    assert answer.headers["X-Trace-Id"] in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert ('href="/front-door.css"' in answer.text, style.status_code) == (True, 200)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/auth/nothing", "/health/nothing"])
async def test_what_programs_ask_for_is_answered_in_the_envelope_whoever_asks(trial: Trial, path):
    answer = await trial.http.get(path, headers={"Accept": "text/html"})

    assert refusal(answer)[0] in {401, 404}


async def test_a_page_that_cannot_be_shown_says_when_to_come_back(trial: Trial, monkeypatch):
    def away(*_):
        raise InterfaceError("SELECT 1", None, OSError())

    monkeypatch.setattr(trial.services.database, "installation", away)

    answer = await trial.http.get("/", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "<h1>MaintainUK is catching its breath</h1>" in answer.text
    assert "Nothing was lost; please try again in a few seconds." in answer.text
