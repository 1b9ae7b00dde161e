"""Work that goes on beside requests and jobs."""

import asyncio
from collections.abc import Iterable
from typing import Any

PATIENCE = 0.1


async def end(tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    """Cancel tasks until they have ended: redis-py loses a cancellation that comes while it connects."""
    going = {task for task in tasks if task is not None}
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=PATIENCE)
