"""What people write down about contractors, and who has checked what they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from maintainuk.application.people import PersonFacts, PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.contractors import Accreditation, Contractor, ContractorStatus, Operative, Scheme
from maintainuk.domain.errors import ChangedMeanwhile, IllegalTransition, Invalid, Reason
from maintainuk.domain.london import london_day
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.taxonomy import Trade
from maintainuk.infrastructure.repositories.contractors import ContractorFilter, Contractors
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.repositories.ticket_rows import Facts

TAKEN: Final = {"uq_contractors_external": {"external_reference": Reason("reference-taken")}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractorFacts:
    """What is written down about a firm; `contact` is whom to ring there."""

    name: str
    trades: Sequence[Trade]
    areas: Sequence[str]
    contact: PersonFacts | None = None
    external_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationFacts:
    """What a firm shows; `cover` (pence) is the sum insured."""

    scheme: Scheme
    number: str
    expires_on: date
    cover: int | None = None


class ContractorService:
    """The firms that do the work."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.today = london_day(work.now)

    def within(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> Contractors:
        """Return the contractors that the permission reaches. Raises `NotPermitted`."""
        return Contractors(self.work.session, self.work.actor.require(permission, at_least=at_least))

    async def page(self, wanted: ContractorFilter, *, after: tuple[str, UUID] | None, limit: int) -> list[Facts]:
        """Return contractors by name, with how many of what they show has run out, soon will, or nobody has checked."""
        return await self.within(Permission.CONTRACTORS_READ).page(wanted, self.today, after=after, limit=limit)

    async def read(self, contractor_id: UUID) -> Facts:
        """Return all that is known of a contractor."""
        return await self.within(Permission.CONTRACTORS_READ).one(contractor_id, self.today)

    async def add(self, new: ContractorFacts) -> UUID:
        """Write down a firm."""
        self.within(Permission.CONTRACTORS_MANAGE, at_least=Scope.TEAM)
        contractor = Contractor(org_id=self.work.actor.org_id, name=new.name)
        if new.contact:
            contractor.contact_id = await PersonService(self.work).add(new.contact)
        async with refusing(self.work.session, TAKEN):
            self.work.session.add(_described(contractor, new))
        self._tell("ContractorAdded", contractor.id)
        return contractor.id

    async def change(self, contractor_id: UUID, new: ContractorFacts, *, version: int) -> None:
        """Put a firm right, having seen it as it was at `version`; a new contact takes the place of the old one."""
        contractor = await self._seen(contractor_id, version, at_least=Scope.TEAM)
        if new.contact:
            contractor.contact_id = await PersonService(self.work).add(new.contact)
        async with refusing(self.work.session, TAKEN):
            contractor.name = new.name
            _described(contractor, new)
        self._tell("ContractorChanged", contractor.id)

    async def suspend(self, contractor_id: UUID, status: ContractorStatus, reason: str | None, *, version: int) -> None:
        """Give a firm no more work, for a reason, or give it work again."""
        contractor = await self._seen(contractor_id, version, at_least=Scope.TEAM)
        if status is ContractorStatus.SUSPENDED and not reason:
            raise Invalid(fields={"reason": Reason("suspension-empty")})
        contractor.status = status
        contractor.suspension = reason if status is ContractorStatus.SUSPENDED else None
        await self.work.session.flush()
        self._tell("ContractorSuspended" if contractor.suspension else "ContractorReinstated", contractor.id)

    async def add_accreditation(self, contractor_id: UUID, new: AccreditationFacts) -> None:
        """Write down what a firm shows; somebody has to approve it before it counts."""
        contractor = await self.within(Permission.CONTRACTORS_MANAGE).locked(contractor_id)
        shown = Accreditation(
            org_id=contractor.org_id,
            contractor_id=contractor.id,
            scheme=new.scheme,
            number=new.number,
            expires_on=new.expires_on,
            cover=_cover(new),
        )
        self.work.session.add(shown)
        await self.work.session.flush()
        self._tell("AccreditationAdded", contractor.id, accreditation_id=str(shown.id), scheme=new.scheme.value)

    async def change_accreditation(
        self, contractor_id: UUID, accreditation_id: UUID, new: AccreditationFacts, *, version: int
    ) -> None:
        """Write down what it says now; somebody has to approve it again."""
        contractors = self.within(Permission.CONTRACTORS_MANAGE)
        shown = await self._shown(contractors, contractor_id, accreditation_id, version)
        shown.scheme = new.scheme
        shown.change(number=new.number, expires_on=new.expires_on, cover=_cover(new))
        await self.work.session.flush()
        self._tell("AccreditationChanged", contractor_id, accreditation_id=str(shown.id))

    async def approve_accreditation(self, contractor_id: UUID, accreditation_id: UUID, *, version: int) -> None:
        """Note that somebody has found it in its register; what has run out cannot be approved."""
        contractors = self.within(Permission.CONTRACTORS_APPROVE_ACCREDITATION, at_least=Scope.TEAM)
        shown = await self._shown(contractors, contractor_id, accreditation_id, version)
        if shown.expires_on < self.today:
            raise Invalid("accreditation-expired")
        shown.approve(by=self.work.actor.user_id, at=self.work.now)
        await self.work.session.flush()
        self._tell("AccreditationApproved", contractor_id, accreditation_id=str(shown.id))

    async def add_operative(self, contractor_id: UUID, person: PersonFacts, card: str | None) -> None:
        """Write down who comes for a firm: the desk, or the firm itself."""
        contractor = await self.within(Permission.CONTRACTORS_MANAGE).locked(contractor_id)
        person_id = await PersonService(self.work).write_down(person)
        self.work.session.add(
            Operative(org_id=contractor.org_id, contractor_id=contractor.id, person_id=person_id, card=card)
        )
        await self.work.session.flush()
        self._tell("OperativeAdded", contractor.id, person_id=str(person_id))

    async def end_operative(self, contractor_id: UUID, operative_id: UUID) -> None:
        """Note that somebody no longer comes for a firm."""
        contractors = self.within(Permission.CONTRACTORS_MANAGE)
        await contractors.locked(contractor_id)
        operative = await contractors.operative(contractor_id, operative_id)
        if operative.left_on:
            raise IllegalTransition(what="Operative", state="gone", allowed=[])
        operative.left_on = self.today
        await self.work.session.flush()
        self._tell("OperativeEnded", contractor_id, operative_id=str(operative.id))

    async def _seen(self, contractor_id: UUID, version: int, *, at_least: Scope) -> Contractor:
        contractor = await self.within(Permission.CONTRACTORS_MANAGE, at_least=at_least).locked(contractor_id)
        if contractor.version != version:
            raise ChangedMeanwhile
        return contractor

    async def _shown(
        self, contractors: Contractors, contractor_id: UUID, accreditation_id: UUID, version: int
    ) -> Accreditation:
        await contractors.locked(contractor_id)
        shown = await contractors.accreditation(contractor_id, accreditation_id)
        if shown.version != version:
            raise ChangedMeanwhile
        return shown

    def _tell(self, action: str, subject_id: UUID, **data: str) -> None:
        self.work.audit(action, subject_id=subject_id, data=dict(data))
        self.work.has_changed = True


def _described(contractor: Contractor, new: ContractorFacts) -> Contractor:
    contractor.trades, contractor.areas = [trade.value for trade in new.trades], list(new.areas)
    contractor.external_reference = new.external_reference
    return contractor


def _cover(new: AccreditationFacts) -> int | None:
    if new.scheme.is_insurance and new.cover is None:
        raise Invalid(fields={"cover": Reason("cover-missing")})
    return new.cover if new.scheme.is_insurance else None
