"""The doctor: one short line for each part, with a remedy that helps this very state."""

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from maintainuk.infrastructure.embedded import doctor
from maintainuk.infrastructure.embedded.doctor import Finding
from tests.embedded.copies import free_port

SECRETS = dict.fromkeys(("superuser", "owner", "valkey"), "s") | {"secret_key": "abcdefghijklmnopqrstuvwxyz0123456789"}


@pytest.fixture(autouse=True)
def environment_that_names_nothing(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "MODE", "SECRET_KEY", "PORT", "PUBLIC_URL"):
        monkeypatch.delenv(f"MAINTAINUK_{name}", raising=False)


@pytest.fixture
def state(tmp_path) -> Path:
    """A state that was made in live mode and doesn't run."""
    made = tmp_path / "our state"
    made.mkdir()
    (made / "version.json").write_text(json.dumps({"format": 1, "mode": "live", "id": "x"}))
    (made / "secrets.json").write_text(json.dumps(SECRETS))
    return made


async def found(checkout: Path, state: Path) -> dict[str, Finding]:
    return {finding.part: finding for finding in await doctor.findings(checkout, state)}


@pytest.mark.parametrize("content", ["{}", "[]", "garbage"])
async def test_a_damaged_state_is_told_once_and_never_to_be_started(tmp_path, state, content):
    (state / "version.json").write_text(content)

    parts = await found(tmp_path, state)

    assert "version.json is damaged" in parts["State"].words
    assert parts["PostgreSQL"].words == "not examined: see State"


async def test_a_state_of_another_version_is_told_as_up_tells_it(tmp_path, state):
    (state / "version.json").write_text(json.dumps({"format": 99, "mode": "live", "id": "x"}))

    parts = await found(tmp_path, state)

    assert "written by another version of MaintainUK (state format 99" in parts["State"].words
    assert "start it with" not in parts["PostgreSQL"].words


@pytest.mark.parametrize("place", ["/proc/x", "/dev/null/x", "/tmp/" + "x" * 300])
async def test_a_place_where_no_folder_can_be_is_told_once_and_never_to_be_started(tmp_path, place):
    parts = await found(tmp_path, Path(place))

    assert parts["State"].words == f"no folder can be made at {place}; choose another place: --state DIR"
    assert parts["Disk"].words == parts["PostgreSQL"].words == parts["Worker"].words == "not examined: see State"
    assert not [part for part, finding in parts.items() if place in finding.words and part != "State"]


async def test_remedies_name_the_state_they_are_about(tmp_path, state):
    parts = await found(tmp_path, state)

    assert parts["PostgreSQL"].words == f"not running; start it with: ./maintainuk up --state '{state}'"


async def test_the_mode_is_the_one_the_state_was_started_in(tmp_path, state, monkeypatch):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")

    parts = await found(tmp_path, state)

    assert "demo" not in parts["Mode"].words


async def test_an_environment_that_means_another_mode_is_told_both(tmp_path, state, monkeypatch):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")
    monkeypatch.setenv("MAINTAINUK_MODE", "demo")

    parts = await found(tmp_path, state)

    assert "MAINTAINUK_MODE is demo" in parts["Mode"].words
    assert "was made in live mode" in parts["Mode"].words


@pytest.mark.parametrize("address", ["ftp://x", "nonsense", "file:///proc/nope"])
async def test_a_storage_that_cannot_be_used_is_one_short_line(tmp_path, monkeypatch, state, address):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")
    monkeypatch.setenv("MAINTAINUK_STORAGE_URL", address)

    parts = await found(tmp_path, state)

    assert parts["Storage"].words.startswith("MAINTAINUK_STORAGE_URL")
    assert "\n" not in parts["Storage"].words
    assert len(parts["Storage"].words) < 200


async def test_a_silent_database_is_told_with_its_variable(tmp_path, monkeypatch, state):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")

    parts = await found(tmp_path, state)

    assert "MAINTAINUK_DATABASE_URL: PostgreSQL at 127.0.0.1" in parts["PostgreSQL"].words
    assert parts["Worker"].words == "PostgreSQL does not answer; see PostgreSQL"


async def test_on_a_full_disk_it_does_not_say_start_again(tmp_path, monkeypatch, state):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6, total=10**9))

    parts = await found(tmp_path, state)

    assert "The disk that holds the state is full" in parts["Disk"].words
    assert not [part for part, finding in parts.items() if "start again" in finding.words]


@pytest.fixture
def unready_api() -> Iterator[int]:
    """An API whose database is away; the port it answers on."""

    class Unready(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            failure = {"code": "not-ready", "message": "Not ready.", "fields": {"postgresql": ["It is full."]}}
            self.send_response(503)
            self.end_headers()
            self.wfile.write(json.dumps({"data": None, "error": failure, "traceId": "0"}).encode())

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unready) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


async def test_an_api_that_refuses_is_quoted_in_its_own_words(tmp_path, monkeypatch, state, unready_api):
    monkeypatch.setenv("MAINTAINUK_DATABASE_URL", f"postgresql://x:y@127.0.0.1:{free_port()}/zz")
    monkeypatch.setenv("MAINTAINUK_PORT", str(unready_api))

    parts = await found(tmp_path, state)

    assert parts["API"].words.endswith("answers 503: Not ready. It is full.")
