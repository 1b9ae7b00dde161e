"""Contractors as lists and as one, with what they show and who comes for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.contractors import (
    NEEDED_FOR,
    Accreditation,
    Contractor,
    ContractorStatus,
    Operative,
    Scheme,
    areas_around,
)
from maintainuk.domain.errors import NotFound
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Reach
from maintainuk.domain.taxonomy import Trade
from maintainuk.infrastructure.repositories import reach
from maintainuk.infrastructure.repositories.people import People
from maintainuk.infrastructure.repositories.ticket_rows import Facts

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractorFilter:
    """Which contractors are wanted; whatever is left empty does not narrow."""

    words: str = ""
    trade: Trade | None = None
    status: ContractorStatus | None = None
    near: str = ""
    """A postcode or a district: firms that come there."""
    on: date | None = None
    """A day: firms that may be given work then, by what they show."""


class Contractors:
    """Those contractors of the session's organisation that are within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: Reach) -> None:
        self.session = session
        self.within = within

    async def page(
        self, wanted: ContractorFilter, on: date, *, after: tuple[str, UUID] | None, limit: int
    ) -> list[Facts]:
        """Return contractors by name, beginning behind `after`."""
        query = self._within().order_by(Contractor.name, Contractor.id).limit(limit)
        if after:
            name, last = after
            query = query.where(or_(Contractor.name > name, (Contractor.name == name) & (Contractor.id > last)))
        if wanted.words:
            named = func.lower(Contractor.name).contains(wanted.words.lower(), autoescape=True)
            query = query.where(or_(named, Contractor.external_reference == wanted.words))
        if wanted.trade:
            query = query.where(wanted.trade.value == any_(Contractor.trades))
        if wanted.status:
            query = query.where(Contractor.status == wanted.status)
        if wanted.near:
            said = [literal(area) == any_(Contractor.areas) for area in areas_around(wanted.near)]
            query = query.where(or_(func.cardinality(Contractor.areas) == 0, *said))
        if wanted.on:
            query = query.where(Contractor.status == ContractorStatus.ACTIVE)
            for scheme in filter(
                None, (Scheme.PUBLIC_LIABILITY, NEEDED_FOR.get(wanted.trade) if wanted.trade else None)
            ):
                query = query.where(_shows(scheme, wanted.on))
        return await self._shown((await self.session.scalars(query, self._who())).all(), on)

    async def one(self, contractor_id: UUID, on: date) -> Facts:
        """Return all that is known of a contractor. Raises `NotFound`."""
        contractor = await self._contractor(contractor_id)
        (facts,) = await self._shown([contractor], on)
        shown = select(Accreditation).where(Accreditation.contractor_id == contractor_id).order_by(Accreditation.id)
        come = select(Operative).where(Operative.contractor_id == contractor_id).order_by(Operative.id)
        operatives = (await self.session.scalars(come)).all()
        names = await People(self.session, self.within).names({one.person_id for one in operatives})
        contact = None
        if contractor.contact_id:
            contact = await self.session.get_one(Person, (self.session.info["org_id"], contractor.contact_id))
        return facts | {
            "suspension": contractor.suspension,
            "account_since": contractor.account_since,
            "contact": contact
            and {"id": contact.id, "name": contact.name, "email": contact.email, "phone": contact.phone},
            "accreditations": [
                {
                    "id": one.id,
                    "scheme": one.scheme,
                    "number": one.number,
                    "expires_on": one.expires_on,
                    "cover": one.cover,
                    "approved_at": one.approved_at,
                    "is_good": one.is_good_on(on),
                    "version": one.version,
                }
                for one in await self.session.scalars(shown)
            ],
            "operatives": [
                {
                    "id": one.id,
                    "person": {"id": one.person_id, "name": names.get(one.person_id, "")},
                    "card": one.card,
                    "left_on": one.left_on,
                }
                for one in operatives
            ],
        }

    async def require(self, contractor_id: UUID) -> None:
        """Refuse with `NotFound` unless this is a contractor within reach."""
        await self._contractor(contractor_id)

    async def locked(self, contractor_id: UUID) -> Contractor:
        """Return a contractor, held until the transaction ends. Raises `NotFound`."""
        return await self._contractor(contractor_id, is_held=True)

    async def accreditation(self, contractor_id: UUID, accreditation_id: UUID) -> Accreditation:
        """Return what a contractor shows, held until the transaction ends. Raises `NotFound`."""
        query = select(Accreditation).where(
            Accreditation.contractor_id == contractor_id, Accreditation.id == accreditation_id
        )
        if (found := await self.session.scalar(query.with_for_update())) is None:
            raise NotFound("no-such-accreditation")
        return found

    async def operative(self, contractor_id: UUID, operative_id: UUID) -> Operative:
        """Return who comes for a contractor, held until the transaction ends. Raises `NotFound`."""
        query = select(Operative).where(Operative.contractor_id == contractor_id, Operative.id == operative_id)
        if (found := await self.session.scalar(query.with_for_update())) is None:
            raise NotFound("no-such-operative")
        return found

    async def _contractor(self, contractor_id: UUID, *, is_held: bool = False) -> Contractor:
        query = self._within().where(Contractor.id == contractor_id)
        found: Contractor | None = await self.session.scalar(query.with_for_update() if is_held else query, self._who())
        if found is None:
            raise NotFound("no-such-contractor")
        return found

    def _within(self) -> Any:  # noqa: ANN401  (a statement)
        return select(Contractor).where(reach.contractors(self.within.scope))

    async def _shown(self, contractors: Sequence[Contractor], on: date) -> list[Facts]:
        ids = [contractor.id for contractor in contractors]
        counted = (
            select(
                Accreditation.contractor_id,
                func.count().filter(Accreditation.expires_on < on),
                func.count().filter(Accreditation.expires_on.between(on, on + SOON)),
                func.count().filter(Accreditation.approved_at.is_(None)),
            )
            .where(Accreditation.contractor_id.in_(ids))
            .group_by(Accreditation.contractor_id)
        )
        counts = {row[0]: row[1:] for row in await self.session.execute(counted)}
        return [
            {
                "id": one.id,
                "name": one.name,
                "trades": one.trades,
                "areas": one.areas,
                "status": one.status,
                "external_reference": one.external_reference,
                "version": one.version,
                **dict(zip(("expired", "expiring", "unapproved"), counts.get(one.id, (0, 0, 0)), strict=True)),
            }
            for one in contractors
        ]

    def _who(self) -> dict[str, Any]:
        return {"org": self.session.info["org_id"], **reach.values(self.within)}


def _shows(scheme: Scheme, on: date) -> ColumnElement[bool]:
    """Return whether a firm shows this, somebody has approved it, and it has not run out on that day."""
    return exists().where(
        Accreditation.org_id == Contractor.org_id,
        Accreditation.contractor_id == Contractor.id,
        Accreditation.scheme == scheme,
        Accreditation.approved_at.is_not(None),
        Accreditation.expires_on >= on,
    )
