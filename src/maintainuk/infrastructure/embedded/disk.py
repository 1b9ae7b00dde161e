"""The disk that holds the state: whether it has room, while everything runs."""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path

from maintainuk.infrastructure.embedded.progress import say

FULL = 50 * 2**20
"""Bytes free below which PostgreSQL and the logs soon can't be written."""

LOOK_EVERY = 5.0


def is_full(folder: Path) -> bool:
    """Say whether next to nothing can be written there any more."""
    return shutil.disk_usage(folder).free < FULL


async def watch_disk(folder: Path, *, every: float = LOOK_EVERY) -> None:
    """Say when the disk of a folder becomes full, and when there is room again; look each `every` seconds."""
    was_full = False
    while True:
        with suppress(OSError):  # the folder may be gone
            if is_full(folder) != was_full:
                was_full = not was_full
                say(
                    f"The disk that holds the state is full ({folder}). Free some space; what is saved stays safe."
                    if was_full
                    else "The disk that holds the state has room again"
                )
        await asyncio.sleep(every)
