"""One request or one job: one actor, one moment, one transaction."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from maintainuk.application.jobs import Job
from maintainuk.application.reactions import REACTIONS, Moment
from maintainuk.application.recording import Recorder, kept, told
from maintainuk.domain.audit import NOWHERE, AuditLog, Origin
from maintainuk.domain.base import Entity, Event
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.domain.permissions import Actor
from maintainuk.domain.ports import Hints
from maintainuk.infrastructure.database.tenancy import OrganisationSession

Changes = Mapping[str, tuple[Any, Any]]

WORDS = frozenset({"body"})
"""What people wrote stays out of the audit log, which is kept longer than the words may be."""


@dataclass(slots=True)
class UnitOfWork:
    """What a use case works with: a session of one organisation, who acts, and the one moment it all happens at."""

    session: AsyncSession
    actor: Actor
    now: datetime
    trace_parent: str | None = None
    origin: Origin = NOWHERE
    has_promised: bool = False
    has_changed: bool = False
    has_log: bool = True
    """Whether the organisation keeps a log yet: it begins once somebody has confirmed it."""
    recorder: Recorder = field(default_factory=Recorder)

    def promise(self, job: Job, *, available_at: datetime | None = None) -> OutboxMessage:
        """Write the job beside the change that causes it: both commit or neither."""
        message = OutboxMessage(
            org_id=self.actor.org_id,
            type=job.name,
            payload=job.model_dump(mode="json"),
            priority=job.rank,
            trace_parent=self.trace_parent,
            created_at=self.now,
            available_at=available_at or self.now,
        )
        self.session.add(message)
        self.has_promised = True
        return message

    def audit(
        self,
        action: str,
        *,
        subject_id: UUID | None = None,
        data: dict[str, Any] | None = None,
        changes: Changes | None = None,
        by: UUID | None = None,
    ) -> UUID | None:
        """Record that the actor did something that is no event of an entity; `data` holds ids and codes only.

        What has changed of an organisation's records meanwhile is told by itself (`recording.py`). `changes` has, by
        field, what else was before and after; personal data stands there as being there or not. `by` asked for what the
        product does itself. Returns the row's id.
        """
        if not self.has_log:
            return None
        self.recorder.look(self.session.dirty)
        recorded = self.recorder.take()
        facts = dict(data or {})
        if every := told(recorded) | {name: list(pair) for name, pair in (changes or {}).items()}:
            facts["changes"] = every
        entry = AuditLog(
            org_id=self.actor.org_id,
            at=self.now,
            actor_id=by or self.actor.user_id,
            action=action,
            subject_id=subject_id,
            data=facts,
            trace_id=self.trace_id,
            network=self.origin.network,
            program=self.origin.program,
            key_id=self.actor.key_id,
        )
        self.session.add_all([entry, *kept(recorded, entry)])
        return entry.id

    @property
    def trace_id(self) -> str | None:
        """The trace this work belongs to (32 hex digits of the W3C traceparent)."""
        return self.trace_parent.split("-")[1] if self.trace_parent else None

    def react(self, session: Session) -> None:
        """Turn what entities say has happened into rows and promises, before they are flushed."""
        self.recorder.look(session.dirty)
        # Collected here and not at the commit: after an early flush the session holds clean entities only weakly.
        while told := [entity for entity in (*session.new, *session.dirty) if "happened" in vars(entity)]:
            for entity in told:
                happened = vars(entity).pop("happened")
                for one in happened:
                    self._follow(one, entity)

    def _follow(self, happened: Event, entity: Any) -> None:  # noqa: ANN401  (any entity with an id)
        self.has_changed = True
        facts = {name: value for name, value in asdict(happened).items() if name not in WORDS}
        self.audit(
            type(happened).__name__,
            subject_id=facts.get("ticket_id", entity.id),
            data={name: None if value is None else str(value) for name, value in facts.items() if name != "org_id"},
        )
        moment = Moment(self.actor.user_id, self.now)
        for reaction in REACTIONS[type(happened)]:
            for consequence in reaction(happened, moment):
                if isinstance(consequence, Entity):
                    self.session.add(consequence)
                else:
                    self.promise(consequence)


# First in line: the session's own check for foreign rows has to see what the reactions add.
@event.listens_for(OrganisationSession, "before_flush", insert=True)
def _react(session: Session, *_: object) -> None:
    if work := session.info.get("work"):
        work.react(session)


@event.listens_for(OrganisationSession, "after_soft_rollback")
def _forget(session: Session, *_: object) -> None:
    if work := session.info.get("work"):
        work.recorder.forget()


@asynccontextmanager
async def unit_of_work(  # noqa: PLR0913  (what a unit of work is made of)
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    *,
    trace_parent: str | None = None,
    origin: Origin = NOWHERE,
    hints: Hints | None = None,
) -> AsyncIterator[UnitOfWork]:
    """Commit everything the body did, or nothing. Nobody else commits.

    The caller opens `session` for the actor's organisation; it is closed here. Once the work is safe, `hints` hears of
    it.
    """
    work = session.info["work"] = UnitOfWork(session, actor, now, trace_parent, origin)
    async with session:
        yield work
        await session.commit()
    if hints and work.has_promised:
        hints.jobs_waiting()
    if hints and work.has_changed:
        await hints.organisation_changed(actor.org_id)
