"""What people write down about landlords: who they are, and up to what sum is decided for them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from maintainuk.application.people import PersonFacts, PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, Reason
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.infrastructure.repositories.landlords import Landlords
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.repositories.ticket_rows import Facts

TAKEN: Final = {
    "uq_landlords_external": {"external_reference": Reason("reference-taken")},
    "ix_portfolios_org_id_landlord_id_name": {"name": Reason("portfolio-taken")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LandlordFacts:
    """What is written down about a landlord; sums in pence, empty: always ask."""

    company: str | None = None
    approval_limit: int | None = None
    emergency_limit: int | None = None
    external_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFacts:
    """Homes that are treated alike; its own sums (pence) come before the landlord's."""

    name: str
    approval_limit: int | None = None
    emergency_limit: int | None = None


class LandlordService:
    """Who owns the homes, and what may be decided for them."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def within(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> Landlords:
        """Return the landlords that the permission reaches. Raises `NotPermitted`."""
        return Landlords(self.work.session, self.work.actor.require(permission, at_least=at_least))

    async def page(self, words: str, *, after: UUID | None, limit: int) -> list[Facts]:
        """Return landlords, the newest first."""
        return await self.within(Permission.PEOPLE_READ).page(words, after=after, limit=limit)

    async def read(self, landlord_id: UUID) -> Facts:
        """Return a landlord with their portfolios."""
        return await self.within(Permission.PEOPLE_READ).one(landlord_id)

    async def add(self, new: LandlordFacts, *, person_id: UUID | None, person: PersonFacts | None) -> UUID:
        """Write down a landlord: somebody known, or somebody new."""
        self.within(Permission.PEOPLE_WRITE, at_least=Scope.TEAM)
        people = PersonService(self.work)
        if person:
            person_id = await people.add(person)
        elif person_id is None or not await people.is_known(person_id):
            raise Invalid(fields={"person_id": Reason("unknown-person")})
        landlord = Landlord(org_id=self.work.actor.org_id, person_id=person_id)
        async with refusing(self.work.session, TAKEN):
            self.work.session.add(_described(landlord, new))
        self._tell("LandlordAdded", landlord.id)
        return landlord.id

    async def change(self, landlord_id: UUID, new: LandlordFacts, *, version: int) -> None:
        """Put a landlord right, having seen them as they were at `version`."""
        landlord = await self.within(Permission.PEOPLE_WRITE, at_least=Scope.TEAM).locked(landlord_id)
        if landlord.version != version:
            raise ChangedMeanwhile
        await PersonService(self.work).is_known(landlord.person_id)
        async with refusing(self.work.session, TAKEN):
            _described(landlord, new)
        self._tell("LandlordChanged", landlord.id)

    async def add_portfolio(self, landlord_id: UUID, new: PortfolioFacts) -> None:
        """Give a landlord one more portfolio."""
        landlord = await self.within(Permission.PEOPLE_WRITE, at_least=Scope.TEAM).locked(landlord_id)
        portfolio = Portfolio(org_id=landlord.org_id, landlord_id=landlord.id, name=new.name)
        portfolio.approval_limit, portfolio.emergency_limit = new.approval_limit, new.emergency_limit
        async with refusing(self.work.session, TAKEN):
            self.work.session.add(portfolio)
        self._tell("PortfolioAdded", portfolio.id)

    async def change_portfolio(
        self, landlord_id: UUID, portfolio_id: UUID, new: PortfolioFacts, *, version: int
    ) -> None:
        """Put a portfolio right, having seen it as it was at `version`."""
        landlords = self.within(Permission.PEOPLE_WRITE, at_least=Scope.TEAM)
        await landlords.locked(landlord_id)
        portfolio = await landlords.portfolio(landlord_id, portfolio_id)
        if portfolio.version != version:
            raise ChangedMeanwhile
        async with refusing(self.work.session, TAKEN):
            portfolio.name = new.name
            portfolio.approval_limit, portfolio.emergency_limit = new.approval_limit, new.emergency_limit
        self._tell("PortfolioChanged", portfolio.id)

    def _tell(self, action: str, subject_id: UUID) -> None:
        self.work.audit(action, subject_id=subject_id)
        self.work.has_changed = True


def _described(landlord: Landlord, new: LandlordFacts) -> Landlord:
    landlord.company, landlord.external_reference = new.company, new.external_reference
    landlord.approval_limit, landlord.emergency_limit = new.approval_limit, new.emergency_limit
    return landlord
