"""Finding who of the platform looks at an organisation, looked at it, and may."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.support import SupportAccess, SupportBasis, SupportConsent, SupportEnding

MOST_SHOWN = 100


class Support:
    """The session's organisation's own record of support."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def open(self, now: datetime) -> Sequence[SupportAccess]:
        """Return the accesses that are open at this moment."""
        query = (
            select(SupportAccess)
            .where(SupportAccess.ended_at.is_(None), SupportAccess.ends_at > now)
            .order_by(SupportAccess.began_at)
        )
        return (await self.session.scalars(query)).all()

    async def resting_on_consent(self, now: datetime) -> Sequence[SupportAccess]:
        """Return those open now that a consent has let in."""
        return [one for one in await self.open(now) if one.basis is SupportBasis.CONSENT]

    async def all(self) -> Sequence[SupportAccess]:
        """Return every access, the newest first."""
        query = select(SupportAccess).order_by(SupportAccess.began_at.desc(), SupportAccess.id).limit(MOST_SHOWN)
        return (await self.session.scalars(query)).all()

    async def shut_out(self) -> Sequence[SupportAccess]:
        """Return those that the organisation itself has ended."""
        query = select(SupportAccess).where(SupportAccess.ended_by == SupportEnding.ORGANISATION)
        return (await self.session.scalars(query)).all()

    async def held(self, access_id: UUID) -> SupportAccess:
        """Return one, held until the transaction ends. Raises `NotFound`."""
        query = select(SupportAccess).where(SupportAccess.id == access_id).with_for_update()
        if (found := await self.session.scalar(query)) is None:
            raise NotFound("no-such-support")
        return found

    async def consent(self, now: datetime) -> SupportConsent | None:
        """Return the consent that is good at this moment, held until the transaction ends."""
        query = (
            select(SupportConsent)
            .where(SupportConsent.withdrawn_at.is_(None), SupportConsent.until > now)
            .order_by(SupportConsent.until.desc())
            .limit(1)
            .with_for_update()
        )
        return await self.session.scalar(query)
