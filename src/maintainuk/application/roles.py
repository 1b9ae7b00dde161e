"""What roles an organisation has, and what each of them may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.administrators import tell_administrators
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.application.users import AccountService, assignable
from maintainuk.domain.errors import AlreadyHere, ChangedMeanwhile, InUse, Invalid, NotFound, NotPermitted, Reason
from maintainuk.domain.invitations import InvitationState
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Grants, Permission, Reach, Scope, is_within
from maintainuk.domain.roles import SCOPES_OF, ActsFor, Role
from maintainuk.domain.sign_in import Client
from maintainuk.infrastructure.repositories.roles import Roles


@dataclass(frozen=True, slots=True)
class RoleInUse:
    """A role, how many people hold it, and whether whoever asks may give it to others."""

    role: Role
    holders: int
    is_assignable: bool


class RoleService:
    """The roles of one organisation."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.roles = Roles(work.session)

    async def all(self) -> list[RoleInUse]:
        """Return all roles: those that each organisation begins with, then its own, by name."""
        within = self.work.actor.require(Permission.USERS_MANAGE)
        roles, holders = await self._within(within), await self.roles.holders(within)
        return self._used(sorted(roles, key=lambda role: (not role.is_built_in, role.name.casefold())), holders)

    async def one(self, role_id: UUID) -> RoleInUse:
        """Return one role. Raises `NotFound`."""
        within = self.work.actor.require(Permission.USERS_MANAGE)
        if (role := next((one for one in await self._within(within) if one.id == role_id), None)) is None:
            raise NotFound("no-such-role")
        return self._used([role], await self.roles.holders(within))[0]

    async def create(self, name: str, grants: Grants, *, like: UUID) -> UUID:
        """Make a role for the same people as another one, which it usually begins as a copy of."""
        self._may()
        pattern = await self.roles.get(like)
        await self._free(name)
        role = Role(org_id=self.work.actor.org_id, name=name, client=pattern.client, stored_grants={})
        role.regrant(grants)
        role.version = 1
        self._fits(role, pattern.acts_for)
        self.work.session.add(role)
        self.work.audit("RoleCreated", subject_id=role.id, data=_stored(role))
        await self._tell_if_beyond(role)
        await self.work.session.flush()
        return role.id

    async def change(self, role_id: UUID, name: str, grants: Grants, *, version: int) -> None:
        """Rename a role or change what it may do, at once for everybody who holds it.

        Raises:
            NotPermitted: every organisation has it.
            ChangedMeanwhile: it is no longer as it was at `version`.
            LastAdministrator: nobody would be left who can let others in.

        """
        role = await self._own(role_id, version)
        await self._free(name, besides=role_id)
        before, side = _stored(role), role.acts_for
        role.name = name
        role.regrant(grants)
        self._fits(role, side)
        await AccountService(self.work).leave_an_administrator()
        self.work.audit("RoleChanged", subject_id=role_id, data={"before": before, "after": _stored(role)})
        await self._tell_if_beyond(role)
        self.work.has_changed = True

    async def delete(self, role_id: UUID, *, version: int) -> None:
        """Remove a role that nobody holds and nobody is promised. Raises `InUse`."""
        role = await self._own(role_id, version)
        holders = (await self.roles.holders(WHOLE_ORGANISATION)).get(role_id, 0)
        promised = [one for one in await self.roles.promised(role_id) if self._waits(one.state(self.work.now))]
        if holders or promised:
            raise InUse("role-in-use", holders=holders, promised=len(promised))
        await self.roles.forget_in_invitations(role_id)
        await self.work.session.delete(role)
        self.work.audit("RoleDeleted", subject_id=role_id, data=_stored(role))
        await self.work.session.flush()

    async def _within(self, within: Reach) -> Sequence[Role]:
        """Return the roles that are anything to whoever asks: to a contractor's administrator, those of contractors."""
        roles = await self.roles.all()
        return roles if within.scope is Scope.ORG else [one for one in roles if one.client is Client.CONTRACTOR]

    async def _tell_if_beyond(self, role: Role) -> None:
        """Write to the administrators of a role that may do more than whoever made it so, and may now have it."""
        if not is_within(role.grants, self.work.actor.grants):
            await tell_administrators(self.work, MessageTemplate.ADMINISTRATION_CHANGED)

    def _may(self) -> None:
        self.work.actor.require(Permission.ROLES_MANAGE, at_least=Scope.ORG)

    async def _own(self, role_id: UUID, version: int) -> Role:
        self._may()
        await self.roles.get(role_id)
        role = next(one for one in await self.roles.hold() if one.id == role_id)
        if role.is_built_in:
            raise NotPermitted("role-built-in")
        if role.version != version:
            raise ChangedMeanwhile("role-changed-meanwhile")
        return role

    async def _free(self, name: str, *, besides: UUID | None = None) -> None:
        if await self.roles.is_named(name, besides=besides):
            raise AlreadyHere("role-name-taken", fields={"name": Reason("name-taken")})

    def _fits(self, role: Role, side: ActsFor | None) -> None:
        """Refuse what would be for people of another side than `side`: nobody is on two, and none changes sides."""
        if not set(role.grants.values()) <= SCOPES_OF[side]:
            raise Invalid(fields={"grants": Reason("scope-of-another-side")})
        if role.acts_for is not side:
            raise Invalid(fields={"grants": Reason("role-without-portfolio")})

    def _used(self, roles: Sequence[Role], holders: Mapping[UUID, int]) -> list[RoleInUse]:
        may_give = assignable(self.work, roles)
        return [RoleInUse(role, holders.get(role.id, 0), role.id in may_give) for role in roles]

    @staticmethod
    def _waits(state: InvitationState) -> bool:
        return state is InvitationState.WAITING


def _stored(role: Role) -> dict[str, object]:
    return {"name": role.name, "version": role.version, "grants": dict(role.stored_grants)}
