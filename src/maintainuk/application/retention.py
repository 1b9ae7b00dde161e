"""Forgetting in time what nobody needs to know any more, and keeping what a dispute needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from maintainuk.application.privacy import forget
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, NotFound
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.retention import (
    BOUNDS,
    Bounds,
    HoldSubject,
    LegalHold,
    RetentionKind,
    RetentionRule,
    RetentionRun,
    check_months,
    forgotten_before,
)
from maintainuk.infrastructure.repositories.privacy import Privacy
from maintainuk.infrastructure.repositories.retention import Retention
from maintainuk.infrastructure.repositories.users import Users


@dataclass(frozen=True, slots=True)
class RuleNow:
    """How long something is kept, and what that would mean on a day."""

    kind: RetentionKind
    bounds: Bounds
    months: int
    because: str | None
    changed_at: datetime | None
    changed_by: str | None
    version: int
    due: int
    held: int


class RetentionService:
    """How long an organisation keeps what it knows of people."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.retention = Retention(work.session)

    async def rules(self, on: date) -> list[RuleNow]:
        """Return every rule, and how many would be forgotten on that day."""
        self.work.actor.require(Permission.PRIVACY_READ, at_least=Scope.ORG)
        chosen = await self.retention.rules()
        names = await Users(self.work.session).names({one.changed_by for one in chosen.values() if one.changed_by})
        found = []
        for kind, bounds in BOUNDS.items():
            rule = chosen.get(kind)
            months = rule.months if rule else bounds.default
            due, held = await self.retention.tally(kind, forgotten_before(months, on=on))
            found.append(
                RuleNow(
                    kind=kind,
                    bounds=bounds,
                    months=months,
                    because=rule.because if rule else None,
                    changed_at=rule.changed_at if rule else None,
                    changed_by=names.get(rule.changed_by) if rule and rule.changed_by else None,
                    version=rule.version if rule else 0,
                    due=due,
                    held=held,
                )
            )
        return found

    async def preview(self, kind: RetentionKind, months: int, on: date) -> tuple[int, int]:
        """Return how many another rule would forget on that day, and how many a dispute would keep."""
        self.work.actor.require(Permission.PRIVACY_READ, at_least=Scope.ORG)
        check_months(kind, months)
        return await self.retention.tally(kind, forgotten_before(months, on=on))

    async def change(self, kind: RetentionKind, months: int, because: str | None, *, version: int) -> None:
        """Keep something longer or shorter. Raises `Invalid` outside the bounds and `ChangedMeanwhile`."""
        self.work.actor.require(Permission.RETENTION_MANAGE, at_least=Scope.ORG)
        check_months(kind, months)
        rule = (await self.retention.rules()).get(kind)
        if version != (rule.version if rule else 0):
            raise ChangedMeanwhile
        before = rule.months if rule else BOUNDS[kind].default
        if rule is None:
            rule = RetentionRule(org_id=self.work.actor.org_id, kind=kind, months=months, changed_at=self.work.now)
            self.work.session.add(rule)
        rule.keep_for(months, because, at=self.work.now, by=self.work.actor.user_id)
        self.work.audit("RetentionChanged", data={"kind": kind.value}, changes={"months": (before, months)})
        self.work.has_changed = True

    async def runs(self) -> Sequence[RetentionRun]:
        """Return the last nights' forgetting, the latest first."""
        self.work.actor.require(Permission.PRIVACY_READ, at_least=Scope.ORG)
        return await self.retention.runs()

    async def months(self, kind: RetentionKind) -> int:
        """Return how long something is kept."""
        rule = (await self.retention.rules()).get(kind)
        return rule.months if rule else BOUNDS[kind].default

    async def forget(self, kind: RetentionKind, ids: Sequence[UUID]) -> None:
        """Forget these, for good; those of people are told to the ledger, which outlives every backup."""
        if kind is RetentionKind.PEOPLE:
            for person in await self.retention.people(ids):
                await forget(self.work, person)
                await Privacy(self.work.session).note(person.id, at=self.work.now, by=None)
                self.work.audit("PersonErased", subject_id=person.id, data={"by": "retention"})
        else:
            await self.retention.forget(kind, ids)
        self.work.audit("RetentionForgot", data={"kind": kind.value, "count": len(ids)})
        self.work.has_changed = True

    async def portion(self, kind: RetentionKind, on: date) -> Sequence[UUID]:
        """Return some of what is to be forgotten on that day: `PORTION` at most."""
        return await self.retention.portion(kind, forgotten_before(await self.months(kind), on=on))


class HoldService:
    """What an organisation may not forget, because of a dispute."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.retention = Retention(work.session)

    async def holds(self) -> tuple[Sequence[LegalHold], dict[UUID, str], dict[UUID, str]]:
        """Return the holds, what each is about in words, and the names of those who placed or lifted them."""
        self.work.actor.require(Permission.PRIVACY_READ, at_least=Scope.ORG)
        holds = await self.retention.holds()
        who = {id_ for one in holds for id_ in (one.placed_by, one.lifted_by) if id_}
        return holds, await self.retention.called(holds), await Users(self.work.session).names(who)

    async def place(self, kind: HoldSubject, id_: UUID, reason: str) -> UUID:
        """Let nothing about it be forgotten from now on. Raises `NotFound`."""
        self.work.actor.require(Permission.RETENTION_MANAGE, at_least=Scope.ORG)
        if not await self.retention.is_there(kind, id_):
            raise NotFound("nothing-to-hold")
        hold = LegalHold(
            org_id=self.work.actor.org_id,
            reason=reason,
            placed_at=self.work.now,
            placed_by=self.work.actor.user_id,
            person_id=id_ if kind is HoldSubject.PERSON else None,
            property_id=id_ if kind is HoldSubject.PROPERTY else None,
            tenancy_id=id_ if kind is HoldSubject.TENANCY else None,
            ticket_id=id_ if kind is HoldSubject.TICKET else None,
        )
        self.work.session.add(hold)
        self.work.audit("HoldPlaced", subject_id=id_, data={"hold_id": str(hold.id), "kind": kind.value})
        self.work.has_changed = True
        return hold.id

    async def lift(self, hold_id: UUID, because: str, *, version: int) -> None:
        """Let the rules count again. Raises `NotFound`, `ChangedMeanwhile` and `HoldLifted`."""
        self.work.actor.require(Permission.RETENTION_MANAGE, at_least=Scope.ORG)
        hold = await self.retention.hold(hold_id)
        if hold.version != version:
            raise ChangedMeanwhile
        hold.lift(because, at=self.work.now, by=self.work.actor.user_id)
        kind, subject_id = hold.subject
        self.work.audit("HoldLifted", subject_id=subject_id, data={"hold_id": str(hold.id), "kind": kind.value})
        self.work.has_changed = True
