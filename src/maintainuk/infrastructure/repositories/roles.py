"""What roles may do."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.errors import NotFound
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.permissions import Grants, Reach
from maintainuk.domain.roles import Role
from maintainuk.domain.users import User
from maintainuk.infrastructure.repositories import reach


class Roles:
    """The roles of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def grants(self, role_id: UUID) -> Grants:
        """Return the permissions of a role, with how far each reaches."""
        role = (await self.session.scalars(select(Role).where(Role.id == role_id))).one()
        return role.grants

    async def all(self) -> Sequence[Role]:
        """Return all roles, by name."""
        return (await self.session.scalars(select(Role).order_by(Role.name))).all()

    async def hold(self) -> Sequence[Role]:
        """Return all roles, held until the transaction ends: of two who change them at once, one waits."""
        # What was read before the wait is read anew: it may be what somebody else has changed meanwhile.
        query = select(Role).order_by(Role.id).with_for_update().execution_options(populate_existing=True)
        return (await self.session.scalars(query)).all()

    async def get(self, role_id: UUID) -> Role:
        """Return one role. Raises `NotFound`."""
        if (role := await self.session.scalar(select(Role).where(Role.id == role_id))) is None:
            raise NotFound("no-such-role")
        return role

    async def is_named(self, name: str, *, besides: UUID | None = None) -> bool:
        """Say whether another role has this name, however it is written."""
        query = select(Role.id).where(func.lower(Role.name) == name.lower(), Role.id.is_distinct_from(besides))
        return await self.session.scalar(query) is not None

    async def holders(self, within: Reach) -> Mapping[UUID, int]:
        """Return how many people within reach hold each role."""
        query = select(User.role_id, func.count()).where(reach.users(within.scope)).group_by(User.role_id)
        return dict((await self.session.execute(query, reach.values(within))).all())

    async def promised(self, role_id: UUID) -> Sequence[Invitation]:
        """Return the invitations that name the role."""
        return (await self.session.scalars(select(Invitation).where(Invitation.role_id == role_id))).all()

    async def forget_in_invitations(self, role_id: UUID) -> None:
        """Let invitations that are over outlive their role."""
        await self.session.execute(update(Invitation).where(Invitation.role_id == role_id).values(role_id=None))
