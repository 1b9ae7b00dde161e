"""What people write down about tenancies: who moves in, who moves out, and when one has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from maintainuk.application.people import PersonFacts, PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, IllegalTransition, Invalid, Reason
from maintainuk.domain.london import london_day
from maintainuk.domain.people import Tenancy, TenancyMember
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.tenancies import AHEAD, EARLIEST, TenancyKind, TenancyRole
from maintainuk.infrastructure.repositories.buildings import Buildings
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.repositories.tenancies import Tenancies
from maintainuk.infrastructure.repositories.ticket_rows import Facts

OVERLAP: Final = "ex_tenancies_overlap"
TAKEN: Final = {
    "uq_tenancies_external": {"external_reference": Reason("reference-taken")},
    OVERLAP: {"started_on": Reason("tenancy-overlaps")},
    "ck_tenancies_order": {"started_on": Reason("ends-before-it-starts")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenancyFacts:
    """What is written down about a tenancy."""

    started_on: date
    kind: TenancyKind | None = None
    external_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody who moves in: known (`person_id`), or new (`person`)."""

    role: TenancyRole
    person_id: UUID | None = None
    person: PersonFacts | None = None


class TenancyService:
    """Who lives where, and since when."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def within(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> Tenancies:
        """Return the tenancies that the permission reaches. Raises `NotPermitted`."""
        actor = self.work.actor
        reach = actor.require(permission, at_least=at_least)
        knows = actor.require(Permission.PEOPLE_READ) if actor.may(Permission.PEOPLE_READ) else None
        return Tenancies(self.work.session, reach, knows=knows)

    async def page(self, unit_id: UUID, *, after: tuple[date, UUID] | None, limit: int) -> list[Facts]:
        """Return the tenancies of a home, the newest first; names only to those who may know them."""
        tenancies = self.within(Permission.TENANCIES_READ)
        await Buildings(self.work.session, tenancies.within).place_of_unit(unit_id)
        return await tenancies.page(unit_id, after=after, limit=limit)

    async def read(self, tenancy_id: UUID) -> Facts:
        """Return one tenancy and its people; names only to those who may know them."""
        return await self.within(Permission.TENANCIES_READ).one(tenancy_id)

    async def let(self, unit_id: UUID, new: TenancyFacts, members: Sequence[NewMember]) -> UUID:
        """Let a home to these people. Raises `Invalid`, naming the other one, where a tenancy is in the way."""
        tenancies = self.within(Permission.TENANCIES_WRITE, at_least=Scope.TEAM)
        unit = await Buildings(self.work.session, tenancies.within).unit(unit_id)
        if sum(member.role is TenancyRole.LEAD for member in members) != 1:
            raise Invalid(fields={"members": Reason("one-lead")})
        known = [member.person_id for member in members if member.person_id]
        if len(set(known)) < len(known):
            raise Invalid(fields={"members": Reason("person-twice")})
        tenancy = Tenancy(
            org_id=unit.org_id,
            unit_id=unit.id,
            started_on=new.started_on,
            kind=new.kind,
            external_reference=new.external_reference,
        )
        await self._put(tenancy, tenancies, is_new=True)
        for member in members:
            await self._move_in(tenancy, member)
        self.work.audit("TenancyBegun", subject_id=tenancy.id, data={"unit_id": str(unit.id)})
        self.work.has_changed = True
        return tenancy.id

    async def change(self, tenancy_id: UUID, new: TenancyFacts, *, version: int) -> None:
        """Put a tenancy right, having seen it as it was at `version`."""
        tenancies, tenancy = await self._seen(tenancy_id, version)
        await self._put(tenancy, tenancies, new)
        self.work.audit("TenancyChanged", subject_id=tenancy.id)
        self.work.has_changed = True

    async def end(self, tenancy_id: UUID, ended_on: date | None, *, version: int) -> None:
        """Note that a tenancy has ended, on that day or before; a notice alone ends none.

        The end of one that has ended is put right like this too: another day, or none if it goes on after all.
        """
        tenancies, tenancy = await self._seen(tenancy_id, version)
        is_correction = tenancy.ended_on is not None
        if ended_on is None and not is_correction:
            raise Invalid(fields={"ended_on": Reason("end-missing")})
        if ended_on is not None:
            self._refuse_future(ended_on, "ended_on")
            if ended_on < tenancy.started_on:
                raise Invalid(fields={"ended_on": Reason("ends-before-it-starts")})
        unit_id, started_on, own_id = tenancy.unit_id, tenancy.started_on, tenancy.id
        try:
            async with refusing(self.work.session, TAKEN):
                tenancy.ended_on = ended_on
        except Invalid as refusal:
            if refusal.fields != TAKEN[OVERLAP]:
                raise
            other = await tenancies.overlapping(unit_id, started_on, ended_on, but=own_id)
            raise await self._in_the_way(tenancies, other, "ended_on") from None
        self.work.audit("TenancyEndCorrected" if is_correction else "TenancyEnded", subject_id=own_id)
        self.work.has_changed = True

    async def move_in(self, tenancy_id: UUID, member: NewMember) -> None:
        """Add somebody to a tenancy that has not ended; who becomes its lead takes the place of the one before."""
        tenancies = self.within(Permission.TENANCIES_WRITE, at_least=Scope.TEAM)
        tenancy = await tenancies.locked(tenancy_id)
        if tenancy.ended_on:
            raise IllegalTransition(what="Tenancy", state="ended", allowed=[])
        present = await tenancies.members(tenancy.id)
        if member.person_id in {one.person_id for one in present}:
            raise Invalid(fields={"person_id": Reason("lives-there-already")})
        if member.role is TenancyRole.LEAD:
            for one in present:
                if one.is_lead:
                    one.become(TenancyRole.JOINT)
        await self._move_in(tenancy, member)
        self.work.audit("PersonMovedIn", subject_id=tenancy.id, data={"role": member.role.value})
        self.work.has_changed = True

    async def move_out(self, tenancy_id: UUID, member_id: UUID, moved_out_on: date) -> None:
        """Note that somebody has left while others stay; a lead's place goes to another who holds the tenancy."""
        tenancies = self.within(Permission.TENANCIES_WRITE, at_least=Scope.TEAM)
        tenancy = await tenancies.locked(tenancy_id)
        member = await tenancies.member(tenancy.id, member_id)
        if member.moved_out_on:
            raise IllegalTransition(what="Member", state="left", allowed=[])
        if tenancy.ended_on:
            raise IllegalTransition(what="Tenancy", state="ended", allowed=[])
        self._refuse_future(moved_out_on, "moved_out_on")
        if moved_out_on < tenancy.started_on:
            raise Invalid(fields={"moved_out_on": Reason("ends-before-it-starts")})
        others = [one for one in await tenancies.members(tenancy.id) if one.id != member.id and one.is_tenant]
        if member.is_lead and not others:
            raise Invalid("last-tenant-moves-out")
        if member.is_lead:
            member.become(TenancyRole.JOINT)
            others[0].become(TenancyRole.LEAD)
        member.moved_out_on = moved_out_on
        await self.work.session.flush()
        self.work.audit("PersonMovedOut", subject_id=tenancy.id, data={"person_id": str(member.person_id)})
        self.work.has_changed = True

    async def _move_in(self, tenancy: Tenancy, new: NewMember) -> None:
        people = PersonService(self.work)
        person_id = new.person_id
        if new.person:
            person_id = await people.add(new.person)
        elif person_id is None or not await people.is_known(person_id):
            raise Invalid(fields={"person_id": Reason("unknown-person")})
        member = TenancyMember(org_id=tenancy.org_id, tenancy_id=tenancy.id, person_id=person_id)
        member.become(new.role)
        self.work.session.add(member)
        await self.work.session.flush()

    async def _put(
        self, tenancy: Tenancy, tenancies: Tenancies, new: TenancyFacts | None = None, *, is_new: bool = False
    ) -> None:
        """Write a tenancy; where another is in the way, name it by its home, its days and its reference."""
        started_on = new.started_on if new else tenancy.started_on
        self._refuse_slips(started_on)
        unit_id, ended_on, own_id = tenancy.unit_id, tenancy.ended_on, tenancy.id
        try:
            async with refusing(self.work.session, TAKEN):
                if is_new:
                    self.work.session.add(tenancy)
                if new:
                    tenancy.started_on, tenancy.kind = new.started_on, new.kind
                    tenancy.external_reference = new.external_reference
        except Invalid as refusal:
            if refusal.fields != TAKEN[OVERLAP]:
                raise
            other = await tenancies.overlapping(unit_id, started_on, ended_on, but=own_id)
            raise await self._in_the_way(tenancies, other, "started_on") from None

    async def _seen(self, tenancy_id: UUID, version: int) -> tuple[Tenancies, Tenancy]:
        tenancies = self.within(Permission.TENANCIES_WRITE, at_least=Scope.TEAM)
        tenancy = await tenancies.locked(tenancy_id)
        if tenancy.version != version:
            raise ChangedMeanwhile
        return tenancies, tenancy

    def _refuse_future(self, day: date, field: str) -> None:
        if day > london_day(self.work.now):
            raise Invalid(fields={field: Reason("not-yet-ended")})

    def _refuse_slips(self, started_on: date) -> None:
        if started_on < EARLIEST:
            raise Invalid(fields={"started_on": Reason("date-before-1900")})
        if started_on > london_day(self.work.now) + AHEAD:
            raise Invalid(fields={"started_on": Reason("date-too-far-ahead")})

    async def _in_the_way(self, tenancies: Tenancies, other: Tenancy | None, field: str) -> Invalid:
        if other is None:
            return Invalid(fields={field: Reason("tenancy-overlaps")})
        home = await tenancies.place(other.unit_id)
        return Invalid(fields={field: _told(other, home)})


def _told(other: Tenancy, home: str) -> Reason:
    began, tenancy = _day(other.started_on), other.external_reference
    if other.ended_on is None and tenancy is None:
        return Reason("tenancy-overlaps-present", home=home, began=began)
    if other.ended_on is None:
        return Reason("tenancy-overlaps-present-named", tenancy=tenancy, home=home, began=began)
    ended = _day(other.ended_on)
    if tenancy is None:
        return Reason("tenancy-overlaps-ended", home=home, began=began, ended=ended)
    return Reason("tenancy-overlaps-ended-named", tenancy=tenancy, home=home, began=began, ended=ended)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
