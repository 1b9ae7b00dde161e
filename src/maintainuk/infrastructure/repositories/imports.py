"""Finding imports, and what the organisation already knows of what a file tells."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CollectionAggregate, LargeBinary, Text, Uuid, any_, delete, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.addresses import KnownHome
from maintainuk.domain.errors import NotFound
from maintainuk.domain.import_records import ImportChange, ImportProblem
from maintainuk.domain.imports import ImportKind, ImportRun, ImportStatus, Plan
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.database.sealing import entered
from maintainuk.infrastructure.repositories.present import is_present, lives_there


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
            .where(Tenancy.unit_id == any_(literal(list(units), ARRAY(Uuid))), is_present(Tenancy))
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
            .where(Tenancy.unit_id == any_(literal(list(units), ARRAY(Uuid))), lives_there(TenancyMember, Tenancy))
        )
        living: dict[UUID, set[UUID]] = {}
        for unit, person in await self.session.execute(query):
            living.setdefault(unit, set()).add(person)
        return living


class PortfolioImports:
    """The organisation's imports of homes, tenancies, people and contractors, and what they remember."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, import_id: UUID, *, held: bool = False) -> ImportRun:
        """Return one import, `held` until the transaction ends. Raises `NotFound`."""
        run = await Imports(self.session).get(import_id, held=held)
        if run.kind is ImportKind.TICKETS:
            raise NotFound("no-such-import")
        return run

    async def newest(self, most: int) -> Sequence[ImportRun]:
        """Return the newest imports of which anybody said how they are read."""
        query = (
            select(ImportRun)
            .where(ImportRun.kind != ImportKind.TICKETS, ImportRun.status != ImportStatus.UPLOADED)
            .order_by(ImportRun.created_at.desc())
            .limit(most)
        )
        return (await self.session.scalars(query)).all()

    async def remembered(self, kind: ImportKind, columns: Collection[str]) -> Plan | None:
        """Return how a file of the kind was last read whose telling columns are all among these."""
        query = (
            select(ImportRun)
            .where(ImportRun.kind == kind, ImportRun.status.not_in([ImportStatus.UPLOADED]))
            .order_by(ImportRun.created_at.desc())
            .limit(10)
        )
        known = set(columns)
        for run in await self.session.scalars(query):
            if not run.mapping:
                continue
            telling = [column for named in run.plan.columns.values() for column in named]
            if telling and known.issuperset(telling):
                return run.plan
        return None

    async def problems(
        self, import_id: UUID, *, after: tuple[int, UUID] | None, limit: int | None
    ) -> Sequence[ImportProblem]:
        """Return what is wrong with rows, in the order of the file."""
        query = select(ImportProblem).where(ImportProblem.import_id == import_id)
        if after is not None:
            query = query.where(tuple_(ImportProblem.row, ImportProblem.id) > after)
        query = query.order_by(ImportProblem.row, ImportProblem.id).limit(limit)
        return (await self.session.scalars(query)).all()

    async def bad_rows(self, import_id: UUID) -> set[int]:
        """Return which rows are bad."""
        return set(await self.session.scalars(select(ImportProblem.row).where(ImportProblem.import_id == import_id)))

    async def forget_problems(self, import_id: UUID) -> None:
        """Remember no longer what was wrong: the file is looked at again."""
        await self.session.execute(delete(ImportProblem).where(ImportProblem.import_id == import_id))

    async def forget_before(self, org_id: UUID, before: datetime) -> int:
        """Forget what stood there before imports that ended long ago, and return how many rows that were.

        What they made stays known: by it the log tells how a thing came in.
        """
        old = select(ImportRun.id).where(ImportRun.org_id == org_id, ImportRun.finished_at < before)
        result = await self.session.execute(delete(ImportChange).where(ImportChange.import_id.in_(old)))
        gone: int = result.rowcount  # type: ignore[attr-defined]
        return gone

    async def lose_keys(self, before: datetime) -> None:
        """Let nobody read the files any more that nobody has brought in."""
        waiting = (ImportStatus.UPLOADED, ImportStatus.CHECKED)
        query = select(ImportRun).where(
            ImportRun.created_at < before, ImportRun.file_key.is_not(None), ImportRun.status.in_(waiting)
        )
        for run in await self.session.scalars(query):
            run.file_key = None

    async def places(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return buildings, homes and tenancies in words."""
        wanted = any_(literal(sorted(ids), ARRAY(Uuid)))
        home = func.concat_ws(", ", func.nullif(Unit.label, ""), Property.address_line)
        joined = (Property.org_id == Unit.org_id) & (Property.id == Unit.property_id)
        let = (Unit.org_id == Tenancy.org_id) & (Unit.id == Tenancy.unit_id)
        found: dict[UUID, str] = {}
        for query in (
            select(Property.id, Property.address_line).where(Property.id == wanted),
            select(Unit.id, home).join(Property, joined).where(Unit.id == wanted),
            select(Tenancy.id, home).join(Unit, let).join(Property, joined).where(Tenancy.id == wanted),
        ):
            found |= {row[0]: row[1] for row in await self.session.execute(query)}
        return found


def _any_of(indexes: Collection[bytes]) -> CollectionAggregate[bool]:
    return any_(literal(list(indexes), ARRAY(LargeBinary)))


def _any(texts: Collection[str]) -> CollectionAggregate[bool]:
    """Compare with a list of any length by one statement: PostgreSQL reads and plans it once."""
    return any_(literal(list(texts), ARRAY(Text)))
