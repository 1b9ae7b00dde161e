"""What people agreed to, by person."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.consents import Consent, ContactPurpose, ContactWay, may_write


class Consents:
    """What the people of the session's organisation agreed to; whoever asks has them within reach."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def of(self, person_id: UUID) -> Sequence[Consent]:
        """Return everything that somebody agreed to or took back, the latest first."""
        query = select(Consent).where(Consent.person_id == person_id)
        return (await self.session.scalars(query.order_by(Consent.told_on.desc(), Consent.id.desc()))).all()

    async def may_write(self, person_id: UUID, way: ContactWay, purpose: ContactPurpose) -> bool:
        """Say whether somebody may be written to on this way, for this purpose, now."""
        query = (
            select(Consent.is_given)
            .where(Consent.person_id == person_id, Consent.way == way, Consent.purpose == purpose)
            .order_by(Consent.told_on.desc(), Consent.id.desc())
            .limit(1)
        )
        return may_write(way, purpose, latest=await self.session.scalar(query))
