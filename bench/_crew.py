"""Worker processes that can be killed and frozen, and what the database says of their work."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from maintainuk.infrastructure.embedded.configuration import environment_of
from maintainuk.infrastructure.queue.presence import LIVING_WORKERS
from maintainuk.settings import Settings

HERE = Path(__file__).resolve().parents[1]


@dataclass
class Hand:
    """One worker process and the number it works under."""

    process: subprocess.Popen[bytes]
    number: int

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, patience: float = 25) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)


class Crew:
    """Workers on one database, watched over a connection that sees everybody's outbox and one organisation's rest."""

    def __init__(self, settings: Settings, watch: asyncpg.Connection, log: Path) -> None:
        self.settings = settings
        self.watch = watch
        self.hands: list[Hand] = []
        self._log = log

    async def hire(self, *words: str) -> Hand:
        """Start one more worker and return when it is there."""
        before = set(await self.living())
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-c",
                    "import sys; sys.path.insert(0, '.'); from bench._worker import main; main()",
                    *words,
                ],
                cwd=HERE,
                env=environment_of(self.settings),
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 60
        while not (new := set(await self.living()) - before):
            if process.poll() is not None or time.monotonic() > until:
                process.kill()
                raise RuntimeError(f"The worker did not start:\n{self._log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)
        hand = Hand(process, new.pop())
        self.hands.append(hand)
        return hand

    async def look_again(self) -> None:
        """Connect anew, after the database was killed."""
        self.watch.terminate()
        self.watch = await asyncpg.connect(self.settings.worker_dsn)

    async def look_at(self, org_id: UUID) -> None:
        await self.watch.execute("SELECT set_config('app.org_id', $1, false)", str(org_id))

    async def living(self) -> list[int]:
        return [row[0] for row in await self.watch.fetch(LIVING_WORKERS)]

    async def held_by(self, hand: Hand) -> dict[UUID, int]:
        """Jobs that a worker holds, with their attempts."""
        rows = await self.watch.fetch(
            "SELECT id, attempts FROM app.outbox_messages WHERE status = 'dispatched' AND locked_by = $1", hand.number
        )
        return {row["id"]: row["attempts"] for row in rows}

    async def catch(self, hand: Hand) -> dict[UUID, int]:
        """Freeze a worker in the middle of its work; return the jobs that it holds, none when no work is left."""
        while True:
            hand.freeze()
            if (held := await self.held_by(hand)) or not await self.left():
                return held
            hand.thaw()
            await asyncio.sleep(0.02)

    async def left(self) -> int:
        """How many jobs are not yet at their end."""
        return sum(count for status, count in (await self.statuses()).items() if status in {"pending", "dispatched"})

    async def statuses(self) -> Counter[str]:
        rows = await self.watch.fetch("SELECT status, count(*) FROM app.outbox_messages GROUP BY status")
        return Counter(dict(rows))

    async def until(self, *, left: int = 0, within: float = 60) -> None:
        """Wait until at most `left` jobs are not yet at their end."""
        deadline = time.monotonic() + within
        while await self.left() > left:
            if time.monotonic() > deadline:
                raise TimeoutError(f"Still waiting: {await self.statuses()}\n{self._log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)

    async def until_picked_up(self, orphans: dict[UUID, int], *, within: float = 60) -> float:
        """Return how many seconds it takes until the last of these jobs was started again."""
        began, orphans = time.monotonic(), dict(orphans)
        while orphans:
            if time.monotonic() - began > within:
                raise TimeoutError(f"{len(orphans)} orphans are still alone")
            rows = await self.watch.fetch(
                "SELECT id FROM app.outbox_messages AS o JOIN unnest($1::uuid[], $2::int[]) AS was (id, attempts)"
                " USING (id) WHERE o.attempts > was.attempts OR o.status NOT IN ('pending', 'dispatched')",
                list(orphans),
                list(orphans.values()),
            )
            for row in rows:
                del orphans[row["id"]]
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    def dismiss(self) -> None:
        for hand in self.hands:
            if hand.process.poll() is None:
                hand.thaw()
                hand.kill()


@asynccontextmanager
async def crew(settings: Settings, log: Path) -> AsyncIterator[Crew]:
    """Yield a crew without workers yet; afterwards all have gone."""
    watch = await asyncpg.connect(settings.worker_dsn)
    log.touch()
    members = Crew(settings, watch, log)
    try:
        yield members
    finally:
        members.dismiss()
        await members.watch.close()


@dataclass(frozen=True)
class Effects:
    """What became of an organisation's promises."""

    completed: int
    in_mailbox: int
    told: int
    told_twice: int
    audited_twice: int

    @classmethod
    async def of(cls, workers: Crew, org_id: UUID) -> "Effects":
        await workers.look_at(org_id)
        row = await workers.watch.fetchrow(
            """
            WITH told AS (
                SELECT data->>'messageId' AS message, count(*) AS times FROM app.timeline_events
                WHERE org_id = $1 AND kind = 'message_sent' GROUP BY 1
            ), audited AS (
                SELECT data->>'message_id' AS message, count(*) AS times FROM app.audit_log
                WHERE org_id = $1 AND action = 'MessageSent' GROUP BY 1
            )
            SELECT (SELECT count(*) FROM app.outbox_messages WHERE org_id = $1 AND status = 'completed') AS completed,
                   (SELECT count(*) FROM app.mailbox_messages WHERE org_id = $1) AS in_mailbox,
                   (SELECT count(*) FROM told) AS told,
                   (SELECT count(*) FROM told WHERE times > 1) AS told_twice,
                   (SELECT count(*) FROM audited WHERE times > 1) AS audited_twice
            """,
            org_id,
        )
        return cls(**row)
