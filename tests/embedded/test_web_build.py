"""The browser clients are built when something they are made of has changed, and only then."""

import asyncio
import json
from pathlib import Path

import psutil
import pytest

from maintainuk.infrastructure.embedded.web_build import build, is_built
from maintainuk.infrastructure.problems import CannotStart
from tests.embedded.copies import eventually

BUILD = "mkdir -p dist/web && cat source.txt >> dist/web/index.html"


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    """An npm workspace whose build appends its one source to its one page."""
    apps = tmp_path / "apps"
    apps.mkdir()
    write_workspace(apps, BUILD)
    (apps / "source.txt").write_text("one ")
    return apps


def write_workspace(apps: Path, script: str) -> None:
    (apps / "package.json").write_text(json.dumps({"name": "apps", "version": "1.0.0", "scripts": {"build": script}}))
    lock = {"name": "apps", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "apps"}}}
    (apps / "package-lock.json").write_text(json.dumps(lock))


def page(apps: Path) -> str:
    return (apps / "dist/web/index.html").read_text()


async def test_what_did_not_change_is_not_built_again(apps):
    await build(apps)
    await build(apps)

    assert page(apps) == "one "


async def test_a_changed_source_is_built(apps):
    await build(apps)
    (apps / "source.txt").write_text("two ")
    assert not is_built(apps)

    await build(apps)

    assert page(apps) == "one two "


async def test_a_build_that_fails_says_so_and_is_tried_again(apps):
    write_workspace(apps, "echo the font is missing; exit 3")
    with pytest.raises(CannotStart, match="the font is missing"):
        await build(apps)
    write_workspace(apps, BUILD)

    await build(apps)

    assert page(apps) == "one "


async def test_a_build_that_is_given_up_leaves_no_process(apps):
    write_workspace(apps, "touch began; sleep 987")

    building = asyncio.create_task(build(apps))
    while not (apps / "began").exists():
        assert not building.done()
        await asyncio.sleep(0.05)
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building

    assert eventually(lambda: not runs("sleep 987"))
    assert not is_built(apps)


def runs(command: str) -> bool:
    return any(command in " ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"]))


async def test_a_checkout_without_web_clients_needs_no_build(tmp_path):
    await build(tmp_path / "apps")

    assert not (tmp_path / "apps").exists()
