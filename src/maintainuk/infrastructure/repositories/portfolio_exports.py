"""What the rows of a list say, in the columns of the template by which they could come in again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.contractors import Contractor
from maintainuk.domain.import_cells import in_words
from maintainuk.domain.import_kinds import MOST_TENANTS
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.taxonomy import Trade
from maintainuk.domain.tenancies import TenancyRole
from maintainuk.domain.values import spoken_number
from maintainuk.infrastructure.database.reading import Columns, rows
from maintainuk.infrastructure.repositories.present import TODAY, is_part, is_present

P, U, Y, M = Property.__table__.c, Unit.__table__.c, Tenancy.__table__.c, TenancyMember.__table__.c
R, F, L, C = Person.__table__.c, Portfolio.__table__.c, Landlord.__table__.c, Contractor.__table__.c

Line = dict[str, Any]
"""What stands in each column, by its field."""

_ORG: Final = bindparam("org", type_=Uuid())
_THESE: Final = any_(bindparam("ids", type_=ARRAY(Uuid)))
PROPERTIES: Final = select(
    *(P.id, P.external_reference, P.kind, P.address_line, P.town, P.postcode, P.nation, P.uprn, P.tenure),
    P.portfolio_id,
).where(P.org_id == _ORG, P.id == _THESE)
UNITS: Final = (
    select(U.id, U.property_id, U.external_reference, U.label, U.uprn, U.tenure)
    .where(U.org_id == _ORG, U.property_id == _THESE)
    .order_by(U.label, U.id)
)
TENANCIES: Final = (
    select(
        *(Y.id, Y.unit_id, Y.external_reference, Y.started_on, Y.ended_on, Y.kind),
        is_present(Y).label("is_present"),
        (Y.started_on > TODAY).label("is_to_come"),
    )
    .where(Y.org_id == _ORG, Y.unit_id == _THESE)
    .order_by(Y.started_on, Y.id)
)
MEMBERS: Final = (
    select(M.tenancy_id, R.name, R.email, R.phone)
    .join(Person.__table__, (R.org_id == M.org_id) & (R.id == M.person_id))
    .where(M.org_id == _ORG, M.tenancy_id == _THESE)
    .order_by(is_part(M).desc(), M.is_lead.desc(), M.is_tenant.desc(), M.id)
)
LANDLORDS: Final = (
    select(F.id, L.id.label("landlord_id"), L.external_reference, L.company, R.name, R.email, R.phone)
    .join(Landlord.__table__, (L.org_id == F.org_id) & (L.id == F.landlord_id))
    .join(Person.__table__, (R.org_id == L.org_id) & (R.id == L.person_id))
    .where(F.org_id == _ORG, F.id == _THESE)
)
REFERENCES: Final = select(Y.id, Y.external_reference).where(Y.org_id == _ORG, Y.id == _THESE)
CONTACTS: Final = (
    select(C.id, R.name, R.email, R.phone)
    .join(Person.__table__, (R.org_id == C.org_id) & (R.id == C.contact_id))
    .where(C.org_id == _ORG, C.id == _THESE)
)


class PortfolioLists:
    """Lines of files about rows that whoever asks has been given."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of_properties(self, kind: ImportKind, ids: Sequence[UUID]) -> list[Line]:
        """Return the lines about these properties, in this order: of the buildings, their homes or their tenancies."""
        buildings = {one.id: one for one in await self._these(PROPERTIES, ids)}
        ordered = [buildings[one] for one in ids if one in buildings]
        if kind is ImportKind.PROPERTIES:
            return [_building(one) | {"uprn": one.uprn, "tenure": _said(one.tenure)} for one in ordered]
        units = _grouped(await self._these(UNITS, ids), "property_id")
        homes = [(building, unit) for building in ordered for unit in units[building.id]]
        if kind is ImportKind.UNITS:
            return [_home(unit) | {"property_reference": _called(building)} for building, unit in homes]
        lettings = _grouped(await self._these(TENANCIES, [unit.id for _, unit in homes]), "unit_id")
        tenants = _grouped(await self._these(MEMBERS, [one.id for one in chain(*lettings.values())]), "tenancy_id")
        if kind is ImportKind.TENANCIES:
            return [
                _tenancy(one, "reference", tenants[one.id]) | {"home_reference": _called(unit)}
                for _, unit in homes
                for one in lettings[unit.id]
                if tenants[one.id]
            ]
        held = {one.portfolio_id for one in ordered} - {None}
        landlords = {one.id: _landlord(one) for one in await self._these(LANDLORDS, held)}
        return [
            _building(building)
            | _home(unit)
            | {"property_reference": _called(building)}
            | _letting(lettings[unit.id], tenants)
            | landlords.get(building.portfolio_id, {})
            for building, unit in homes
        ]

    async def of_people(self, people: Sequence[Mapping[str, Any]]) -> list[Line]:
        """Return the lines about people with where they live now."""
        homes = {one["id"]: home for one in people for home in reversed(one["homes"]) if home["until"] is None}
        found = await self._these(REFERENCES, {home["tenancy_id"] for home in homes.values()})
        tenancies = {one.id: _called(one) for one in found}
        return [_person(one, homes.get(one["id"]), tenancies) for one in people]

    async def of_contractors(self, firms: Sequence[Mapping[str, Any]]) -> list[Line]:
        """Return the lines about firms with whom to ask for there."""
        contacts = {one.id: one for one in await self._these(CONTACTS, {one["id"] for one in firms})}
        return [
            {
                "reference": one["external_reference"] or str(one["id"]),
                "name": one["name"],
                "trades": "; ".join(_said(Trade(trade)) for trade in one["trades"]),
                "areas": "; ".join(one["areas"]),
                **_somebody("contact", contacts.get(one["id"])),
            }
            for one in firms
        ]

    async def _these(self, query: Any, ids: Collection[UUID]) -> Sequence[Columns]:  # noqa: ANN401  (a statement)
        return await rows(self.session, query, ids=list(ids)) if ids else []


def _called(row: Any) -> str:  # noqa: ANN401  (columns with an id and a reference)
    """Return what a row is called in files: by your reference, else by the id that it has here."""
    return row.external_reference or str(row.id)


def _said(choice: StrEnum | None) -> str:
    """Return a choice as a list tells it, and nothing for none."""
    return in_words(choice) if choice else ""


def _building(one: Any) -> Line:  # noqa: ANN401
    return {
        "reference": _called(one),
        "property_kind": _said(one.kind),
        "address_line": one.address_line,
        "town": one.town,
        "postcode": one.postcode,
        "nation": _said(one.nation),
    }


def _home(one: Any) -> Line:  # noqa: ANN401
    return {"reference": _called(one), "flat": one.label, "uprn": one.uprn, "tenure": _said(one.tenure)}


def _letting(lettings: Sequence[Any], tenants: Mapping[UUID, Sequence[Any]]) -> Line:
    """Return who lives in a home now, or moves in next."""
    here = [one for one in lettings if tenants[one.id]]
    present = next((one for one in here if one.is_present), None) or next((one for one in here if one.is_to_come), None)
    return _tenancy(present, "tenancy_reference", tenants[present.id]) if present else {}


def _tenancy(one: Any, called: str, tenants: Sequence[Any]) -> Line:  # noqa: ANN401
    line: Line = {
        called: _called(one),
        "started_on": one.started_on.isoformat(),
        "ended_on": one.ended_on and one.ended_on.isoformat(),
        "tenancy_kind": _said(one.kind),
    }
    for number, person in enumerate(tenants[:MOST_TENANTS], 1):
        line |= _somebody(f"tenant_{number}", person)
    return line


def _landlord(one: Any) -> Line:  # noqa: ANN401
    reference = one.external_reference or str(one.landlord_id)
    return {"landlord_reference": reference, "landlord_company": one.company, **_somebody("landlord", one)}


def _somebody(who: str, person: Any) -> Line:  # noqa: ANN401
    if person is None:
        return {}
    return {
        f"{who}_name": person.name,
        f"{who}_email": person.email,
        f"{who}_phone": person.phone and spoken_number(person.phone),
    }


def _person(one: Mapping[str, Any], home: Mapping[str, Any] | None, tenancies: Mapping[UUID, str]) -> Line:
    line = {
        "reference": one["external_reference"] or str(one["id"]),
        "name": one["name"],
        "email": one["email"],
        "phone": one["phone"] and spoken_number(one["phone"]),
        "language": one["language"],
    }
    if home is None or home["tenancy_id"] not in tenancies:
        return line
    return line | {"tenancy_reference": tenancies[home["tenancy_id"]], "role": _said(TenancyRole(home["role"]))}


def _grouped(found: Iterable[Any], column: str) -> defaultdict[UUID, list[Any]]:
    groups: defaultdict[UUID, list[Any]] = defaultdict(list)
    for one in found:
        groups[getattr(one, column)].append(one)
    return groups
