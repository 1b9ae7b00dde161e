"""Embedded advisors in a process of their own: what they load and compute is in nobody's way.

scikit-learn takes a hundred megabytes that a worker redrawing a large photo does not have, and an advice 25 ms of
processor in which a worker's event loop would stand still.
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import ParamSpec, TypeVar
from uuid import UUID

from maintainuk.domain.ai import Advice, ReportInWords
from maintainuk.infrastructure.providers.embedded_advisor.advisor import Confirmed, EmbeddedAdvisor

NICENESS = 5
"""An advice may wait for a letter, and never the other way round."""
DIE_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of Linux: a worker that was killed leaves no process behind."""

Given = ParamSpec("Given")
Answered = TypeVar("Answered")


class Apart:
    """The process in which organisations' advisors live; it starts when it is first asked."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self.deaths = 0
        """How often the process has broken down: the next one has learned nothing yet from anybody."""

    async def advise(self, org_id: UUID, report: ReportInWords) -> Advice:
        """Have an organisation's advisor propose a triage. Raises `BrokenProcessPool`: worth another attempt."""
        return await self._run(_advise, org_id, report)

    async def teach(self, org_id: UUID, confirmed: Sequence[Confirmed]) -> None:
        """Have an organisation's advisor take in what its people decided."""
        await self._run(_teach, org_id, confirmed)

    async def forget(self, org_id: UUID) -> None:
        """Let an organisation's advisor go."""
        await self._run(_forget, org_id)

    async def close(self) -> None:
        """End the process, once it has said what it was about to say."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    async def _run(self, do: Callable[Given, Answered], *args: Given.args, **kwargs: Given.kwargs) -> Answered:
        assert not kwargs
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, do, *args)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
                self.deaths += 1
            raise


_advisors: dict[UUID, EmbeddedAdvisor] = {}


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the worker ends this process itself
    os.nice(NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if (worker := parent_process()) is not None and worker.pid != os.getppid():
        os._exit(1)  # it was killed before it could be asked to take this process along


def _of(org_id: UUID) -> EmbeddedAdvisor:
    return _advisors.setdefault(org_id, EmbeddedAdvisor())


def _advise(org_id: UUID, report: ReportInWords) -> Advice:
    return asyncio.run(_of(org_id).advise(report))


def _teach(org_id: UUID, confirmed: Sequence[Confirmed]) -> None:
    _of(org_id).learn(confirmed)


def _forget(org_id: UUID) -> None:
    _advisors.pop(org_id, None)
