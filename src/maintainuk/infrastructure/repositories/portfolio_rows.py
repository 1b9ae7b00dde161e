"""What an organisation already knows of what the rows of a file tell: homes, tenancies, people, firms."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Select, Text, Uuid, any_, column, func, literal, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.base import OwnedByOrganisation, new_id
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.import_cells import label, language
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.values import e164, one_width
from maintainuk.infrastructure.database.sealing import entered

Table = type[OwnedByOrganisation]

FIELDS: Final[dict[Table, tuple[str, ...]]] = {
    Property: (
        "external_reference", "kind", "address_line", "town", "postcode", "nation", "uprn", "tenure", "portfolio_id",
    ),
    Unit: ("external_reference", "property_id", "label", "uprn", "tenure"),
    Person: ("external_reference", "name", "email", "phone", "language"),
    Tenancy: ("external_reference", "unit_id", "started_on", "ended_on", "kind"),
    TenancyMember: ("tenancy_id", "person_id", "is_lead", "is_tenant", "moved_out_on"),
    Landlord: ("external_reference", "person_id", "company"),
    Portfolio: ("landlord_id", "name"),
    Contractor: ("external_reference", "name", "trades", "areas", "contact_id"),
}  # fmt: skip
"""What files may tell of each table's rows, in the order in which rows are made."""


@dataclass(slots=True, eq=False)
class Row:
    """A row as it is, as it will be, and what stood there before."""

    table: Table
    id: UUID
    facts: dict[str, Any]
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)

    def say(self, **facts: Any) -> bool:  # noqa: ANN401  (whatever a column holds)
        """Take in what a file tells, and say whether that is news. An empty cell takes nothing away."""
        is_news = False
        for name, value in facts.items():
            if value in (None, "", []) or _same(name, self.facts.get(name), value):
                continue
            if not self.is_new:
                self.before.setdefault(name, self.facts.get(name))
            self.facts[name] = value
            is_news = True
        return is_news


def made(table: Table, **facts: Any) -> Row:  # noqa: ANN401
    """Return a row that is not there yet; an empty cell is nothing, and a house's only home has no label."""
    told = {name: value for name, value in facts.items() if value not in ("", [])}
    nothing = dict.fromkeys(FIELDS[table]) | ({"label": ""} if table is Unit else {})
    return Row(table, new_id(), nothing | told, is_new=True)


AS_READ: Final[Mapping[str, Callable[[str], str]]] = {
    "address_line": one_width, "town": one_width, "label": label, "language": language,
}  # fmt: skip
"""What a file's reader would make of a text that somebody has typed here."""


def _same(name: str, old: Any, new: Any) -> bool:  # noqa: ANN401
    if name == "phone":
        return bool(old) and e164(old) == new
    if name == "email":
        return bool(old) and old.casefold() == new.casefold()
    if bring := AS_READ.get(name):
        return bool(old) and bring(old) == new
    if isinstance(new, list):
        return sorted(old or ()) == sorted(new)
    return bool(old == new)


class PortfolioRows:
    """Looks up rows of the session's organisation by what files call them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def referred(self, table: Table, references: Collection[str]) -> list[Row]:
        """Return the rows of a table that bear these references, or that have none and are called by their ids."""
        if not references:
            return []
        called = table.external_reference == _texts(references)  # type: ignore[attr-defined]
        ids = {id_ for one in references if (id_ := _id_in(one))}
        return await self._rows(table, or_(called, table.id == _ids(ids)) if ids else called)

    async def with_ids(self, table: Table, ids: Collection[UUID]) -> list[Row]:
        """Return rows by their ids."""
        return await self._rows(table, table.id == _ids(ids)) if ids else []

    async def at(self, places: Collection[tuple[str, str]]) -> list[Row]:
        """Return the properties at these lines (small) and postcodes."""
        if not places:
            return []
        lines, codes = {line for line, _ in places}, {code for _, code in places}
        return await self._rows(
            Property, (func.lower(Property.address_line) == _texts(lines)) & (Property.postcode == _texts(codes))
        )

    async def of_buildings(self, ids: Collection[UUID]) -> list[Row]:
        """Return the homes in these buildings."""
        return await self._rows(Unit, Unit.property_id == _ids(ids)) if ids else []

    async def with_uprns(self, uprns: Collection[str]) -> list[Row]:
        """Return the homes and buildings with these UPRNs."""
        if not uprns:
            return []
        return [
            *await self._rows(Unit, Unit.uprn == _texts(uprns)),
            *await self._rows(Property, Property.uprn == _texts(uprns)),
        ]

    async def lettings(self, units: Collection[UUID]) -> list[Row]:
        """Return all tenancies of these homes."""
        return await self._rows(Tenancy, Tenancy.unit_id == _ids(units)) if units else []

    async def members(self, tenancies: Collection[UUID]) -> list[Row]:
        """Return who has or had a part in these tenancies."""
        return await self._rows(TenancyMember, TenancyMember.tenancy_id == _ids(tenancies)) if tenancies else []

    async def landlords_among(self, people: Collection[UUID]) -> list[Row]:
        """Return which of these people are landlords."""
        return await self._rows(Landlord, Landlord.person_id == _ids(people)) if people else []

    async def portfolios(self, landlords: Collection[UUID]) -> list[Row]:
        """Return the portfolios of these landlords, the oldest first."""
        return await self._rows(Portfolio, Portfolio.landlord_id == _ids(landlords)) if landlords else []

    async def firms_called(self, names: Collection[str]) -> list[Row]:
        """Return the contractors with these names (small)."""
        return await self._rows(Contractor, func.lower(Contractor.name) == _texts(names)) if names else []

    async def reached_by(self, emails: Collection[tuple[str, str]], phones: Collection[tuple[str, str]]) -> list[Row]:
        """Return everybody with one of these names and its address or number, however they are written.

        By both at once: half of a portfolio may be reached by the agency's own number.
        """
        if (keys := await entered(self.session)) is None or not (emails or phones):
            return []
        by_email = {(keys.email(email), keys.name(name)) for name, email in emails}
        by_phone = {(keys.phone(phone), keys.name(name)) for name, phone in phones}
        found = union(
            _with_both(Person.email_index, by_email),
            _with_both(Person.phone_index, by_phone),
        )
        return await self._rows(Person, Person.id.in_(found))

    async def places_of(self, units: Collection[UUID]) -> dict[UUID, str]:
        """Return homes in words: the label and the building's first line."""
        if not units:
            return {}
        query = (
            select(Unit.id, Unit.label, Property.address_line)
            .join(Property, (Property.org_id == Unit.org_id) & (Property.id == Unit.property_id))
            .where(Unit.id == _ids(units))
        )
        return {unit: ", ".join(filter(None, (label, line))) for unit, label, line in await self.session.execute(query)}

    async def _rows(self, table: Table, condition: Any) -> list[Row]:  # noqa: ANN401
        names = FIELDS[table]
        query = select(table.id, *(getattr(table, name) for name in names)).where(condition).order_by(table.id)
        found: Iterable[Sequence[Any]] = (await self.session.execute(query)).all()
        return [
            Row(table, one[0], {name: _plain(value) for name, value in zip(names, one[1:], strict=True)})
            for one in found
        ]


def _plain(value: Any) -> Any:  # noqa: ANN401
    return list(value) if isinstance(value, list) else value


def day_of(value: Any) -> date | None:  # noqa: ANN401
    """Return a column's day."""
    assert value is None or isinstance(value, date)
    return value


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _texts(texts: Collection[str]) -> Any:  # noqa: ANN401
    return any_(literal(sorted(texts), ARRAY(Text)))


def _ids(ids: Collection[UUID]) -> Any:  # noqa: ANN401
    return any_(literal(sorted(ids), ARRAY(Uuid)))


def _with_both(index: Any, asked: Collection[tuple[bytes, bytes]]) -> Select[UUID]:  # noqa: ANN401
    """Return the ids of people by one of these ways to reach them, and the name that goes with it."""
    ways, names = zip(*sorted(asked), strict=True) if asked else ((), ())
    both = (
        func.unnest(literal(list(ways), ARRAY(LargeBinary)), literal(list(names), ARRAY(LargeBinary)))
        .table_valued(column("way", LargeBinary), column("name", LargeBinary))
        .render_derived()
    )
    return select(Person.id).join(both, (index == both.c.way) & (Person.name_index == both.c.name))
