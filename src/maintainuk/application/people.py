"""What people write down about people: how to reach them, and what a visit has to heed."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, IllegalTransition, Invalid, Reason
from maintainuk.domain.london import london_day
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.repositories.ticket_rows import Facts

TAKEN: Final = {"uq_people_external": {"external_reference": Reason("reference-taken")}}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is written down about somebody."""

    name: str
    email: str | None = None
    phone: str | None = None
    language: str = "en"
    external_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFacts:
    """A need, what follows from it, and how its owner agreed to its being written down."""

    kind: NeedKind
    note: str | None
    instruction: str | None
    consented_on: date
    consent_channel: ConsentChannel
    consent_wording: str


class PersonService:
    """The people an organisation deals with."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def within(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> People:
        """Return the people that the permission reaches. Raises `NotPermitted`."""
        return People(self.work.session, self.work.actor.require(permission, at_least=at_least))

    async def page(self, words: str, *, after: UUID | None, limit: int) -> list[Facts]:
        """Return people, the newest first, each with where they live now."""
        found = await self.within(Permission.PEOPLE_READ).page(words, after=after, limit=limit)
        return await self._at_home(found)

    async def read(self, person_id: UUID) -> Facts:
        """Return somebody, where they live and lived."""
        (facts,) = await self._at_home([await self.within(Permission.PEOPLE_READ).one(person_id)])
        return facts

    async def is_known(self, person_id: UUID) -> bool:
        """Say whether this is somebody within reach. Raises `Forgotten`."""
        people = self.within(Permission.PEOPLE_READ)
        if not await people.is_there(person_id):
            return False
        await people.require_remembered(person_id)
        return True

    async def add(self, new: PersonFacts) -> UUID:
        """Write down somebody new."""
        self.work.actor.require(Permission.PEOPLE_WRITE, at_least=Scope.TEAM)
        return await self.write_down(new)

    async def write_down(self, new: PersonFacts) -> UUID:
        """Write down somebody new for a use case that has asked for a permission of its own: who comes for a firm."""
        if not self.work.actor.is_staff:  # by references the organisation and its imports know who somebody is
            new = replace(new, external_reference=None)
        person = Person(org_id=self.work.actor.org_id, name=new.name)
        _describe(person, new)
        async with refusing(self.work.session, TAKEN):
            self.work.session.add(person)
        self.work.audit("PersonAdded", subject_id=person.id)
        self.work.has_changed = True
        return person.id

    async def change(self, person_id: UUID, new: PersonFacts, *, version: int) -> None:
        """Put somebody's details right, having seen them as they were at `version`."""
        person = await self.within(Permission.PEOPLE_WRITE).locked(person_id)
        if person.version != version:
            raise ChangedMeanwhile
        if not self.work.actor.is_staff:  # by these the organisation and its imports know who somebody is
            new = replace(new, name=person.name, external_reference=person.external_reference)
        async with refusing(self.work.session, TAKEN):
            _describe(person, new)
            person.version += 1
        self.work.audit("PersonChanged", subject_id=person.id)
        self.work.has_changed = True

    async def needs(self, person_id: UUID) -> list[PersonNeed]:
        """Return what somebody agreed to have written down; who has read it is written down too."""
        people = self.within(Permission.PEOPLE_SENSITIVE)
        await people.one(person_id)
        found = await people.needs(person_id)
        self.work.audit("NeedsRead", subject_id=person_id)
        return list(found)

    async def add_need(self, person_id: UUID, new: NeedFacts) -> PersonNeed:
        """Write down a need that somebody has agreed to have written down."""
        people = self._sensitive()
        person = await people.locked(person_id)
        self._refuse_future(new.consented_on)
        need = PersonNeed(
            org_id=person.org_id,
            person_id=person.id,
            kind=new.kind,
            note=new.note,
            instruction=new.instruction,
            consented_on=new.consented_on,
            consent_channel=new.consent_channel,
            consent_wording=new.consent_wording,
            recorded_at=self.work.now,
            recorded_by=self.work.actor.user_id,
        )
        self.work.session.add(need)
        await self.work.session.flush()
        self.work.audit("NeedAdded", subject_id=person.id, data={"need_id": str(need.id), "kind": need.kind.value})
        self.work.has_changed = True
        return need

    async def end_need(self, person_id: UUID, need_id: UUID, *, version: int) -> PersonNeed:
        """Note that a need is over or its consent withdrawn; contractors are told of it no longer."""
        people = self._sensitive()
        await people.locked(person_id)
        need = await people.need(person_id, need_id)
        if need.version != version:
            raise ChangedMeanwhile
        if need.ended_on:
            raise IllegalTransition(what="Need", state="ended", allowed=[])
        need.ended_on = london_day(self.work.now)
        await self.work.session.flush()
        self.work.audit("NeedEnded", subject_id=person_id, data={"need_id": str(need.id)})
        self.work.has_changed = True
        return need

    def _sensitive(self) -> People:
        """Return the people whose needs may be written down: it takes both permissions."""
        self.work.actor.require(Permission.PEOPLE_SENSITIVE)
        return self.within(Permission.PEOPLE_WRITE)

    def _refuse_future(self, day: date) -> None:
        if day > london_day(self.work.now):
            raise Invalid(fields={"consented_on": Reason("not-yet-agreed")})

    async def _at_home(self, people: list[Facts]) -> list[Facts]:
        """Add where each lives, as far as the reader may know homes."""
        actor = self.work.actor
        homes: defaultdict[UUID, list[Facts]] = defaultdict(list)
        if people and actor.may(Permission.TENANCIES_READ):
            within = actor.require(Permission.TENANCIES_READ)
            for home in await People(self.work.session, within).homes([person["id"] for person in people], within):
                homes[home["person_id"]].append(_home(home))
        return [person | {"homes": homes[person["id"]]} for person in people]


def _describe(person: Person, new: PersonFacts) -> None:
    person.name, person.email, person.phone = new.name, new.email, new.phone
    person.language, person.external_reference = new.language, new.external_reference


def _home(home: Facts) -> Facts:
    is_lead, is_tenant = home["is_lead"], home["is_tenant"]
    return {
        "tenancy_id": home["tenancy_id"],
        "unit_id": home["unit_id"],
        "unit_label": home["label"],
        "property_id": home["property_id"],
        "address": f"{home['address_line']}, {home['town']}",
        "postcode": home["postcode"],
        "role": "lead" if is_lead else "joint" if is_tenant else "household",
        "since": home["started_on"],
        "until": min(filter(None, (home["ended_on"], home["moved_out_on"])), default=None),
    }
