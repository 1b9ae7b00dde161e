"""Finding questions to advisors, what they are about, and what people made of the answers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import AiJob, AiJobStatus
from maintainuk.domain.errors import NotFound
from maintainuk.domain.people import Person, TenancyMember
from maintainuk.domain.reports import Report
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.reading import rows

WAITING = (AiJobStatus.PENDING, AiJobStatus.RUNNING)
TAKEN = (AiJobStatus.ACCEPTED, AiJobStatus.ACCEPTED_EDITED)

J, T, E = AiJob.__table__.c, MaintenanceTicket.__table__.c, TimelineEvent.__table__.c
R, P, M = Report.__table__.c, Person.__table__.c, TenancyMember.__table__.c
DECIDER = User.__table__.alias("decider")
IS_STALE: Final = exists().where(
    E.org_id == J.org_id,
    E.ticket_id == J.ticket_id,
    E.kind == TimelineKind.TENANT_WROTE,
    E.occurred_at > J.started_at,
)
"""The tenant has said more since the advisor was asked."""
SHOWN: Final = (
    select(
        J.id,
        J.ticket_id,
        J.status,
        J.created_at,
        J.finished_at,
        J.advisor,
        J.model,
        J.output,
        J.failure,
        J.decided_at,
        DECIDER.c.name.label("decided_by"),
        J.decision,
        IS_STALE.label("is_stale"),
    )
    .select_from(AiJob.__table__.outerjoin(DECIDER, and_(DECIDER.c.org_id == J.org_id, DECIDER.c.id == J.decided_by)))
    .where(J.org_id == bindparam("org"))
)
ONE: Final = SHOWN.where(J.id == bindparam("id"))
LATEST: Final = SHOWN.where(J.ticket_id == bindparam("ticket")).order_by(J.created_at.desc(), J.id.desc()).limit(1)
LAST_ASKED: Final = select(func.max(J.created_at)).where(
    J.org_id == bindparam("org"), J.requested_by == bindparam("me")
)
PROGRESS: Final = (
    select(
        func.count(),
        func.count().filter(J.status.not_in(WAITING)),
        func.count().filter(J.status == AiJobStatus.FAILED),
        func.count().filter(J.status == AiJobStatus.SUCCEEDED),
        func.count().filter(T.has_alarm),
    )
    .select_from(AiJob.__table__.join(MaintenanceTicket.__table__, and_(T.org_id == J.org_id, T.id == J.ticket_id)))
    .where(J.org_id == bindparam("org"), J.requested_by == bindparam("me"), J.created_at == bindparam("asked_at"))
)
DECIDED: Final = select(func.count()).where(J.org_id == bindparam("org"), J.status.in_(TAKEN))

TICKETS: Final = bindparam("tickets", type_=ARRAY(Uuid()))
STALE: Final = select(J.ticket_id).where(
    J.org_id == bindparam("org"), J.ticket_id == func.any(TICKETS), J.status == AiJobStatus.SUCCEEDED, IS_STALE
)
WORDS: Final = (
    select(T.id, T.title, T.description, R.fault, R.answers)
    .select_from(
        MaintenanceTicket.__table__.outerjoin(Report.__table__, and_(R.org_id == T.org_id, R.ticket_id == T.id))
    )
    .where(T.org_id == bindparam("org"), T.id == func.any(TICKETS))
)
NAMES: Final = (
    select(T.id, P.name)
    .select_from(
        MaintenanceTicket.__table__.outerjoin(
            TenancyMember.__table__, and_(M.org_id == T.org_id, M.tenancy_id == T.tenancy_id)
        ).join(Person.__table__, and_(P.org_id == T.org_id, or_(P.id == T.reporter_id, P.id == M.person_id)))
    )
    .where(T.org_id == bindparam("org"), T.id == func.any(TICKETS))
)
"""Those who report and those who live there: they name themselves and each other."""

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person decided about one ticket; `chosen` is a classification by its fields' names."""

    decided_at: datetime
    ticket_id: UUID
    chosen: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """All that was said about a repair, as it was said, and the names of those who may be named in it."""

    title: str
    description: str
    fault: str | None
    answers: dict[str, Any]
    names: tuple[str, ...]


class AiJobs:
    """The questions that the session's organisation has put to advisors."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def ticket_of(self, ai_job_id: UUID) -> UUID:
        """Return which ticket a question is about. Raises `NotFound`."""
        found = await self.session.scalar(select(AiJob.ticket_id).where(AiJob.id == ai_job_id))
        if found is None:
            raise NotFound("no-such-suggestion")
        return found

    async def locked(self, ai_job_id: UUID) -> AiJob:
        """Return one question, held until the transaction ends. Raises `NotFound`."""
        query = select(AiJob).where(AiJob.id == ai_job_id).with_for_update()
        if (job := await self.session.scalar(query)) is None:
            raise NotFound("no-such-suggestion")
        return job

    async def waiting(self, ticket_ids: Collection[UUID]) -> dict[UUID, AiJob]:
        """Return by ticket the questions whose answers may still come."""
        query = select(AiJob).where(AiJob.ticket_id.in_(ticket_ids), AiJob.status.in_(WAITING))
        return {job.ticket_id: job for job in await self.session.scalars(query)}

    async def answered(self, ticket_ids: Collection[UUID]) -> dict[UUID, AiJob]:
        """Return by ticket the suggestions that wait for a decision, held until the transaction ends."""
        query = select(AiJob).where(AiJob.ticket_id.in_(ticket_ids), AiJob.status == AiJobStatus.SUCCEEDED)
        found = await self.session.scalars(query.order_by(AiJob.id).with_for_update())
        return {job.ticket_id: job for job in found}

    async def stale(self, ticket_ids: Collection[UUID]) -> set[UUID]:
        """Return those of the tickets whose tenant has said more since the suggestion that waits was asked for."""
        return {row[0] for row in await rows(self.session, STALE, tickets=list(ticket_ids))}

    async def expire(self, ticket_ids: Collection[UUID]) -> None:
        """Let go of answers about which nobody decided: another is asked for."""
        undecided = (AiJob.ticket_id.in_(ticket_ids), AiJob.status == AiJobStatus.SUCCEEDED)
        await self.session.execute(update(AiJob).where(*undecided).values(status=AiJobStatus.EXPIRED))

    async def one(self, ai_job_id: UUID) -> Facts:
        """Return one question as it is shown. Raises `NotFound`."""
        if not (found := await rows(self.session, ONE, id=ai_job_id)):
            raise NotFound("no-such-suggestion")
        return found[0]._asdict()

    async def latest(self, ticket_id: UUID) -> Facts | None:
        """Return the ticket's last question as it is shown, if there ever was one."""
        found = await rows(self.session, LATEST, ticket=ticket_id)
        return found[0]._asdict() if found else None

    async def progress(
        self, me: UUID | None, asked_at: datetime | None
    ) -> tuple[datetime | None, int, int, int, int, int]:
        """Return when somebody last asked (or `asked_at`), for how many tickets, how many ended, and how many badly.

        Then how many suggestions wait for a decision, and on how many of the tickets an alarm waits for a look.
        """
        if asked_at is None:
            ((asked_at,),) = await rows(self.session, LAST_ASKED, me=me)
        ((*counted,),) = await rows(self.session, PROGRESS, me=me, asked_at=asked_at)
        asked, ended, failed, suggestions, alarms = counted
        return asked_at, asked, ended, failed, suggestions, alarms

    async def words(self, ticket_ids: Collection[UUID]) -> dict[UUID, Words]:
        """Return by ticket what was said about its repair."""
        names: defaultdict[UUID, list[str]] = defaultdict(list)
        for ticket_id, name in await rows(self.session, NAMES, tickets=list(ticket_ids)):
            names[ticket_id].append(name)
        return {
            ticket_id: Words(title, description, fault, answers or {}, tuple(names[ticket_id]))
            for ticket_id, title, description, fault, answers in await rows(
                self.session, WORDS, tickets=list(ticket_ids)
            )
        }

    async def lessons(self, after: datetime | None, *, limit: int) -> list[Lesson]:
        """Return the newest decisions that took a suggestion, made later than `after`, the oldest of them first."""
        query = select(AiJob.decided_at, AiJob.ticket_id, AiJob.decision).where(AiJob.status.in_(TAKEN))
        if after is not None:
            query = query.where(AiJob.decided_at > after)
        found = await self.session.execute(query.order_by(AiJob.decided_at.desc(), AiJob.id.desc()).limit(limit))
        return [Lesson(*row) for row in reversed(found.all())]

    async def decided(self) -> int:
        """Return how many suggestions people have taken, with or without changes."""
        ((count,),) = await rows(self.session, DECIDED)
        return int(count)
