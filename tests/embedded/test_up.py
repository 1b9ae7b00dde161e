"""The whole product by its first command. The browser tests use it; here it is started, broken and stopped."""

import json
import signal
import socket

import httpx
import psutil
import pytest

from tests.embedded.copies import Copy, all_gone, copy, eventually, free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]  # a first run may have to build the web clients


def up(folder, port: int, *words: str, **how) -> Copy:
    return copy("up", "--state", folder / "state", "--port", port, *words, **how)


def part_of(started: Copy, words: str) -> psutil.Process:
    """The child whose command line has these words."""
    return next(each for each in psutil.Process(started.pid).children() if words in " ".join(each.cmdline()))


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def test_it_comes_up_survives_its_parts_deaths_and_comes_up_again_after_its_own(folder):
    port = free_port()

    with up(folder, port) as started:
        started.until("Stop with Ctrl-C")
        assert f"http://localhost:{port}" in started.said
        assert "brightwell.example.com" in started.said
        assert eventually(lambda: is_ready(port))

        for victim, name in {
            "maintainuk api": "API",
            "maintainuk worker": "Worker",
            "valkey": "Valkey",
            "postgres": "PostgreSQL",
        }.items():
            part_of(started, victim).kill()
            started.until(f"{name} is back")
            assert eventually(lambda: is_ready(port))

        family = started.family()
        started.ask(signal.SIGKILL)
        assert eventually(lambda: all_gone(family))

    with up(folder, port) as again:
        again.until("Stop with Ctrl-C")
        assert "The database is up to date" in again.said
        assert "loading the demo" not in again.said
        family = again.family()
        assert again.ask(signal.SIGINT).ended() == 0

    assert all_gone(family)


def test_it_comes_up_without_valkey(folder):
    port = free_port()

    with up(folder, port, "--no-valkey") as started:
        started.until("Stop with Ctrl-C")

        assert "Valkey" not in started.said
        assert eventually(lambda: is_ready(port))


@pytest.mark.parametrize("moment", ["Valkey is ready", "data folder is made", "Migrating", "Worker is ready"])
def test_ctrl_c_at_any_step_leaves_no_process_behind(folder, moment):
    with up(folder, free_port()) as started:
        started.until(moment)
        family = started.family()

        assert started.ask(signal.SIGINT).ended() == 0

        assert all_gone(family)


def test_a_taken_port_is_told_before_anything_slow_begins(folder):
    with socket.create_server(("127.0.0.1", 0)) as other, up(folder, other.getsockname()[1]) as refused:
        assert refused.ended() == 1

        assert "can't be used" in refused.said
        assert f"./maintainuk up --state {folder / 'state'} --port" in refused.said
        assert not (folder / "state" / "postgres").exists()


def test_two_copies_run_side_by_side(folder):
    ports = free_port(), free_port()

    with (
        copy("up", "--state", folder / "one", "--port", ports[0]) as one,
        copy("up", "--state", folder / "two", "--port", ports[1]) as two,
    ):
        one.until("Stop with Ctrl-C")
        two.until("Stop with Ctrl-C")

        assert eventually(lambda: all(map(is_ready, ports)))


def test_a_demo_state_never_goes_live(folder):
    (folder / "state").mkdir()
    (folder / "state/version.json").write_text(json.dumps({"format": 1, "mode": "demo", "id": "x"}))

    with up(folder, free_port(), "--mode", "live") as refused:
        assert refused.ended() == 1

    assert "invented people and real homes don't mix" in refused.said


def test_a_live_installation_says_honestly_who_can_sign_in(folder):
    with up(folder, free_port(), "--mode", "live") as started:
        started.until("Stop with Ctrl-C")

    assert "/app/set-up#" in started.said


def test_demo_mode_listens_on_loopback_only(folder):
    with up(folder, free_port(), "--host", "0.0.0.0") as refused:
        assert refused.ended() == 1

    assert "loopback" in refused.said
    assert not (folder / "state").exists()


def test_the_doctor_finds_the_running_copy_by_its_state(folder):
    port = free_port()
    with up(folder, port) as started:
        started.until("Stop with Ctrl-C")

        with copy("doctor", "--state", folder / "state") as healthy:
            assert healthy.ended() == 0, healthy.said
        assert f"http://localhost:{port}" in healthy.said

    with copy("doctor", "--state", folder / "state") as stopped:
        assert stopped.ended() == 1
    assert "DO  PostgreSQL" in stopped.said
    assert "start it with: ./maintainuk up" in stopped.said
