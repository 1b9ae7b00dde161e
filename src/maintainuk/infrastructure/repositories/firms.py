"""Finding which firm of the installation a contractor is; no view ever shows it."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.contractors import Contractor
from maintainuk.domain.permissions import Permission
from maintainuk.domain.roles import Role
from maintainuk.domain.users import User, UserStatus


class Firms:
    """The firms behind the contractors of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def administered_by(self, user_id: UUID) -> UUID | None:
        """Return the firm of a contractor's administrator; nothing of whoever only works there, or was disabled."""
        query = (
            select(Contractor.firm_id, Role)
            .join(User, User.contractor_id == Contractor.id)
            .join(Role, Role.id == User.role_id)
            .where(User.id == user_id, User.status == UserStatus.ACTIVE)
        )
        found = (await self.session.execute(query)).one_or_none()
        return found[0] if found and Permission.USERS_MANAGE in found[1].grants else None

    async def is_known(self, firm_id: UUID) -> bool:
        """Say whether a contractor here is this firm already."""
        return bool(
            await self.session.scalar(select(exists(select(Contractor.id).where(Contractor.firm_id == firm_id))))
        )
