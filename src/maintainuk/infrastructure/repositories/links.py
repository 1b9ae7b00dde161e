"""Finding what a link opens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import OrganisationSuspended
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.organisations import Organisation


class Links:
    """The installation's links. Each query names its organisation, or the secret that stands for one."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def behind(self, secret_index: bytes) -> Link | None:
        """Return the link behind a shown secret. Raises `OrganisationSuspended` when its organisation is shut."""
        query = (
            select(Link, Organisation.suspended_at)
            .join(Organisation, Organisation.id == Link.org_id)
            .where(Link.secret_index == secret_index)
        )
        if (found := (await self.session.execute(query)).one_or_none()) is None:
            return None
        link, suspended_at = found
        if suspended_at is not None:
            raise OrganisationSuspended
        return link

    async def use_up(self, link_id: UUID, now: datetime) -> bool:
        """Use a link up; of two who try at once, one is told that it was used before."""
        query = update(Link).where(Link.id == link_id, Link.used_at.is_(None)).values(used_at=now).returning(Link.id)
        return await self.session.scalar(query) is not None

    async def revoke(self, org_id: UUID, purpose: LinkPurpose, subject_id: UUID, now: datetime) -> int:
        """Switch off every link of a kind to this subject, and return how many there were."""
        query = (
            update(Link)
            .where(
                Link.org_id == org_id,
                Link.purpose == purpose,
                Link.subject_id == subject_id,
                Link.revoked_at.is_(None),
                Link.used_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(Link.id)
        )
        return len((await self.session.scalars(query)).all())

    async def first(self, org_id: UUID, purpose: LinkPurpose) -> Link | None:
        """Return the organisation's oldest link of a kind that nobody has revoked."""
        query = (
            select(Link)
            .where(Link.org_id == org_id, Link.purpose == purpose, Link.revoked_at.is_(None))
            .order_by(Link.created_at)
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()

    async def newest(self, org_id: UUID, purpose: LinkPurpose, subject_id: UUID) -> Link | None:
        """Return the newest link to this subject that nobody has revoked."""
        query = (
            select(Link)
            .where(
                Link.org_id == org_id,
                Link.purpose == purpose,
                Link.subject_id == subject_id,
                Link.revoked_at.is_(None),
            )
            .order_by(Link.created_at.desc(), Link.id.desc())
            .limit(1)
        )
        return (await self.session.scalars(query)).one_or_none()
