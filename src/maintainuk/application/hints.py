"""What people write down so that others know it before a door opens, and what is told about the place of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.assets import Asset
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, NotFound, Reason
from maintainuk.domain.hints import Hint, HintKind
from maintainuk.domain.london import london_day
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.assets import Assets
from maintainuk.infrastructure.repositories.buildings import Buildings
from maintainuk.infrastructure.repositories.hints import Hints
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.tickets import Tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class HintFacts:
    """What is to be known, and from when until when."""

    kind: HintKind
    text: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What whoever deals with a ticket must know of its place."""

    hints: Sequence[Hint] = ()
    instructions: Sequence[str] = ()
    warranties: Sequence[Asset] = ()


class HintService:
    """What to know about a place."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.today = london_day(work.now)

    async def of(self, property_id: UUID) -> Sequence[Hint]:
        """Return the hints of a building. Raises `NotFound`."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        if not await Buildings(self.work.session, within).has(property_id):
            raise NotFound("no-such-property")
        return await Hints(self.work.session, within).of(property_id)

    async def add(self, property_id: UUID, unit_id: UUID | None, new: HintFacts) -> Hint:
        """Write down what is to be known of a building, or of one home of it."""
        within = self.work.actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        await Buildings(self.work.session, within).require(property_id, unit_id)
        _refuse_backwards(new)
        hint = Hint(
            org_id=self.work.actor.org_id,
            property_id=property_id,
            unit_id=unit_id,
            kind=new.kind,
            text=new.text,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
        )
        self.work.session.add(hint)
        await self._tell("HintAdded", hint)
        return hint

    async def one(self, hint_id: UUID) -> Hint:
        """Return a hint that may be changed, held until the transaction ends. Raises `NotFound`."""
        within = self.work.actor.require(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        return await Hints(self.work.session, within).locked(hint_id)

    async def change(self, hint_id: UUID, new: HintFacts, *, version: int) -> Hint:
        """Put a hint right, or end it, having seen it as it was at `version`."""
        hint = await self.one(hint_id)
        if hint.version != version:
            raise ChangedMeanwhile
        _refuse_backwards(new)
        hint.kind, hint.text, hint.starts_on, hint.ends_on = new.kind, new.text, new.starts_on, new.ends_on
        await self._tell("HintChanged", hint)
        return hint

    async def site(self, ticket_id: UUID) -> Site:
        """Return what holds at the place of a ticket today. What a visit has to heed is told to few, and never why."""
        actor, session = self.work.actor, self.work.session
        within = actor.require(Permission.TICKETS_READ)
        ticket = await Tickets(session, within).one(ticket_id)
        if ticket["property"] is None:
            return Site()
        property_id, unit_id = UUID(ticket["property"]["id"]), ticket["unit_id"]
        knows = (actor.is_staff and actor.may(Permission.PEOPLE_SENSITIVE)) or actor.contractor_id is not None
        instructions = await People(session, within).instructions_at(unit_id) if knows and unit_id else []
        if instructions:
            self.work.audit("InstructionsRead", subject_id=ticket_id)
        return Site(
            hints=await Hints(session, within).at(property_id, unit_id, self.today),
            instructions=instructions,
            warranties=await Assets(session, within).under_warranty(property_id, unit_id, self.today),
        )

    async def _tell(self, action: str, hint: Hint) -> None:
        await self.work.session.flush()
        self.work.audit(action, subject_id=hint.property_id, data={"hint_id": str(hint.id), "kind": hint.kind.value})
        self.work.has_changed = True


def _refuse_backwards(new: HintFacts) -> None:
    if new.ends_on and new.ends_on < new.starts_on:
        raise Invalid(fields={"ends_on": Reason("ends-before-it-begins")})
