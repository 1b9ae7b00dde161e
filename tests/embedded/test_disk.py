"""A disk that fills up while everything runs is told once, and once more when it has room again."""

import asyncio
import shutil
from types import SimpleNamespace

from maintainuk.infrastructure.embedded.disk import watch_disk

MEGABYTE = 2**20


async def test_the_console_says_when_the_disk_is_full_and_when_it_has_room_again(tmp_path, monkeypatch, capsys):
    measured = iter([900, 30, 20, 10, 900, 900])
    done = asyncio.Event()

    def usage(_: object) -> SimpleNamespace:
        try:
            return SimpleNamespace(free=next(measured) * MEGABYTE)
        except StopIteration:
            done.set()
            return SimpleNamespace(free=900 * MEGABYTE)

    monkeypatch.setattr(shutil, "disk_usage", usage)

    watching = asyncio.create_task(watch_disk(tmp_path, every=0))
    await done.wait()
    watching.cancel()

    said = capsys.readouterr().out
    assert said.count("The disk that holds the state is full") == 1
    assert said.count("has room again") == 1
