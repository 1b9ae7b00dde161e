"""The first command of a fresh clone, `./maintainuk`, in a clone that has only what it needs."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone whose product only says hello and whose lock files are short."""
    return _clone(tmp_path / "fresh clone")


@pytest.fixture
def used(tmp_path: Path, first_used: Path) -> Path:
    """A clone in which a first command has run, moved to another place since."""
    return shutil.copytree(first_used, tmp_path / "used clone", symlinks=True)


@pytest.fixture(scope="session")
def first_used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clone = _clone(tmp_path_factory.mktemp("first") / "clone")
    run(clone, "up")
    return clone


def _clone(clone: Path) -> Path:
    package = clone / "src" / "maintainuk"
    package.mkdir(parents=True)
    shutil.copy(CHECKOUT / "maintainuk", clone)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys\nprint('hello', *sys.argv[1:])\n")
    (clone / "requirements.lock").write_text(_locked("annotated-types"))
    (clone / "requirements-dev.lock").write_text(_locked("annotated-types") + _locked("iniconfig"))
    return clone


def _locked(package: str) -> str:
    """The entry of one package in the real lock file."""
    lines = (CHECKOUT / "requirements-dev.lock").read_text().splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\\n"))
    return "".join(lines[first : last + 1])


def run(clone: Path, *words: str, python: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python or sys.executable), str(clone / "maintainuk"), *words],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def has(clone: Path, module: str) -> bool:
    return any((clone / ".venv").glob(f"lib/*/site-packages/{module}"))


def test_it_installs_what_is_locked_and_becomes_the_product(clone):
    first = run(clone, "up", "--port", "1")

    assert first.stdout == "hello up --port 1\n"
    assert has(clone, "annotated_types")


def test_a_second_command_installs_nothing(used):
    second = run(used, "up")

    assert second.stdout == "hello up\n"
    assert second.stderr == ""


def test_what_the_tests_need_is_installed_with_them_and_never_taken_back(used):
    assert not has(used, "iniconfig")

    run(used, "test")
    assert has(used, "iniconfig")

    later = run(used, "up")
    assert has(used, "iniconfig")
    assert later.stderr == ""


def test_a_changed_lock_file_is_installed(used):
    (used / "requirements.lock").write_text(_locked("iniconfig"))

    run(used, "up")

    assert has(used, "iniconfig")
    assert not has(used, "annotated_types")


def test_a_half_made_environment_is_made_again(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").write_text("not a program")

    assert run(clone, "up").stdout == "hello up\n"


def test_two_first_commands_at_once_both_work(clone):
    command = [sys.executable, str(clone / "maintainuk"), "up"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]

    assert [each.communicate()[0] for each in both] == ["hello up\n"] * 2


def test_a_link_to_it_works_from_anywhere(used, tmp_path):
    (tmp_path / "mu").symlink_to(used / "maintainuk")

    linked = subprocess.run([tmp_path / "mu", "doctor"], cwd="/", capture_output=True, text=True, check=True)

    assert linked.stdout == "hello doctor\n"


def test_without_network_it_says_what_failed_and_what_to_do(clone):
    unreachable = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }

    failed = run(clone, "up", **unreachable)

    assert failed.returncode == 1
    assert "uv could not be downloaded" in failed.stderr
    assert "Check the network" in failed.stderr
    assert "Traceback" not in failed.stderr


def in_another_world(clone: Path, differences: str) -> subprocess.CompletedProcess[str]:
    """Run it where some facts about the machine differ."""
    story = f"import importlib.util, os, runpy, sys\n{differences}\nrunpy.run_path(sys.argv[1], run_name='__main__')\n"
    command = [sys.executable, "-c", story, clone / "maintainuk", "up"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_python_that_is_too_old_is_told_so(clone):
    refused = in_another_world(clone, "sys.version_info = (3, 9, 2)")

    assert refused.returncode == 1
    assert "needs Python 3.11 or newer" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_plain_user_without_venv_is_given_the_command_that_brings_it(clone):
    refused = in_another_world(clone, "importlib.util.find_spec = lambda name: None\nos.geteuid = lambda: 1000")

    assert refused.returncode == 1
    assert "apt-get install -y python3-venv" in refused.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_of_somebody_else_is_told_so(clone):
    clone.chmod(0o555)

    refused = run(clone, "up")

    assert "can't be written" in refused.stderr


@pytest.mark.parametrize("command", [[CHECKOUT / "maintainuk"], ["-P", "-m", "maintainuk"]], ids=["clone", "product"])
def test_a_ctrl_c_that_comes_before_anything_else_is_quiet(command):
    def before_it_begins() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background is born deaf to it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        signal.raise_signal(signal.SIGINT)

    stopped = subprocess.run(
        [sys.executable, *command, "--help"],
        preexec_fn=before_it_begins,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (stopped.stdout, stopped.stderr) == ("", "Stopped.\n")


def test_settings_that_a_command_cannot_work_with_are_told_in_words():
    environment = {**os.environ, "MAINTAINUK_SECRET_KEY": "short", "MAINTAINUK_DATABASE_URL": "postgresql://"}
    command = [sys.executable, "-P", "-m", "maintainuk", "migrate"]

    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert refused.returncode == 1
    assert "MAINTAINUK_SECRET_KEY needs at least 32 characters" in refused.stderr
    assert "Traceback" not in refused.stderr
