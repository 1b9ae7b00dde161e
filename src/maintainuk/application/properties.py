"""What people ask of properties and homes, and what they write down about them."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from maintainuk.application.tickets import TicketService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.addresses import MOST_SKIPPED, Address, KnownHomes, lines_of
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, Reason
from maintainuk.domain.landlords import Portfolio
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.properties import (
    LooksTheSame,
    Property,
    PropertyKind,
    Tenure,
    Unit,
    home_called,
    nation_at,
)
from maintainuk.domain.values import compared
from maintainuk.infrastructure.repositories.buildings import Buildings, PropertyFilter
from maintainuk.infrastructure.repositories.imports import Imports
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.properties import Homes
from maintainuk.infrastructure.repositories.taken import refusing
from maintainuk.infrastructure.repositories.ticket_rows import Facts

MOST_HOMES = 30
"""As many as somebody looks through before typing another word."""
MOST_SUGGESTED = 5
"""As many as can be taken in beside the address that somebody wrote."""
TAKEN: Final = {
    "uq_properties_uprn": {"uprn": Reason("uprn-taken")},
    "uq_properties_external": {"external_reference": Reason("reference-taken")},
    "uq_units_uprn": {"uprn": Reason("uprn-taken")},
    "uq_units_external": {"external_reference": Reason("reference-taken")},
    "uq_units_label": {"label": Reason("label-taken")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFacts:
    """What is written down about a building; without a nation, its postcode says in which it is."""

    address_line: str
    town: str
    postcode: str
    nation: Nation | None = None
    uprn: str | None = None
    external_reference: str | None = None
    tenure: Tenure | None = None
    portfolio_id: UUID | None = None
    parent_id: UUID | None = None
    is_another: bool = False
    """Whether somebody has said that it really is another building than the one that is known at its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What is written down about a home."""

    label: str = ""
    uprn: str | None = None
    external_reference: str | None = None
    tenure: Tenure | None = None


async def leave_the_known(work: UnitOfWork, tenancies: Iterable[Facts | None]) -> None:
    """Leave in these tenancies, of homes within reach, those people alone whom the reader may know."""
    actor = work.actor
    if actor.reaches_as_far(Permission.PEOPLE_READ, Permission.PROPERTIES_READ):
        return
    lettings = [tenancy for tenancy in tenancies if tenancy]
    ids = {person["id"] for letting in lettings for person in letting["people"]}
    may = actor.may(Permission.PEOPLE_READ)
    known = await People(work.session, actor.require(Permission.PEOPLE_READ)).known(ids) if may else {}
    for letting in lettings:
        letting["people"] = [person for person in letting["people"] if person["id"] in known]


class HomeService:
    """Choosing the home that a repair is in."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    async def homes(self, words: str) -> list[dict[str, Any]]:
        """Return homes whose address, or one of whose people, matches all the words; names only to those who may."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        by_name = self.work.actor.reaches_as_far(Permission.PEOPLE_READ, Permission.PROPERTIES_READ)
        homes = Homes(self.work.session, within)
        return await self._as_may_be_seen(await homes.matching(words, by_name=by_name, limit=MOST_HOMES))

    async def like(self, ticket_id: UUID) -> list[dict[str, Any]]:
        """Return the homes that a ticket's address as written may mean; none when its home is known."""
        within = self.work.actor.require(Permission.PROPERTIES_READ)
        written = (await TicketService(self.work).read(ticket_id))["address_as_written"]
        if not written:
            return []
        address = Address.of(written)
        postcodes = {address.postcode} if address.postcode else set[str]()
        known = KnownHomes(
            await Imports(self.work.session).homes(postcodes, lines_of([address], skipping=MOST_SKIPPED))
        )
        units = [home.unit_id for home in known.like(address) if home.unit_id][:MOST_SUGGESTED]
        return await self._as_may_be_seen(await Homes(self.work.session, within).these(units))

    async def _as_may_be_seen(self, homes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        await leave_the_known(self.work, [home["tenancy"] for home in homes])
        return homes


class PropertyService:
    """Buildings and the homes in them."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def within(self, permission: Permission, *, at_least: Scope = Scope.OWN) -> Buildings:
        """Return the properties that the permission reaches. Raises `NotPermitted`."""
        return Buildings(self.work.session, self.work.actor.require(permission, at_least=at_least))

    async def page(self, wanted: PropertyFilter, *, after: tuple[str, UUID] | None, limit: int) -> list[Facts]:
        """Return up to `limit` properties as people walk, beginning behind `after`."""
        return await self.within(Permission.PROPERTIES_READ).page(wanted, after=after, limit=limit)

    async def read(self, property_id: UUID) -> Facts:
        """Return a property, its homes and who lives in them; names only to those who may know them."""
        facts = await self.within(Permission.PROPERTIES_READ).one(property_id)
        await leave_the_known(self.work, [unit["tenancy"] for unit in facts["units"]])
        return facts

    async def add(self, kind: PropertyKind, new: PropertyFacts, labels: Sequence[str]) -> UUID:
        """Write down a building: a house is one home, a block has those that `labels` name."""
        buildings = self.within(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        if new.parent_id:
            await buildings.take_turn()
        home = Property(
            org_id=self.work.actor.org_id,
            kind=kind,
            address_line=new.address_line,
            town=new.town,
            postcode=new.postcode,
            nation=nation_at(new.postcode, new.nation),
        )
        await self._require_alone(buildings, new, home.id)
        await self._describe(home, new, buildings)
        names = [""] if kind is PropertyKind.HOUSE else labels
        if len({home_called(name) for name in names}) < len(names):
            raise Invalid(fields={"homes": Reason("label-twice")})
        async with self._naming(buildings, new, home.id), refusing(self.work.session, TAKEN):
            self.work.session.add(home)
            self.work.session.add_all(Unit(org_id=home.org_id, property_id=home.id, label=label) for label in names)
        self.work.audit("PropertyAdded", subject_id=home.id, data={"homes": len(names)})
        self.work.has_changed = True
        return home.id

    async def change(self, property_id: UUID, new: PropertyFacts, *, version: int) -> None:
        """Put a building right, having seen it as it was at `version`."""
        buildings = self.within(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        if new.parent_id:
            await buildings.take_turn()
        home = await buildings.locked(property_id)
        if home.version != version:
            raise ChangedMeanwhile
        if _where(home.address_line, home.postcode) != _where(new.address_line, new.postcode):
            await self._require_alone(buildings, new, home.id)
        async with self._naming(buildings, new, home.id), refusing(self.work.session, TAKEN):
            home.address_line, home.town, home.postcode = new.address_line, new.town, new.postcode
            home.nation = nation_at(new.postcode, new.nation)
            await self._describe(home, new, buildings)
        self.work.audit("PropertyChanged", subject_id=home.id)
        self.work.has_changed = True

    async def add_unit(self, property_id: UUID, new: UnitFacts) -> UUID:
        """Write down one more home of a block. A house is one home and stays one."""
        buildings = self.within(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        home = await buildings.locked(property_id)
        if home.kind is PropertyKind.HOUSE:
            raise Invalid("house-is-one-home")
        unit = Unit(org_id=home.org_id, property_id=home.id, label=_of_a_block(new.label))
        await self._require_own_label(buildings, unit)
        async with self._naming(buildings, new, home.id), refusing(self.work.session, TAKEN):
            self.work.session.add(_described(unit, new))
        self.work.audit("HomeAdded", subject_id=unit.id, data={"property_id": str(home.id)})
        self.work.has_changed = True
        return home.id

    async def property_of(self, unit_id: UUID) -> UUID:
        """Return which property a home is in that may be changed. Raises `NotFound`."""
        return await self.within(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM).place_of_unit(unit_id)

    async def change_unit(self, unit_id: UUID, new: UnitFacts, *, version: int) -> None:
        """Put a home right, having seen it as it was at `version`."""
        buildings = self.within(Permission.PROPERTIES_WRITE, at_least=Scope.TEAM)
        unit = await buildings.unit(unit_id)
        if unit.version != version:
            raise ChangedMeanwhile
        home = await buildings.locked(unit.property_id)
        if home.kind is PropertyKind.BLOCK and home_called(unit.label) != home_called(new.label):
            await self._require_own_label(buildings, unit, new.label)
        async with self._naming(buildings, new, home.id), refusing(self.work.session, TAKEN):
            if home.kind is PropertyKind.BLOCK:
                unit.label = _of_a_block(new.label)
            _described(unit, new)
        self.work.audit("HomeChanged", subject_id=unit.id)
        self.work.has_changed = True

    async def _require_alone(self, buildings: Buildings, new: PropertyFacts, property_id: UUID) -> None:
        """Ask whether it is really another where a building is known at the address. Raises `LooksTheSame`."""
        if new.is_another:
            return
        where = _where(new.address_line, new.postcode)
        for other, address_line in await buildings.at(new.postcode):
            if other != property_id and _where(address_line, new.postcode) == where:
                refusal = LooksTheSame(fields={"is_another": Reason("say-if-another")})
                refusal.taken_by = other if await buildings.has(other) else None
                raise refusal

    async def _require_own_label(self, buildings: Buildings, unit: Unit, label: str | None = None) -> None:
        """Refuse a label that means a home that the building, which is held, has already. Raises `Invalid`."""
        wanted = home_called(unit.label if label is None else label)
        if wanted in {home_called(one) for id_, one in await buildings.labels(unit.property_id) if id_ != unit.id}:
            raise Invalid(fields={"label": Reason("label-taken")})

    @asynccontextmanager
    async def _naming(
        self, buildings: Buildings, new: "PropertyFacts | UnitFacts", property_id: UUID
    ) -> AsyncIterator[None]:
        """Name the property, if it may be seen, that has the UPRN or the reference already.

        A building and a home in it may bear one UPRN, as a house does; a home elsewhere may not.
        """
        try:
            if new.uprn:
                await buildings.require_unused(new.uprn, property_id)
            yield
        except Invalid as refusal:
            if refusal.fields.keys() & {"uprn", "external_reference"}:
                refusal.taken_by = await buildings.holder(new.uprn, new.external_reference, property_id)
            raise

    async def _describe(self, home: Property, new: PropertyFacts, buildings: Buildings) -> None:
        if new.portfolio_id and not await buildings.is_there(Portfolio, new.portfolio_id):
            raise Invalid(fields={"portfolio_id": Reason("unknown-portfolio")})
        if new.parent_id and new.parent_id != home.parent_id:
            if new.parent_id == home.id or not await buildings.is_estate(new.parent_id):
                raise Invalid(fields={"parent_id": Reason("unknown-parent")})
            if await buildings.has_parts(home.id):
                raise Invalid(fields={"parent_id": Reason("parent-of-parts")})
        home.uprn, home.external_reference, home.tenure = new.uprn, new.external_reference, new.tenure
        home.portfolio_id, home.parent_id = new.portfolio_id, new.parent_id


def _where(address_line: str, postcode: str) -> tuple[str, str]:
    return compared(address_line), postcode


def _of_a_block(label: str) -> str:
    if not label:
        raise Invalid(fields={"label": Reason("label-empty")})
    return label


def _described(unit: Unit, new: UnitFacts) -> Unit:
    unit.uprn, unit.external_reference, unit.tenure = new.uprn, new.external_reference, new.tenure
    return unit
