"""Keeping logs from filling the disk, however long the product runs."""

import asyncio
import os
import shutil
from pathlib import Path

from maintainuk.infrastructure.embedded.progress import say

LARGE = 20 * 2**20
EVERY = 60.0


def put_aside_large(folder: Path) -> None:
    """Keep each log up to a size, and the generation before it.

    Its program holds the file open for appending and goes on at the beginning; a line written in the instant between
    copying and emptying is lost.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGE:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


async def keep_small(folder: Path, *, every: float = EVERY) -> None:
    """Put large logs aside, again and again (seconds), until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await asyncio.to_thread(put_aside_large, folder)
        except OSError as failure:
            say(f"The logs in {folder} can't be put aside: {failure.strerror}")
