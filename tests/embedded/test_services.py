"""PostgreSQL and Valkey under the supervisor: started, stopped, killed, left behind, refused."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from hashlib import sha256

import asyncpg
import psutil
import pytest

from maintainuk.infrastructure.embedded import cluster
from tests.embedded.copies import Copy, all_gone, copy, eventually

READY = "MAINTAINUK_REDIS_URL"


def postmaster_of(started: Copy) -> psutil.Process:
    return next(each for each in psutil.Process(started.pid).children() if each.name() == "postgres")


def valkey_of(started: Copy) -> psutil.Process:
    return next(each for each in psutil.Process(started.pid).children() if each.name() == "valkey-server")


def database_of(started: Copy) -> str:
    line = next(line for line in started.said.splitlines() if line.startswith("MAINTAINUK_DATABASE_URL="))
    return line.partition("=")[2]


async def count_start(started: Copy) -> int:
    """Write a row that a later start must find; return how many there are."""
    connection = await asyncpg.connect(database_of(started))
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        await connection.execute("INSERT INTO starts DEFAULT VALUES")
        return await connection.fetchval("SELECT count(*) FROM starts")
    finally:
        await connection.close()


@pytest.mark.parametrize("wanted", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda s: s.name)
def test_asked_to_stop_it_leaves_no_process_behind(folder, wanted):
    with copy("services", "--state", folder / "state") as started:
        family = started.until(READY).family()

        code = started.ask(wanted).ended()

    assert code == 0
    assert family
    assert all_gone(family)


async def test_a_second_start_finds_what_the_first_one_wrote(folder):
    with copy("services", "--state", folder / "state") as first:
        await count_start(first.until(READY))

    with copy("services", "--state", folder / "state") as second:
        assert await count_start(second.until(READY)) == 2


async def test_after_kill_9_of_everything_the_next_start_has_all_that_was_committed(folder):
    with copy("services", "--state", folder / "state") as first:
        await count_start(first.until(READY))
        for process in [psutil.Process(first.pid), *first.family()]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    with copy("services", "--state", folder / "state") as second:
        assert await count_start(second.until(READY)) == 2


async def test_kill_9_of_the_supervisor_takes_its_children_along(folder):
    with copy("services", "--state", folder / "state") as first:
        await count_start(first.until(READY))
        family = first.family()
        first.ask(signal.SIGKILL)

        assert eventually(lambda: all_gone(family))

    with copy("services", "--state", folder / "state") as second:
        assert await count_start(second.until(READY)) == 2


async def test_the_next_start_stops_services_that_outlived_their_supervisor(folder):
    with copy("services", "--state", folder / "state") as first:
        await count_start(first.until(READY))
        orphans = [postmaster_of(first), valkey_of(first)]
        for orphan in orphans:
            orphan.suspend()  # frozen, they can't follow their supervisor into death
        first.ask(signal.SIGKILL)
        first.ended()
        for orphan in orphans:
            orphan.resume()

        with copy("services", "--state", folder / "state") as second:
            assert await count_start(second.until(READY)) == 2
            assert all_gone(orphans)


@pytest.mark.parametrize("victim", [postmaster_of, valkey_of], ids=["PostgreSQL", "Valkey"])
async def test_a_killed_service_is_started_again(folder, victim):
    with copy("services", "--state", folder / "state") as started:
        await count_start(started.until(READY))

        victim(started).kill()

        started.until("is back")
        assert "ended unexpectedly (SIGKILL)" in started.said
        assert await count_start(started) == 2


def test_a_second_copy_on_the_same_state_names_the_one_that_has_it(folder):
    with copy("services", "--state", folder / "state") as first:
        first.until(READY)

        with copy("services", "--state", folder / "state") as second:
            assert second.ended() == 1

        assert f"already runs on {folder / 'state'} (pid {first.pid}" in second.said


async def test_a_pid_file_whose_process_is_somebody_else_s_is_no_obstacle(folder):
    with copy("services", "--state", folder / "state") as first:
        await count_start(first.until(READY))
        postmaster_of(first).kill()
        first.ask(signal.SIGKILL)
    pid_file = folder / "state/postgres/18/postmaster.pid"
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    with stranger:
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n")
        with copy("services", "--state", folder / "state") as second:
            assert await count_start(second.until(READY)) == 2
        assert stranger.poll() is None
        stranger.stdin.close()


def test_a_start_interrupted_at_any_step_leaves_no_process_and_the_next_one_works(folder):
    for said in ("ready", "data folder is made", READY):
        with copy("services", "--state", folder / said[:5]) as started:
            started.until(said).ask(signal.SIGTERM)
            assert started.ended() == 0
            with copy("services", "--state", folder / said[:5]) as again:
                again.until(READY)


def test_a_state_of_another_version_is_refused_and_not_touched(folder):
    (folder / "version.json").write_text(json.dumps({"format": 99, "mode": "demo", "id": "x"}))
    before = sorted(folder.iterdir())

    with copy("services", "--state", folder) as started:
        assert started.ended() == 1

    assert "another version" in started.said
    assert "Nothing was touched" in started.said
    assert sorted(folder.iterdir()) == before


def test_a_folder_with_other_files_is_refused(folder):
    (folder / "letters.txt").write_text("Dear Sir")

    with copy("services", "--state", folder) as started:
        assert started.ended() == 1

    assert "holds other files" in started.said
    assert [path.name for path in folder.iterdir()] == ["letters.txt"]


def test_the_end_of_its_input_stops_it(folder):
    with copy("services", "--state", folder / "state") as started:
        family = started.until(READY).family()

        assert started.ended() == 0

    assert all_gone(family)


def test_an_input_that_has_ended_before_it_began_stops_it_too(folder):
    with copy("services", "--state", folder / "state", given=subprocess.DEVNULL) as started:
        assert started.until(READY).ended() == 0


def test_secrets_are_for_the_owner_alone_and_on_no_command_line(folder):
    with copy("services", "--state", folder / "state") as started:
        started.until(READY)
        secrets = json.loads((folder / "state/secrets.json").read_text())
        visible = " ".join(" ".join(each.cmdline()) for each in started.family())

    assert (folder / "state/secrets.json").stat().st_mode & 0o777 == 0o600
    assert not [name for name, secret in secrets.items() if secret in visible]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to give up")
def test_root_hands_postgresql_to_a_system_user(folder):
    with copy("services", "--state", folder / "state") as started:
        started.until(READY)

        assert postmaster_of(started).username() == "maintainuk"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_plain_user_gets_everything_inside_the_state(folder):
    (folder / "theirs").mkdir()
    shutil.chown(folder / "theirs", "nobody")

    with copy("services", "--state", folder / "theirs/state", user="nobody") as started:
        started.until(READY)

        assert postmaster_of(started).username() == "nobody"

    assert (folder / "theirs/state/postgres/18/PG_VERSION").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own folders are closed to PostgreSQL's account")
def test_a_state_the_account_cannot_reach_keeps_its_database_for_the_machine(folder):
    folder.chmod(0o700)

    with copy("services", "--state", folder / "state") as started:
        started.until(READY)

    kept = cluster.MACHINE_FOLDER / sha256(os.fsencode(folder / "state")).hexdigest()[:16]
    assert (kept / "18/PG_VERSION").exists()
    assert not (folder / "state/postgres").exists()
    shutil.rmtree(kept)
