"""The `postgres` transport: workers claim the outbox rows themselves.

One worker has one line to the database. It carries the advisory lock that shows that the worker lives, LISTENs for
hints, and makes every claim and renewal: when it breaks, so does the worker's presence, and nothing can disagree.
"""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from maintainuk.domain.ports import ClaimedJob, QueueUnavailable
from maintainuk.infrastructure.hints import JOBS
from maintainuk.infrastructure.queue.presence import LIVING_WORKERS, any_number, show_presence

LEASE = timedelta(seconds=30)

BROKEN = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a call may raise when the database is away; asyncpg trips over itself when it dies between two messages."""

# One statement, so one transaction: SKIP LOCKED holds its locks until the rows are ours. `line` looks once into the
# index for each priority and organisation that waits; among those of one priority, the organisation with the fewest
# jobs in hand has the first turn, so that whoever asks for a thousand things at once keeps nobody else waiting.
CLAIM = """
    WITH RECURSIVE line AS (
        (SELECT priority, org_id, available_at FROM app.outbox_messages
         WHERE status = 'pending' ORDER BY priority, org_id, available_at LIMIT 1)
        UNION ALL
        SELECT next.priority, next.org_id, next.available_at FROM line CROSS JOIN LATERAL (
            SELECT priority, org_id, available_at FROM app.outbox_messages
            WHERE status = 'pending' AND (priority, org_id) > (line.priority, line.org_id)
            ORDER BY priority, org_id, available_at LIMIT 1
        ) AS next
    ),
    in_hand AS MATERIALIZED (
        SELECT org_id, count(*) AS jobs FROM app.outbox_messages WHERE status = 'dispatched' GROUP BY org_id
    ),
    turns AS MATERIALIZED (
        SELECT priority, org_id, row_number() OVER (ORDER BY priority, coalesce(jobs, 0), available_at) AS turn
        FROM line LEFT JOIN in_hand USING (org_id) WHERE available_at <= now() ORDER BY turn
    ),
    due AS MATERIALIZED (
        SELECT job.org_id, job.id, turn FROM turns CROSS JOIN LATERAL (
            SELECT org_id, id FROM app.outbox_messages
            WHERE status = 'pending' AND priority = turns.priority AND org_id = turns.org_id
              AND available_at <= now() AND type = ANY($1)
            ORDER BY available_at, seq
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        ) AS job
        LIMIT $2
    )
    UPDATE app.outbox_messages AS o
    SET status = 'dispatched', attempts = o.attempts + 1, locked_by = $3, lease_until = now() + $4
    FROM due WHERE o.org_id = due.org_id AND o.id = due.id
    RETURNING o.id, o.org_id, o.type, o.payload, o.attempts, o.locked_by, o.trace_parent, o.created_at,
              o.available_at, o.seq, due.turn
"""

# The fence of every write below: a row is ours while id, number and attempt are those of the claim.
OURS = """
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[]) AS claim (org_id, id, locked_by, attempts)
    WHERE o.org_id = claim.org_id AND o.id = claim.id AND o.status = 'dispatched'
      AND o.locked_by = claim.locked_by AND o.attempts = claim.attempts
    RETURNING o.id
"""
FREE = "locked_by = NULL, lease_until = NULL"
# A row that a handler of ours is just completing is locked, needs no lease, and must not keep the line waiting.
RENEW = """
    WITH ours AS MATERIALIZED (
        SELECT o.org_id, o.id
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[]) AS claim (org_id, id, locked_by, attempts)
        JOIN app.outbox_messages AS o USING (org_id, id)
        WHERE o.status = 'dispatched' AND o.locked_by = claim.locked_by AND o.attempts = claim.attempts
        FOR UPDATE OF o SKIP LOCKED
    )
    UPDATE app.outbox_messages AS o SET lease_until = now() + $5
    FROM ours WHERE o.org_id = ours.org_id AND o.id = ours.id
"""
COMPLETE = f"""
    UPDATE app.outbox_messages AS o SET status = 'completed', completed_at = now(), last_error = NULL, {FREE} {OURS}
"""
RETRY = f"""
    UPDATE app.outbox_messages AS o
    SET status = 'pending', available_at = now() + $5, last_error = $6, attempts = o.attempts - $7, {FREE} {OURS}
"""
BURY = f"UPDATE app.outbox_messages AS o SET status = 'failed', completed_at = now(), last_error = $5, {FREE} {OURS}"
GIVE_BACK = f"UPDATE app.outbox_messages AS o SET status = 'pending', attempts = o.attempts - 1, {FREE} {OURS}"

# An orphan's lease ran out, its worker died, or it is ours and we know nothing of it (a claim whose answer was lost).
# It keeps its place in the queue. Only what was there at several crashes waits a random while: what crashes workers
# must not take the same neighbours along each time.
FREE_ORPHANS = f"""
    WITH living AS MATERIALIZED ({LIVING_WORKERS}),
    orphans AS MATERIALIZED (
        SELECT org_id, id FROM app.outbox_messages
        WHERE status = 'dispatched' AND (
            lease_until < now()
            OR locked_by NOT IN (SELECT objid FROM living)
            OR (locked_by = $1 AND NOT id = ANY($2))
        )
        FOR UPDATE SKIP LOCKED
    )
    UPDATE app.outbox_messages AS o
    SET status = 'pending', last_error = 'worker-lost', {FREE},
        available_at = CASE WHEN o.attempts < 3 THEN o.available_at
                            ELSE now() + random() * least(2 ^ o.attempts, 15) * interval '1 second' END
    FROM orphans WHERE o.org_id = orphans.org_id AND o.id = orphans.id
"""


class PostgresQueue:
    """One worker's share of the outbox. PgBouncer's transaction mode can't carry it: give it a direct address."""

    def __init__(self, dsn: str, types: Sequence[str], *, lease: timedelta = LEASE, deadline: float = 5.0) -> None:
        """Claim only `types`: what a newer release promised waits for a newer worker."""
        self._dsn = dsn
        self._types = list(types)
        self._lease = lease
        self._deadline = deadline
        self._number = any_number()
        self._line: asyncpg.Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._held: dict[UUID, ClaimedJob] = {}
        self._woken = asyncio.Event()

    @property
    def number(self) -> int:
        """The worker's number, which its claims hold as `locked_by`."""
        return self._number

    async def claim(self, limit: int) -> Sequence[ClaimedJob]:
        """Lease up to `limit` due jobs, the highest priority first, and turn by turn between organisations."""
        async with self._one_at_a_time:
            rows = await self._ask(CLAIM, self._types, limit, lambda: self._number, self._lease)
            jobs = [_job(row) for row in sorted(rows, key=_in_order)]
            self._held.update((job.id, job) for job in jobs)
        return jobs

    async def complete(self, jobs: Sequence[ClaimedJob]) -> int:
        """Mark jobs done; returns how many were still ours."""
        return await self._end(COMPLETE, jobs)

    async def retry(self, job: ClaimedJob, *, after: timedelta, error: str, counted: bool = True) -> None:
        """Put a job back for later."""
        await self._end(RETRY, [job], after, error, 0 if counted else 1)

    async def bury(self, job: ClaimedJob, *, error: str) -> None:
        """Keep a job as a dead letter."""
        await self._end(BURY, [job], error)

    async def give_back(self, jobs: Sequence[ClaimedJob]) -> None:
        """Return jobs that never started."""
        await self._end(GIVE_BACK, jobs)

    def let_go(self, job: ClaimedJob) -> None:
        """Stop holding a job; when its row is still ours, the next `tend` hands it out again."""
        self._held.pop(job.id, None)

    async def tend(self) -> int:
        """Renew our leases and free the jobs of dead workers."""
        async with self._one_at_a_time:
            if held := list(self._held.values()):
                await self._ask(RENEW, *_fences(held), self._lease, execute=True)
            done = await self._ask(FREE_ORPHANS, lambda: self._number, list(self._held), execute=True)
        freed = int(done.rpartition(" ")[2])
        if freed:
            self._woken.set()
        return freed

    async def work_waiting(self, *, within: float) -> None:
        """Return on a hint, or after `within` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), within)
        self._woken.clear()

    async def close(self) -> None:
        """Hang up, which also says that this worker is gone."""
        if self._line is not None:
            with contextlib.suppress(*BROKEN):
                await self._line.close(timeout=self._deadline)

    async def _end(self, statement: str, jobs: Sequence[ClaimedJob], *values: object) -> int:
        async with self._one_at_a_time:  # held until the answer, or `tend` would take the job for an orphan
            try:
                return len(await self._ask(statement, *_fences(jobs), *values))
            finally:
                for job in jobs:
                    self.let_go(job)

    async def _ask(self, statement: str, *values: Any, execute: bool = False) -> Any:  # noqa: ANN401
        """Run one statement on the line, which is made anew when it is broken. A late answer is none."""
        try:
            async with asyncio.timeout(self._deadline):
                line = await self._connected()
                arguments = [value() if callable(value) else value for value in values]
                return await (line.execute if execute else line.fetch)(statement, *arguments)
        except BROKEN as error:
            self._hang_up()
            raise QueueUnavailable(type(error).__name__) from error

    async def _connected(self) -> asyncpg.Connection:
        if self._line is None or self._line.is_closed():
            line = await asyncpg.connect(
                self._dsn, server_settings={"application_name": "maintainuk-worker", "jit": "off"}
            )
            try:
                self._number = await show_presence(line, self._number)
                await line.add_listener(JOBS, self._wake)
            except BaseException:
                line.terminate()
                raise
            self._line = line
        return self._line

    def _wake(self, *_: object) -> None:
        self._woken.set()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.terminate()
            self._line = None


def _in_order(row: asyncpg.Record) -> tuple[Any, ...]:
    return row["turn"], row["available_at"], row["seq"]


def _job(row: asyncpg.Record) -> ClaimedJob:
    return ClaimedJob(
        id=row["id"],
        org_id=row["org_id"],
        type=row["type"],
        payload=json.loads(row["payload"]),
        attempts=row["attempts"],
        locked_by=row["locked_by"],
        trace_parent=row["trace_parent"],
        created_at=row["created_at"],
        available_at=row["available_at"],
    )


def _fences(jobs: Sequence[ClaimedJob]) -> tuple[list[UUID], list[UUID], list[int], list[int]]:
    return (
        [job.org_id for job in jobs],
        [job.id for job in jobs],
        [job.locked_by for job in jobs],
        [job.attempts for job in jobs],
    )
