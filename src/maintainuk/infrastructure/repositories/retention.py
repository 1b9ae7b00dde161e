"""Finding what has been kept long enough and what a dispute holds, and forgetting the one without the other."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    cast,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import AiJob
from maintainuk.domain.base import new_id
from maintainuk.domain.contractors import Contractor, Operative
from maintainuk.domain.errors import NotFound
from maintainuk.domain.landlords import Landlord
from maintainuk.domain.people import Person, PersonNeed, Tenancy, TenancyMember
from maintainuk.domain.photos import Photo
from maintainuk.domain.privacy import PrivacyRequest, PrivacyRequestStatus
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.reports import Report
from maintainuk.domain.retention import HoldSubject, LegalHold, RetentionKind, RetentionRule, RetentionRun
from maintainuk.domain.ticket_lifecycle import FINAL
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent
from maintainuk.domain.users import User

PORTION: Final = 200
QUIETLY: Final = {"synchronize_session": False}
SHOWN_RUNS: Final = 14

HELD: Final = select(LegalHold).where(LegalHold.lifted_at.is_(None)).subquery("held")
_TENANCIES: Final = select(Tenancy.id).where(
    or_(
        Tenancy.id.in_(select(HELD.c.tenancy_id)),
        Tenancy.unit_id.in_(select(Unit.id).where(Unit.property_id.in_(select(HELD.c.property_id)))),
    )
)
_TICKETS: Final = select(MaintenanceTicket.id).where(
    or_(
        MaintenanceTicket.id.in_(select(HELD.c.ticket_id)),
        MaintenanceTicket.property_id.in_(select(HELD.c.property_id)),
        MaintenanceTicket.tenancy_id.in_(select(HELD.c.tenancy_id)),
        MaintenanceTicket.reporter_id.in_(select(HELD.c.person_id)),
    )
)
_PEOPLE: Final[CompoundSelect[Any]] = union(
    select(HELD.c.person_id).where(HELD.c.person_id.is_not(None)),
    select(TenancyMember.person_id).where(TenancyMember.tenancy_id.in_(_TENANCIES)),
    select(MaintenanceTicket.reporter_id).where(
        MaintenanceTicket.id.in_(_TICKETS), MaintenanceTicket.reporter_id.is_not(None)
    ),
)
"""Whoever is held, lives or lived where something is, or reported what is: a claim is never about one row."""

_OVER: Final = MaintenanceTicket.status.in_(sorted(FINAL))


def _people(before: date) -> ColumnElement[bool]:
    """Tell whether somebody has lived nowhere and had no repair since then, and nothing else needs to know them."""
    left = (
        select(TenancyMember.person_id)
        .join(Tenancy, Tenancy.id == TenancyMember.tenancy_id)
        .where(func.least(Tenancy.ended_on, TenancyMember.moved_out_on) < before)
    )
    served = select(MaintenanceTicket.reporter_id).where(
        MaintenanceTicket.reporter_id.is_not(None), _OVER, cast(MaintenanceTicket.status_since, Date) < before
    )
    still_here = (
        exists()
        .where(TenancyMember.person_id == Person.id, Tenancy.id == TenancyMember.tenancy_id)
        .where(func.coalesce(func.least(Tenancy.ended_on, TenancyMember.moved_out_on), before) >= before)
    )
    still_served = exists().where(
        MaintenanceTicket.reporter_id == Person.id,
        or_(not_(_OVER), cast(MaintenanceTicket.status_since, Date) >= before),
    )
    asks = exists().where(PrivacyRequest.person_id == Person.id, PrivacyRequest.status == PrivacyRequestStatus.OPEN)
    ids = (User.person_id, Landlord.person_id, Operative.person_id, Contractor.contact_id)
    needed = [exists().where(one == Person.id) for one in ids]
    known = or_(
        func.cardinality(Person.name_tokens) > 0, Person.email_index.is_not(None), Person.phone_index.is_not(None)
    )
    condition = Person.id.in_(union(left, served)) & known & not_(still_here) & not_(still_served) & not_(asks)
    for one in needed:
        condition &= not_(one)
    return condition


def _words(before: date) -> ColumnElement[bool]:
    has_words = exists().where(
        TimelineEvent.ticket_id == MaintenanceTicket.id,
        or_(TimelineEvent.body.is_not(None), TimelineEvent.private.is_not(None)),
    )
    return (
        _OVER
        & (cast(MaintenanceTicket.status_since, Date) < before)
        & or_(MaintenanceTicket.description != "", has_words)
    )


def _of_tickets_over(before: date, ticket_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  (an attribute)
    over = select(MaintenanceTicket.id).where(_OVER, cast(MaintenanceTicket.status_since, Date) < before)
    return ticket_id.in_(over)  # type: ignore[no-any-return]


def _due(kind: RetentionKind, before: date) -> tuple[Any, ColumnElement[bool], ColumnElement[bool]]:
    """Return the ids of what a rule is about, whether a row's time is over, and whether a dispute holds it."""
    match kind:
        case RetentionKind.PEOPLE:
            return Person.id, _people(before), Person.id.in_(_PEOPLE)
        case RetentionKind.NEEDS:
            return PersonNeed.id, PersonNeed.ended_on < before, PersonNeed.person_id.in_(_PEOPLE)
        case RetentionKind.TICKETS:
            return MaintenanceTicket.id, _words(before), MaintenanceTicket.id.in_(_TICKETS)
        case RetentionKind.PHOTOS:
            return Photo.id, _of_tickets_over(before, Photo.ticket_id), Photo.ticket_id.in_(_TICKETS)
        case RetentionKind.ADVICE:
            over = _of_tickets_over(before, AiJob.ticket_id) & AiJob.output.is_not(None)
            return AiJob.id, over, AiJob.ticket_id.in_(_TICKETS)
        case RetentionKind.REQUESTS:
            closed = cast(PrivacyRequest.closed_at, Date) < before
            return PrivacyRequest.id, closed, PrivacyRequest.person_id.in_(_PEOPLE)


class Retention:
    """What the session's organisation keeps, for how long, and what it holds."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def rules(self) -> Mapping[RetentionKind, RetentionRule]:
        """Return what the organisation has chosen; what is missing is as the defaults say."""
        return {rule.kind: rule for rule in await self.session.scalars(select(RetentionRule))}

    async def tally(self, kind: RetentionKind, before: date) -> tuple[int, int]:
        """Return how many would be forgotten, and how many more if no dispute held them."""
        ids, due, is_held = _due(kind, before)
        query = select(func.count().filter(not_(is_held)), func.count().filter(is_held)).select_from(ids.class_)
        row = (await self.session.execute(query.where(due))).one()
        return row[0], row[1]

    async def portion(self, kind: RetentionKind, before: date) -> Sequence[UUID]:
        """Return some of those whose time is over and whom nothing holds, held until the transaction ends."""
        ids, due, is_held = _due(kind, before)
        query = select(ids).where(due, not_(is_held)).order_by(ids).limit(PORTION)
        return (await self.session.scalars(query.with_for_update(skip_locked=True))).all()

    async def people(self, ids: Collection[UUID]) -> Sequence[Person]:
        """Return these people."""
        return (await self.session.scalars(select(Person).where(Person.id.in_(ids)))).all()

    async def forget(self, kind: RetentionKind, ids: Sequence[UUID]) -> None:
        """Take away what has been kept long enough; people have more to forget, and are forgotten elsewhere."""
        for statement in FORGETTING[kind](ids):
            await self.session.execute(statement, execution_options=QUIETLY)

    async def begin_run(self, on: date, at: Any) -> UUID | None:  # noqa: ANN401  (a moment)
        """Write down that this day's forgetting begins, and return its id; nothing when it has begun already."""
        row = {"org_id": self.session.info["org_id"], "id": new_id(), "ran_on": on, "started_at": at, "forgotten": {}}
        begun = insert(RetentionRun).values(row).on_conflict_do_nothing().returning(RetentionRun.id)
        run_id: UUID | None = await self.session.scalar(begun)
        return run_id

    async def run(self, run_id: UUID) -> RetentionRun:
        """Return one night's forgetting."""
        return (await self.session.scalars(select(RetentionRun).where(RetentionRun.id == run_id))).one()

    async def runs(self) -> Sequence[RetentionRun]:
        """Return the last nights' forgetting, the latest first."""
        query = select(RetentionRun).order_by(RetentionRun.ran_on.desc()).limit(SHOWN_RUNS)
        return (await self.session.scalars(query)).all()

    async def holds(self) -> Sequence[LegalHold]:
        """Return the holds: those that hold first, the latest of them on top."""
        query = select(LegalHold).order_by(LegalHold.lifted_at.desc().nulls_first(), LegalHold.id.desc()).limit(200)
        return (await self.session.scalars(query)).all()

    async def hold(self, hold_id: UUID) -> LegalHold:
        """Return one hold, kept for us until the transaction ends. Raises `NotFound`."""
        query = select(LegalHold).where(LegalHold.id == hold_id).with_for_update()
        if (found := await self.session.scalar(query)) is None:
            raise NotFound("no-such-hold")
        return found

    async def is_there(self, kind: HoldSubject, id_: UUID) -> bool:
        """Say whether there is something of that kind to hold."""
        table = SUBJECTS[kind]
        return await self.session.scalar(select(table.id).where(table.id == id_)) is not None

    async def held_people(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those of these people about whom nothing may be forgotten."""
        query = select(Person.id).where(Person.id.in_(ids), Person.id.in_(_PEOPLE))
        return set(await self.session.scalars(query)) if ids else set()

    async def called(self, holds: Sequence[LegalHold]) -> dict[UUID, str]:
        """Return what is held by its id, in the words of whoever looks: a name, an address, a reference."""
        named: dict[UUID, str] = {}
        ids = [one.subject[1] for one in holds]
        for query in _names(ids):
            found = await self.session.execute(query)
            named |= {row[0]: ", ".join(str(part) for part in row[1:] if part) for row in found}
        return named


def _names(ids: Sequence[UUID]) -> tuple[Select[*tuple[Any, ...]], ...]:
    return (
        select(Person.id, Person.name).where(Person.id.in_(ids)),
        select(Property.id, Property.address_line, Property.town).where(Property.id.in_(ids)),
        select(MaintenanceTicket.id, func.concat("T-", MaintenanceTicket.number), MaintenanceTicket.title).where(
            MaintenanceTicket.id.in_(ids)
        ),
        select(Tenancy.id, Unit.label, Property.address_line, Property.town)
        .join(Unit, Unit.id == Tenancy.unit_id)
        .join(Property, Property.id == Unit.property_id)
        .where(Tenancy.id.in_(ids)),
    )


SUBJECTS: Final[Mapping[HoldSubject, Any]] = MappingProxyType(
    {
        HoldSubject.PERSON: Person,
        HoldSubject.PROPERTY: Property,
        HoldSubject.TENANCY: Tenancy,
        HoldSubject.TICKET: MaintenanceTicket,
    }
)


def _words_gone(ids: Sequence[UUID]) -> list[Any]:
    return [
        update(MaintenanceTicket).where(MaintenanceTicket.id.in_(ids)).values(description=""),
        update(TimelineEvent).where(TimelineEvent.ticket_id.in_(ids)).values(body=None, private=None),
        update(Report).where(Report.ticket_id.in_(ids)).values(access_notes=None, answers={}),
    ]


FORGETTING: Final[Mapping[RetentionKind, Callable[[Sequence[UUID]], list[Any]]]] = MappingProxyType(
    {
        RetentionKind.NEEDS: lambda ids: [delete(PersonNeed).where(PersonNeed.id.in_(ids))],
        RetentionKind.TICKETS: _words_gone,
        RetentionKind.PHOTOS: lambda ids: [delete(Photo).where(Photo.id.in_(ids))],
        RetentionKind.ADVICE: lambda ids: [update(AiJob).where(AiJob.id.in_(ids)).values(output=None)],
        RetentionKind.REQUESTS: lambda ids: [delete(PrivacyRequest).where(PrivacyRequest.id.in_(ids))],
    }
)
