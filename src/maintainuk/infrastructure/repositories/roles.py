"""What roles may do."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.permissions import Grants
from maintainuk.domain.roles import Role


class Roles:
    """The roles of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def grants(self, role_id: UUID) -> Grants:
        """Return the permissions of a role, with how far each reaches."""
        role = (await self.session.scalars(select(Role).where(Role.id == role_id))).one()
        return role.grants
