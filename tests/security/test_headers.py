"""What keeps browsers safe, on every answer and every page."""

import base64
from errno import ENOSPC
from hashlib import sha256

import pytest

from tests.trial import Trial, trial_of

PAGE = "<!doctype html><title>MaintainUK</title><script>var theme = 1;</script><script src='main-AB12CD34.js'></script>"
SCRIPT = base64.b64encode(sha256(b"var theme = 1;").digest()).decode()


@pytest.fixture
async def built(settings, tmp_path):
    client = tmp_path / "web"
    client.mkdir()
    (tmp_path / "secret.txt").write_text("not for anybody")
    for name, content in {
        "index.html": PAGE,
        "index.html.br": "packed page",
        "main-AB12CD34.js": "run()",
        "main-AB12CD34.js.br": "packed",
        "ngsw.json": "{}",
        "ngsw-worker.js": "keep()",
    }.items():
        (client / name).write_text(content)
    async with trial_of(settings.model_copy(update={"web_dist": tmp_path})) as trial:
        yield trial


@pytest.mark.parametrize("path", ["/health", "/nothing", "/api/v1/me", "/app/", "/app/tickets", "/app/none.js", "/"])
async def test_every_answer_is_safe_to_open(built: Trial, path):
    answer = await built.http.get(path, headers={"Accept": "text/html"})

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]
    assert "X-Trace-Id" in answer.headers
    assert "Server" not in answer.headers


async def test_answers_of_the_api_are_kept_nowhere_and_show_nothing(trial: Trial):
    answer = await trial.http.get("/api/v1/me")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(("address", "is_told"), [("https://repairs.example.com", True), ("http://localhost", False)])
async def test_browsers_are_bound_to_https_where_it_is_spoken(settings, address, is_told):
    async with trial_of(settings.model_copy(update={"public_url": address})) as trial:
        answer = await trial.http.get("/health")

    assert ("Strict-Transport-Security" in answer.headers) is is_told


async def test_a_page_runs_its_own_scripts_and_no_others(built: Trial):
    answer = await built.http.get("/app/tickets/42", headers={"Accept": "text/html"})

    assert answer.text == PAGE
    assert f"script-src 'self' 'sha256-{SCRIPT}'" in answer.headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("accepted", [{"Accept": "*/*"}, {"Accept": "text/html"}])
async def test_whoever_follows_a_link_finds_its_page_also_a_scanner_of_mail(built: Trial, accepted):
    for method in ("GET", "HEAD"):
        answer = await built.http.request(method, "/app/tickets/42", headers=accepted)

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


async def test_a_service_worker_may_fetch_what_it_keeps_and_nothing_else(built: Trial):
    answer = await built.http.get("/app/ngsw-worker.js")

    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_file_with_its_hash_in_its_name_is_kept_for_ever_and_sent_packed(built: Trial):
    packed = await built.http.get("/app/main-AB12CD34.js", headers={"Accept-Encoding": "gzip, identity"})
    plain = await built.http.get("/app/ngsw.json")

    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Type"].startswith("text/javascript")
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/app/none.js", "/app/%2e%2e/secret.txt", "/app/..%2fsecret.txt", "/app/%00"])
async def test_what_is_no_part_of_the_client_is_not_there(built: Trial, path):
    answer = await built.http.get(path, headers={"Accept": "*/*"})

    assert answer.status_code == 404
    assert "not for anybody" not in answer.text


async def test_a_client_that_is_not_built_says_how_to_build_it(trial: Trial):
    answer = await trial.http.get("/app/", headers={"Accept": "text/html"})

    assert answer.status_code == 503
    assert "./maintainuk up" in answer.text


async def test_only_listed_origins_may_call_from_elsewhere(settings):
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    async with trial_of(settings.model_copy(update={"allowed_origins": ("https://desk.example.com",)})) as trial:
        ours = await trial.http.options("/api/v1/me", headers=asked | {"Origin": "https://desk.example.com"})
        theirs = await trial.http.options("/api/v1/me", headers=asked | {"Origin": "https://evil.example.com"})
        refused = await trial.http.get("/api/v1/me", headers={"Origin": "https://desk.example.com"})

    assert ours.headers["Access-Control-Allow-Origin"] == "https://desk.example.com"
    assert "Access-Control-Allow-Origin" not in theirs.headers
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, "https://desk.example.com")


async def test_the_clients_own_address_is_its_page_for_every_visitor(built: Trial):
    answer = await built.http.get("/app/", headers={"Accept": "*/*"})

    assert (answer.status_code, answer.text) == (200, PAGE)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8300", "localhost.evil.example", "[::2]", "["])
@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/me", "/mailbox/"])
async def test_the_demo_answers_to_no_strangers_name(trial: Trial, host, path):
    answer = await trial.http.get(path, headers={"Host": host})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8300", "127.0.0.1:8300", "[::1]:8300"])
async def test_the_demo_answers_to_the_names_of_its_machine(trial: Trial, host):
    assert (await trial.http.get("/health", headers={"Host": host})).status_code == 200


async def test_a_log_that_cannot_be_written_costs_the_line_and_not_the_answer(trial: Trial, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("maintainuk.infrastructure.telemetry.logs.os.write", full)

    assert (await trial.http.get("/health")).status_code == 200
