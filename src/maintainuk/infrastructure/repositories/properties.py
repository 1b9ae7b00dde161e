"""Finding homes and who lives in them, and the buildings they are in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Label,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.reading import Columns, rows
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.present import is_part, is_present
from maintainuk.infrastructure.repositories.searching import SEARCHED, searched
from maintainuk.infrastructure.repositories.users import MAY_OWN

U, P = Unit.__table__.c, Property.__table__.c
T, M, R = Tenancy.__table__.c, TenancyMember.__table__.c, Person.__table__.c


def _first_number(text: ColumnElement[str]) -> ColumnElement[int]:
    return cast(func.substring(text, literal_column(r"'\d{1,9}'")), Integer())


def _as_people_walk() -> tuple[Label[Any], ...]:
    """Order homes by street, then number: 2 Ash Grove and 10 Ash Grove before 1 Mill Lane, Flat 9 before Flat 10."""
    street = func.regexp_replace(P.address_line, literal_column(r"'^\d\S*\s+'"), literal_column("''"))
    return (
        street.label("street"),
        P.town.label("in_town"),
        _first_number(P.address_line).label("house_number"),
        P.address_line.label("house"),
        func.substring(U.label, literal_column(r"'^\D*'")).label("flat"),
        _first_number(U.label).label("flat_number"),
        U.label.label("flat_label"),
        U.id.label("home_id"),
    )


def _homes(scope: Scope, *, is_search: bool = False, is_choice: bool = False) -> Select[*tuple[Any, ...]]:
    """Build the question once for all homes, once for those that match words, and once for those that are named."""
    place = _as_people_walk()
    chosen = (
        select(U.org_id, P.id.label("property_id"), P.postcode, P.nation, *place)
        .select_from(Unit.__table__.join(Property.__table__, and_(P.org_id == U.org_id, P.id == U.property_id)))
        .where(U.org_id == bindparam("org"), reach.units(scope))
        .order_by(*place)
        .limit(bindparam("limit", type_=Integer()))
    )
    if is_search:
        found = select(func.app.search_homes(*SEARCHED).column_valued("found"))
        chosen = chosen.where(U.id.in_(found))
    if is_choice:
        chosen = chosen.where(U.id == func.any(bindparam("units", type_=ARRAY(Uuid()))))
    home = chosen.subquery("home").c
    return (
        select(
            home.home_id,
            home.flat_label,
            home.property_id,
            home.house,
            home.in_town,
            home.postcode,
            type_coerce(home.nation, Text()),
            T.id.label("tenancy_id"),
            R.id.label("person_id"),
            R.name,
            M.is_lead,
        )
        .select_from(home.home_id.table)
        .outerjoin(Tenancy.__table__, and_(T.org_id == home.org_id, T.unit_id == home.home_id, is_present(T)))
        .outerjoin(TenancyMember.__table__, and_(M.org_id == T.org_id, M.tenancy_id == T.id, is_part(M)))
        .outerjoin(Person.__table__, and_(R.org_id == M.org_id, R.id == M.person_id))
        .order_by(*(home[part.name] for part in place), T.started_on, T.id, M.is_lead.desc(), R.id)
    )


ALL_HOMES: Final = {scope: _homes(scope) for scope in Scope}
MATCHING_HOMES: Final = {scope: _homes(scope, is_search=True) for scope in Scope}
THESE_HOMES: Final = {scope: _homes(scope, is_choice=True) for scope in Scope}


@dataclass(frozen=True, slots=True)
class Place:
    """What a ticket stands on, as far as the organisation knows it."""

    has_property: bool
    has_unit: bool
    tenancy_id: UUID | None
    has_reporter: bool
    has_owner: bool


def _there(entity: type[Any], name: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    columns = entity.__table__.c
    return exists().where(columns.org_id == bindparam("org"), columns.id == bindparam(name, type_=Uuid()), *conditions)


PLACE: Final = {
    scope: select(
        _there(Property, "property", reach.properties(scope)),
        _there(Unit, "unit", U.property_id == bindparam("property", type_=Uuid()), reach.units(scope)),
        select(T.id)
        .where(T.org_id == bindparam("org"), T.unit_id == bindparam("unit", type_=Uuid()), is_present(T))
        .order_by(T.started_on)
        .limit(1)
        .scalar_subquery(),
        _there(Person, "reporter", reach.people(scope)),
        _there(User, "owner", MAY_OWN),
    )
    for scope in Scope
}


class Homes:
    """Those homes of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def matching(self, words: str, *, by_name: bool, limit: int) -> list[dict[str, Any]]:
        """Return homes by address, each with the people of its present tenancy, the lead tenant first.

        `by_name`: whoever asks may know them all, and finds homes by their names as well.
        """
        if words:
            asked = await searched(self.session, words)
            asked["names"] = asked["names"] if by_name else []
            return _folded(await self._rows(MATCHING_HOMES, **asked, limit=limit))
        return _folded(await self._rows(ALL_HOMES, limit=limit))

    async def these(self, units: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return these homes in their order, each with the people of its present tenancy."""
        found = _folded(await self._rows(THESE_HOMES, units=[*units], limit=len(units)))
        return sorted(found, key=lambda home: units.index(home["unit_id"]))

    async def place(
        self,
        *,
        property_id: UUID,
        unit_id: UUID | None,
        reporter_id: UUID | None = None,
        owner_id: UUID | None = None,
    ) -> Place:
        """Look up what a ticket would stand on; a foreign id is as unknown as one that never was."""
        (found,) = await self._rows(PLACE, property=property_id, unit=unit_id, reporter=reporter_id, owner=owner_id)
        return Place(*found)

    async def _rows(self, statements: Mapping[Scope, Select[Any]], **asked: Any) -> Sequence[Columns]:  # noqa: ANN401
        return await rows(self.session, statements[self.within.scope], **reach.values(self.within), **asked)


def _folded(found: Iterable[Columns]) -> list[dict[str, Any]]:
    """Make one home of its lines, of which there is one for each of its people."""
    homes: dict[UUID, dict[str, Any]] = {}
    for unit_id, label, property_id, address, town, postcode, nation, tenancy_id, person_id, name, is_lead in found:
        home = homes.setdefault(
            unit_id,
            {
                "unit_id": unit_id,
                "unit_label": label,
                "property": {
                    "id": property_id,
                    "address": f"{address}, {town}",
                    "postcode": postcode,
                    "nation": nation,
                },
                "tenancy": {"id": tenancy_id, "people": []} if tenancy_id else None,
            },
        )
        # A tenancy that follows this one may already be known: its people do not live here yet.
        if person_id and home["tenancy"]["id"] == tenancy_id:
            home["tenancy"]["people"].append((not is_lead, name, person_id))
    for home in homes.values():
        if home["tenancy"]:
            home["tenancy"]["people"] = [
                {"id": person_id, "name": name} for _, name, person_id in sorted(home["tenancy"]["people"])
            ]
    return list(homes.values())
