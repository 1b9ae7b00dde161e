"""Finding imports, and what the organisation already knows of what a file tells."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CollectionAggregate, LargeBinary, Text, Uuid, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.addresses import KnownHome
from maintainuk.domain.errors import NotFound
from maintainuk.domain.imports import ImportRun
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.database.sealing import entered


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of whom an organisation knows, and the home where they live if they rent one."""

    id: UUID
    name: str
    email: str | None
    phone: str | None


class Imports:
    """The imports of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, import_id: UUID, *, held: bool = False) -> ImportRun:
        """Return one import, `held` until the transaction ends. Raises `NotFound`."""
        query = select(ImportRun).where(ImportRun.id == import_id)
        run: ImportRun | None = await self.session.scalar(query.with_for_update() if held else query)
        if run is None:
            raise NotFound("no-such-import")
        return run

    async def take_turn(self, org_id: UUID) -> None:
        """Wait until nobody else brings rows in for the organisation: only then is known what is there already."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import {org_id}", 0))))

    async def references(self, references: Collection[str]) -> set[str]:
        """Return which of these tickets are there already."""
        column = MaintenanceTicket.external_reference
        found = await self.session.scalars(select(column).where(column == _any(references)))
        return {reference for reference in found if reference is not None}

    async def homes(self, postcodes: Collection[str], lines: Collection[str]) -> Sequence[KnownHome]:
        """Return the homes at these postcodes (without spaces) or with these address lines (small, without commas)."""
        line = func.lower(Property.address_line)
        words = func.btrim(func.regexp_replace(line, r"[\s,.]+", " ", "g"))
        name = func.btrim(func.regexp_replace(func.split_part(line, ",", 1), r"[\s.]+", " ", "g"))
        query = (
            select(Property.id, Property.address_line, Property.town, Property.postcode, Unit.id, Unit.label)
            .outerjoin(Unit, (Unit.org_id == Property.org_id) & (Unit.property_id == Property.id))
            .where(
                (func.replace(func.upper(Property.postcode), " ", "") == _any(postcodes))
                | (words == _any(lines))
                | (name == _any(lines))
            )
            .order_by(Property.id, Unit.id)
        )
        return [KnownHome(*row[:5], row[5] or "") for row in await self.session.execute(query)]

    async def tenancies(self, units: Iterable[UUID]) -> dict[UUID, tuple[UUID, date]]:
        """Return the present tenancy of each unit and when it began."""
        query = (
            select(Tenancy.unit_id, Tenancy.id, Tenancy.started_on)
            .where(Tenancy.unit_id == any_(literal(list(units), ARRAY(Uuid))), Tenancy.ended_on.is_(None))
            .order_by(Tenancy.started_on.desc())
        )
        return {unit: (tenancy, began) for unit, tenancy, began in await self.session.execute(query)}

    async def people(self, emails: Collection[str], names: Collection[str]) -> Sequence[KnownPerson]:
        """Return everybody with one of these addresses or names, however they are written."""
        if (keys := await entered(self.session)) is None:
            return []
        query = select(Person.id, Person.name, Person.email, Person.phone).where(
            (Person.email_index == _any_of({keys.email(email) for email in emails}))
            | (Person.name_index == _any_of({keys.name(name) for name in names}))
        )
        return [KnownPerson(*row) for row in await self.session.execute(query)]

    async def tenants(self, units: Iterable[UUID]) -> dict[UUID, set[UUID]]:
        """Return who lives in each unit now."""
        query = (
            select(Tenancy.unit_id, TenancyMember.person_id)
            .join(TenancyMember, (TenancyMember.org_id == Tenancy.org_id) & (TenancyMember.tenancy_id == Tenancy.id))
            .where(Tenancy.unit_id == any_(literal(list(units), ARRAY(Uuid))), Tenancy.ended_on.is_(None))
        )
        living: dict[UUID, set[UUID]] = {}
        for unit, person in await self.session.execute(query):
            living.setdefault(unit, set()).add(person)
        return living


def _any_of(indexes: Collection[bytes]) -> CollectionAggregate[bool]:
    return any_(literal(list(indexes), ARRAY(LargeBinary)))


def _any(texts: Collection[str]) -> CollectionAggregate[bool]:
    """Compare with a list of any length by one statement: PostgreSQL reads and plans it once."""
    return any_(literal(list(texts), ARRAY(Text)))
