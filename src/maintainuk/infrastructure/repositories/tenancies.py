"""Tenancies: who lives where, since when, and who lived there before."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.people import Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach
from maintainuk.domain.properties import Property, Unit
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.present import is_part
from maintainuk.infrastructure.repositories.ticket_rows import Facts


class Tenancies:
    """Those tenancies of the session's organisation whose homes are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach, *, knows: Reach | None = None) -> None:
        self.session = session
        self.within = within
        self.knows = knows
        """Whom of the people in them the reader may know; nobody, if None."""

    async def page(self, unit_id: UUID, *, after: tuple[date, UUID] | None, limit: int) -> list[Facts]:
        """Return the tenancies of a home, the newest first, beginning behind `after`."""
        query = self._within().where(Tenancy.unit_id == unit_id)
        if after:
            began, last = after
            query = query.where(or_(Tenancy.started_on < began, (Tenancy.started_on == began) & (Tenancy.id < last)))
        query = query.order_by(Tenancy.started_on.desc(), Tenancy.id.desc()).limit(limit)
        found = (await self.session.scalars(query, self._who())).all()
        return await self._shown(*found)

    async def one(self, tenancy_id: UUID) -> Facts:
        """Return a tenancy with everybody who is or was part of it. Raises `NotFound`."""
        (facts,) = await self._shown(await self._tenancy(tenancy_id))
        return facts

    async def locked(self, tenancy_id: UUID) -> Tenancy:
        """Return a tenancy, held until the transaction ends. Raises `NotFound`."""
        return await self._tenancy(tenancy_id, is_held=True)

    async def overlapping(self, unit_id: UUID, started_on: date, ended_on: date | None, *, but: UUID) -> Tenancy | None:
        """Return another tenancy of the home at the same time."""
        both = func.daterange(Tenancy.started_on, Tenancy.ended_on).op("&&")(func.daterange(started_on, ended_on))
        query = select(Tenancy).where(Tenancy.unit_id == unit_id, Tenancy.id != but, both)
        return await self.session.scalar(query.order_by(Tenancy.started_on).limit(1))

    async def place(self, unit_id: UUID) -> str:
        """Return a home in words: its label, and the line of its building."""
        query = (
            select(Unit.label, Property.address_line)
            .join(Property, (Property.org_id == Unit.org_id) & (Property.id == Unit.property_id))
            .where(Unit.id == unit_id)
        )
        return ", ".join(filter(None, (await self.session.execute(query)).one()))

    async def member(self, tenancy_id: UUID, member_id: UUID) -> TenancyMember:
        """Return somebody's part in a tenancy, held until the transaction ends. Raises `NotFound`."""
        query = select(TenancyMember).where(TenancyMember.tenancy_id == tenancy_id, TenancyMember.id == member_id)
        if (found := await self.session.scalar(query.with_for_update())) is None:
            raise NotFound("no-such-member")
        return found

    async def members(self, tenancy_id: UUID) -> list[TenancyMember]:
        """Return who is part of a tenancy now, the lead tenant first."""
        query = (
            select(TenancyMember)
            .where(TenancyMember.tenancy_id == tenancy_id, is_part(TenancyMember))
            .order_by(TenancyMember.is_lead.desc(), TenancyMember.id)
        )
        return list(await self.session.scalars(query))

    async def _tenancy(self, tenancy_id: UUID, *, is_held: bool = False) -> Tenancy:
        query = self._within().where(Tenancy.id == tenancy_id)
        found: Tenancy | None = await self.session.scalar(
            query.with_for_update(of=Tenancy) if is_held else query, self._who()
        )
        if found is None:
            raise NotFound("no-such-tenancy")
        return found

    def _within(self) -> Any:  # noqa: ANN401  (a statement)
        return select(Tenancy).where(reach.tenancies(self.within.scope))

    async def _shown(self, *tenancies: Tenancy) -> list[Facts]:
        members = (
            await self.session.scalars(
                select(TenancyMember)
                .where(TenancyMember.tenancy_id.in_([tenancy.id for tenancy in tenancies]))
                .order_by(TenancyMember.is_lead.desc(), TenancyMember.is_tenant.desc(), TenancyMember.id)
            )
        ).all()
        ids = {member.person_id for member in members}
        names = await People(self.session, self.knows).known(ids) if self.knows else {}
        return [
            {
                "id": tenancy.id,
                "unit_id": tenancy.unit_id,
                "kind": tenancy.kind,
                "started_on": tenancy.started_on,
                "ended_on": tenancy.ended_on,
                "external_reference": tenancy.external_reference,
                "version": tenancy.version,
                "members": [
                    {
                        "id": member.id,
                        "person": {"id": member.person_id, "name": names[member.person_id]},
                        "role": member.role,
                        "moved_out_on": member.moved_out_on,
                    }
                    for member in members
                    if member.tenancy_id == tenancy.id and member.person_id in names
                ],
            }
            for tenancy in tenancies
        ]

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}
