"""Finding anything that somebody may see: tickets by reference, people by who they are, homes by where they are."""

import re
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    LargeBinary,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket, reference
from maintainuk.infrastructure.database.reading import Columns, rows
from maintainuk.infrastructure.database.sealing import entered
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.present import lives_there
from maintainuk.infrastructure.repositories.ticket_rows import as_text

P, U, R = Property.__table__.c, Unit.__table__.c, Person.__table__.c
T, Y, M = MaintenanceTicket.__table__.c, Tenancy.__table__.c, TenancyMember.__table__.c
MINE: Final = bindparam("org", type_=Uuid())
SHOWN = 8
"""Of each kind; whoever wants more types another word."""
CANDIDATES: Final = {scope: 50 if scope in {Scope.ORG, Scope.TEAM} else 20_000 for scope in Scope}
"""How many of the organisation's are looked at; most of them are out of reach of those who see a part."""
NUMBER: Final = re.compile(r"(?:T-?\s*)?(\d{3,9})", re.IGNORECASE)
LARGEST_NUMBER = 2**31 - 1
FEWEST_DIGITS_OF_A_PHONE = 7

PLACE: Final = (P.id, U.id, U.label, P.address_line, P.town, P.postcode)


def _homes(scope: Scope) -> Select[*tuple[Any, ...]]:
    found = select(
        func.app.search_units(bindparam("words", type_=Text()), bindparam("most", type_=Integer())).column_valued(
            "found"
        )
    )
    return (
        select(*PLACE)
        .select_from(Unit.__table__.join(Property.__table__, and_(P.org_id == U.org_id, P.id == U.property_id)))
        .where(U.org_id == MINE, U.id.in_(found), reach.units(scope))
    )


def _people(scope: Scope) -> Select[*tuple[Any, ...]]:
    names = bindparam("names", type_=ARRAY(BigInteger()))
    called = select(func.app.search_people(names, bindparam("most", type_=Integer())).column_valued("found"))
    reached = (
        select(R.id).where(R.org_id == MINE, index == bindparam(way, type_=LargeBinary()))
        for way, index in {"email": R.email_index, "phone": R.phone_index}.items()
    )
    return select(R.id, R.name).where(R.org_id == MINE, R.id.in_(union(called, *reached)), reach.people(scope))


def _lived_in(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the homes of the present tenancies of some people: asked of the few that are shown, not of all found."""
    return (
        select(M.person_id, *PLACE)
        .select_from(
            TenancyMember.__table__.join(
                Tenancy.__table__, and_(Y.org_id == M.org_id, Y.id == M.tenancy_id, lives_there(M, Y))
            )
            .join(Unit.__table__, and_(U.org_id == Y.org_id, U.id == Y.unit_id, reach.units(scope)))
            .join(Property.__table__, and_(P.org_id == U.org_id, P.id == U.property_id))
        )
        .where(M.org_id == MINE, M.person_id == any_(bindparam("people", type_=ARRAY(Uuid()))))
        .order_by(M.id)
    )


def _tickets(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(T.id, T.number, T.title, as_text(T.status))
        .where(
            T.org_id == MINE,
            or_(
                T.number == bindparam("number", type_=Integer()),
                T.external_reference == bindparam("words", type_=Text()),
            ),
            reach.tickets(scope),
        )
        .order_by(T.number.desc())
        .limit(SHOWN)
    )


HOMES: Final = {scope: _homes(scope) for scope in Scope}
PEOPLE: Final = {scope: _people(scope) for scope in Scope}
LIVED_IN: Final = {scope: _lived_in(scope) for scope in Scope}
TICKETS: Final = {scope: _tickets(scope) for scope in Scope}


class Search:
    """What of the session's organisation is within reach, found by words."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def tickets(self, words: str, within: Reach) -> list[dict[str, Any]]:
        """Return the tickets with this reference, ours or another system's."""
        named = NUMBER.fullmatch(words)
        number = int(named[1]) if named and int(named[1]) <= LARGEST_NUMBER else None
        found = await self._rows(TICKETS, within, words=words, number=number)
        return [
            {"id": ticket_id, "reference": reference(number), "title": title, "status": status}
            for ticket_id, number, title, status in found
        ]

    async def people(self, words: str, within: Reach) -> list[dict[str, Any]]:
        """Return people by words of their name, or by their whole e-mail address or phone number, by name."""
        if (keys := await entered(self.session)) is None:
            return []
        digits = sum(sign.isdigit() for sign in words)
        found = await self._rows(
            PEOPLE,
            within,
            names=keys.asked(words),
            email=keys.email(words) if "@" in words else None,
            phone=keys.phone(words) if digits >= FEWEST_DIGITS_OF_A_PHONE else None,
            most=CANDIDATES[within.scope],
        )
        shown = sorted(found, key=lambda one: (one[1].casefold(), one[0]))[:SHOWN]
        homes: dict[UUID, dict[str, Any]] = {}
        for person_id, *place in await self._rows(LIVED_IN, within, people=[person_id for person_id, _ in shown]):
            homes.setdefault(person_id, _home(place))
        return [{"id": person_id, "name": name, "home": homes.get(person_id)} for person_id, name in shown]

    async def homes(self, words: str, within: Reach) -> list[dict[str, Any]]:
        """Return homes by words of their address, by address."""
        found = await self._rows(HOMES, within, words=words, most=CANDIDATES[within.scope])
        return sorted(map(_home, found), key=lambda one: (one["address"], one["unit_label"], one["unit_id"]))[:SHOWN]

    async def _rows(self, statements: Any, within: Reach, **asked: Any) -> list[Columns]:  # noqa: ANN401
        return list(await rows(self.session, statements[within.scope], **reach.values(within), **asked))


def _home(place: Any) -> dict[str, Any]:  # noqa: ANN401
    property_id, unit_id, label, address_line, town, postcode = place
    return {
        "property_id": property_id,
        "unit_id": unit_id,
        "unit_label": label,
        "address": f"{address_line}, {town}",
        "postcode": postcode,
    }
