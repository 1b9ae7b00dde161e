"""A worker inside the test: the real queue, the real database, and a provider that does as it is told."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from maintainuk.application.jobs import SendEmail
from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.ai import Advice, ReportInWords
from maintainuk.domain.base import new_id
from maintainuk.domain.mailbox import MailboxMessage
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.ports import Email, Receipt
from maintainuk.domain.reports import Report
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.settings import Settings
from maintainuk.worker import main
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.handlers import HANDLERS, Handling
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.runner import Outcome, Runner
from tests.world import World

assert main.FEATURES, "importing the worker makes its handlers known"


SUGGESTION = {
    "category": {"value": "heating_hot_water", "reason": "Says “boiler”"},
    "trade": {"value": "gas_engineer", "reason": "The usual trade for this kind of repair"},
    "priority": {"value": "P2", "reason": "No heating in winter"},
    "hazard_class": {"value": "potential_significant", "reason": "A cold home may harm"},
    "safety_flag": {"value": False, "reason": "Nobody is in danger now"},
    "missing_questions": [{"question": "Is there hot water?", "reason": "It tells whether the boiler runs at all."}],
}
"""What an advisor answers whose answer fits."""


class FakeMailer:
    """A provider of e-mail that keeps what it takes by key, and fails on demand."""

    name = "fake"
    is_there = True

    def __init__(self, *, is_idempotent: bool = True) -> None:
        self.is_idempotent = is_idempotent
        self.taken: dict[str, Email] = {}
        self.calls: list[str] = []
        self.looked_up: list[str] = []
        self.trouble: list[Exception] = []
        self.cannot_tell: Exception | None = None

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        self.calls.append(idempotency_key)
        if self.trouble:
            raise self.trouble.pop(0)
        self.taken[idempotency_key] = email
        return Receipt(self.name, f"fake-{idempotency_key}")

    async def look_up(self, _: UUID, key: str) -> Receipt | None:
        self.looked_up.append(key)
        if self.cannot_tell:
            raise self.cannot_tell
        return Receipt(self.name, f"fake-{key}") if key in self.taken else None


class FakeAdvisor:
    """An advisor who says what a test has laid before them, and remembers what they were shown."""

    name = "fake"

    def __init__(self) -> None:
        self.shown: list[ReportInWords] = []
        self.answer: Advice | Exception = Advice(output=SUGGESTION, model="fake-1", tokens_in=210, tokens_out=90)

    async def get_ready(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def of(self, _: UUID) -> "FakeAdvisor":
        return self

    async def advise(self, report: ReportInWords) -> Advice:
        self.shown.append(report)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Office:
    """One organisation's promises, workers to keep them, and what became of it all."""

    def __init__(self, settings: Settings, watch: asyncpg.Connection) -> None:
        self.settings = settings
        self.watch = watch
        self.org_id: UUID
        self.world = World(settings)
        self.mailer = FakeMailer()
        self.late = timedelta()
        self.services = WorkerServices(settings, clock=self.now)
        self.embedded = self.services.providers
        self.advisor = FakeAdvisor()
        self.services.providers = replace(
            self.services.providers, mailer=self.mailer, mail_sender="repairs@example.com", advisors=self.advisor
        )
        self._queues: list[PostgresQueue] = []
        self._own: PostgresQueue | None = None

    async def open(self) -> None:
        self.org_id = await self.world.organisation()
        await self.watch.execute("SELECT set_config('app.org_id', $1, false)", str(self.org_id))

    def now(self) -> datetime:
        return self.world.now + self.late

    def with_mailer(self, mailer: Any) -> None:
        self.services.providers = replace(self.services.providers, mailer=mailer, mail_sender="repairs@example.com")

    def with_studio(self, studio: Any) -> None:
        self.services.providers = replace(self.services.providers, studio=studio)

    def with_copyist(self, copyist: Any) -> None:
        self.services.providers = replace(self.services.providers, copyist=copyist)

    def queue(self, **changes: Any) -> PostgresQueue:
        """One worker's queue."""
        queue = PostgresQueue(self.settings.worker_dsn, changes.pop("types", list(HANDLERS)), **changes)
        self._queues.append(queue)
        return queue

    def runner(self, queue: PostgresQueue, handlings: Mapping[str, Handling] = HANDLERS) -> Runner:
        return Runner(queue, Deliveries(self.services), handlings, self.services, JobMetrics())

    async def work(self, queue: PostgresQueue | None = None) -> list[Outcome]:
        """Run everything that is due, once."""
        self._own = queue = queue or self._own or self.queue()
        runner = self.runner(queue)
        return [await runner.run(job) for job in await queue.claim(100)]

    async def ask_again(self) -> list[Outcome]:
        """Run everything that waits for later, as if it were later."""
        await self.watch.execute("UPDATE app.outbox_messages SET available_at = now() WHERE status = 'pending'")
        return await self.work()

    async def promise_email(self, **home: Any) -> OutboxMessage:
        """A message to the tenant of a new home, promised as the product promises it."""
        org_id, ticket = home.pop("org_id", self.org_id), home.pop("ticket", {})
        template = home.pop("template", MessageTemplate.TICKET_ACKNOWLEDGEMENT)
        times = home.pop("times", None)
        place = await self.world.home(org_id, **home)
        ticket_id = await self.world.ticket(org_id, place, **ticket)
        async with self.world.work(org_id) as work:
            work.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            message = Message(
                org_id=org_id,
                ticket_id=ticket_id,
                recipient_id=place.tenant_id,
                channel=MessageChannel.EMAIL,
                template=template,
                created_at=work.now,
            )
            if times is not None:
                report = Report(
                    org_id=org_id,
                    ticket_id=ticket_id,
                    submission_key=new_id(),
                    link_id=new_id(),
                    good_times={"times": times},
                    submitted_at=work.now,
                )
                work.session.add(report)
            message.promised()
            work.session.add(message)
            return work.promise(SendEmail(message_id=message.id))

    async def promise(
        self,
        count: int = 1,
        *,
        job: str = "no-operation",
        payload: str = "{}",
        priority: int = 5,
        attempts: int = 0,
        org_id: UUID | None = None,
    ) -> None:
        """Rows of the outbox as they are."""
        await self.watch.execute("SELECT set_config('app.org_id', $1, false)", str(org_id or self.org_id))
        for _ in range(count):
            await self.watch.execute(
                "INSERT INTO app.outbox_messages"
                " (org_id, id, type, payload, status, priority, attempts, created_at, available_at)"
                " VALUES ($1, $2, $3, $4, 'pending', $5, $6, now(), now())",
                org_id or self.org_id,
                new_id(),
                job,
                payload,
                priority,
                attempts,
            )
        await self.watch.execute("SELECT set_config('app.org_id', $1, false)", str(self.org_id))

    async def cut_all_connections(self) -> None:
        """Do to the workers' connections what a restart of PostgreSQL does."""
        await self.watch.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
        )

    async def row(self, promise: OutboxMessage) -> asyncpg.Record:
        return await self.watch.fetchrow("SELECT * FROM app.outbox_messages WHERE id = $1", promise.id)

    async def all(self, table: str, columns: str = "*") -> list[asyncpg.Record]:
        return await self.watch.fetch(f"SELECT {columns} FROM app.{table} ORDER BY id")

    async def letters(self) -> list[MailboxMessage]:
        async with self.world.owner.session(self.org_id) as session:
            return list(await session.scalars(select(MailboxMessage).order_by(MailboxMessage.id)))

    async def story(self) -> list[str]:
        return [row["kind"] for row in await self.watch.fetch("SELECT kind FROM app.timeline_events ORDER BY seq")]

    async def close(self) -> None:
        for queue in self._queues:
            await queue.close()
        await self.services.database.close()
        if self.services.circuit.redis is not None:
            await self.services.circuit.redis.aclose()
        await self.world.close()


@pytest.fixture
async def office(pristine_settings: Settings) -> AsyncIterator[Office]:
    watch = await asyncpg.connect(pristine_settings.worker_dsn)
    office = Office(pristine_settings, watch)
    await office.open()
    yield office
    await office.close()
    await watch.close()
