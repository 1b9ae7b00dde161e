"""What machines ask."""

import json
import shutil
import socket
from contextlib import closing
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from maintainuk.api import health
from maintainuk.api.openapi import document
from maintainuk.settings import Mode, Settings
from tests.trial import Trial, trial_of
from tests.world import World


async def test_a_live_process_says_so(trial: Trial):
    answer = await trial.http.get("/health")

    assert (answer.status_code, answer.json()["data"]) == (200, {"status": "alive"})


async def test_a_server_with_all_its_parts_is_ready(trial: Trial):
    answer = await trial.http.get("/health/ready")

    assert (answer.status_code, answer.json()["data"]) == (200, {"status": "ready", "degraded": {}})


@pytest.mark.parametrize("required", [False, True])
async def test_without_redis_it_works_on_unless_redis_is_required(settings, required):
    away = {"redis_url": type(settings.redis_url)("redis://127.0.0.1:1/0"), "redis_required": required}
    async with trial_of(settings.model_copy(update=away)) as trial:
        answer = await trial.http.get("/health/ready")

    assert answer.status_code == (503 if required else 200)
    if required:
        assert answer.json()["error"]["fields"] == {"redis": ["It cannot be reached."]}
    else:
        without = "Answers are not cached, and limits and live updates count per process."
        assert answer.json()["data"]["degraded"] == {"redis": f"It cannot be reached. {without}"}


async def test_a_part_that_keeps_silent_is_told_from_one_that_is_away(settings, monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        nobody = "postgresql://nobody@{}:{}/none".format(*silent.getsockname())
        async with trial_of(Settings(**settings.model_dump() | {"app_database_url": nobody})) as trial:
            answer = await trial.http.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["error"]["fields"] == {"postgresql": ["It does not answer in time."]}


async def test_a_full_disk_is_told_and_does_not_keep_people_from_reading(settings, tmp_path, monkeypatch):
    kept = {"storage_url": (tmp_path / "files").as_uri()}
    async with trial_of(settings.model_copy(update=kept)) as trial:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
        answer = await trial.http.get("/health/ready")

    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "degraded")
    assert "full" in answer.json()["data"]["degraded"]["disk"]


async def test_it_is_not_ready_while_migrations_are_missing(trial: Trial):
    trial.services.newest_revision = "9999_of_the_future"

    answer = await trial.http.get("/health/ready")

    assert answer.status_code == 503
    assert "maintainuk migrate" in answer.json()["error"]["fields"]["postgresql"][0]


async def test_every_request_is_counted_by_its_route_and_nobodys_name(trial: Trial, world: World):
    nia = await world.headers(await world.staff(await world.organisation()))
    await trial.http.get("/api/v1/trial/who", headers=nia)
    await trial.http.get("/no/such/page")

    answer = await trial.http.get("/metrics")

    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    counted = {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for sample in families["maintainuk_http_request_seconds"].samples
        if sample.name.endswith("_count")
    }
    assert counted["GET", "/api/v1/trial/who", "200"] == 1
    assert counted["GET", "(no route)", "404"] == 1
    assert families["maintainuk_redis_up"].samples[0].value == 1


async def test_metrics_are_for_this_machine_or_whoever_has_the_token(settings):
    token = type(settings.secret_key)("a token for the metrics")
    async with trial_of(settings.model_copy(update={"metrics_token": token})) as trial:
        without = await trial.http.get("/metrics")
        with_token = await trial.http.get("/metrics", headers={"Authorization": "Bearer a token for the metrics"})

    assert (without.status_code, with_token.status_code) == (404, 200)


async def test_live_mode_shows_metrics_to_nobody_without_a_token(settings):
    async with trial_of(settings.model_copy(update={"mode": Mode.LIVE})) as trial:
        answer = await trial.http.get("/metrics")

    assert answer.status_code == 404


async def test_a_proxy_nobody_told_us_of_gets_no_metrics(trial: Trial):
    answer = await trial.http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})

    assert answer.status_code == 404


async def test_a_request_leaves_one_line_with_ids_and_without_its_query(trial: Trial, world: World, capfd):
    nia = await world.staff(await world.organisation())
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = await world.headers(nia) | {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}

    await trial.http.get("/api/v1/trial/who?q=Aisha+Khan", headers=headers)

    [line] = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert line.pop("durationMs") >= 0
    assert line.pop("bytesOut") > 0
    assert line.pop("timestamp")
    assert line == {
        "level": "info",
        "message": "answered",
        "traceId": trace,
        "orgId": str(nia.org_id),
        "userId": str(nia.id),
        "method": "GET",
        "route": "/api/v1/trial/who",
        "status": 200,
    }


def test_the_description_says_who_may_ask_and_that_repetition_is_safe():
    report = document()["paths"]["/api/v1/tickets"]["post"]

    assert report["security"] == [{"signedIn": []}, {"apiKey": []}]
    assert "Idempotency-Key" in [parameter["name"] for parameter in report["parameters"]]
    assert {"401", "403", "422", "429", "default"} <= report["responses"].keys()
