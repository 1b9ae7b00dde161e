"""The test suites, one after the other, with a summary that leaves nothing out silently."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

NOTHING_SELECTED = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Outcome:
    """How one suite went."""

    suite: str
    is_good: bool
    words: str


def run_suites(checkout: Path, *, fast: bool, arguments: Sequence[str]) -> int:
    """Run the suites and return the exit code."""
    outcomes = [python(checkout, fast=fast, arguments=arguments)]
    if arguments:
        outcomes.append(Outcome("angular", is_good=True, words="left out: the arguments are pytest's"))
    else:
        outcomes.append(angular(checkout))
    if fast:
        outcomes.append(Outcome("browser", is_good=True, words="left out by --fast"))
    else:
        outcomes.append(browser(checkout, arguments))
    typer.echo("\n" + "\n".join(f"{o.suite:<8} {'ok' if o.is_good else 'FAILED'}  {o.words}" for o in outcomes))
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def python(checkout: Path, *, fast: bool, arguments: Sequence[str]) -> Outcome:
    """Run everything that needs no browser, on both cores."""
    selected = "not browser and not faults and not drill" if fast else "not browser and not drill"
    return _pytest("python", checkout, ["-n", "2", "-m", selected, *arguments], {}, may_be_empty=bool(arguments))


def angular(checkout: Path) -> Outcome:
    """Run the units of the web clients."""
    from maintainuk.infrastructure.embedded.node import node_environment
    from maintainuk.infrastructure.embedded.web_build import install_alone
    from maintainuk.infrastructure.problems import CannotStart

    apps = checkout / "apps"
    if not (apps / "package.json").exists():
        return Outcome("angular", is_good=True, words="this checkout has no web clients")
    try:
        install_alone(apps)
    except CannotStart as problem:
        return Outcome("angular", is_good=False, words=str(problem))
    return _timed("angular", ["npm", "test"], apps, node_environment())


def browser(checkout: Path, arguments: Sequence[str]) -> Outcome:
    """Run what needs a Chromium; without one say so loudly, and in CI fail."""
    if not (checkout / "tests" / "browser").exists():
        return Outcome("browser", is_good=True, words="this checkout has no browser tests")
    chromium = _found_chromium() or _installed_chromium()
    if chromium is None:
        words = (
            "LEFT OUT: no Chromium on this machine. On Debian, as root: apt-get install -y chromium; "
            "elsewhere name one in MAINTAINUK_CHROMIUM."
        )
        return Outcome("browser", is_good=not os.environ.get("CI"), words=words)  # noqa: TID251  (not our setting)
    selected = ["-m", "browser", "tests/browser", *arguments]
    return _pytest("browser", checkout, selected, {"MAINTAINUK_CHROMIUM": chromium}, may_be_empty=bool(arguments))


def _found_chromium() -> str | None:
    named = os.environ.get("MAINTAINUK_CHROMIUM")  # noqa: TID251  (of the tests, not the product)
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def _installed_chromium() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    typer.echo("Installing Debian's Chromium for the browser tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}  # noqa: TID251  (what the child inherits)
    for words in (["update", "-q"], ["install", "-y", "-q", "chromium"]):
        subprocess.run(["apt-get", *words], env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603, S607  (fixed words)
    return _found_chromium()


def _pytest(
    suite: str, checkout: Path, words: Sequence[str], environment: Mapping[str, str], *, may_be_empty: bool
) -> Outcome:
    command = [sys.executable, "-m", "pytest", *words]
    good = {0, NOTHING_SELECTED} if may_be_empty else {0}
    return _timed(suite, command, checkout, {**os.environ, **environment}, good)  # noqa: TID251  (the same)


def _timed(
    suite: str, command: Sequence[str], folder: Path, environment: Mapping[str, str], good: set[int] | None = None
) -> Outcome:
    typer.echo(f"\n{suite}: {' '.join(command)}")
    began = time.monotonic()
    code = subprocess.run(command, cwd=folder, env=environment, check=False).returncode  # noqa: S603  (our own words)
    return Outcome(suite, is_good=code in (good or {0}), words=f"{time.monotonic() - began:.0f} s")
