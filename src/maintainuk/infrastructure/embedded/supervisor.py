"""Keeps processes running, and stops them in the opposite order of their start."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from types import TracebackType
from typing import Protocol, Self, TypeVar

from maintainuk.infrastructure.embedded.processes import Child
from maintainuk.infrastructure.embedded.progress import say
from maintainuk.infrastructure.problems import CannotStart

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
CALM = 60.0


class Service(Protocol):
    """A part of the product that is one process."""

    @property
    def name(self) -> str:
        """Return what people call it."""

    async def start(self) -> Child:
        """Start it and return when it answers."""


class Supervisor:
    """Holds every process it started until its block ends, whatever ends it."""

    def __init__(self) -> None:
        self._stages: list[list[_Kept]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        stopping = asyncio.create_task(self._stop())
        while not stopping.done():  # a request to stop that comes now must not cut the stopping short
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.shield(stopping)
        stopping.result()

    async def keep(self, *services: Service) -> None:
        """Start services together and keep them: one that dies is started again, with a growing pause."""
        stage: list[_Kept] = []
        self._stages.append(stage)
        stage.extend(_Kept(service) for service in services)
        await together(*(kept.start() for kept in stage))

    async def _stop(self) -> None:
        for stage in reversed(self._stages):
            await asyncio.gather(*(kept.stop() for kept in stage))


async def together(*parts: Coroutine[None, None, T]) -> list[T]:
    """Do things at the same time and return what they return; the first failure ends the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part) for part in parts]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


class _Kept:
    """One service, its process and the task that watches it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._child: Child | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._child = await self._service.start()
        say(f"{self._service.name} is ready")
        self._watch = asyncio.create_task(self._keep_alive(self._child))

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._child:
            await self._child.stop()
            say(f"{self._service.name} has stopped")

    async def _keep_alive(self, child: Child) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            began = clock()
            code = await child.process.wait()
            pause = FIRST_PAUSE if clock() - began > CALM else min(pause * 2, LONGEST_PAUSE)
            say(f"{self._service.name} ended unexpectedly ({_reason(code)}); starting it again")
            self._child = None
            while self._child is None:
                await asyncio.sleep(pause)
                try:
                    self._child = child = await self._service.start()
                except Exception as failure:  # noqa: BLE001 - whatever it was, the next try may be luckier
                    pause = min(pause * 2, LONGEST_PAUSE)
                    say(f"{failure}\nTrying again in {pause:.0f} s")
            say(f"{self._service.name} is back")


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def until_stopped(main: Coroutine[None, None, None]) -> int:
    """Run until it ends or somebody asks it to stop (Ctrl-C, SIGTERM, a closed terminal); return the exit code."""

    async def guarded() -> int:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        requests: list[str] = []

        def stop(how: str) -> None:
            requests.append(how)
            if task and len(requests) == 1:  # a second request finds the first under way
                say(f"Stopping ({how})")
                task.cancel()

        for wanted, how in ((signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM"), (signal.SIGHUP, "terminal closed")):
            loop.add_signal_handler(wanted, stop, how)
        try:
            await main
        except asyncio.CancelledError:
            say("Stopped")
        except CannotStart as problem:
            say(f"Cannot start.\n{problem}")
            return 1
        return 0

    return asyncio.run(guarded())
