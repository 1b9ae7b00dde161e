"""The people an organisation knows. Whoever needs a name asks here: names stand in one place, and are read in one."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Select, Uuid, and_, any_, bindparam, cast, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.people import Person, PersonNeed, Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.privacy import Erasure, Forgotten
from maintainuk.domain.properties import Property, Unit
from maintainuk.infrastructure.database.reading import rows
from maintainuk.infrastructure.database.sealing import entered
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.present import lives_there
from maintainuk.infrastructure.repositories.searching import searched
from maintainuk.infrastructure.repositories.ticket_rows import Facts

R, M, Y, U, P = (
    Person.__table__.c,
    TenancyMember.__table__.c,
    Tenancy.__table__.c,
    Unit.__table__.c,
    Property.__table__.c,
)
N = PersonNeed.__table__.c
MOST_FOUND: Final = 20_000
"""By one word of their names."""

_ORG = bindparam("org", type_=Uuid())

HOMES: Final = {
    scope: select(
        M.person_id,
        M.id.label("member_id"),
        M.is_lead,
        M.is_tenant,
        M.moved_out_on,
        Y.id.label("tenancy_id"),
        Y.started_on,
        Y.ended_on,
        U.id.label("unit_id"),
        U.label,
        P.id.label("property_id"),
        P.address_line,
        P.town,
        P.postcode,
    )
    .select_from(
        TenancyMember.__table__.join(Tenancy.__table__, and_(Y.org_id == M.org_id, Y.id == M.tenancy_id))
        .join(Unit.__table__, and_(U.org_id == Y.org_id, U.id == Y.unit_id))
        .join(Property.__table__, and_(P.org_id == U.org_id, P.id == U.property_id))
    )
    .where(
        M.org_id == _ORG,
        M.person_id == any_(bindparam("people", type_=ARRAY(Uuid()))),
        reach.units(scope),
    )
    .order_by(Y.started_on.desc(), Y.id)
    for scope in Scope
}


class People:
    """Those people of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return names by id; whoever asks has seen these people in something within their own reach."""
        if not ids:
            return {}
        return {person.id: person.name for person in await self._all(ids)}

    async def known(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return names by id, of those people alone that are within reach."""
        query = select(Person).where(Person.id.in_(ids), reach.people(self.within.scope))
        return {person.id: person.name for person in await self.session.scalars(query, self._who())} if ids else {}

    async def page(self, words: str, *, after: UUID | None, limit: int) -> list[Facts]:
        """Return people, the newest first, beginning behind `after`; `words` find them by their home or their name."""
        query = select(Person).where(reach.people(self.within.scope)).order_by(Person.id.desc()).limit(limit)
        if after:
            query = query.where(Person.id < after)
        if words:
            query = query.where(Person.id.in_(union(*await self._found_by(words))))
        return [_shown(person) for person in await self.session.scalars(query, self._who())]

    async def _found_by(self, words: str) -> list[Select[UUID]]:
        """Return the ways to find somebody: by name, by how to reach them, and by where they live.

        A union of them and no OR: each way then has an index of its own, and nobody else is looked at. An address finds
        everybody who lives there; a name finds whoever has it, and none of those who live with them.
        """
        asked = await searched(self.session, words)
        homes = select(func.app.search_units(words, MOST_FOUND).column_valued("found"))
        living = select(TenancyMember.person_id).join(Tenancy, Tenancy.id == TenancyMember.tenancy_id)
        ways = [
            living.where(Tenancy.unit_id.in_(homes)),
            select(Person.id).where(Person.external_reference == words),
        ]
        if keys := await entered(self.session):
            ways.append(select(Person.id).where(Person.email_index == keys.email(words)))
            ways.append(select(Person.id).where(Person.phone_index == keys.phone(words)))
        if asked["names"]:  # by a function: under row-level security the index of the hashes serves nobody else
            names = cast(asked["names"], ARRAY(BigInteger()))
            ways.append(select(func.app.search_people(names, MOST_FOUND).column_valued("called")))
        return ways

    async def one(self, person_id: UUID) -> Facts:
        """Return what is known of somebody. Raises `NotFound`."""
        return _shown(await self._person(person_id))

    async def locked(self, person_id: UUID) -> Person:
        """Return somebody to write about, held until the transaction ends. Raises `NotFound` and `Forgotten`."""
        person = await self._person(person_id, is_held=True)
        await self.require_remembered(person_id)
        return person

    async def require_remembered(self, person_id: UUID) -> None:
        """Refuse to write anything new down about somebody who was forgotten. Raises `Forgotten`."""
        if await self.session.scalar(select(Erasure.id).where(Erasure.person_id == person_id)):
            raise Forgotten

    async def is_there(self, person_id: UUID) -> bool:
        """Say whether this is somebody within reach."""
        query = select(Person.id).where(Person.id == person_id, reach.people(self.within.scope))
        return await self.session.scalar(query, self._who()) is not None

    async def homes(self, ids: Sequence[UUID], within: Reach) -> list[Facts]:
        """Return where these people live and lived, the newest first, as far as `within` reaches."""
        found = await rows(self.session, HOMES[within.scope], people=list(ids), **reach.values(within))
        return [row._asdict() for row in found]

    async def needs(self, person_id: UUID) -> Sequence[PersonNeed]:
        """Return what somebody agreed to have written down, the newest first."""
        query = select(PersonNeed).where(PersonNeed.person_id == person_id).order_by(PersonNeed.id.desc())
        return (await self.session.scalars(query)).all()

    async def need(self, person_id: UUID, need_id: UUID) -> PersonNeed:
        """Return one need, held until the transaction ends. Raises `NotFound`."""
        query = select(PersonNeed).where(PersonNeed.person_id == person_id, PersonNeed.id == need_id)
        if (found := await self.session.scalar(query.with_for_update())) is None:
            raise NotFound("no-such-need")
        return found

    async def instructions_at(self, unit_id: UUID) -> list[str]:
        """Return what to heed at a home because of who lives there now: what to do, never why, and about nobody."""
        query = (
            select(PersonNeed.instruction)
            .join(TenancyMember, TenancyMember.person_id == PersonNeed.person_id)
            .join(Tenancy, Tenancy.id == TenancyMember.tenancy_id)
            .where(
                Tenancy.unit_id == unit_id,
                lives_there(TenancyMember, Tenancy),
                PersonNeed.ended_on.is_(None),
            )
        )
        return sorted({text for text in await self.session.scalars(query) if text})

    async def _person(self, person_id: UUID, *, is_held: bool = False) -> Person:
        query = select(Person).where(Person.id == person_id, reach.people(self.within.scope))
        found = await self.session.scalar(query.with_for_update() if is_held else query, self._who())
        if found is None:
            raise NotFound("no-such-person-here")
        return found

    async def _all(self, ids: Collection[UUID]) -> Sequence[Person]:
        return (await self.session.scalars(select(Person).where(Person.id.in_(ids)))).all()

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}


def _shown(person: Person) -> Facts:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "external_reference": person.external_reference,
        "version": person.version,
    }
