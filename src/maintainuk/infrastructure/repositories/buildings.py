"""Properties as a list, and one of them with all that is known of it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    all_,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import Invalid, NotFound, Reason
from maintainuk.domain.hints import ALERTS, Hint
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.teams import Team
from maintainuk.domain.ticket_lifecycle import OPEN
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.database.reading import rows
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.present import TODAY, is_part, is_present
from maintainuk.infrastructure.repositories.ticket_rows import Facts

P, U, Y, M = Property.__table__.c, Unit.__table__.c, Tenancy.__table__.c, TenancyMember.__table__.c
K, H, F, L, G = (
    MaintenanceTicket.__table__.c,
    Hint.__table__.c,
    Portfolio.__table__.c,
    Landlord.__table__.c,
    Team.__table__.c,
)
PARENT: Final = Property.__table__.alias("parent")
_ORG = bindparam("org", type_=Uuid())
OPEN_TICKETS: Final = [literal_column(f"'{status.value}'", Text()) for status in sorted(OPEN)]
ALERT_KINDS: Final = [literal_column(f"'{kind.value}'", Text()) for kind in sorted(ALERTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyFilter:
    """Which properties are wanted; whatever is left empty does not narrow."""

    words: str = ""
    kind: PropertyKind | None = None
    nation: Nation | None = None
    landlord_id: UUID | None = None
    is_vacant: bool = False


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(*conditions).scalar_subquery()


def _of(home: Any) -> tuple[ColumnElement[Any], ...]:  # noqa: ANN401  (the columns of a subquery)
    """Return what a list says of each property beside its own columns; asked for those on the page alone."""
    here = U.org_id == home.org_id, U.property_id == home.id
    let = exists().where(Y.org_id == U.org_id, Y.unit_id == U.id, is_present(Y))
    now = H.starts_on <= TODAY, or_(H.ends_on.is_(None), H.ends_on >= TODAY)
    return (
        _count(*here).label("homes"),
        _count(*here, let).label("let"),
        _count(
            K.org_id == home.org_id, K.property_id == home.id, type_coerce(K.status, Text()).in_(OPEN_TICKETS)
        ).label("open_tickets"),
        _count(
            H.org_id == home.org_id, H.property_id == home.id, type_coerce(H.kind, Text()).in_(ALERT_KINDS), *now
        ).label("alerts"),
    )


SHOWN: Final = (
    P.org_id,
    P.id,
    type_coerce(P.kind, Text()).label("kind"),
    P.address_line,
    P.town,
    P.postcode,
    type_coerce(P.nation, Text()).label("nation"),
    P.uprn,
    P.external_reference,
    P.walk,
)


def _page(wanted: PropertyFilter, scope: Scope, *, is_first: bool) -> Select[*tuple[Any, ...]]:
    chosen = select(*SHOWN).where(P.org_id == _ORG, reach.properties(scope)).order_by(P.walk, P.id)
    if not is_first:
        chosen = chosen.where(
            tuple_(P.walk, P.id) > tuple_(bindparam("walk", type_=Text()), bindparam("id", type_=Uuid()))
        )
    if wanted.words:
        words = bindparam("words", type_=Text())
        chosen = chosen.where(
            or_(
                P.search_text.like(all_(func.app.like_patterns(words))),
                P.uprn == words,
                func.lower(P.external_reference) == func.lower(words),
            )
        )
    if wanted.kind:
        chosen = chosen.where(type_coerce(P.kind, Text()) == bindparam("kind", type_=Text()))
    if wanted.nation:
        chosen = chosen.where(type_coerce(P.nation, Text()) == bindparam("nation", type_=Text()))
    if wanted.landlord_id:
        portfolios = select(F.id).where(F.org_id == _ORG, F.landlord_id == bindparam("landlord", type_=Uuid()))
        chosen = chosen.where(P.portfolio_id.in_(portfolios))
    if wanted.is_vacant:
        let = exists().where(Y.org_id == U.org_id, Y.unit_id == U.id, is_present(Y))
        chosen = chosen.where(exists().where(U.org_id == P.org_id, U.property_id == P.id, ~let))
    home = chosen.limit(bindparam("limit", type_=Integer())).subquery("home").c
    return select(*list(home), *_of(home)).order_by(home.walk, home.id)


def _detail(scope: Scope) -> Select[*tuple[Any, ...]]:
    home = P
    return (
        select(
            *SHOWN,
            type_coerce(P.tenure, Text()).label("tenure"),
            P.version,
            P.team_id,
            G.name.label("team_name"),
            P.portfolio_id,
            F.name.label("portfolio_name"),
            L.id.label("landlord_id"),
            L.company,
            L.person_id.label("landlord_person_id"),
            P.parent_id,
            PARENT.c.address_line.label("parent_address"),
            *_of(home),
        )
        .select_from(
            Property.__table__.outerjoin(Team.__table__, and_(G.org_id == P.org_id, G.id == P.team_id))
            .outerjoin(Portfolio.__table__, and_(F.org_id == P.org_id, F.id == P.portfolio_id))
            .outerjoin(Landlord.__table__, and_(L.org_id == F.org_id, L.id == F.landlord_id))
            .outerjoin(PARENT, and_(PARENT.c.org_id == P.org_id, PARENT.c.id == P.parent_id))
        )
        .where(P.org_id == _ORG, P.id == bindparam("id", type_=Uuid()), reach.properties(scope))
    )


DETAIL: Final = {scope: _detail(scope) for scope in Scope}
PARTS: Final = {
    scope: select(*SHOWN, *_of(P))
    .where(P.org_id == _ORG, P.parent_id == bindparam("id", type_=Uuid()), reach.properties(scope))
    .order_by(P.walk, P.id)
    for scope in Scope
}


def _units(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            U.id,
            U.label,
            U.uprn,
            U.external_reference,
            type_coerce(U.tenure, Text()).label("tenure"),
            U.version,
            Y.id.label("tenancy_id"),
            Y.started_on,
            M.person_id,
            M.is_lead,
            M.is_tenant,
        )
        .select_from(
            Unit.__table__.outerjoin(
                Tenancy.__table__, and_(Y.org_id == U.org_id, Y.unit_id == U.id, is_present(Y))
            ).outerjoin(TenancyMember.__table__, and_(M.org_id == Y.org_id, M.tenancy_id == Y.id, is_part(M)))
        )
        .where(U.org_id == _ORG, U.property_id == bindparam("id", type_=Uuid()), reach.units(scope))
        .order_by(
            func.substring(U.label, literal_column(r"'^\D*'")),
            func.lpad(func.coalesce(func.substring(U.label, literal_column(r"'\d{1,9}'")), ""), 9, "0"),
            U.label,
            U.id,
            M.is_lead.desc(),
            M.is_tenant.desc(),
            M.id,
        )
    )


UNITS: Final = {scope: _units(scope) for scope in Scope}


class Buildings:
    """Those properties of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def page(self, wanted: PropertyFilter, *, after: tuple[str, UUID] | None, limit: int) -> list[Facts]:
        """Return properties as people walk, beginning behind `after` (its `walk` and id)."""
        walk, last = after or (None, None)
        found = await rows(
            self.session,
            _page(wanted, self.within.scope, is_first=after is None),
            words=wanted.words,
            kind=wanted.kind,
            nation=wanted.nation,
            landlord=wanted.landlord_id,
            walk=walk,
            id=last,
            limit=limit,
            **reach.values(self.within),
        )
        return [row._asdict() for row in found]

    async def one(self, property_id: UUID) -> Facts:
        """Return a property with its homes, who lives in them, and its parts. Raises `NotFound`."""
        values = {"id": property_id, **reach.values(self.within)}
        scope = self.within.scope
        found = await rows(self.session, DETAIL[scope], **values)
        if not found:
            raise NotFound("no-such-property")
        facts = found[0]._asdict()
        units = await rows(self.session, UNITS[scope], **values)
        parts = await rows(self.session, PARTS[scope], **values)
        known = {row.person_id for row in units} | {facts["landlord_person_id"]}
        names = await People(self.session, self.within).names(known - {None})
        return facts | {
            "team": _named(facts["team_id"], facts["team_name"]),
            "portfolio": _named(facts["portfolio_id"], facts["portfolio_name"]),
            "landlord": _named(facts["landlord_id"], facts["company"] or names.get(facts["landlord_person_id"], "")),
            "parent": _named(facts["parent_id"], facts["parent_address"]),
            "units": _folded(units, names),
            "parts": [part._asdict() for part in parts],
        }

    async def locked(self, property_id: UUID) -> Property:
        """Return the property, held until the transaction ends. Raises `NotFound`."""
        query = select(Property).where(Property.id == property_id, reach.properties(self.within.scope))
        found = await self.session.scalar(query.with_for_update(), self._who())
        if found is None:
            raise NotFound("no-such-property")
        return found

    async def unit(self, unit_id: UUID) -> Unit:
        """Return a home, held until the transaction ends. Raises `NotFound`."""
        query = select(Unit).where(Unit.id == unit_id, reach.units(self.within.scope))
        found = await self.session.scalar(query.with_for_update(), self._who())
        if found is None:
            raise NotFound("no-such-home")
        return found

    async def place_of_unit(self, unit_id: UUID) -> UUID:
        """Return which property a home is in. Raises `NotFound`."""
        query = select(Unit.property_id).where(Unit.id == unit_id, reach.units(self.within.scope))
        found = await self.session.scalar(query, self._who())
        if found is None:
            raise NotFound("no-such-home")
        return found

    async def at(self, postcode: str) -> list[tuple[UUID, str]]:
        """Return the buildings of the organisation at a postcode, each with the line of its address."""
        query = select(Property.id, Property.address_line).where(Property.postcode == postcode).order_by(Property.id)
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def labels(self, property_id: UUID) -> list[tuple[UUID, str]]:
        """Return what the homes of a building are called."""
        query = select(Unit.id, Unit.label).where(Unit.property_id == property_id)
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def has(self, property_id: UUID) -> bool:
        """Say whether this is a property within reach."""
        query = select(Property.id).where(Property.id == property_id, reach.properties(self.within.scope))
        return await self.session.scalar(query, self._who()) is not None

    async def require(self, property_id: UUID, unit_id: UUID | None) -> None:
        """Refuse with `Invalid` unless this is a property within reach, and the home, where one is named, one of it."""
        if not await self.has(property_id):
            raise Invalid(fields={"property_id": Reason("unknown-property")})
        query = select(Unit.id).where(Unit.id == unit_id, Unit.property_id == property_id)
        if unit_id and await self.session.scalar(query) is None:
            raise Invalid(fields={"unit_id": Reason("unknown-unit")})

    async def require_unused(self, uprn: str, property_id: UUID) -> None:
        """Refuse with `Invalid` if another building or a home in one has this UPRN.

        No index spans two tables: whoever is to be given the same number at once waits until the transaction ends.
        """
        key = func.hashtextextended(f"uprn {self.session.info['org_id']} {uprn}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))
        query = union_all(
            select(Property.id).where(Property.uprn == uprn, Property.id != property_id),
            select(Unit.id).where(Unit.uprn == uprn, Unit.property_id != property_id),
        )
        if await self.session.scalar(query.limit(1)) is not None:
            raise Invalid(fields={"uprn": Reason("uprn-taken")})

    async def holder(self, uprn: str | None, reference: str | None, property_id: UUID) -> UUID | None:
        """Return which property within reach has this UPRN or this reference, itself or with one of its homes.

        `property_id` is the one for which somebody asks: it is named only if no other has them.
        """
        holders: list[UUID] = []
        for entity, own in ((Property, P.id), (Unit, U.property_id)):
            same = [
                column == value
                for column, value in ((entity.uprn, uprn), (entity.external_reference, reference))
                if value
            ]
            query = select(own).where(or_(*same), reach.properties(self.within.scope, own)).limit(3)
            if same:
                holders += await self.session.scalars(query, self._who())
        return next((one for one in holders if one != property_id), holders[0] if holders else None)

    async def is_there(self, entity: type[Any], entity_id: UUID) -> bool:
        """Say whether the organisation has a team, a portfolio or the like with this id."""
        return await self.session.scalar(select(entity.id).where(entity.id == entity_id)) is not None

    async def take_turn(self) -> None:
        """Wait for whoever makes a building part of another in this moment: two at once could make a circle."""
        key = func.hashtextextended(f"estates {self.session.info['org_id']}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(key)))

    async def is_estate(self, property_id: UUID) -> bool:
        """Say whether other buildings can be part of this one: a block that is part of nothing itself."""
        query = select(Property.id).where(
            Property.id == property_id,
            Property.kind == PropertyKind.BLOCK,
            Property.parent_id.is_(None),
            reach.properties(self.within.scope),
        )
        return await self.session.scalar(query, self._who()) is not None

    async def has_parts(self, property_id: UUID) -> bool:
        """Say whether other buildings are part of this one."""
        return (
            await self.session.scalar(select(Property.id).where(Property.parent_id == property_id).limit(1)) is not None
        )

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}


def _named(the_id: UUID | None, name: str | None) -> Facts | None:
    return {"id": the_id, "name": name} if the_id else None


def _folded(found: Any, names: dict[UUID, str]) -> list[Facts]:  # noqa: ANN401  (rows)
    """Make one home of its lines, of which there is one for each of its people."""
    units: dict[UUID, Facts] = {}
    for row in found:
        unit = units.setdefault(
            row.id,
            {
                "id": row.id,
                "label": row.label,
                "uprn": row.uprn,
                "external_reference": row.external_reference,
                "tenure": row.tenure,
                "version": row.version,
                "tenancy": {"id": row.tenancy_id, "started_on": row.started_on, "people": []}
                if row.tenancy_id
                else None,
            },
        )
        if row.person_id and unit["tenancy"]["id"] == row.tenancy_id:
            unit["tenancy"]["people"].append({"id": row.person_id, "name": names.get(row.person_id, "")})
    return list(units.values())
