"""Every check that needs no test, one line each; all run even when one fails."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from maintainuk.infrastructure.embedded.fingerprints import fingerprint
from maintainuk.infrastructure.embedded.node import node_environment
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.infrastructure.embedded.web_build import MADE, install_alone
from maintainuk.infrastructure.problems import CannotStart

BIN = Path(sys.prefix) / "bin"
PYTHON_SOURCES = (".", "maintainuk")


class Failed(Exception):
    """A check that is not kept: the text says where."""


@dataclass(frozen=True)
class Checks:
    """The checks of one checkout."""

    checkout: Path

    def all(self) -> Mapping[str, Callable[[], object]]:
        """Name every check, cheap ones first."""
        always: dict[str, Callable[[], object]] = {
            "ruff": lambda: self._runs(BIN / "ruff", "check", *PYTHON_SOURCES),
            "format": lambda: self._runs(BIN / "ruff", "format", "--check", *PYTHON_SOURCES),
            "layers": lambda: self._runs(BIN / "lint-imports"),
            "docs": lambda: self._runs(*MAINTAINUK, "docs", "--check"),
            "openapi": self.openapi,
            "types": lambda: self._runs(BIN / "mypy"),
            "migrations": self.migrations,
        }
        web: dict[str, Callable[[], object]] = {
            "eslint": lambda: self._npm("run", "lint"),
            "api client": self.api_client,
        }
        return always | (web if (self.checkout / "apps" / "package.json").exists() else {})

    def openapi(self) -> None:
        """Compare docs/openapi.json with what the API says of itself."""
        kept = (self.checkout / "docs" / "openapi.json").read_text()
        if self._runs(*MAINTAINUK, "openapi") != kept:
            raise Failed("docs/openapi.json is out of date. Write it anew: ./maintainuk openapi > docs/openapi.json")

    def migrations(self) -> None:
        """Ask Alembic whether the entities and a freshly migrated database are equal."""
        with scratch_services() as settings:
            named = {f"MAINTAINUK_{name.upper()}": value for name, value in settings.items()}
            environment = {**os.environ, **named}  # noqa: TID251  (what the child inherits)
            self._runs(*MAINTAINUK, "migrate", environment=environment)
            self._runs(*MAINTAINUK, "migrate", "--check", environment=environment)

    def api_client(self) -> None:
        """Generate the Angular client again and see whether anything moved."""
        apps = self.checkout / "apps"
        before = fingerprint(apps, leaving_out=MADE)
        self._npm("run", "api")
        if fingerprint(apps, leaving_out=MADE) != before:
            raise Failed("the generated client was out of date; it has been generated anew, commit it")

    def _npm(self, *words: str) -> None:
        apps = self.checkout / "apps"
        install_alone(apps)
        self._runs("npm", *words, folder=apps, environment=node_environment())

    def _runs(
        self, *command: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        words = [str(word) for word in command]
        done = subprocess.run(  # noqa: S603 - our own words
            words, cwd=folder or self.checkout, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Failed(f"{done.stdout}{done.stderr}".strip())
        return done.stdout


MAINTAINUK = (sys.executable, "-P", "-m", "maintainuk")


def run_checks(checkout: Path) -> int:
    """Run them all and return the exit code."""
    failed = 0
    for name, check in Checks(checkout).all().items():
        began = time.monotonic()
        try:
            check()
            said = ""
        except (Failed, CannotStart, OSError, RuntimeError) as found:
            failed += 1
            said = f"\n{found}\n"
        typer.echo(f"{name:<12} {'FAILED' if said else 'ok':<6} {time.monotonic() - began:5.1f} s{said}")
    return 1 if failed else 0
