"""Builds the browser clients, when something they are made of has changed."""

import asyncio
import fcntl
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from maintainuk.infrastructure.embedded.fingerprints import fingerprint
from maintainuk.infrastructure.embedded.node import node_environment
from maintainuk.infrastructure.embedded.processes import Command, ended
from maintainuk.infrastructure.embedded.progress import say
from maintainuk.infrastructure.problems import CannotStart

TAKE_ALL_ALONG = 'trap "kill -KILL 0" TERM; "$@" & wait $!'
"""Stands before npm: told of our death, it ends its whole group, which npm would leave working on our files."""

MADE = frozenset({"node_modules", "dist", ".angular"})


async def build(apps: Path) -> None:
    """Bring apps/dist to what the sources say.

    Raises:
        CannotStart: with the end of what npm said.

    """
    if not (apps / "package.json").exists():
        say("Web clients: left out, this checkout has none")
        return
    if is_built(apps):
        say("Web clients are built")
        return
    async with _alone(apps):
        if is_built(apps):
            return
        _stamp(apps).unlink(missing_ok=True)
        wanted = fingerprint(apps, leaving_out=MADE)
        await install(apps)
        say("Web clients: building")
        await npm(apps, "run", "build")
        _stamp(apps).write_text(wanted)
        say("Web clients are built")


def is_built(apps: Path) -> bool:
    """Say whether apps/dist was made from exactly these sources."""
    stamp = _stamp(apps)
    return stamp.exists() and stamp.read_text() == fingerprint(apps, leaving_out=MADE)


async def install(apps: Path) -> None:
    """Install the locked packages, unless they are the ones that are there."""
    wanted = sha256((apps / "package-lock.json").read_bytes()).hexdigest()
    stamp = apps / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Web clients: installing packages")
    await npm(apps, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def install_alone(apps: Path) -> None:
    """Install the locked packages for a command that isn't asynchronous itself."""

    async def held() -> None:
        async with _alone(apps):
            await install(apps)

    asyncio.run(held())


async def npm(apps: Path, *words: str) -> None:
    """Run npm in the workspace."""
    command = ["sh", "-c", TAKE_ALL_ALONG, "sh", "npm", *words]
    outcome = await ended(Command(command, node_environment(), on_our_death=signal.SIGTERM, folder=apps))
    if outcome.code != 0:
        raise CannotStart(f"`npm {' '.join(words)}` failed in {apps}:\n{outcome.last_words}")


def _stamp(apps: Path) -> Path:
    return apps / "dist" / ".built"


@asynccontextmanager
async def _alone(apps: Path) -> AsyncIterator[None]:
    """Hold the workspace: copies that share a checkout build it one after the other."""
    descriptor = os.open(apps, os.O_RDONLY)
    try:
        waiting = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    say("Web clients: waiting for another build of this checkout")
                waiting = True
                await asyncio.sleep(0.5)
        yield
    finally:
        os.close(descriptor)
